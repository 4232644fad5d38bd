/*
 * A step that makes a version and sends it requests at once: the routes change within moments, the pods take longer to be ready,
 * and until they are the requests are answered with 503.
 *
 * Compares two states; says nothing where the state before is not given. Nor is anything said of a VirtualService that is new
 * itself: before it nobody was served.
 */
import { nameOf } from '../mesh/object';
import { listOf } from '../syntax/wording';
import type { Check } from './check';
import { Severity } from './finding';
import { hasPods, routedPods, sameIn } from './shared/routed-pods';

export const requestsBeforePods: Check = {
  id: 'requests-before-pods',
  title: 'A step sends requests to pods that it only starts',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  run(mesh, report, previous) {
    for (const virtualService of mesh.virtualServices) {
      if (previous === undefined || sameIn(previous, virtualService) === undefined) {
        continue;
      }
      for (const { name, path, groups } of routedPods(mesh, virtualService)) {
        const alive = groups.filter(({ replicas }) => replicas > 0);
        if (alive.length > 0 && alive.every(({ object }) => !hasPods(previous, object))) {
          report({
            object: virtualService.object,
            path,
            message: `This step sends requests to ${name}, and ${listOf(alive.map(({ object }) => nameOf(object)))} had no pods in the state before. Routes change within moments; until the new pods are ready, the requests are answered with 503.`,
            help: 'Apply a state between the two first, which makes the version with a share of 0 %, and wait until its pods are ready.',
          });
        }
      }
    }
  },
};
