/*
 * Two objects of one kind, namespace and name. A cluster has room for one: what is applied last replaces what came before.
 */
import type { MeshModel } from '../mesh/model';
import { type MeshObject, nameOf } from '../mesh/object';
import type { Check } from './check';
import { Severity } from './finding';
import { perMesh } from './shared/per-mesh';

export const duplicateObject: Check = {
  id: 'duplicate-object',
  title: 'Two objects of one kind and name',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const [first, ...others] of objectsByIdentity(mesh).values()) {
      for (const object of others) {
        report({
          object,
          path: 'metadata.name',
          message: `${nameOf(object)} is defined twice: in ${placeOf(first)} and in ${placeOf(object)}. The cluster keeps only the one that is applied last, and the fields of the other are gone.`,
          help: 'Take one of the two out, or give it another name.',
        });
      }
    }
  },
};

/** Whether both stand for the same object of the cluster. */
export function isSameObject(a: MeshObject, b: MeshObject): boolean {
  return a === b || (a.name !== '' && identityOf(a) === identityOf(b));
}

const objectsByIdentity = perMesh((mesh: MeshModel): ReadonlyMap<string, readonly MeshObject[]> => {
  const found = new Map<string, MeshObject[]>();
  for (const object of mesh.objects) {
    if (hasFixedName(object)) {
      const known = found.get(identityOf(object));
      if (known === undefined) {
        found.set(identityOf(object), [object]);
      } else {
        known.push(object);
      }
    }
  }
  return found;
});

/** The version does not count: one object is served in several. */
function identityOf({ group, kind, namespace, name }: MeshObject): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** With generateName, the cluster makes up a name of its own for each. */
function hasFixedName({ node }: MeshObject): boolean {
  return node.get('metadata').get('name').text() !== undefined;
}

function placeOf({ source: { file, document, line } }: MeshObject): string {
  const where = `document ${document + 1}`;
  return file === undefined ? where : line === undefined ? `${file}, ${where}` : `${file}:${line}`;
}
