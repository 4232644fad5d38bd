/*
 * The traffic policies that a DestinationRule writes.
 */
import type { Node } from '../../manifests/node';
import type { MeshObject } from '../../manifests/object';

interface TrafficPolicies {
  /** That of the rule, and those of its subsets. */
  readonly forAllPorts: readonly Node[];
  /** What each of these says of one port. */
  readonly perPort: readonly Node[];
}

export function trafficPoliciesOf({ node }: MeshObject): TrafficPolicies {
  const spec = node.get('spec');
  const forAllPorts = [spec, ...spec.get('subsets').maps()].map((each) => each.get('trafficPolicy'));
  return { forAllPorts, perPort: forAllPorts.flatMap((policy) => policy.get('portLevelSettings').maps()) };
}
