/*
 * Hosts and ports at which a gateway seems to let requests to a VirtualService in. Only a glance: it ignores all that may
 * stand in the way, such as namespaces, conflicts and protocols, so that requests are sent there too.
 */
import type { Manifest } from '../manifest';
import type { Server } from './gateways';

export interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * @param namespace that of the VirtualService
 * @param gateways as the VirtualService names them
 */
export function placesOf(
  manifests: readonly Manifest[],
  namespace: string,
  hosts: readonly string[],
  gateways: readonly string[],
): readonly Place[] {
  const bound = new Set(gateways.map((name) => (name.includes('/') ? name : `${namespace}/${name}`)));
  return manifests
    .filter(({ kind, metadata }) => kind === 'Gateway' && bound.has(`${metadata.namespace}/${metadata.name}`))
    .flatMap(({ spec }) => (spec as { readonly servers: readonly Server[] }).servers)
    .flatMap((server) =>
      server.hosts.flatMap((written) => {
        const served = written.replace(/^.*\//, '');
        return hosts.flatMap((host) => narrower(served, host)).map((host) => ({ host, port: server.port.number }));
      }),
    );
}

/** Of two hosts the one that the other covers; none if neither does. */
function narrower(a: string, b: string): readonly string[] {
  return covers(a, b) ? [b] : covers(b, a) ? [a] : [];
}

function covers(wide: string, host: string): boolean {
  return wide === host || (wide.startsWith('*') && host.endsWith(wide.slice(1)));
}
