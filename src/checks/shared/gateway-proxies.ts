/*
 * Which Gateways share the pods that they configure, and which of those pods the manifests contain. A Gateway takes pods of
 * any namespace whose labels contain its selector.
 */

import type { StringMap } from '../../manifests/node';
import type { Gateway } from '../../model/gateway';
import { isGatewayWorkload } from '../../model/gateway-pods';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import { selects, type Workload } from '../../model/workload';
import { append } from '../../syntax/grouping';
import { labelsOf } from '../../syntax/wording';

/** For each selector that a Gateway has: all Gateways that every pod with those labels obeys, in Istio's order. */
export const gatewaysBySelector = perMesh((mesh): readonly (readonly Gateway[])[] => {
  const distinct = new Map<string, StringMap>();
  const byLabel = new Map<string, Gateway[]>();
  for (const gateway of mesh.gateways) {
    distinct.set(labelsOf(new Map([...gateway.selector].sort())), gateway.selector);
    // A Gateway is found by one of its labels; by '' if it has none, and so takes every pod.
    append(byLabel, labelsOf(new Map([...gateway.selector].slice(0, 1))), gateway);
  }
  const position = new Map(mesh.gateways.map((gateway, index) => [gateway, index]));
  return [...distinct.values()].map((labels) => {
    const keys = ['', ...[...labels].map((label) => labelsOf(new Map([label])))];
    const candidates = keys.flatMap((key) => byLabel.get(key) ?? []);
    return candidates
      .filter((gateway) => selects(gateway.selector, labels))
      .sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0));
  });
});

/** The workloads of the manifests whose pods are gateways. */
export const gatewayWorkloads = perMesh((mesh): readonly Workload[] => mesh.workloads.filter(isGatewayWorkload));

/** The workloads of the manifests that the Gateway configures. */
export function proxiesOf(mesh: MeshModel, { selector }: Gateway): readonly Workload[] {
  return gatewayWorkloads(mesh).filter(({ podLabels }) => selects(selector, podLabels));
}
