/*
 * Whether pods get a sidecar: Istio's injection webhook goes by the labels of the namespace, then by those of the pod.
 */

import type { MeshObject } from '../manifests/object';
import type { MeshModel } from './model';
import type { Workload } from './workload';

export const INJECTION = 'istio-injection';
export const REVISION = 'istio.io/rev';
const POD_INJECTION = 'sidecar.istio.io/inject';
const DATAPLANE_MODE = 'istio.io/dataplane-mode';

/** On a Service or its namespace: which waypoint its callers in ambient mode pass; 'none' for none. */
export const USE_WAYPOINT = 'istio.io/use-waypoint';

type Injection =
  | 'yes'
  | 'no'
  /** Nobody asks for it. Only a control plane that injects by default (enableNamespacesByDefault) would. */
  | 'not asked for'
  /** The namespace is not among the manifests. */
  | 'unknown';

/** Whether the pods of a workload get a sidecar. */
export function injectionOf(mesh: MeshModel, workload: Workload): Injection {
  const wanted = workload.podLabels.get(POD_INJECTION) ?? workload.podAnnotations.get(POD_INJECTION);
  if (wanted === 'false' || workload.hostNetwork) {
    return 'no';
  }
  const namespace = mesh.namespaces.get(workload.object.namespace);
  if (namespace === undefined) {
    return 'unknown';
  }
  const ofNamespace = injectionOfNamespace(namespace);
  if (ofNamespace !== 'not asked for') {
    return ofNamespace;
  }
  const asks = workload.podLabels.get(POD_INJECTION) === 'true' || workload.podLabels.has(REVISION);
  return asks ? 'yes' : 'not asked for';
}

/** What the labels of a namespace say for its pods. */
export function injectionOfNamespace({ labels }: MeshObject): 'yes' | 'no' | 'not asked for' {
  const injection = labels.get(INJECTION);
  if (injection === 'disabled') {
    return 'no';
  }
  return injection === 'enabled' || labels.has(REVISION) ? 'yes' : 'not asked for';
}

/** Whether the pods are in the mesh without sidecars, by a proxy of the node. */
export function isAmbient(mesh: MeshModel, { object, podLabels }: Workload): boolean {
  const mode = podLabels.get(DATAPLANE_MODE) ?? mesh.namespaces.get(object.namespace)?.labels.get(DATAPLANE_MODE);
  return mode === 'ambient';
}
