/*
 * Faults to be planted into what the library says to a proxy, to see that the comparison finds them.
 */
import type {
  ClusterConfig,
  ListenerConfig,
  ProxyConfig,
  RouteEntry,
  VirtualHostConfig,
} from '../../src/proxy/config/proxy-config';

/** The configuration with a fault; undefined where there is nothing in it to spoil in this way. */
export type ConfigPlant = (config: ProxyConfig) => ProxyConfig | undefined;

export const CONFIG_PLANTS: { readonly [name: string]: ConfigPlant } = {
  'dropped-route': inRoutes((routes) => (routes.length > 0 ? routes.slice(1) : undefined)),
  'exchanged-routes': inRoutes((routes) => exchanged(routes)),
  'wrong-weight': inRoute(({ clusters, ...route }) => {
    const [first, ...others] = clusters;
    return others.length === 0
      ? undefined
      : { ...route, clusters: [{ ...first, weight: first.weight + 1 }, ...others] };
  }),
  'wrong-cluster': inRoute(({ clusters, ...route }) =>
    clusters.length === 0 ? undefined : { ...route, clusters: clusters.map((each) => ({ ...each, cluster: 'other' })) },
  ),
  'prefix-for-exact': inRoute((route) =>
    route.match.path.kind === 'exact'
      ? { ...route, match: { ...route.match, path: { ...route.match.path, kind: 'prefix' } } }
      : undefined,
  ),
  'forgotten-header': inRoute((route) =>
    route.match.headers.length > 0 ? { ...route, match: { ...route.match, headers: [] } } : undefined,
  ),
  'forgotten-timeout': inRoute((route) =>
    route.timeoutMillis === undefined ? undefined : { ...route, timeoutMillis: undefined },
  ),
  'forgotten-mirrors': inRoute((route) => (route.mirrors.length === 0 ? undefined : { ...route, mirrors: [] })),
  'forgotten-retries': inRoute((route) => (route.retries === undefined ? undefined : { ...route, retries: undefined })),
  'forgotten-cors': inRoute((route) => (route.cors === undefined ? undefined : { ...route, cors: undefined })),
  'wrong-redirect': inRoute((route) =>
    route.redirect === undefined ? undefined : { ...route, redirect: { ...route.redirect, portRedirect: 1 } },
  ),
  'lost-domain': inVirtualHost((host) => ({ ...host, domains: host.domains.slice(1) })),
  'lost-listener': ofListener(() => []),
  'lost-filter-chain': ofListener((listener) => [{ ...listener, chains: listener.chains.slice(1) }]),
  'wrong-port': ofListener((listener) => [{ ...listener, port: listener.port + 1 }]),
  'lost-cluster': ofExisting(() => []),
  'wrong-kind-of-cluster': ofExisting((cluster) => [
    { ...cluster, type: cluster.type === 'EDS' ? 'STRICT_DNS' : 'EDS' },
  ]),
  'lost-endpoint': ofExisting(
    (cluster) => [{ ...cluster, endpoints: cluster.endpoints.slice(1) }],
    ({ endpoints, endpointsKnown, type }) =>
      type === 'EDS' && endpointsKnown && endpoints.some(({ replicas }) => replicas > 0),
  ),
};

/** The first two that are neighbours and match other requests. */
function exchanged(routes: readonly RouteEntry[]): readonly RouteEntry[] | undefined {
  const at = routes.findIndex((route, index) => index > 0 && route.text !== routes[index - 1].text);
  return at < 0 ? undefined : [...routes.slice(0, at - 1), routes[at], routes[at - 1], ...routes.slice(at + 1)];
}

/** Spoils the first item for which `change` gives something, by whatever it gives. */
function firstChanged<T>(items: readonly T[], change: (item: T) => readonly T[] | undefined): readonly T[] | undefined {
  for (const [index, item] of items.entries()) {
    const changed = change(item);
    if (changed !== undefined) {
      return [...items.slice(0, index), ...changed, ...items.slice(index + 1)];
    }
  }
  return undefined;
}

function inVirtualHost(change: (host: VirtualHostConfig) => VirtualHostConfig | undefined): ConfigPlant {
  return (config) => {
    const routes = firstChanged(config.routes, (table) => {
      const virtualHosts = firstChanged(table.virtualHosts, (host) => {
        const changed = change(host);
        return changed && [changed];
      });
      return virtualHosts && [{ ...table, virtualHosts }];
    });
    return routes && { ...config, routes };
  };
}

function inRoutes(change: (routes: readonly RouteEntry[]) => readonly RouteEntry[] | undefined): ConfigPlant {
  return inVirtualHost((host) => {
    const routes = change(host.routes);
    return routes && { ...host, routes };
  });
}

function inRoute(change: (route: RouteEntry) => RouteEntry | undefined): ConfigPlant {
  return inRoutes((routes) =>
    firstChanged(routes, (route) => {
      const changed = change(route);
      return changed && [changed];
    }),
  );
}

function ofListener(change: (listener: ListenerConfig) => readonly ListenerConfig[]): ConfigPlant {
  return (config) => {
    const listeners = firstChanged(config.listeners, (listener) =>
      listener.service === undefined ? change(listener) : undefined,
    );
    return listeners && { ...config, listeners };
  };
}

function ofExisting(
  change: (cluster: ClusterConfig) => readonly ClusterConfig[],
  isMeant: (cluster: ClusterConfig) => boolean = () => true,
): ConfigPlant {
  return (config) => {
    const clusters = firstChanged(config.clusters, (cluster) =>
      ['usable', 'empty'].includes(cluster.state) && isMeant(cluster) ? change(cluster) : undefined,
    );
    return clusters && { ...config, clusters };
  };
}
