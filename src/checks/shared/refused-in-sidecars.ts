/*
 * What Envoy refuses in sidecars, and in which namespaces.
 */

import { nameOf } from '../../manifests/object';
import { isGatewayWorkload } from '../../model/gateway-pods';
import { mayHaveSidecar } from '../../model/injection';
import type { MeshModel } from '../../model/model';
import { dataPlaneOf } from '../../proxy/data-plane';
import type { Route } from '../../proxy/routes';
import type { Sidecar } from '../../proxy/sidecar';
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
  for (const [sidecar, isCertain] of sidecarsOf(mesh)) {
    for (const refusal of refusalsOf(sidecar)) {
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

/** All sidecars that there are, as far as manifests tell, and whether they show a pod that has one. */
function sidecarsOf(mesh: MeshModel): ReadonlyMap<Sidecar, boolean> {
  const { sidecars } = dataPlaneOf(mesh);
  const found = new Map<Sidecar, boolean>();
  for (const workload of mesh.workloads) {
    if (!isGatewayWorkload(workload) && mayHaveSidecar(mesh, workload)) {
      found.set(sidecars.of(workload), true);
    }
  }
  // Where the manifests contain no pods of a namespace, there may be some all the same.
  const homes = [
    ...mesh.registry.filter(({ entry }) => entry !== undefined).map(({ namespace }) => namespace),
    ...mesh.effectiveVirtualServices.map(({ object }) => object.namespace),
  ];
  const populated = new Set(mesh.workloads.map(({ object }) => object.namespace));
  for (const namespace of new Set(homes.filter((home) => !populated.has(home)))) {
    found.set(sidecars.inNamespace(namespace)[0], false);
  }
  return found;
}

/** Nothing is said where the simulator would say nothing either. */
function refusalsOf(sidecar: Sidecar): readonly Refusal[] {
  const { config, isSettled } = sidecar.scope;
  if (config?.hasOwnListeners === true || config?.hasEgressProxy === true || !isSettled) {
    return [];
  }
  return sidecar.scope.servicePorts().flatMap((port) => sidecar.listenersAt(port).refusals());
}
