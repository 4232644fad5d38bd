/*
 * Where the requests of a VirtualService end up: what the checks of a step, from one state of the manifests to the next, compare.
 */
import type { MeshModel } from '../../mesh/model';
import type { MeshObject } from '../../mesh/object';
import type { VirtualService } from '../../mesh/virtual-service';
import { perMesh } from './per-mesh';
import { nameOfDestination, type PodsBehind, podsBehind } from './pods-behind';
import { destinationsOf } from './written-destinations';

export interface RoutedPods extends PodsBehind {
  /** `subset v2 of apis.shop.svc.cluster.local`. */
  readonly name: string;
  readonly path: string;
}

/** The destinations that get requests and whose pods are known, each once. */
export function routedPods(mesh: MeshModel, virtualService: VirtualService): readonly RoutedPods[] {
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

/** The VirtualService of the same name and namespace in another state. */
export function sameIn(mesh: MeshModel, { object }: VirtualService): VirtualService | undefined {
  return byName(mesh).get(`${object.namespace}/${object.name}`);
}

const byName = perMesh(
  (mesh: MeshModel) =>
    new Map(mesh.virtualServices.map((service) => [`${service.object.namespace}/${service.object.name}`, service])),
);

/** Whether a workload is there in a state, with pods. */
export function hasPods(mesh: MeshModel, { namespace, name, kind }: MeshObject): boolean {
  const found = mesh.workload(namespace, name);
  return found !== undefined && found.object.kind === kind && found.replicas > 0;
}
