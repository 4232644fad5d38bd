/*
 * Routes of a VirtualService that no server of a Gateway reads: for each server that serves its hosts, Istio reads routes of one kind.
 */
import type { MeshObject } from '../manifests/object';
import type { Gateway, Server } from '../model/gateway';
import type { EffectiveVirtualService } from '../model/model';
import { isMatchFor } from '../model/virtual-service';
import { type RouteKind, routesReadBy, serversFor } from './bound-servers';

/** What all kinds of route have in common. */
interface AnyRoute {
  readonly object: MeshObject;
  readonly path: string;
  readonly match: readonly { readonly port: number; readonly gateways: readonly string[] }[];
}

export interface UnreadRoute {
  readonly kind: RouteKind;
  readonly object: MeshObject;
  readonly path: string;
  /** The servers that it could be for. All of them read routes of another kind. */
  readonly servers: readonly Server[];
}

export const ROUTE_KINDS: readonly RouteKind[] = ['http', 'tls', 'tcp'];

/** Those of a VirtualService that is bound to the Gateway. A server that is refused anyway reads whatever it is given. */
export function unreadRoutes(virtualService: EffectiveVirtualService, gateway: Gateway): readonly UnreadRoute[] {
  const servers = serversFor(virtualService, gateway);
  return ROUTE_KINDS.filter((kind) => servers.some((server) => routesReadBy(server) !== kind)).flatMap((kind) =>
    routesOf(virtualService, kind).flatMap((route) => {
      const met = servers.filter((server) => isFor(route, server));
      const isUnread = met.length > 0 && met.map(routesReadBy).every((read) => read !== undefined && read !== kind);
      return isUnread ? [{ kind, object: route.object, path: route.path, servers: met }] : [];
    }),
  );
}

/** Whether a server of the Gateway reads some route of this kind. */
export function readsSome(virtualService: EffectiveVirtualService, kind: RouteKind, gateway: Gateway): boolean {
  const readers = serversFor(virtualService, gateway).filter((server) => routesReadBy(server) === kind);
  return readers.some((server) => routesOf(virtualService, kind).some((route) => isFor(route, server)));
}

/** The kind of routes that a server reads, in words. */
export function readsWhat(server: Server): string {
  const read = routesReadBy(server);
  return read === 'none' ? 'no routes at all' : `${read} routes only`;
}

function routesOf(virtualService: EffectiveVirtualService, kind: RouteKind): readonly AnyRoute[] {
  return kind === 'http'
    ? virtualService.http
    : virtualService[kind].map(({ match, path }) => ({ object: virtualService.object, path, match }));
}

function isFor({ match }: AnyRoute, { gateway, port }: Server): boolean {
  return match.length === 0 || match.some((one) => isMatchFor(one, gateway.ref, port.number));
}
