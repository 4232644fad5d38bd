/*
 * The routes behind one Gateway, held against its servers when all are known.
 */
import type { IConstruct } from 'constructs';
import { intersectHosts } from '../../syntax/hosts';
import { listOf } from '../../syntax/wording';
import type { GatewayServers } from './gateway-servers';

/** What a mesh routes. */
export interface Routes {
  readonly mesh: IConstruct;
  readonly hosts: readonly string[];
}

/** A sentence for each host that no server takes requests for, or only for a part of what it stands for. */
export function unserved(gateway: string, servers: GatewayServers, routes: readonly Routes[]): string[] {
  return routes.flatMap(({ mesh, hosts }) =>
    hosts.flatMap((host) => {
      const served = servers.servedOf(host);
      const add = `add it with addServer(['${host}'])`;
      if (served.includes(host)) {
        return [];
      }
      return served.length === 0
        ? `${gateway} does not serve host '${host}' of ${mesh.node.path}, so clients would get 404; ${add}.`
        : `${gateway} serves only ${listOf(served.map((part) => `'${part}'`))} of host '${host}' of ${mesh.node.path}, so clients that ask for another name would get 404; ${add}, or have the mesh name the hosts that are served.`;
    }),
  );
}

/**
 * A sentence for each two meshes of which the routes of one are never used. Where a server is for `a.example.com` alone, since
 * that has a certificate of its own, Istio puts the routes for `*.example.com` there, too.
 */
export function routedTwice(gateway: string, servers: GatewayServers, routes: readonly Routes[]): string[] {
  const first = new Map<string, IConstruct>();
  const complaints = new Set<string>();
  // What is redirected is so whichever routes there are.
  const answering = servers.written().filter(({ http }) => http !== 'redirect');
  for (const { mesh, hosts } of routes) {
    const virtualHosts = answering.flatMap((server) =>
      intersectHosts(server.hosts, hosts).map((host) => ({ host, key: `${server.name} ${host}` })),
    );
    for (const { host, key } of virtualHosts) {
      const other = first.get(key);
      if (other !== undefined && other !== mesh) {
        complaints.add(
          `${gateway} gets routes for host '${host}' from ${other.node.path} and from ${mesh.node.path}, and uses only those that are older in the cluster; route it by one mesh, or, where it belongs to a wildcard host, serve it with the wildcard's certificate.`,
        );
      }
      first.set(key, other ?? mesh);
    }
  }
  return [...complaints];
}
