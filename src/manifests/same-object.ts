/*
 * Manifests that stand for one object of the cluster: of one kind, namespace and name. The version does not count, since an object
 * is served in several.
 */
import type { MeshObject } from './object';

/** Two manifests of one object; the later one replaces the first when both are applied. */
export interface Duplicate {
  readonly first: MeshObject;
  readonly other: MeshObject;
}

/** Every manifest whose object another one has defined before it, in order. */
export function duplicatesIn(objects: readonly MeshObject[]): readonly Duplicate[] {
  const known = new Map<string, MeshObject>();
  const found: Duplicate[] = [];
  for (const object of objects) {
    if (!hasFixedName(object)) {
      continue;
    }
    const identity = identityOf(object);
    const first = known.get(identity);
    if (first === undefined) {
      known.set(identity, object);
    } else {
      found.push({ first, other: object });
    }
  }
  return found;
}

/** The manifests that are left when each object has been applied in order, where they stand. */
export function withoutReplaced(
  objects: readonly MeshObject[],
  duplicates: readonly Duplicate[],
): readonly MeshObject[] {
  const replaced = new Set<MeshObject>();
  const latest = new Map<MeshObject, MeshObject>();
  for (const { first, other } of duplicates) {
    replaced.add(latest.get(first) ?? first);
    latest.set(first, other);
  }
  return replaced.size === 0 ? objects : objects.filter((object) => !replaced.has(object));
}

function identityOf({ group, kind, namespace, name }: MeshObject): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** With generateName, the cluster makes up a name of its own for each; without any, nothing can be said. */
function hasFixedName({ name, node }: MeshObject): boolean {
  return name !== '' && node.get('metadata').get('name').text() !== undefined;
}
