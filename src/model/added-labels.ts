/*
 * Labels of pods that no manifest contains: controllers write them on the pods they make, and Istio on every endpoint, by the
 * node it runs on.
 */
import type { StringMap } from '../manifests/node';

/** By Istio's control plane (`AugmentLabels`). */
const BY_ISTIO = /^(topology\.istio\.io|topology\.kubernetes\.io)\/|^kubernetes\.io\/hostname$/;

/** By the controllers of these kinds, on the pods that they make. */
const BY_CONTROLLERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['pod-template-hash', ['Deployment']],
  ['rollouts-pod-template-hash', ['Rollout']],
  ['controller-revision-hash', ['StatefulSet', 'DaemonSet']],
  ['statefulset.kubernetes.io/pod-name', ['StatefulSet']],
  ['apps.kubernetes.io/pod-index', ['StatefulSet']],
]);

/** Whether some endpoint may have the label although nobody wrote it. */
export function isAddedLabel(key: string): boolean {
  return BY_ISTIO.test(key) || BY_CONTROLLERS.has(key);
}

/** Whether an endpoint of an object of `kind`, written with `labels`, has all of `selector` when it runs. */
export function carries(selector: StringMap, labels: StringMap, kind: string): 'yes' | 'no' | 'perhaps' {
  let answer: 'yes' | 'perhaps' = 'yes';
  for (const [key, value] of selector) {
    if (labels.get(key) === value) {
      continue;
    }
    const added = BY_ISTIO.test(key) || BY_CONTROLLERS.get(key)?.includes(kind) === true;
    if (labels.has(key) || !added) {
      return 'no';
    }
    answer = 'perhaps';
  }
  return answer;
}
