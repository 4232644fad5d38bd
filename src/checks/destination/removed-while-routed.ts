/*
 * A step that removes a version to which the routes of the state before still lead: proxies follow the old routes until they
 * have received the new ones, and requests that are under way end with the pods.
 *
 * Compares two states; says nothing where the state before is not given. Nor is anything said where the host and the service go
 * together with the version: then nobody is to be served.
 */
import { nameOf } from '../../manifests/object';
import { listOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';
import { answererIn, routedPodsWithout } from '../shared/routed-pods';

export const removedWhileRouted: Check = {
  id: 'removed-while-routed',
  title: 'A step removes pods to which routes still lead',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  run(mesh, report, previous) {
    if (previous === undefined) {
      return;
    }
    for (const before of previous.virtualServices) {
      for (const { service, name, groups } of routedPodsWithout(mesh, previous, before)) {
        const object = answererIn(mesh, before, service.host);
        if (object !== undefined) {
          report({
            object,
            path: '',
            message: `In the state before, ${nameOf(before.object)} sends requests to ${name}, and this step removes its pods (${listOf(groups.map(({ object }) => nameOf(object)))}). Until every proxy has received the new routes, such requests are answered with 503.`,
            help: 'First apply a state between the two, in which no route leads to these pods while the pods and the subset stay (retired: true). Wait until no requests reach them any more.',
          });
        }
      }
    }
  },
};
