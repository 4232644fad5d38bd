/*
 * Rules for what a policy is about: pods by their labels, or objects by their names.
 */
import type { Node } from '../../manifests/node';
import { scalarText } from '../../syntax/scalar-text';
import { selectorOfPods } from './label-rules';
import { applyToEach, filled, NOTHING, type Refusal, refuse, textOf } from './refusal';

const TARGETS = [
  'core/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
];

/** `validateOneOfSelectorType`, `validateWorkloadSelector`, `validatePolicyTargetReference`. */
export function policyTarget(spec: Node): readonly Refusal[] {
  const said = filled(spec, 'selector', 'targetRef', 'targetRefs');
  if (said.length === 0) {
    return NOTHING;
  }
  return [
    ...(said.length > 1 ? refuse(spec, `${said.join(' and ')} exclude each other`, 'Keep one of them.') : NOTHING),
    ...selectorOfPods(spec.get('selector')),
    ...(spec.get('targetRef').present ? target(spec.get('targetRef')) : NOTHING),
    ...applyToEach(spec.get('targetRefs'), [target]),
  ];
}

function target(node: Node): readonly Refusal[] {
  const [group, kind] = [textOf(node.get('group')) ?? 'core', scalarText(node.get('kind').value)];
  return [
    ...(textOf(node.get('namespace')) === undefined
      ? NOTHING
      : refuse(node.get('namespace'), 'A policy is about objects of its own namespace only', 'Take namespace out.')),
    ...(TARGETS.includes(`${group}/${kind}`)
      ? NOTHING
      : refuse(
          node,
          `A policy cannot be about a ${kind} of the group ${group}`,
          'Write a Service, a ServiceEntry, or a Gateway or GatewayClass of gateway.networking.k8s.io, with its group.',
        )),
  ];
}
