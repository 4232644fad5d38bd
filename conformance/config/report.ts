/*
 * A difference, as small as it can be and for people.
 */
import { stringify } from 'yaml';
import { smallerMeshes, smallest } from '../shrink';
import { type ConfigDifference, differencesIn, type Istiod } from './istiod-process';

/** The same kind of difference in a smaller mesh. */
export function shrunk(istiod: Istiod, difference: ConfigDifference): Promise<ConfigDifference> {
  return smallest(
    difference,
    ({ mesh }) => {
      const { inside, whole } = smallerMeshes(mesh);
      return [...whole, ...inside];
    },
    async (meshes) => {
      const translated = await Promise.all(meshes.map((mesh) => istiod.translate(mesh)));
      return translated
        .flatMap((each) => differencesIn(istiod.compare(each)))
        .find(({ kind }) => kind === difference.kind);
    },
  );
}

export function reportOf({ istiod, library, mesh, path }: ConfigDifference): string {
  return [
    `--- library and istiod differ: ${path.join(' / ')}`,
    mesh.manifests.map((manifest) => stringify(manifest)).join('---\n'),
    `at ${JSON.stringify(mesh.proxy)}, ${mesh.outboundTrafficPolicy ?? 'outboundTrafficPolicy by MeshConfig'}`,
    '',
    `istiod:  ${textOf(istiod)}`,
    `library: ${textOf(library)}`,
  ].join('\n');
}

function textOf(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
