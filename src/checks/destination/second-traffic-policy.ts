/*
 * Several DestinationRules of a namespace for one host, more than one of which has a trafficPolicy. Istio merges the rules and keeps
 * the first trafficPolicy whole, in order of age: nothing of the others acts (`mergeDestinationRule`).
 */
import { type MeshObject, nameOf } from '../../manifests/object';
import type { DestinationRule } from '../../model/destination-rule';
import { AGE_NOT_KNOWN } from '../../proxy/clients';
import { groupBy } from '../../syntax/grouping';
import { labelsOf, listOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';

export const secondTrafficPolicy: Check = {
  id: 'second-traffic-policy',
  title: 'Two DestinationRules of one host have a trafficPolicy, and Istio uses only one',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const rules = mesh.destinationRules.filter(({ hasTrafficPolicy, host }) => hasTrafficPolicy && host !== '');
    for (const [first, ...others] of groupBy(rules, whatIsMerged).values()) {
      for (const { object, host } of others) {
        const lost = policyOf(object);
        const kept = policyOf(first.object);
        if (JSON.stringify(lost.value) !== JSON.stringify(kept.value)) {
          report({
            object,
            path: lost.path,
            message: `${nameOf(first.object)} has a trafficPolicy for ${host} too. Istio merges the two rules and keeps only the trafficPolicy of ${which(first.object, object)}: ${listOf(lost.entries().map(([key]) => key)) || 'the trafficPolicy'} of ${nameOf(object)} has no effect.`,
            help: `Write all of it into the trafficPolicy of one of the two, such as ${nameOf(first.object)}.`,
          });
        }
      }
    }
  },
};

/** Rules with the same exportTo, for the same pods. */
function whatIsMerged({ object, host, exportTo, workloadSelector }: DestinationRule): string {
  const pods = workloadSelector && labelsOf(new Map([...workloadSelector].sort()));
  return JSON.stringify([object.namespace, host, [...exportTo].sort(), pods]);
}

function policyOf({ node }: MeshObject) {
  return node.get('spec').get('trafficPolicy');
}

/** Of two in Istio's order, the first. */
function which(first: MeshObject, second: MeshObject): string {
  if (first.created !== undefined && second.created !== undefined) {
    return first.created < second.created
      ? `the older one, ${nameOf(first)}`
      : `the first by name, ${nameOf(first)}, since both have the same age`;
  }
  return `the older one (${AGE_NOT_KNOWN}; if both have the same age, the first by name, ${nameOf(first)})`;
}
