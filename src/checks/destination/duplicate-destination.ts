/*
 * The same destination twice in one rule: often a copied line in which the subset was not changed.
 */
import type { Destination } from '../../model/http-route';
import type { Check } from '../check';
import { Severity } from '../finding';

export const duplicateDestination: Check = {
  id: 'duplicate-destination',
  title: 'The same destination twice in one rule',
  severity: Severity.WARNING,
  istio: [],
  kiali: ['KIA1105'],
  run(mesh, report) {
    for (const { http } of mesh.virtualServices) {
      for (const { object, destinations } of http) {
        const seen = new Map<string, string>();
        for (const { path, destination, headers } of destinations) {
          // With headers of their own, two entries for one destination make a difference.
          const key =
            headers === undefined ? `${destination.host} ${destination.subset ?? ''} ${destination.port ?? ''}` : path;
          const first = seen.get(key);
          if (first === undefined) {
            seen.set(key, path);
            continue;
          }
          report({
            object,
            path,
            message: `${describe(destination)} is already a destination of this rule, at ${first}. It gets the sum of both weights, and no other version gets a share.`,
            help: `Name another host or subset here, or remove the entry and add its weight to ${first}.`,
          });
        }
      }
    }
  },
};

function describe({ writtenHost, subset, port }: Destination): string {
  const details = [
    ...(subset === undefined ? [] : [`subset ${subset}`]),
    ...(port === undefined ? [] : [`port ${port}`]),
  ];
  return [writtenHost, ...details].join(', ');
}
