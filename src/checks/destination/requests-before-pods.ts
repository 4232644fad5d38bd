/*
 * A step that makes a version and sends it requests at once: the routes change within moments, the pods take longer to be ready,
 * and until they are the requests are answered with 503.
 *
 * Compares two states; says nothing where the state before is not given. Nor is anything said where nobody was served before: by
 * a route for that host or to that service, or by a Service with pods.
 */
import { nameOf } from '../../manifests/object';
import { listOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';
import { answererIn, routedPodsWithout } from '../shared/routed-pods';

export const requestsBeforePods: Check = {
  id: 'requests-before-pods',
  title: 'A step sends requests to pods before they are ready',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  run(mesh, report, previous) {
    if (previous === undefined) {
      return;
    }
    for (const virtualService of mesh.virtualServices) {
      for (const { service, name, path, groups } of routedPodsWithout(previous, mesh, virtualService)) {
        if (answererIn(previous, virtualService, service.host) !== undefined) {
          report({
            object: virtualService.object,
            path,
            message: `This step sends requests to ${name}, and ${listOf(groups.map(({ object }) => nameOf(object)))} had no pods in the state before. Routes change within moments; until the new pods are ready, the requests are answered with 503.`,
            help: 'First apply a state between the two that starts the pods without this route (for a canary: with a share of 0 %). Wait until they are ready.',
          });
        }
      }
    }
  },
};
