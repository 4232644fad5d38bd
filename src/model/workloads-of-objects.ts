import type { MeshObject } from '../manifests/object';
import type { MeshModel } from './model';
import { perMesh } from './per-mesh';
import type { Workload } from './workload';

const byObject = perMesh(
  (mesh): ReadonlyMap<MeshObject, Workload> => new Map(mesh.workloads.map((workload) => [workload.object, workload])),
);

/** The workload that an object is, if it is one. */
export function workloadOf(mesh: MeshModel, object: MeshObject): Workload | undefined {
  return byObject(mesh).get(object);
}
