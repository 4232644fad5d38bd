/*
 * Routes for calls inside the mesh, and no client that could follow them. Certain only if every workload that may see the
 * VirtualService is given, in a namespace that is given, and none has a sidecar, or in ambient mode a waypoint before it; a workload elsewhere in the cluster might, so
 * it is a warning.
 */

import { nameOf } from '../../manifests/object';
import { injectionOf, isAmbient, USE_WAYPOINT } from '../../model/injection';
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { perMesh } from '../../model/per-mesh';
import { visibilityOf } from '../../model/visibility';
import type { Workload } from '../../model/workload';
import { dataPlaneOf } from '../../proxy/data-plane';
import type { Check } from '../check';
import { Severity } from '../finding';

export const meshRoutesWithoutSidecar: Check = {
  id: 'mesh-routes-without-sidecar',
  title: 'Routes for the mesh, where no pod has a sidecar',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const { object, boundTo, exportTo } of mesh.effectiveVirtualServices) {
      const possible = clientNamespaces(mesh);
      const seen = [...possible]
        .filter(([namespace]) => visibilityOf(exportTo, object.namespace, namespace) !== undefined)
        .flatMap(([, clients]) => [...clients]);
      if (!boundTo.includes(MESH_GATEWAY) || !possible.has(object.namespace) || seen.includes('may follow')) {
        continue;
      }
      const isAmbientOnly = seen.includes('ambient');
      report({
        object,
        path: object.node.get('spec').get('gateways').present ? 'spec.gateways' : 'spec',
        message: `${nameOf(object)} holds for calls inside the mesh, which only a sidecar follows, ${isAmbientOnly ? WITHOUT_WAYPOINT : WITHOUT_SIDECAR} Unless other pods of the mesh call these hosts, the routes are never used.`,
        help: `${isAmbientOnly ? `Give the service a waypoint, by the label '${USE_WAYPOINT}'; or` : `Add the label 'istio-injection: enabled' to namespace ${object.namespace}; or`}, for traffic from outside, bind the VirtualService to a Gateway in spec.gateways.`,
      });
    }
  },
};

const WITHOUT_SIDECAR = 'and no workload of the manifests gets one: their namespaces do not ask for it, or forbid it.';
const WITHOUT_WAYPOINT =
  'or in ambient mode a waypoint, and the manifests ask for neither: calls pass ztunnel, which knows connections and no headers.';

type Client = 'may follow' | 'ambient' | 'outside';

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
  const injection = injectionOf(mesh, workload);
  if (injection === 'yes' || injection === 'unknown') {
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
