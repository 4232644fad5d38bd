/*
 * Objects of Istio in a namespace into which its control plane does not look (`discoverySelectors` of MeshConfig). They act nowhere,
 * and nothing else is found about them.
 */
import { nameOf } from '../../manifests/object';
import { groupBy } from '../../syntax/grouping';
import { count } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';

const KINDS = ['VirtualService', 'DestinationRule', 'Gateway', 'ServiceEntry', 'Sidecar'];

export const undiscoveredNamespace: Check = {
  id: 'undiscovered-namespace',
  title: 'Istio does not look into a namespace that has rules for it',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const { object: settings } = mesh.meshConfig;
    if (settings === undefined || mesh.unseenNamespaces.size === 0) {
      return;
    }
    const unseen = KINDS.flatMap((kind) => mesh.ofKind(kind)).filter(
      ({ group, namespace }) => group === 'networking.istio.io' && mesh.unseenNamespaces.has(namespace),
    );
    for (const [namespace, [object, ...others]] of groupBy(unseen, (each) => each.namespace)) {
      const more = others.length === 0 ? '' : `, like ${count(others.length, 'other object')} of Istio there`;
      report({
        object,
        path: 'metadata.namespace',
        message: `${nameOf(object)} has no effect${more}: the discoverySelectors of ${nameOf(settings)} do not select namespace ${namespace}, so istiod does not look into it.`,
        help: 'Give the Namespace the labels that discoverySelectors ask for, or move the object to a namespace that has them.',
      });
    }
  },
};
