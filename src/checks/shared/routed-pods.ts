/*
 * Where the requests of a VirtualService end up: what the checks of a step, from one state of the manifests to the next, compare.
 */

import type { MeshObject } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { serviceHost } from '../../model/naming';
import { perMesh } from '../../model/per-mesh';
import type { VirtualService } from '../../model/virtual-service';
import { nameOfDestination, type PodsBehind, podsBehind } from './pods-behind';
import { workloadsBehind } from './selected-pods';
import { destinationsOf } from './written-destinations';

interface RoutedPods extends PodsBehind {
  /** `subset v2 of apis.shop.svc.cluster.local`. */
  readonly name: string;
  readonly path: string;
}

/** The destinations that get requests by pods of one state, `mesh`, of which `other` has none. */
export function routedPodsWithout(
  other: MeshModel,
  mesh: MeshModel,
  virtualService: VirtualService,
): readonly RoutedPods[] {
  return routedPods(mesh, virtualService)
    .map((routed) => ({ ...routed, groups: routed.groups.filter(({ replicas }) => replicas > 0) }))
    .filter(({ groups }) => groups.length > 0 && groups.every(({ object }) => !hasPods(other, object)));
}

/** The destinations that get requests and whose pods are known, each once. */
function routedPods(mesh: MeshModel, virtualService: VirtualService): readonly RoutedPods[] {
  const found = new Map<string, RoutedPods>();
  for (const { destination, isIdle, role } of destinationsOf(virtualService)) {
    const name = nameOfDestination(destination);
    if (!isIdle && role === 'destination' && !found.has(name)) {
      const behind = podsBehind(mesh, destination, virtualService.object.namespace);
      if (behind !== undefined) {
        found.set(name, { ...behind, name, path: destination.path });
      }
    }
  }
  return [...found.values()];
}

/**
 * The object by which, in some state, requests are answered that a VirtualService of another state sends to `host`: one that
 * routes them or leads to that host, or a Service of that name with pods; undefined where nobody was, or is, to be served.
 */
export function answererIn(mesh: MeshModel, virtualService: VirtualService, host: string): MeshObject | undefined {
  const places = [...entrancesOf(virtualService), host, ...virtualService.hosts.map(({ resolved }) => resolved)];
  return places.map((place) => answerers(mesh).get(place)).find((object) => object !== undefined);
}

/** By host, and by entrance. */
const answerers = perMesh((mesh: MeshModel) => {
  const found = new Map<string, MeshObject>();
  for (const service of mesh.services) {
    const { name, namespace } = service.object;
    if ([...workloadsBehind(mesh, service)].some(({ replicas }) => replicas > 0)) {
      found.set(serviceHost(name, namespace, mesh.clusterDomain), service.object);
    }
  }
  for (const virtualService of mesh.virtualServices) {
    const hosts = destinationsOf(virtualService).map(({ destination }) => destination.host);
    for (const place of [...hosts, ...entrancesOf(virtualService)]) {
      found.set(place, virtualService.object);
    }
  }
  return found;
});

/** Where its requests come in. A host alone does not say: apps that have nothing in common may have '*' at a gateway each. */
function entrancesOf({ boundTo, hosts }: VirtualService): readonly string[] {
  return boundTo.flatMap((gateway) => hosts.map(({ resolved }) => `${gateway} ${resolved}`));
}

/** Whether a workload is there in a state, with pods. */
function hasPods(mesh: MeshModel, { namespace, name, kind }: MeshObject): boolean {
  const found = mesh.workload(namespace, name);
  return found !== undefined && found.object.kind === kind && found.replicas > 0;
}
