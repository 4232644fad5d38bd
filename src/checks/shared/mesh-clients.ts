/*
 * Who of the manifests' workloads may follow rules for calls inside the mesh.
 */
import { isAmbient, mayHaveSidecar, USE_WAYPOINT } from '../../model/injection';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import type { VirtualService } from '../../model/virtual-service';
import { visibilityOf } from '../../model/visibility';
import type { Workload } from '../../model/workload';
import { dataPlaneOf } from '../../proxy/data-plane';

type Client = 'may follow' | 'ambient' | 'outside';

/**
 * The best that any workload is to the rules of a VirtualService, among those that may see it. Rules of a namespace of which the
 * manifests contain no workload may be followed by anybody.
 */
export function followersOf(mesh: MeshModel, { object, exportTo }: VirtualService): Client {
  const possible = clientNamespaces(mesh);
  const own = possible.get(object.namespace);
  const sees = (namespace: string) => visibilityOf(exportTo, object.namespace, namespace) !== undefined;
  // Nearly always its own namespace settles it.
  if (own === undefined || (own.has('may follow') && sees(object.namespace))) {
    return 'may follow';
  }
  const seen = new Set([...possible].flatMap(([namespace, clients]) => (sees(namespace) ? [...clients] : [])));
  return (['may follow', 'ambient'] as const).find((client) => seen.has(client)) ?? 'outside';
}

/** The namespaces that have workloads, and what these are to routes of the mesh. */
const clientNamespaces = perMesh((mesh: MeshModel): ReadonlyMap<string, ReadonlySet<Client>> => {
  const gateways = new Set(dataPlaneOf(mesh).gateways.pods);
  const result = new Map<string, Set<Client>>();
  for (const workload of mesh.workloads.filter((other) => !gateways.has(other))) {
    const { namespace } = workload.object;
    result.set(namespace, (result.get(namespace) ?? new Set()).add(clientOf(mesh, workload)));
  }
  return result;
});

function clientOf(mesh: MeshModel, workload: Workload): Client {
  if (mayHaveSidecar(mesh, workload)) {
    return 'may follow';
  }
  if (!isAmbient(mesh, workload)) {
    return 'outside';
  }
  return hasWaypoints(mesh) ? 'may follow' : 'ambient';
}

/** Whether any calls pass a waypoint: of which services is not told apart. */
const hasWaypoints = perMesh((mesh: MeshModel): boolean =>
  [...mesh.namespaces.values(), ...mesh.services.map(({ object }) => object)].some(
    ({ labels }) => (labels.get(USE_WAYPOINT) ?? 'none') !== 'none',
  ),
);
