/*
 * The routes of one service, and all of a mesh as the http lists of its VirtualServices.
 */
import type { VirtualServiceSpecHttp } from '../../../imports/networking.istio.io';
import type { VersionedService } from '../workload/versioned-service';
import { type Entrance, type Site, toHttpEntries } from './http-route';
import { inOrder, type Mount } from './mount';
import type { Forward, Route } from './route';

/** The routes of one service: rules, of which the first that matches wins, and a default for what matches none. */
export interface RouteTable {
  readonly service: VersionedService;
  readonly rules: Route[];
  readonly defaultRoute: Route;
  /** What the default route does. */
  readonly byDefault: Forward;
  readonly isAtGateway: boolean;
  /** Where the service lies at the gateway, for one that is not the mesh's own and is reached there. */
  readonly mount?: Mount;
}

/** What the tables have in common. */
export type Common = Omit<Site, 'entrance' | 'mount'>;

/** The routes for requests to the service itself. */
export function routesOf(table: RouteTable, entrance: Entrance, common: Common): VirtualServiceSpecHttp[] {
  return written(table, { ...common, entrance });
}

/** The routes at the gateway: of services below folders, and what is left for the mesh's own. */
export function gatewayRoutes(
  own: RouteTable,
  others: readonly RouteTable[],
  common: Common,
): VirtualServiceSpecHttp[] {
  const below = inOrder(others.filter(isMounted)).flatMap(({ of, mount }) =>
    written(of, { ...common, entrance: 'gateway', mount }),
  );
  return [...below, ...routesOf(own, 'gateway', common)];
}

export function isMounted(table: RouteTable): table is RouteTable & { readonly mount: Mount } {
  return table.mount !== undefined;
}

function written({ rules, defaultRoute }: RouteTable, site: Site): VirtualServiceSpecHttp[] {
  return [...rules, defaultRoute].flatMap((route) => toHttpEntries(route, site));
}
