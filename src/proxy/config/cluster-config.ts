/*
 * Clusters as plain data.
 */
import { placeIn } from '../../manifests/object';
import type { RegistryService } from '../../model/registry';
import type { Cluster, ServiceCluster } from '../cluster';
import type { Route } from '../routes';
import type { ClusterConfig } from './proxy-config';

/** Envoy's name of a cluster (`BuildSubsetKey`). */
export function clusterName({ host, port, subset = '' }: Pick<Cluster, 'host' | 'port' | 'subset'>): string {
  return `outbound|${port}|${subset}|${host}`;
}

export function clustersOfRoutes(routes: readonly Route[]): readonly Cluster[] {
  return routes.flatMap(({ action }) => [...action.clusters, ...action.mirrors]).map(({ cluster }) => cluster);
}

/**
 * @param ofServices those that the proxy has
 * @param named those that routes name
 * @param whyOpen why a host means different things by chance, where it does
 */
export function clusterConfigs(
  ofServices: readonly ServiceCluster[],
  named: readonly Cluster[],
  whyOpen: (host: string) => string | undefined,
): readonly ClusterConfig[] {
  const configs = new Map<string, ClusterConfig>();
  for (const each of [...ofServices, ...named.map((cluster) => ({ cluster }))]) {
    const name = clusterName(each.cluster);
    if (!configs.has(name)) {
      const open = whyOpen(each.cluster.host);
      const config = clusterConfig(name, each);
      configs.set(name, open === undefined ? config : { ...config, state: 'open', text: open });
    }
  }
  return [...configs.values()];
}

function clusterConfig(
  name: string,
  { cluster, port, service, subset }: Pick<ServiceCluster, 'cluster'> & Partial<ServiceCluster>,
): ClusterConfig {
  const { endpoints, endpointsKnown, host, httpVersion, targetPort, text } = cluster;
  const state = cluster.state === 'mismatched' ? 'usable' : cluster.state;
  return {
    name,
    host,
    port: cluster.port,
    subset: cluster.subset,
    type: state === 'missing' ? undefined : typeOf(cluster, service),
    state,
    text,
    targetPort,
    httpVersion,
    endpoints: endpoints.map((each) => ({
      kind: each.kind,
      namespace: each.namespace,
      name: each.name,
      replicas: each.replicas,
    })),
    endpointsKnown,
    origin: subset !== undefined ? placeIn(subset.object, subset.path) : service && placeIn(service.object, port?.path),
  };
}

/** `convertResolution`. */
function typeOf({ passedOn }: Cluster, service: RegistryService | undefined): ClusterConfig['type'] {
  if (passedOn !== undefined) {
    return 'ORIGINAL_DST';
  }
  switch (service?.entry?.resolution) {
    case 'DNS':
      return 'STRICT_DNS';
    case 'DNS_ROUND_ROBIN':
      return 'LOGICAL_DNS';
    default:
      return 'EDS';
  }
}
