/*
 * The labels of a namespace that Istio and Pod Security admission go by.
 */
import type { ApiObject } from 'cdk8s';

/** `enabled` has the default control plane inject sidecars. */
export const INJECTION = 'istio-injection';

/** Has the control plane of that revision or tag inject sidecars. */
export const REVISION = 'istio.io/rev';

/** `ambient` has the CNI plugin lead the pods' traffic to ztunnel. */
export const DATA_PLANE = 'istio.io/dataplane-mode';

/** The level by which the API server refuses pods. */
export const POD_SECURITY = 'pod-security.kubernetes.io/enforce';

/** The level by which `kubectl apply` warns of workloads: they are accepted, and that their pods are refused, nobody says. */
export const WARN = 'pod-security.kubernetes.io/warn';

/** What `istio-injection: enabled` means: the control plane without a revision, or the one with this tag. */
export const DEFAULT_REVISION = 'default';

/** The revision or tag by which a Namespace has sidecars injected, if it has. Where both labels are there, the first wins. */
export function injectedBy({ metadata }: ApiObject): string | undefined {
  const injection = metadata.getLabel(INJECTION);
  if (injection === undefined) {
    return metadata.getLabel(REVISION);
  }
  return injection === 'enabled' ? DEFAULT_REVISION : undefined;
}

/** Whether the pods of a Namespace are in ambient mode, but for those with a sidecar. */
export function isAmbient({ metadata }: ApiObject): boolean {
  return metadata.getLabel(DATA_PLANE) === 'ambient';
}
