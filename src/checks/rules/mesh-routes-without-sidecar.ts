/*
 * Routes for calls inside the mesh, and clients that cannot follow them. That there is none who can is certain only if every workload
 * that may see the VirtualService is given, in a namespace that is given, and none has a sidecar, or in ambient mode a waypoint before
 * it; a workload elsewhere in the cluster might, so it is a warning. That some pods of a namespace with sidecars do without is a remark:
 * nobody knows whom they call.
 */

import { type MeshObject, nameOf } from '../../manifests/object';
import { isGatewayWorkload } from '../../model/gateway-pods';
import { injectionFor, injectionOfNamespace, USE_WAYPOINT } from '../../model/injection';
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { visibilityOf } from '../../model/visibility';
import { groupBy } from '../../syntax/grouping';
import { listOf } from '../../syntax/wording';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import { followersOf } from '../shared/mesh-clients';

export const meshRoutesWithoutSidecar: Check = {
  id: 'mesh-routes-without-sidecar',
  title: 'Routes for the mesh, where no pod has a sidecar',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const virtualService of mesh.effectiveVirtualServices) {
      const { object, boundTo } = virtualService;
      const followers = boundTo.includes(MESH_GATEWAY) ? followersOf(mesh, virtualService) : 'may follow';
      if (followers === 'may follow') {
        continue;
      }
      const isAmbientOnly = followers === 'ambient';
      report({
        object,
        path: object.node.get('spec').get('gateways').present ? 'spec.gateways' : 'spec',
        message: `${nameOf(object)} is for calls inside the mesh. Only a sidecar follows its routes, ${isAmbientOnly ? WITHOUT_WAYPOINT : WITHOUT_SIDECAR} Unless other pods of the mesh call these hosts, the routes are never used.`,
        help: `${isAmbientOnly ? `Give the service a waypoint, by the label '${USE_WAYPOINT}'; or` : `Add the label 'istio-injection: enabled' to namespace ${object.namespace}; or`}, for traffic from outside, bind the VirtualService to a Gateway in spec.gateways.`,
      });
    }
    reportOptedOut(mesh, report);
  },
};

const WITHOUT_SIDECAR = 'and no workload of the manifests gets one: their namespaces do not ask for it, or forbid it.';
const WITHOUT_WAYPOINT =
  'or in ambient mode a waypoint, and the manifests ask for neither: calls go through ztunnel, which forwards connections and reads no headers.';

/** One remark for each namespace. */
function reportOptedOut(mesh: MeshModel, report: Report): void {
  const inMesh = mesh.effectiveVirtualServices.filter(({ boundTo }) => boundTo.includes(MESH_GATEWAY));
  const optedOut = inMesh.length === 0 ? [] : mesh.workloads.flatMap((workload) => optOutOf(mesh, workload));
  for (const [namespace, found] of groupBy(optedOut, ({ by }) => by.namespace)) {
    const seen = inMesh.find(
      ({ object, exportTo }) => visibilityOf(exportTo, object.namespace, namespace) !== undefined,
    );
    const [{ by, path, why }] = found;
    if (seen !== undefined) {
      report({
        object: by,
        path,
        severity: Severity.INFO,
        message: `${nameOf(by)} has no sidecar, since ${why}: rules for calls inside the mesh, such as those of ${nameOf(seen.object)}, do not apply to the calls of its pods.${
          found.length === 1
            ? ''
            : ` The same holds for ${listOf(
                found.slice(1).map((other) => nameOf(other.by)),
                'and',
                3,
              )}.`
        }`,
        help: 'If the pods call such hosts and should follow the rules, give them a sidecar.',
      });
    }
  }
}

/** Why pods do without a sidecar that the others of their namespace get. */
function optOutOf(
  mesh: MeshModel,
  workload: MeshModel['workloads'][number],
): readonly { readonly by: MeshObject; readonly path: string; readonly why: string }[] {
  const namespace = mesh.namespaces.get(workload.object.namespace);
  if (namespace === undefined || injectionOfNamespace(namespace) !== 'yes' || isGatewayWorkload(workload)) {
    return [];
  }
  const injection = injectionFor(mesh, workload);
  return injection.injected === 'no' && injection.by === workload.object ? [injection] : [];
}
