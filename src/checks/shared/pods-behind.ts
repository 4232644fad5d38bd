/*
 * The pods that answer what is sent to a destination.
 */
import type { Subset } from '../../model/destination-rule';
import type { EndpointGroup } from '../../model/endpoints';
import type { Destination } from '../../model/http-route';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import type { RegistryService } from '../../model/registry';
import { sameLabels } from '../../model/workload';
import { groupBy } from '../../syntax/grouping';
import { isSubsetOf, isWildcard } from '../../syntax/hosts';

export interface PodsBehind {
  readonly service: RegistryService;
  readonly groups: readonly EndpointGroup[];
}

/**
 * The pods behind a destination, as a client in `viewer` finds them; undefined where the manifests do not say it all: the host
 * or the subset is not there, several objects define the host, clients elsewhere may mean other pods by the subset, or there are
 * pods that the manifests do not show.
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
  if (subset !== undefined && (found === undefined || hasOtherMeaning(mesh, host, found))) {
    return undefined;
  }
  const { groups, known } = mesh.endpoints.of(service, found?.labels);
  return known ? { service, groups } : undefined;
}

/** Whether some DestinationRule for the host, whoever sees it, has other labels for the subset. */
function hasOtherMeaning(mesh: MeshModel, host: string, { name, labels }: Subset): boolean {
  const { byHost, wildcards } = subsetsOf(mesh);
  const hosts = [host, ...wildcards.filter((wildcard) => wildcard !== host && isSubsetOf(host, wildcard))];
  return hosts.some((each) =>
    byHost
      .get(each)
      ?.get(name)
      ?.some((other) => !sameLabels(other.labels, labels)),
  );
}

/** By host and name; a DestinationRule may have thousands. */
const subsetsOf = perMesh(({ destinationRules }) => {
  const rules = groupBy(destinationRules, ({ host }) => host);
  const byHost = new Map(
    [...rules].map(([host, some]) => [
      host,
      groupBy(
        some.flatMap(({ subsets }) => subsets),
        ({ name }) => name,
      ),
    ]),
  );
  return { byHost, wildcards: [...byHost.keys()].filter(isWildcard) };
});

/** `subset v2 of apis.shop.svc.cluster.local`, or the host alone. */
export function nameOfDestination({ host, subset }: Pick<Destination, 'host' | 'subset'>): string {
  return subset === undefined ? host : `subset ${subset} of ${host}`;
}
