import type { MeshObject } from '../../manifests/object';
import { EXISTS_ELSEWHERE } from '../../syntax/exists-elsewhere';

/** Whether an object says of what it refers to, by any of these names, that the manifests need not have it. */
export function existsElsewhere({ annotations }: MeshObject, ...names: readonly string[]): boolean {
  const listed = (annotations.get(EXISTS_ELSEWHERE) ?? '').split(',').map((name) => name.trim());
  return names.some((name) => listed.includes(name));
}
