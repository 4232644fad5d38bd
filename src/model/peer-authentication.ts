/*
 * Whether the sidecars of pods insist on mutual TLS: PeerAuthentications by pod label come before the one of the namespace, and that
 * before the one of the root namespace (`AuthenticationPolicies`, `ComposePeerAuthentication`).
 */

import type { Node, StringMap } from '../manifests/node';
import { inIstioOrder, type MeshObject } from '../manifests/object';
import { append } from '../syntax/grouping';
import type { MeshModel } from './model';
import { perMesh } from './per-mesh';
import { selects, type Workload } from './workload';

interface PeerAuthentication {
  readonly object: MeshObject;
  /** Empty for all pods of the namespace. */
  readonly selector: StringMap;
}

interface MtlsMode {
  /** `STRICT`, `PERMISSIVE` or `DISABLE`. */
  readonly mode: string;
  readonly by: MeshObject;
}

const policiesByNamespace = perMesh((mesh): ReadonlyMap<string, readonly PeerAuthentication[]> => {
  const found = new Map<string, PeerAuthentication[]>();
  const policies = mesh.ofKind('PeerAuthentication').filter(({ group }) => group === 'security.istio.io');
  for (const object of [...policies].sort(inIstioOrder)) {
    const selector = object.node.get('spec').get('selector').get('matchLabels').stringMap();
    append(found, object.namespace, { object, selector });
  }
  return found;
});

/** The mode on one port of the pods, and what sets it; undefined where nothing does, and both kinds of traffic are welcome. */
export function mtlsModeOf(mesh: MeshModel, { object, podLabels }: Workload, port: number): MtlsMode | undefined {
  const own = policiesByNamespace(mesh).get(object.namespace) ?? [];
  const root = policiesByNamespace(mesh).get(mesh.rootNamespace) ?? [];
  const ofPods = own.find(({ selector }) => selector.size > 0 && selects(selector, podLabels));
  const onPort = ofPods?.object.node.get('spec').get('portLevelMtls').get(`${port}`);
  const inherited = [ofPods, own.find(isForAll), root.find(isForAll)].flatMap((policy) =>
    policy === undefined ? [] : [{ by: policy.object, mode: modeIn(policy.object.node.get('spec').get('mtls')) }],
  );
  const all =
    onPort === undefined || ofPods === undefined
      ? inherited
      : [{ by: ofPods.object, mode: modeIn(onPort) }, ...inherited];
  const found = all.find(({ mode }) => mode !== undefined);
  return found?.mode === undefined ? undefined : { mode: found.mode, by: found.by };
}

function isForAll({ selector }: PeerAuthentication): boolean {
  return selector.size === 0;
}

function modeIn(mtls: Node): string | undefined {
  const mode = mtls.get('mode').text();
  return mode === 'UNSET' ? undefined : mode;
}
