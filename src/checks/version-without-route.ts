/*
 * A subset that no route names, though routes name others of its host, and though it has pods: they run, and no rule sends them
 * a request.
 *
 * A remark: pods may well come before their first requests. A share of 0 % names a subset, too, and an annotation of the
 * DestinationRule says which versions are on their way out.
 */
import type { MeshModel } from '../mesh/model';
import { nameOf } from '../mesh/object';
import { listOf } from '../syntax/wording';
import type { Check } from './check';
import { Severity } from './finding';
import { perMesh } from './shared/per-mesh';
import { podsBehind } from './shared/pods-behind';
import { destinationsOf } from './shared/written-destinations';

/** Versions whose pods are still there while no route names them any more, separated by ','. */
const RETIRED_ANNOTATION = 'cdk8s-versioned-mesh/retired-versions';

export const versionWithoutRoute: Check = {
  id: 'version-without-route',
  title: 'A version that no route leads to',
  severity: Severity.INFO,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const { object, host, subsets } of mesh.destinationRules) {
      const named = namedSubsets(mesh).get(host);
      // Where a route leads to the host without a subset, all of its pods get requests.
      if (named === undefined || named.has('')) {
        continue;
      }
      const retired = (object.annotations.get(RETIRED_ANNOTATION) ?? '').split(',').map((version) => version.trim());
      for (const { name, path, labels } of subsets) {
        if (named.has(name) || retired.includes(labels.get('version') ?? name)) {
          continue;
        }
        const groups = podsBehind(mesh, { host, subset: name }, object.namespace)?.groups ?? [];
        if (groups.some(({ replicas }) => replicas > 0)) {
          report({
            object,
            path,
            message: `No route leads to subset ${name} of ${host}, while routes lead to ${listOf([...named])}. The pods of ${listOf(groups.map((group) => nameOf(group.object)))} get no request by any rule.`,
            help: `Route something to it, or give it the weight 0 beside others if its requests are still to come. If it is on its way out, say so by the annotation ${RETIRED_ANNOTATION}: ${labels.get('version') ?? name}.`,
          });
        }
      }
    }
  },
};

/** By host, the subsets that routes name, at whatever weight; '' where one names none. */
const namedSubsets = perMesh((mesh: MeshModel) => {
  const byHost = new Map<string, Set<string>>();
  for (const { destination } of mesh.virtualServices.flatMap(destinationsOf)) {
    const subsets = byHost.get(destination.host) ?? new Set();
    byHost.set(destination.host, subsets.add(destination.subset ?? ''));
  }
  return byHost;
});
