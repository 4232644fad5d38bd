/*
 * Routes for calls inside the mesh, and no client that could follow them. Certain only if every workload that may see the
 * VirtualService is given, in a namespace that is given, and none has a sidecar; a workload elsewhere in the cluster might, so
 * it is a warning.
 */

import { nameOf } from '../../manifests/object';
import { injectionOf, isAmbient } from '../../model/injection';
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { perMesh } from '../../model/per-mesh';
import { visibilityOf } from '../../model/visibility';
import type { Check } from '../check';
import { Severity } from '../finding';
import { gatewayWorkloads } from '../shared/gateway-proxies';

export const meshRoutesWithoutSidecar: Check = {
  id: 'mesh-routes-without-sidecar',
  title: 'Routes for the mesh, where no pod has a sidecar',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const { object, boundTo, exportTo } of mesh.effectiveVirtualServices) {
      const possible = clientNamespaces(mesh);
      const seen = [...possible].filter(
        ([namespace]) => visibilityOf(exportTo, object.namespace, namespace) !== undefined,
      );
      if (
        !boundTo.includes(MESH_GATEWAY) ||
        !possible.has(object.namespace) ||
        seen.some(([, mayFollow]) => mayFollow)
      ) {
        continue;
      }
      report({
        object,
        path: object.node.get('spec').get('gateways').present ? 'spec.gateways' : 'spec',
        message: `${nameOf(object)} holds for calls inside the mesh, which only a sidecar follows, and no workload of the manifests gets one: their namespaces do not ask for it, or forbid it. Unless other pods of the mesh call these hosts, the routes are never used.`,
        help: `Add the label 'istio-injection: enabled' to namespace ${object.namespace}; or, for traffic from outside, bind the VirtualService to a Gateway in spec.gateways.`,
      });
    }
  },
};

/** The namespaces that have workloads, and whether any of these may have a proxy that follows routes of the mesh. */
const clientNamespaces = perMesh((mesh: MeshModel): ReadonlyMap<string, boolean> => {
  const gateways = new Set(gatewayWorkloads(mesh));
  const result = new Map<string, boolean>();
  for (const workload of mesh.workloads.filter((other) => !gateways.has(other))) {
    const injection = injectionOf(mesh, workload);
    const mayFollow = injection === 'yes' || injection === 'unknown' || isAmbient(mesh, workload);
    const { namespace } = workload.object;
    result.set(namespace, (result.get(namespace) ?? false) || mayFollow);
  }
  return result;
});
