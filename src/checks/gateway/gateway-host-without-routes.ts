/*
 * Hosts of a Gateway's server for which no VirtualService has routes. Only of Gateways to which one of the manifests is bound:
 * where none is, the routes are kept elsewhere. So they are for hosts that are kept to a namespace of which there is none.
 *
 * Not here: a VirtualService none of whose routes any server of the Gateway reads (http-routes-on-tcp-server).
 */

import { nameOf } from '../../manifests/object';
import type { Gateway, Server, ServerHost } from '../../model/gateway';
import type { EffectiveVirtualService, MeshModel } from '../../model/model';
import { isMatchFor } from '../../model/virtual-service';
import {
  isOpenTo,
  type RouteKind,
  routesReadBy,
  serversFor,
  serversOverlapping,
  servesAnywhere,
} from '../../proxy/bound-servers';
import { dataPlaneOf } from '../../proxy/data-plane';
import { HostTable } from '../../syntax/host-table';
import { listOf } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';
import { HostIndex } from '../shared/host-index';
import { isServedUnread } from '../shared/served-unread';
import { isUnreadable } from '../shared/unreadable';

interface Entry {
  readonly virtualService: EffectiveVirtualService;
}

export const gatewayHostWithoutRoutes: Check = {
  id: 'gateway-host-without-routes',
  title: 'A host of the Gateway for which no VirtualService has routes',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const index = new HostIndex(mesh.effectiveVirtualServices.map((virtualService) => ({ virtualService })));
    const namespaces = namespacesByGateway(mesh);
    const gateways = gatewaysWithRoutes(mesh).filter(({ object }) => !isUnreadable(mesh, object, 'spec.servers'));
    for (const { kind, server } of gateways.flatMap(readServers)) {
      const isMeant = ({ namespace }: ServerHost) =>
        namespace === '*' || namespaces.get(server.gateway.ref)?.has(namespace) === true;
      const question = { server, kind, hosts: inLowerCase(server.hosts) };
      const unserved = server.hosts.filter(
        (host) =>
          isInFull(host) &&
          isMeant(host) &&
          !hasRoutes(host, question, mesh, index) &&
          !isServedUnread(mesh, server.gateway.ref, host.host, server.port.number) &&
          !isTakenOver(host, server, mesh),
      );
      // A TCP server ignores hosts, so routes for one of its hosts serve all of them.
      if (unserved.length > 0 && (kind !== 'tcp' || unserved.length === server.hosts.length)) {
        report(describe(unserved, server, kind));
      }
    }
  },
};

function describe(unserved: readonly ServerHost[], server: Server, kind: RouteKind): Observation {
  const { object, ref } = server.gateway;
  const them = unserved.length > 1 ? 'them' : 'it';
  const written = listOf(
    unserved.map((host) => host.written),
    'or',
  );
  const homes = [...new Set(unserved.map(({ namespace }) => namespace))];
  const home = homes.length === 1 && homes[0] !== '*' ? ` of namespace ${homes[0]}` : '';
  const names = listOf(
    unserved.map(({ host }) => host),
    'or',
  );
  return {
    object,
    path: `${server.path}.hosts`,
    message: `No VirtualService of the manifests that is bound to ${nameOf(object)} has ${kind} routes for ${written}. Unless another in the cluster does, ${consequence(them, kind, server)}.`,
    help: `Write ${names} among the hosts of a VirtualService${home} with ${kind} routes that names ${ref} under gateways, or take ${them} out of the server.`,
  };
}

function namespacesByGateway(mesh: MeshModel): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const { boundTo, object } of mesh.effectiveVirtualServices) {
    for (const ref of boundTo) {
      found.set(ref, (found.get(ref) ?? new Set()).add(object.namespace));
    }
  }
  return found;
}

/** Those to which VirtualServices are bound, unless one of these has the wrong hosts, which host-not-in-gateway says. */
function gatewaysWithRoutes(mesh: MeshModel): readonly Gateway[] {
  const bound = new Set<string>();
  const mistaken = new Set<string>();
  for (const { boundTo, hosts, object } of mesh.effectiveVirtualServices) {
    const gateways = boundTo.map((ref) => mesh.gateway(ref));
    const isServed = (gateway: Gateway | undefined, host: string) =>
      gateway === undefined || servesAnywhere(gateway, host, object.namespace);
    const hasStray = hosts.some(({ resolved }) => !gateways.some((gateway) => isServed(gateway, resolved)));
    for (const [index, ref] of hosts.length === 0 ? [] : boundTo.entries()) {
      const isForNone = !hosts.some(({ resolved }) => isServed(gateways[index], resolved));
      (hasStray || isForNone ? mistaken : bound).add(ref);
    }
  }
  return mesh.gateways.filter(({ ref }) => bound.has(ref) && !mistaken.has(ref));
}

/** The servers that need routes. One that redirects to HTTPS does so for all of its hosts by itself. */
function readServers(gateway: Gateway): readonly { readonly server: Server; readonly kind: RouteKind }[] {
  return gateway.servers.flatMap((server) => {
    const kind = routesReadBy(server);
    const needsNone = kind === undefined || kind === 'none' || server.tls?.httpsRedirect === true;
    return needsNone ? [] : [{ server, kind }];
  });
}

/** gateway-short-host reports short names. */
function isInFull({ host }: ServerHost): boolean {
  return host === '*' || host.includes('.');
}

/** With more VirtualServices than this for one host, one of them is taken to be for it. */
const ENOUGH = 50;

interface Question {
  readonly server: Server;
  readonly kind: RouteKind;
  readonly hosts: HostTable<ServerHost>;
}

function inLowerCase(hosts: readonly ServerHost[]): HostTable<ServerHost> {
  const table = new HostTable<ServerHost>();
  for (const host of hosts) {
    table.add(host.host.toLowerCase(), host);
  }
  return table;
}

function hasRoutes(
  host: ServerHost,
  { server, kind, hosts }: Question,
  mesh: MeshModel,
  index: HostIndex<Entry>,
): boolean {
  const own = server.gateway.ref;
  // A proxy does not tell hosts apart by capitals, so that a VirtualService for one of them may answer for another.
  const open = hosts.covering(host.host.toLowerCase());
  const mayUse = (namespace: string) => open.some((other) => isOpenTo(other, namespace));
  return [own, ...(server.protocol === 'HTTP' ? dataPlaneOf(mesh).gateways.besides(own) : [])].some((ref) => {
    const found = index.overlapping(ref, host.host, ENOUGH);
    return (
      found.length === ENOUGH ||
      found.some(
        ({ virtualService }) =>
          (ref !== own || mayUse(virtualService.object.namespace)) && hasKind(virtualService, kind, server),
      )
    );
  });
}

/** Whether it has routes for the server, or none that any server of the Gateway reads. */
function hasKind(virtualService: EffectiveVirtualService, kind: RouteKind, server: Server): boolean {
  return (
    isFor(virtualService, kind, server) ||
    !serversFor(virtualService, server.gateway).some((other) => {
      const read = routesReadBy(other);
      return read !== undefined && read !== 'none' && isFor(virtualService, read, other);
    })
  );
}

function isFor({ http, tls, tcp }: EffectiveVirtualService, kind: RouteKind, { gateway, port }: Server): boolean {
  if (kind === 'http') {
    return http.length > 0;
  }
  return { tls, tcp }[kind].some(
    ({ match }) => match.length === 0 || match.some((one) => isMatchFor(one, gateway.ref, port.number)),
  );
}

/** With TLS, a server that is left out or has no routes leaves its connections to another one of the port, if that has the host. */
function isTakenOver({ host }: ServerHost, server: Server, mesh: MeshModel): boolean {
  const gateways = server.tls === undefined ? [] : dataPlaneOf(mesh).gateways.besides(server.gateway.ref);
  return gateways
    .flatMap((ref) => mesh.gateway(ref) ?? [])
    .flatMap((gateway) => serversOverlapping(gateway, host))
    .some((other) => other !== server && other.port.number === server.port.number);
}

function consequence(them: string, kind: RouteKind, { port }: Server): string {
  switch (kind) {
    case 'http':
      return `requests for ${them} on port ${port.number} get 404`;
    case 'tls':
      return `TLS connections for ${them} on port ${port.number} are closed, or refused if no other host of the port has routes`;
    case 'tcp':
      return `Istio does not open port ${port.number} for this server, and connections are refused unless another server opens it`;
  }
}
