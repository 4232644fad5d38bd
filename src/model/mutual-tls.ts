/*
 * How the proxies of clients and of pods agree on TLS: what a DestinationRule has clients speak, what PeerAuthentications have the
 * pods' sidecars take, and where the two do not meet. Without DestinationRule, Istio finds out by itself what each pod understands.
 *
 * PeerAuthentications by pod label come before the one of the namespace, and that before the one of the root namespace, where one
 * with a selector is for nobody (`AuthenticationPolicies`, `ComposePeerAuthentication`).
 */

import type { Node } from '../manifests/node';
import { type MeshObject, nameOf } from '../manifests/object';
import type { ClientTls } from './client-tls';
import { injectionOf, isAmbient } from './injection';
import type { MeshModel } from './model';
import { policiesOf } from './policies';
import type { ServicePort } from './service';
import { selects, type Workload } from './workload';

export interface ServerTls {
  /** `STRICT`, `PERMISSIVE` or `DISABLE`. */
  readonly mode: string;
  readonly by: MeshObject;
}

/** A client and pods that do not speak the same. */
export interface TlsMismatch {
  readonly client: ClientTls;
  readonly workload: Workload;
  /** The pods' port. */
  readonly port: number;
  /** What has the sidecars of the pods speak otherwise; absent where they have no sidecar. */
  readonly by?: MeshObject;
  /** Whether connections fail for sure: not where pods may be without a sidecar, or the application may take the TLS. */
  readonly isCertain: boolean;
}

/** Whether, and why, the pods do not understand what clients speak to a port of their Service. */
export function tlsMismatch(
  mesh: MeshModel,
  client: ClientTls,
  workload: Workload,
  servicePort: ServicePort,
): TlsMismatch | undefined {
  if (isAmbient(mesh, workload) || choosesPorts(workload)) {
    return undefined;
  }
  const { mode } = client;
  const injection = injectionOf(mesh, workload);
  const port = podPortOf(workload, servicePort);
  const server = injection === 'no' ? undefined : serverTlsOf(mesh, workload, port);
  const mismatch = { client, workload, port, by: server?.by };
  if (server?.mode === 'STRICT' && (mode === 'DISABLE' || mode === 'SIMPLE')) {
    return { ...mismatch, isCertain: injection === 'yes' };
  }
  const isUnread = injection === 'no' || (server?.mode === 'DISABLE' && injection === 'yes');
  return mode === 'ISTIO_MUTUAL' && isUnread ? { ...mismatch, isCertain: false } : undefined;
}

/** What comes of it: sentences without their full stop. */
export function mismatchInWords({ client, workload, port, by, isCertain }: TlsMismatch): string {
  const pods = `the pods of ${nameOf(workload.object)}`;
  if (client.mode === 'ISTIO_MUTUAL') {
    const why = by === undefined ? `${pods} have no sidecar` : `${nameOf(by)} is DISABLE for the sidecars of ${pods}`;
    return `${why}: the TLS connection reaches the application. Unless the application itself speaks Istio's mutual TLS, connections fail and requests are answered with 503`;
  }
  const condition = isCertain ? '' : ', if the pods get a sidecar, which the manifests do not show';
  return `${by === undefined ? '' : nameOf(by)} is STRICT: the sidecars of ${pods} accept only Istio's mutual TLS on port ${port}, so connections fail and requests are answered with 503${condition}`;
}

/** The mode on one port of the pods, and what sets it; undefined where nothing does, and both kinds of traffic are welcome. */
export function serverTlsOf(mesh: MeshModel, { object, podLabels }: Workload, port: number): ServerTls | undefined {
  const policies = policiesOf(mesh, 'PeerAuthentication');
  const [own, root] = [policies.get(object.namespace) ?? [], policies.get(mesh.rootNamespace) ?? []];
  const ofPods =
    object.namespace === mesh.rootNamespace
      ? undefined
      : own.find(({ selector }) => selector.size > 0 && selects(selector, podLabels));
  const onPort = ofPods?.object.node.get('spec').get('portLevelMtls').get(`${port}`);
  const isForAll = ({ selector }: { readonly selector: ReadonlyMap<string, string> }) => selector.size === 0;
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

function modeIn(mtls: Node): string | undefined {
  const mode = mtls.get('mode').text();
  return mode === 'UNSET' ? undefined : mode;
}

/** Whether the pods keep some ports away from their sidecar. */
function choosesPorts({ podAnnotations }: Workload): boolean {
  return [...podAnnotations.keys()].some((key) =>
    /^traffic\.sidecar\.istio\.io\/(?:in|ex)cludeInboundPorts$/.test(key),
  );
}

/** The pods' port, which a Service may name. */
function podPortOf({ containerPorts }: Workload, { number, targetPort }: ServicePort): number {
  return typeof targetPort === 'number'
    ? targetPort
    : (containerPorts.find(({ name }) => name === targetPort)?.number ?? number);
}
