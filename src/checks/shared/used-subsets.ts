/*
 * Which subsets routes send requests to.
 */
import { perMesh } from '../../model/per-mesh';
import { destinationsOf } from './written-destinations';

/** `host subset` of every destination and mirror of the manifests, without those to which nothing goes. */
const used = perMesh(
  (mesh) =>
    new Set(
      mesh.virtualServices.flatMap((virtualService) =>
        destinationsOf(virtualService)
          .filter(({ isIdle }) => !isIdle)
          .map(({ destination: { host, subset = '' } }) => `${host} ${subset}`),
      ),
    ),
);

export function isRoutedTo(mesh: Parameters<typeof used>[0], host: string, subset: string): boolean {
  return used(mesh).has(`${host} ${subset}`);
}
