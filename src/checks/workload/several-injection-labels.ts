/*
 * A namespace with both labels that ask for sidecars. `istio-injection` wins, so that the revision is not the one asked for.
 */

import { INJECTION, REVISION } from '../../model/injection';
import type { Check } from '../check';
import { Severity } from '../finding';

export const severalInjectionLabels: Check = {
  id: 'several-injection-labels',
  title: 'A namespace has both injection labels',
  severity: Severity.WARNING,
  istio: ['IST0123'],
  kiali: [],
  run(mesh, report) {
    for (const namespace of mesh.namespaces.values()) {
      const injection = namespace.labels.get(INJECTION);
      const revision = namespace.labels.get(REVISION);
      if (injection !== undefined && revision !== undefined) {
        report({
          object: namespace,
          path: 'metadata.labels',
          message: `Namespace ${namespace.name} has the labels ${INJECTION}=${injection} and ${REVISION}=${revision}. The first wins, and revision ${revision} injects nothing here.`,
          help: `Keep '${REVISION}: ${revision}' to choose the revision, or '${INJECTION}: ${injection}' for the default one.`,
        });
      }
    }
  },
};
