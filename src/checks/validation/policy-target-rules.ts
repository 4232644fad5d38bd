/*
 * Rules for what a policy is about: pods by their labels, or objects by their names.
 */

import type { Node } from '../../manifests/node';
import { scalarText } from '../../syntax/scalar-text';
import { filled, text, textOf } from './conditions';
import { selectorOfPods } from './label-rules';
import { all, at, NOTHING, type Refusal, type Rule, refuse, refuseIf } from './refusal';

const TARGETS = [
  'core/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
];

// biome-ignore format: a table
const target: Rule = all(
  at('namespace', refuseIf(text(() => true),
    'A policy can target only objects of its own namespace', 'Take namespace out.')),
  kindOfTarget,
);

function kindOfTarget(node: Node): readonly Refusal[] {
  const [group, kind] = [textOf(node.get('group')) ?? 'core', scalarText(node.get('kind').value)];
  return TARGETS.includes(`${group}/${kind}`)
    ? NOTHING
    : refuse(
        node,
        `A policy cannot target a ${kind} of the group ${group}`,
        'Write a Service, a ServiceEntry, or a Gateway or GatewayClass of gateway.networking.k8s.io, with its group.',
      );
}

/** `validateOneOfSelectorType`, `validateWorkloadSelector`, `validatePolicyTargetReference`. */
export const policyTarget: Rule = all(
  (spec) => {
    const said = filled(spec, 'selector', 'targetRef', 'targetRefs');
    return said.length > 1 ? refuse(spec, `${said.join(' and ')} exclude each other`, 'Keep one of them.') : NOTHING;
  },
  at('selector', selectorOfPods),
  at('targetRef', target),
  at('targetRefs[]', target),
);
