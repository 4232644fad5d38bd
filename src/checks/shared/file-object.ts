/*
 * A file in the place of an object, for findings about what is not one.
 */
import { EMPTY_MAP, Node } from '../../manifests/node';
import type { MeshObject, ObjectSource } from '../../manifests/object';

/** The kind that findings about files have. */
export const FILE_KIND = 'File';

export function fileObject(source: ObjectSource): MeshObject {
  return {
    apiVersion: '',
    group: '',
    kind: FILE_KIND,
    name: source.file ?? `manifest ${source.document + 1}`,
    namespace: '',
    labels: EMPTY_MAP,
    annotations: EMPTY_MAP,
    source,
    raw: undefined,
    node: Node.root(undefined, []),
    problems: [],
  };
}
