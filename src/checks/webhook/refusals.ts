/*
 * All refusals of a mesh.
 */
import type { MeshModel } from '../../mesh/model';
import type { MeshObject } from '../../mesh/object';
import { perMesh } from '../shared/per-mesh';
import { destinationRule } from './destination-rule-rules';
import { exportTo } from './export-to-rules';
import { GATEWAY_RULES } from './gateway-rules';
import { apply, label, type Refusal, type Rule } from './refusal';
import { VIRTUAL_SERVICE_RULES } from './virtual-service-rules';

const RULES: ReadonlyMap<string, readonly Rule[]> = new Map([
  ['VirtualService', VIRTUAL_SERVICE_RULES],
  ['Gateway', GATEWAY_RULES],
]);

const EXPORTED = new Set(['VirtualService', 'DestinationRule']);

/** An object that is wrong throughout says so after as many findings. */
const MOST_PER_OBJECT = 20;

export const refusalsOf = perMesh((mesh: MeshModel): readonly (readonly [MeshObject, Refusal])[] =>
  mesh.objects
    .filter(({ group }) => group === 'networking.istio.io')
    .flatMap((object) =>
      [
        ...gatewayName(object),
        ...apply(RULES.get(object.kind) ?? [], object.node.get('spec')),
        ...(object.kind === 'DestinationRule' ? destinationRule(object) : []),
        ...(EXPORTED.has(object.kind) ? exportTo(object) : []),
      ]
        .slice(0, MOST_PER_OBJECT)
        .map((refusal) => [object, refusal] as const),
    ),
);

/** The one kind whose name Istio itself looks at. */
function gatewayName({ kind, node }: MeshObject): readonly Refusal[] {
  return kind === 'Gateway' ? label(node.get('metadata').get('name'), 'name of the Gateway') : [];
}
