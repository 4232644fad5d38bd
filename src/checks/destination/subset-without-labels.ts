/*
 * A subset without labels: it is all pods of the host. One with a trafficPolicy is there for that, as where it originates TLS, and
 * nothing is said of it. Questioned only where its neighbours have labels; else a remark.
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
        const hasPolicy = written[index].get('trafficPolicy').present;
        if (labels.size > 0 || written[index].get('labels').entries().length > 0 || hasPolicy) {
          continue;
        }
        report({
          object,
          path,
          severity: labelled ? Severity.WARNING : Severity.INFO,
          message: `Subset ${name} of ${nameOf(object)} has no labels, so it contains every pod of ${host}${labelled ? ', including those of the other subsets' : ''}.`,
          help: `Write the labels of the pods that belong to it, as in 'labels: {version: ${name}}'; to mean all pods, route without a subset.`,
        });
      }
    }
  },
};
