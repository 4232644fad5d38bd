/*
 * What Istio's published schema has against the objects of a mesh.
 */

import type { Complaint, Schema } from '../../istio/complaint';
import { complaints } from '../../istio/schema';
import type { Node } from '../../manifests/node';
import type { MeshObject } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';

/** An object that is wrong throughout says so after as many findings. */
const MOST_PER_OBJECT = 20;

const TOP: readonly string[] = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];

export const istioComplaints = perMesh((mesh: MeshModel): ReadonlyMap<MeshObject, readonly Complaint[]> => {
  const result = new Map<MeshObject, readonly Complaint[]>();
  for (const object of mesh.objects) {
    const schema = schemaOf(object);
    if (schema !== undefined) {
      const spec = object.node.get('spec');
      const found = [...atTheTop(object.node), ...(spec.present ? complaints(spec, schema) : withoutSpec(schema))];
      if (found.length > 0) {
        result.set(object, found.slice(0, MOST_PER_OBJECT));
      }
    }
  }
  return result;
});

/** The schema of the object's kind; undefined for kinds that are not Istio's, and for those that are not checked. */
function schemaOf({ group, kind }: MeshObject): Schema | undefined {
  if (!group.endsWith('.istio.io')) {
    return undefined;
  }
  // Loaded on first use: manifests without Istio's kinds should not pay for it.
  const { ISTIO_SPECS } = require('../../../imports/istio.schema') as typeof import('../../../imports/istio.schema');
  const name = `${group}/${kind}`;
  return Object.hasOwn(ISTIO_SPECS, name) ? (ISTIO_SPECS[name] as Schema) : undefined;
}

function atTheTop(node: Node): readonly Complaint[] {
  return node
    .entries()
    .filter(([name]) => !TOP.includes(name))
    .map(([name, field]) => ({
      kind: 'unknown',
      path: field.path,
      text: 'is no field of a manifest',
      name,
      known: TOP,
    }));
}

function withoutSpec({ required }: Schema): readonly Complaint[] {
  return required === undefined
    ? []
    : [{ kind: 'mistyped', path: '', text: "has no 'spec', which is required", missing: 'spec' }];
}
