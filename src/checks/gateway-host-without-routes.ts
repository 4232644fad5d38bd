/*
 * Hosts of a Gateway's server for which nobody has routes. Only of Gateways to which some VirtualService of the manifests is bound:
 * where none is, the routes are kept elsewhere.
 *
 * Not here: a VirtualService that has the host, and routes of a kind that the server does not read (http-routes-on-tcp-server).
 */
import type { Gateway, Server, ServerHost } from '../mesh/gateway';
import { hostsOverlap, isSubsetOf } from '../mesh/hosts';
import type { EffectiveVirtualService, MeshModel } from '../mesh/model';
import { nameOf } from '../mesh/object';
import { listOf } from '../syntax/wording';
import type { Check } from './check';
import { Severity } from './finding';
import { isOpenTo, type RouteKind, routesReadBy, serves } from './shared/bound-servers';
import { gatewaysBesides } from './shared/gateways-besides';
import { HostIndex } from './shared/host-index';
import { isUnreadable } from './shared/unreadable';

interface Entry {
  readonly virtualService: EffectiveVirtualService;
}

export const gatewayHostWithoutRoutes: Check = {
  id: 'gateway-host-without-routes',
  title: 'A host of the Gateway for which nobody has routes',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const index = new HostIndex(mesh.effectiveVirtualServices.map((virtualService) => ({ virtualService })));
    const gateways = gatewaysWithRoutes(mesh).filter(({ object }) => !isUnreadable(mesh, object, 'spec.servers'));
    for (const { gateway, kind, server } of gateways.flatMap(readServers)) {
      const unserved = server.hosts.filter(
        (host) =>
          isInFull(host) && !hasRoutes(host, server, kind, mesh, index) && !isTakenOver(host, server, kind, mesh),
      );
      // A server for TCP looks at no host, so that routes for one of them are for all.
      if (unserved.length > 0 && (kind !== 'tcp' || unserved.length === server.hosts.length)) {
        const hosts = unserved.map(({ written }) => written);
        report({
          object: gateway.object,
          path: `${server.path}.hosts`,
          message: `No VirtualService of the manifests that is bound to ${nameOf(gateway.object)} has ${listOf(hosts, 'or')}. Unless another in the cluster does, ${consequence(hosts, kind, server)}.`,
          help: `Write ${listOf(hosts, 'or')} among the hosts of a VirtualService that names ${gateway.ref} under gateways, or take ${hosts.length > 1 ? 'them' : 'it'} out of the server.`,
        });
      }
    }
  },
};

/** Those to which VirtualServices are bound, unless one of these has the wrong hosts, which host-not-in-gateway says. */
function gatewaysWithRoutes(mesh: MeshModel): readonly Gateway[] {
  const bound = new Set<string>();
  const mistaken = new Set<string>();
  for (const { boundTo, hosts, object } of mesh.effectiveVirtualServices) {
    const gateways = boundTo.map((ref) => mesh.gateway(ref));
    const isServed = (gateway: Gateway | undefined, host: string) =>
      gateway?.servers.some((server) => serves(server, host, object.namespace)) ?? true;
    const hasStray = hosts.some(({ resolved }) => !gateways.some((gateway) => isServed(gateway, resolved)));
    for (const [index, ref] of hosts.length === 0 ? [] : boundTo.entries()) {
      const isForNone = !hosts.some(({ resolved }) => isServed(gateways[index], resolved));
      (hasStray || isForNone ? mistaken : bound).add(ref);
    }
  }
  return mesh.gateways.filter(({ ref }) => bound.has(ref) && !mistaken.has(ref));
}

/** The servers that need routes. One that redirects to HTTPS does so for all of its hosts by itself. */
function readServers(
  gateway: Gateway,
): readonly { readonly gateway: Gateway; readonly server: Server; readonly kind: RouteKind }[] {
  return gateway.servers.flatMap((server) => {
    const kind = routesReadBy(server);
    const needsNone = kind === undefined || kind === 'none' || server.tls?.httpsRedirect === true;
    return needsNone ? [] : [{ gateway, server, kind }];
  });
}

/** Of short names gateway-short-host speaks. */
function isInFull({ host }: ServerHost): boolean {
  return host === '*' || host.includes('.');
}

/** With more VirtualServices than this for one host, one of them is taken to be for it. */
const ENOUGH = 50;

function hasRoutes(
  host: ServerHost,
  server: Server,
  kind: RouteKind,
  mesh: MeshModel,
  index: HostIndex<Entry>,
): boolean {
  const own = server.gateway.ref;
  // A proxy does not tell hosts apart by capitals, so that a VirtualService for one of them may answer for another.
  const open = server.hosts.filter((other) => isSubsetOf(host.host.toLowerCase(), other.host.toLowerCase()));
  return (kind === 'http' ? gatewaysBesides(mesh, own) : [own]).some((ref) => {
    const found = index.overlapping(ref, host.host, ENOUGH);
    return (
      found.length === ENOUGH ||
      found.some(
        ({ virtualService: { object } }) => ref !== own || open.some((other) => isOpenTo(other, object.namespace)),
      )
    );
  });
}

/** Of a server for TLS without routes nothing is left, so that another one of the port may have its connections. */
function isTakenOver({ host }: ServerHost, server: Server, kind: RouteKind, mesh: MeshModel): boolean {
  const others = gatewaysBesides(mesh, server.gateway.ref).flatMap((ref) => mesh.gateway(ref)?.servers ?? []);
  return (
    kind === 'tls' &&
    others.some(
      (other) =>
        other !== server &&
        other.port.number === server.port.number &&
        other.hosts.some((served) => hostsOverlap(served.host, host)),
    )
  );
}

function consequence(hosts: readonly string[], kind: RouteKind, { port }: Server): string {
  const them = hosts.length > 1 ? 'them' : 'it';
  switch (kind) {
    case 'http':
      return `requests for ${them} on port ${port.number} get 404`;
    case 'tls':
      return `TLS connections for ${them} on port ${port.number} are closed, and refused where no other host of the port has routes`;
    case 'tcp':
      return `Istio does not open port ${port.number} for this server, and connections are refused where no other opens it`;
  }
}
