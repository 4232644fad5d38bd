/*
 * Two objects of one kind, namespace and name. A cluster has room for one: what is applied last replaces what came before. All other
 * checks that compare objects see only the last one.
 */
import { lineOf, type MeshObject, nameOf } from '../../manifests/object';
import type { Check } from '../check';
import { Severity } from '../finding';

export const duplicateObject: Check = {
  id: 'duplicate-object',
  title: 'Two objects of one kind and name',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const { first, other: object } of mesh.duplicates) {
      report({
        object,
        path: 'metadata.name',
        message: `${nameOf(object)} is defined twice: in ${placeOf(first)} and in ${placeOf(object)}. The cluster keeps only the one that is applied last, and the fields of the other are gone.`,
        help: 'Take one of the two out, or give it another name.',
      });
    }
  },
};

function placeOf(object: MeshObject): string {
  const { file, document } = object.source;
  const line = lineOf(object);
  const where = `document ${document + 1}`;
  return file === undefined ? where : line === undefined ? `${file}, ${where}` : `${file}:${line}`;
}
