/*
 * What the published schemas, Istio's and Kubernetes', have against the objects of a mesh.
 */

import type { Complaint, Schema } from '../../istio/complaint';
import { complaints } from '../../istio/schema';
import type { Node } from '../../manifests/node';
import type { MeshObject } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';

/** An object that is wrong throughout says so after as many findings. */
const MOST_PER_OBJECT = 20;

/** The groups of the kinds in imports/kubernetes.schema.ts. */
const KUBERNETES = new Set(['', 'apps', 'batch']);

const NONE: readonly Complaint[] = [];

const TOP: readonly string[] = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];

export const schemaComplaints = perMesh((mesh: MeshModel): ReadonlyMap<MeshObject, readonly Complaint[]> => {
  const result = new Map<MeshObject, readonly Complaint[]>();
  for (const object of mesh.objects) {
    const found = complaintsAbout(object);
    if (found.length > 0) {
      result.set(object, found.slice(0, MOST_PER_OBJECT));
    }
  }
  return result;
});

function complaintsAbout({ group, kind, node }: MeshObject): readonly Complaint[] {
  const spec = node.get('spec');
  // Loaded on first use: manifests without kinds of theirs should not pay for it.
  if (group.endsWith('.istio.io')) {
    const { ISTIO_SPECS } = require('../../../imports/istio.schema') as typeof import('../../../imports/istio.schema');
    const schema = schemaIn(ISTIO_SPECS, group, kind);
    return schema === undefined
      ? NONE
      : [...atTheTop(node), ...(spec.present ? complaints(spec, schema) : withoutSpec(schema))];
  }
  if (KUBERNETES.has(group)) {
    const { KUBERNETES_SPECS } =
      require('../../../imports/kubernetes.schema') as typeof import('../../../imports/kubernetes.schema');
    const schema = schemaIn(KUBERNETES_SPECS, group, kind);
    return schema === undefined ? NONE : complaints(spec, schema);
  }
  return NONE;
}

function schemaIn(specs: { readonly [name: string]: object }, group: string, kind: string): Schema | undefined {
  const name = `${group}/${kind}`;
  return Object.hasOwn(specs, name) ? specs[name] : undefined;
}

function atTheTop(node: Node): readonly Complaint[] {
  return node
    .entries()
    .filter(([name]) => !TOP.includes(name))
    .map(([name, field]) => ({
      kind: 'unknown',
      path: field.path,
      text: 'is not a field of a manifest',
      name,
      known: TOP,
    }));
}

function withoutSpec({ required }: Schema): readonly Complaint[] {
  return required === undefined
    ? []
    : [{ kind: 'mistyped', path: '', text: "has no 'spec', which is required", missing: 'spec' }];
}
