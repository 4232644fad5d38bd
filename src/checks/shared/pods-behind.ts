/*
 * The pods that answer what is sent to a destination.
 */
import type { EndpointGroup } from '../../mesh/endpoints';
import type { Destination } from '../../mesh/http-route';
import type { MeshModel } from '../../mesh/model';
import type { RegistryService } from '../../mesh/registry';

export interface PodsBehind {
  readonly service: RegistryService;
  readonly groups: readonly EndpointGroup[];
}

/**
 * The pods behind a destination, as a client in `viewer` finds them; undefined where the manifests do not say it all: the host
 * or the subset is not there, several objects define the host, or there are pods that the manifests do not show.
 */
export function podsBehind(
  mesh: MeshModel,
  { host, subset }: Pick<Destination, 'host' | 'subset'>,
  viewer: string,
): PodsBehind | undefined {
  const [service, ...others] = mesh.servicesOf(host);
  if (service === undefined || others.length > 0) {
    return undefined;
  }
  const rule = mesh.destinationRule(host, service.namespace, viewer);
  const found = subset === undefined ? undefined : rule?.subsets.get(subset);
  if (subset !== undefined && found === undefined) {
    return undefined;
  }
  const { groups, known } = mesh.endpoints.of(service, found?.labels);
  return known ? { service, groups } : undefined;
}

/** `subset v2 of apis.shop.svc.cluster.local`, or the host alone. */
export function nameOfDestination({ host, subset }: Pick<Destination, 'host' | 'subset'>): string {
  return subset === undefined ? host : `subset ${subset} of ${host}`;
}
