/*
 * Whether pods get a sidecar: Istio's injection webhook is called by the labels of the namespace, then by those of the pod, and then
 * looks at the pod itself (`injectRequired`). Without one, the node's proxy may take its place (ambient mode).
 */

import type { MeshObject } from '../manifests/object';
import { isGatewayWorkload } from './gateway-pods';
import type { MeshModel } from './model';
import type { Workload } from './workload';

export const INJECTION = 'istio-injection';
export const REVISION = 'istio.io/rev';
export const POD_INJECTION = 'sidecar.istio.io/inject';
export const DATAPLANE_MODE = 'istio.io/dataplane-mode';

/** On a Service or its namespace: which waypoint its callers in ambient mode pass; 'none' for none. */
export const USE_WAYPOINT = 'istio.io/use-waypoint';

/** Namespaces whose pods the webhook leaves alone (`IgnoredNamespaces`). */
const NEVER_INJECTED: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
]);

type Injected =
  | 'yes'
  | 'no'
  /** Nobody asks for it. Only a control plane that injects by default (enableNamespacesByDefault) would. */
  | 'not asked for'
  /** The namespace is not among the manifests. */
  | 'unknown';

interface Injection {
  readonly injected: Injected;
  /** Why there is none, in words. */
  readonly why: string;
  /** What says so: an object, and where in it. */
  readonly by: MeshObject;
  readonly path: string;
}

/** Whether the pods of a workload get a sidecar. */
export function injectionOf(mesh: MeshModel, workload: Workload): Injected {
  return injectionFor(mesh, workload).injected;
}

/** As `injectionOf`, with the reason. */
export function injectionFor(mesh: MeshModel, workload: Workload): Injection {
  const { hostNetwork, object, podAnnotations, podLabels, podPath, proxy } = workload;
  const inPod = (path: string) => (podPath === '' ? path : `${podPath}.${path}`);
  const answer = (injected: Injected, why = '', by = object, path = inPod('metadata')): Injection => ({
    injected,
    why,
    by,
    path,
  });
  if (proxy?.isComplete === true) {
    return answer('yes');
  }
  if (hostNetwork) {
    return answer('no', 'the pods are in the network of their node', object, inPod('spec.hostNetwork'));
  }
  if (NEVER_INJECTED.has(object.namespace)) {
    return answer('no', `Istio injects nothing into namespace ${object.namespace}`);
  }
  const label = podLabels.get(POD_INJECTION);
  if ((label ?? podAnnotations.get(POD_INJECTION)) === 'false') {
    const [what, where] = label === undefined ? ['annotation', 'annotations'] : ['label', 'labels'];
    const path = inPod(`metadata.${where}["${POD_INJECTION}"]`);
    return answer('no', `the pods have the ${what} ${POD_INJECTION}=false`, object, path);
  }
  const namespace = mesh.namespaces.get(object.namespace);
  if (namespace === undefined) {
    return answer('unknown');
  }
  const ofNamespace = injectionOfNamespace(namespace);
  if (ofNamespace === 'no') {
    const why = `namespace ${namespace.name} has the label ${INJECTION}=${namespace.labels.get(INJECTION)}`;
    return answer('no', why, namespace, `metadata.labels.${INJECTION}`);
  }
  return ofNamespace === 'yes' || label === 'true' || podLabels.has(REVISION)
    ? answer('yes')
    : answer('not asked for', `neither namespace ${namespace.name} nor the pods have a label that asks for one`);
}

/** What the labels of a namespace say for its pods. Any value of `istio-injection` but `enabled` keeps every webhook away. */
export function injectionOfNamespace({ labels }: MeshObject): 'yes' | 'no' | 'not asked for' {
  const injection = labels.get(INJECTION);
  if (injection !== undefined) {
    return injection === 'enabled' ? 'yes' : 'no';
  }
  return labels.has(REVISION) ? 'yes' : 'not asked for';
}

/**
 * Whether the pods have a sidecar, for all that the manifests say: what `route --from` and every check go by. Where the manifests do not
 * contain the namespace, they are taken to.
 */
export function mayHaveSidecar(mesh: MeshModel, workload: Workload): boolean {
  if (isGatewayWorkload(workload)) {
    return false;
  }
  const injected = injectionOf(mesh, workload);
  return injected === 'yes' || (injected === 'unknown' && !isAmbient(mesh, workload));
}

/**
 * Whether the pods are in the mesh by the proxy of their node, as istio-cni chooses them (`CompiledEnablementSelectors`): one that has
 * a sidecar is left to that.
 */
export function isAmbient(mesh: MeshModel, workload: Workload): boolean {
  const { hostNetwork, object, podLabels } = workload;
  const ofNamespace = mesh.namespaces.get(object.namespace)?.labels.get(DATAPLANE_MODE);
  const mode = podLabels.get(DATAPLANE_MODE);
  const isChosen = mode === 'ambient' || (ofNamespace === 'ambient' && mode !== 'none');
  return isChosen && !hostNetwork && object.namespace !== 'kube-system' && injectionOf(mesh, workload) !== 'yes';
}

/** The waypoint that an object is bound to, by its own label or that of its namespace, as `namespace/name` (`GetUseWaypoint`). */
export function waypointOf(mesh: MeshModel, { labels, namespace }: MeshObject): string | undefined {
  const bound = labels.has(USE_WAYPOINT) ? labels : mesh.namespaces.get(namespace)?.labels;
  const name = bound?.get(USE_WAYPOINT) ?? 'none';
  return name === 'none' ? undefined : `${bound?.get(`${USE_WAYPOINT}-namespace`) ?? namespace}/${name}`;
}

/** On a Service or its namespace: whether gateways pass its waypoint, too. Sidecars never do (`findServiceWaypoint`). */
export const INGRESS_USE_WAYPOINT = 'istio.io/ingress-use-waypoint';

/** The waypoint that gateways pass on their way to an object. */
export function waypointOfGateways(mesh: MeshModel, object: MeshObject): string | undefined {
  const asks =
    object.labels.get(INGRESS_USE_WAYPOINT) ?? mesh.namespaces.get(object.namespace)?.labels.get(INGRESS_USE_WAYPOINT);
  return asks?.toLowerCase() === 'true' ? waypointOf(mesh, object) : undefined;
}
