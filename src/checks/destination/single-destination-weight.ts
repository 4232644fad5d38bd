/*
 * A weight on the only destination of a rule. Istio does not look at it: the destination gets everything.
 */
import type { Check } from '../check';
import { Severity } from '../finding';

export const singleDestinationWeight: Check = {
  id: 'single-destination-weight',
  title: 'A weight on the only destination',
  severity: Severity.WARNING,
  istio: [],
  kiali: ['KIA1104'],
  run(mesh, report) {
    for (const { http } of mesh.virtualServices) {
      for (const { object, destinations } of http) {
        const [only] = destinations;
        if (destinations.length !== 1 || only.weight === 0 || only.weight === 100) {
          continue;
        }
        report({
          object,
          path: `${only.path}.weight`,
          message: `The weight ${only.weight} has no effect: ${only.destination.writtenHost} is the only destination of the rule, so it gets every request, not ${only.weight} of 100.`,
          help: `Remove the weight, or add the destination that the other ${Math.max(0, 100 - only.weight)} percent are for.`,
        });
      }
    }
  },
};
