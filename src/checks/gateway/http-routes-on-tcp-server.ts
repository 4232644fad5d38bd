/*
 * Routes that the servers of a gateway never read: `http` routes where all of them speak TCP or pass TLS through, and the
 * reverse. Istio does not report it, and where it finds no route that it does read, it leaves the listener out.
 *
 * An error where nothing else reads the routes. One VirtualService may be for two proxies, say a gateway by http and the
 * mesh by tcp: routes with a reader elsewhere are a warning, and only if the gateway reads none of the others either.
 */

import { nameOf } from '../../manifests/object';
import type { Gateway, Server } from '../../model/gateway';
import type { EffectiveVirtualService, MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { type RouteKind, routesReadBy, serversFor } from '../../proxy/bound-servers';
import { dataPlaneOf } from '../../proxy/data-plane';
import { ROUTE_KINDS, readsSome, readsWhat, unreadRoutes } from '../../proxy/unread-routes';
import { groupBy } from '../../syntax/grouping';
import { listOf } from '../../syntax/wording';
import type { Check, Report } from '../check';
import { Severity } from '../finding';

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
  for (const [kind, unread] of groupBy(unreadRoutes(virtualService, gateway), (route) => route.kind)) {
    const elsewhere = mayBeReadElsewhere(mesh, virtualService, kind, gateway);
    if (elsewhere && ROUTE_KINDS.some((other) => readsSome(virtualService, other, gateway))) {
      continue;
    }
    const all = unread.length === virtualService[kind].length;
    const servers = new Set(all ? serversFor(virtualService, gateway) : unread.flatMap((route) => route.servers));
    for (const { object, path } of all ? [{ object: virtualService.object, path: `spec.${kind}` }] : unread) {
      report({
        object,
        path,
        severity: elsewhere ? Severity.WARNING : Severity.ERROR,
        ...words(mesh, virtualService, kind, gateway, [...servers]),
      });
    }
  }
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
      ref === MESH_GATEWAY || gateway === undefined || (gateway !== here && readsSome(virtualService, kind, gateway))
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
      : ` Istio finds none, so it opens no listener: clients of port ${listOf(closed)} get a refused connection, unless another Gateway opens it.`;
  return {
    message:
      `The ${kind} routes of ${nameOf(virtualService.object)} have no effect on ${nameOf(gateway.object)}, which serves their hosts by ` +
      `${listOf(places)}, for which Istio reads ${listOf([...new Set(servers.map(readsWhat))])}.${refused}`,
    help: remedy(kind, gateway, servers[0]),
  };
}

function describe({ port, tls }: Server): string {
  const mode = tls === undefined ? '' : ` with tls.mode ${tls.mode}`;
  return `the ${port.protocol} server of port ${port.number}${mode}`;
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

/** Whether some proxy has a listener with the server. */
function isOpened(mesh: MeshModel, server: Server): boolean {
  const plane = dataPlaneOf(mesh);
  return plane.gateways.of(server.gateway).some((proxy) => !plane.listenersOf(proxy).isIdle(server));
}
