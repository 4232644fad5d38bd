/*
 * What Envoy refuses in sidecars, and in which namespaces.
 */

import { nameOf } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { dataPlaneOf } from '../../proxy/data-plane';
import type { Route } from '../../proxy/routes';
import type { Refusal } from '../../proxy/sidecar-refusal';

export interface RefusedInSidecars {
  readonly refusal: Refusal;
  /** The route that is to blame, if it is one. */
  readonly route?: Route;
  /** Of the pods whose sidecars refuse it. */
  readonly namespaces: readonly string[];
  /** Whether the manifests contain such pods. */
  readonly isCertain: boolean;
}

/** @param hasUnusable whether some route is one for which Envoy refuses its table */
export function refusedInSidecars(mesh: MeshModel, hasUnusable: boolean): readonly RefusedInSidecars[] {
  if (!hasUnusable && !mayCollide(mesh)) {
    return [];
  }
  const found = new Map<string, RefusedInSidecars>();
  for (const [sidecar, isCertain] of dataPlaneOf(mesh).sidecars.known()) {
    for (const refusal of sidecar.refusals()) {
      const key = [refusal.reason, ...refusal.parts.map(({ object, path }) => `${nameOf(object)} ${path}`)].join('\n');
      const known = found.get(key);
      found.set(key, {
        refusal,
        route: refusal.route,
        namespaces: [...new Set([...(known?.namespaces ?? []), sidecar.scope.namespace])],
        isCertain: isCertain || known?.isCertain === true,
      });
    }
  }
  return [...found.values()];
}

/** Services alone never collide: each has an address to itself. */
function mayCollide(mesh: MeshModel): boolean {
  return (
    mesh.registry.some(({ entry }) => entry !== undefined) ||
    mesh.effectiveVirtualServices.some(({ tcp, tls }) => tcp.length > 0 || tls.length > 0)
  );
}
