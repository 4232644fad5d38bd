/*
 * One subset defined by two DestinationRules of a namespace. Istio merges rules of one host and keeps the first subset of a
 * name, in order of age: the other's labels and policy never act.
 */

import { nameOf } from '../../manifests/object';
import type { DestinationRule, Subset } from '../../model/destination-rule';
import { labelsOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';

export const duplicateSubset: Check = {
  id: 'duplicate-subset',
  title: 'Two DestinationRules define the same subset',
  severity: Severity.WARNING,
  istio: [],
  kiali: ['KIA0201'],
  run(mesh, report) {
    const first = new Map<string, Subset>();
    for (const rule of mesh.destinationRules) {
      for (const subset of isMerged(rule) ? rule.subsets : []) {
        const key = [rule.object.namespace, rule.host, [...rule.exportTo].sort().join(), subset.name].join('\n');
        const other = first.get(key);
        if (other === undefined || other.object === rule.object) {
          first.set(key, subset);
          continue;
        }
        const same = labelsOf(new Map([...other.labels].sort())) === labelsOf(new Map([...subset.labels].sort()));
        report({
          object: rule.object,
          path: subset.path,
          severity: same ? Severity.INFO : Severity.WARNING,
          message: `${nameOf(other.object)} defines subset ${subset.name} of ${rule.host} too${same ? '' : `, with other labels (${labelsOf(other.labels) || 'none'})`}. Istio merges the two rules and keeps only the subset of the older rule, or of the first by name if both have the same age.`,
          help: 'Define the subset in only one of the two, or write all subsets of the host into one DestinationRule.',
        });
      }
    }
  },
};

/** A rule for some pods only stands on its own. */
function isMerged({ workloadSelector, host }: DestinationRule): boolean {
  return workloadSelector === undefined && host !== '';
}
