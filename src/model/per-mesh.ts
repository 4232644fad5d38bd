/*
 * What several checks need of one mesh is worked out once: a mesh never changes.
 */
import type { MeshModel } from './model';

/** `make`, which then runs at most once for each mesh. */
export function perMesh<T>(make: (mesh: MeshModel) => T): (mesh: MeshModel) => T {
  const known = new WeakMap<MeshModel, { readonly value: T }>();
  return (mesh) => {
    let entry = known.get(mesh);
    if (entry === undefined) {
      entry = { value: make(mesh) };
      known.set(mesh, entry);
    }
    return entry.value;
  };
}
