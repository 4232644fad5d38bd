/*
 * Which pods that are gateways the manifests contain. A Gateway takes pods of any namespace whose labels contain its selector.
 */
import type { Gateway } from '../../model/gateway';
import { isGatewayWorkload } from '../../model/gateway-pods';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import { selects, type Workload } from '../../model/workload';

/** The workloads of the manifests whose pods are gateways. */
export const gatewayWorkloads = perMesh((mesh): readonly Workload[] => mesh.workloads.filter(isGatewayWorkload));

/** The workloads of the manifests that the Gateway configures. */
export function proxiesOf(mesh: MeshModel, { selector }: Gateway): readonly Workload[] {
  return gatewayWorkloads(mesh).filter(({ podLabels }) => selects(selector, podLabels));
}
