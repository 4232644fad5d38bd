/*
 * Rules for a DestinationRule (`ValidateDestinationRule`).
 */
import type { MeshObject } from '../../manifests/object';
import { label } from './common-rules';
import { is, repeated, textOf } from './conditions';
import { host } from './host-rules';
import { labelsOfPods, selectorOfPods } from './label-rules';
import { all, at, errorsOnly, perNamespace, type Refusal, type Rule, refuse, refuseIf } from './refusal';
import { trafficPolicy } from './traffic-policy-rules';

const twoOfOneName: Rule = (spec) => {
  const names = spec
    .get('subsets')
    .items()
    .map((subset) => subset.get('name'));
  return repeated(names, textOf).flatMap((name) =>
    refuse(name, `Two subsets of the DestinationRule are called ${textOf(name)}`, 'Give each a name of its own.'),
  );
};

const rulesIn = perNamespace((namespace) => {
  const policy = at('trafficPolicy', trafficPolicy(namespace));
  return all(
    at('host', host),
    at(
      'subsets[]',
      at('name', refuseIf(is(''), 'A subset needs a name', "Write 'name: v1'."), label('name of the subset')),
      at('labels', labelsOfPods),
      // Of subsets, Istio drops its warnings.
      errorsOnly(policy),
    ),
    twoOfOneName,
    policy,
    at('workloadSelector', selectorOfPods),
  );
});

export function destinationRule({ node, namespace }: MeshObject): readonly Refusal[] {
  return rulesIn(namespace)(node.get('spec'));
}
