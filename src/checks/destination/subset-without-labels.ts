/*
 * A subset without labels: it is all pods of the host. That has uses (a subset for its trafficPolicy, or for another service's
 * gateway), so it is questioned only where its neighbours have labels and it has nothing else to say.
 */
import { nameOf } from '../../manifests/object';
import type { Check } from '../check';
import { Severity } from '../finding';

export const subsetWithoutLabels: Check = {
  id: 'subset-without-labels',
  title: 'A subset has no labels, and so contains every pod',
  severity: Severity.WARNING,
  istio: [],
  kiali: ['KIA0209'],
  run(mesh, report) {
    for (const { object, subsets, host } of mesh.destinationRules) {
      const labelled = subsets.some(({ labels }) => labels.size > 0);
      const written = object.node.get('spec').get('subsets').maps();
      for (const [index, { name, labels, path }] of subsets.entries()) {
        if (labels.size > 0 || written[index].get('labels').entries().length > 0) {
          continue;
        }
        const forgotten = labelled && !written[index].get('trafficPolicy').present;
        report({
          object,
          path,
          severity: forgotten ? Severity.WARNING : Severity.INFO,
          message: `Subset ${name} of ${nameOf(object)} has no labels, so it contains every pod of ${host}${forgotten ? ', those of the other subsets included' : ''}.`,
          help: `Write the labels of the pods that belong to it, as in 'labels: {version: ${name}}'; to mean all pods, route without a subset.`,
        });
      }
    }
  },
};
