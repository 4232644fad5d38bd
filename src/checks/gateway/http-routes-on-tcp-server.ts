/*
 * Routes that the servers of a gateway never read: `http` routes where all of them speak TCP or pass TLS through, and the
 * reverse. Istio says nothing of it, and where it finds no route that it does read, it leaves the listener out.
 *
 * An error where nothing else reads the routes. A VirtualService may well serve two masters, say a gateway by http and the
 * mesh by tcp: routes with a reader elsewhere are a warning, and only if the gateway reads none of the others either.
 */

import { type MeshObject, nameOf } from '../../manifests/object';
import type { Gateway, Server } from '../../model/gateway';
import type { EffectiveVirtualService, MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { perMesh } from '../../model/per-mesh';
import { type RouteKind, routesReadBy, serversFor } from '../../proxy/bound-servers';
import { listOf } from '../../syntax/wording';
import type { Check, Report } from '../check';
import { Severity } from '../finding';

/** What all kinds of route have in common. */
interface AnyRoute {
  readonly object: MeshObject;
  readonly path: string;
  readonly match: readonly { readonly port: number; readonly gateways: readonly string[] }[];
}

const KINDS: readonly RouteKind[] = ['http', 'tls', 'tcp'];

export const httpRoutesOnTcpServer: Check = {
  id: 'http-routes-on-tcp-server',
  title: 'Routes of a kind that the gateway’s server never reads',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const virtualService of mesh.effectiveVirtualServices) {
      for (const ref of virtualService.boundTo) {
        const gateway = mesh.gateway(ref);
        if (gateway !== undefined) {
          examine(mesh, virtualService, gateway, report);
        }
      }
    }
  },
};

function examine(mesh: MeshModel, virtualService: EffectiveVirtualService, gateway: Gateway, report: Report): void {
  const servers = serversFor(virtualService, gateway);
  for (const kind of KINDS) {
    const routes = routesOf(virtualService, kind).filter((route) => appliesTo(route, gateway.ref));
    const dead = routes.filter((route) => isDead(route, kind, gateway, servers));
    if (dead.length === 0) {
      continue;
    }
    const elsewhere = mayBeReadElsewhere(mesh, virtualService, kind, gateway);
    if (elsewhere && KINDS.some((other) => isRead(virtualService, other, gateway, servers))) {
      continue;
    }
    const all = dead.length === virtualService[kind].length;
    for (const { object, path } of all ? [{ object: virtualService.object, path: `spec.${kind}` }] : dead) {
      const met = all ? servers : dead.flatMap((route) => meets(route, gateway, servers));
      report({
        object,
        path,
        severity: elsewhere ? Severity.WARNING : Severity.ERROR,
        ...words(mesh, virtualService, kind, gateway, [...new Set(met)]),
      });
    }
  }
}

function routesOf(virtualService: EffectiveVirtualService, kind: RouteKind): readonly AnyRoute[] {
  return kind === 'http'
    ? virtualService.http
    : virtualService[kind].map((route) => ({ ...route, object: virtualService.object }));
}

function appliesTo({ match }: AnyRoute, gateway: string): boolean {
  return match.length === 0 || match.some(({ gateways }) => gateways.length === 0 || gateways.includes(gateway));
}

/** The servers that the route could be for, by its ports. */
function meets({ match }: AnyRoute, { ref }: Gateway, servers: readonly Server[]): readonly Server[] {
  return match.length === 0
    ? servers
    : servers.filter((server) =>
        match.some(
          ({ gateways, port }) =>
            (gateways.length === 0 || gateways.includes(ref)) && (port === 0 || port === server.port.number),
        ),
      );
}

/** Whether there are servers for the route, and all of them read routes of another kind. */
function isDead(route: AnyRoute, kind: RouteKind, gateway: Gateway, servers: readonly Server[]): boolean {
  const met = meets(route, gateway, servers).map(routesReadBy);
  return met.length > 0 && met.every((read) => read !== undefined && read !== kind);
}

function isRead(
  virtualService: EffectiveVirtualService,
  kind: RouteKind,
  gateway: Gateway,
  servers: readonly Server[],
): boolean {
  const readers = servers.filter((server) => routesReadBy(server) === kind);
  return routesOf(virtualService, kind).some(
    (route) => appliesTo(route, gateway.ref) && meets(route, gateway, readers).length > 0,
  );
}

/** Whether the mesh, another gateway, or a gateway that the manifests do not contain may read the routes. */
function mayBeReadElsewhere(
  mesh: MeshModel,
  virtualService: EffectiveVirtualService,
  kind: RouteKind,
  here: Gateway,
): boolean {
  return virtualService.boundTo.some((ref) => {
    const gateway = mesh.gateway(ref);
    return (
      ref === MESH_GATEWAY ||
      gateway === undefined ||
      (gateway !== here && isRead(virtualService, kind, gateway, serversFor(virtualService, gateway)))
    );
  });
}

function words(
  mesh: MeshModel,
  virtualService: EffectiveVirtualService,
  kind: RouteKind,
  gateway: Gateway,
  servers: readonly Server[],
): { readonly message: string; readonly help: string } {
  const places = servers.map((server) => `${describe(server)} (${server.path}.port)`);
  const closed = [...new Set(servers.filter((server) => !isOpened(mesh, server)).map(({ port }) => `${port.number}`))];
  const refused =
    closed.length === 0
      ? ''
      : ` It finds none, so it opens no listener: clients of port ${listOf(closed)} get a refused connection, unless another Gateway opens it.`;
  return {
    message:
      `The ${kind} routes of ${nameOf(virtualService.object)} never act on ${nameOf(gateway.object)}: what serves their hosts there is ` +
      `${listOf(places)}, for which Istio reads ${listOf([...new Set(servers.map(readsWhat))])}.${refused}`,
    help: remedy(kind, gateway, servers[0]),
  };
}

function describe({ port, tls }: Server): string {
  const mode = tls === undefined ? '' : ` with tls.mode ${tls.mode}`;
  return `the ${port.protocol} server of port ${port.number}${mode}`;
}

function readsWhat(server: Server): string {
  const read = routesReadBy(server);
  return read === 'none' ? 'no routes at all' : `${read} routes only`;
}

function remedy(kind: RouteKind, gateway: Gateway, server: Server): string {
  const place = `${server.path} of ${nameOf(gateway.object)}`;
  switch (kind) {
    case 'http':
      return server.tls === undefined
        ? `In ${place}, write 'protocol: HTTP' (and 'name: http') in place of 'protocol: ${server.port.protocol}'.`
        : `To route by HTTP, let TLS end at the gateway: in ${place}, write 'protocol: HTTPS' and a tls of 'mode: SIMPLE' with a credentialName. To pass TLS through, write tls routes that match sniHosts.`;
    case 'tls':
      return `Write http routes, or pass TLS through: in ${place}, 'protocol: TLS' and a tls of 'mode: PASSTHROUGH'.`;
    case 'tcp':
      return routesReadBy(server) === 'http'
        ? `Write http routes, or in ${place} 'protocol: TCP' without tls.`
        : `Write tls routes that match sniHosts, or in ${place} a tls of 'mode: SIMPLE' with a credentialName.`;
  }
}

const OPENED = perMesh(() => new Map<Server, boolean>());

/** Whether some VirtualService gives the server a route that it reads. A plain or TLS-ending HTTP server opens without any. */
function isOpened(mesh: MeshModel, server: Server): boolean {
  const kind = routesReadBy(server);
  if (kind !== 'tcp' && kind !== 'tls') {
    return true;
  }
  const known = OPENED(mesh);
  let opened = known.get(server);
  if (opened === undefined) {
    const { gateway } = server;
    opened = mesh
      .virtualServicesFor(gateway.object.namespace, gateway.ref)
      .some((other) => serversFor(other, gateway).includes(server) && isRead(other, kind, gateway, [server]));
    known.set(server, opened);
  }
  return opened;
}
