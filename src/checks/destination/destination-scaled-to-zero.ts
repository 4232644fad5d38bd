/*
 * A route to a version whose workloads all have `replicas: 0`: its requests are answered with 503, and copies arrive nowhere.
 *
 * A warning, since what the manifests say of the number of pods can be changed in the cluster. Nothing is said of a workload
 * that a ScaledObject (KEDA) of the manifests wakes up.
 */

import { nameOf } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { listOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';
import { nameOfDestination, podsBehind } from '../shared/pods-behind';
import { destinationsOf } from '../shared/written-destinations';

export const destinationScaledToZero: Check = {
  id: 'destination-scaled-to-zero',
  title: 'A route leads to a version without pods',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const virtualService of mesh.virtualServices) {
      const seen = new Set<string>();
      for (const { destination, isIdle, role } of destinationsOf(virtualService)) {
        const name = nameOfDestination(destination);
        if (isIdle || seen.has(`${role} ${name}`)) {
          continue;
        }
        seen.add(`${role} ${name}`);
        const groups = podsBehind(mesh, destination, virtualService.object.namespace)?.groups ?? [];
        if (groups.length > 0 && groups.every(({ replicas, object }) => replicas === 0 && !isWokenUp(mesh, object))) {
          const workloads = listOf(groups.map(({ object }) => nameOf(object)));
          report({
            object: virtualService.object,
            path: destination.path,
            message: `${nameOf(virtualService.object)} ${role === 'mirror' ? 'mirrors' : 'sends'} requests to ${name}, which has no pods: ${workloads} ${groups.length === 1 ? 'has' : 'have'} replicas: 0. ${role === 'mirror' ? 'No copy arrives' : 'The requests are answered with 503'}.`,
            help: `Give the workload at least one replica before a route leads to it, or ${role === 'mirror' ? 'leave out the mirror' : 'give the destination the weight 0'}.`,
          });
        }
      }
    }
  },
};

function isWokenUp(
  mesh: MeshModel,
  { namespace, name, kind }: { namespace: string; name: string; kind: string },
): boolean {
  return mesh.ofKind('ScaledObject').some((scaled) => {
    const target = scaled.node.get('spec').get('scaleTargetRef');
    return (
      scaled.namespace === namespace &&
      target.get('name').string() === name &&
      (target.get('kind').string() ?? 'Deployment') === kind
    );
  });
}
