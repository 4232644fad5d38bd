/*
 * Rules for a DestinationRule (`ValidateDestinationRule`).
 */
import type { Node } from '../../manifests/node';
import type { MeshObject } from '../../manifests/object';
import { host } from './host-rules';
import { labelsOfPods, selectorOfPods } from './label-rules';
import { errorsOnly, label, NOTHING, type Refusal, refuse, textOf } from './refusal';
import { trafficPolicy } from './traffic-policy-rules';

export function destinationRule({ node, namespace }: MeshObject): readonly Refusal[] {
  const spec = node.get('spec');
  return [
    ...host(spec.get('host')),
    ...subsets(spec, namespace),
    ...trafficPolicy(spec.get('trafficPolicy'), namespace),
    ...selectorOfPods(spec.get('workloadSelector')),
  ];
}

function subsets(spec: Node, namespace: string): readonly Refusal[] {
  const seen = new Set<string>();
  return spec
    .get('subsets')
    .items()
    .flatMap((subset) => {
      const node = subset.get('name');
      const name = textOf(node);
      if (name === undefined) {
        return node.value === '' ? refuse(node, 'A subset needs a name', "Write 'name: v1'.") : NOTHING;
      }
      const again = seen.has(name);
      seen.add(name);
      return [
        ...label(node, 'name of the subset'),
        ...(again
          ? refuse(node, `Two subsets of the DestinationRule are called ${name}`, 'Give each a name of its own.')
          : NOTHING),
        ...labelsOfPods(subset.get('labels')),
        // Of subsets, Istio drops its warnings.
        ...errorsOnly(trafficPolicy(subset.get('trafficPolicy'), namespace)),
      ];
    });
}
