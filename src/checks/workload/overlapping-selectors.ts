/*
 * Two workloads of a namespace whose selectors match each other's pods. Kubernetes keeps their pods apart by owner, but whatever
 * finds pods by the selector (an autoscaler, a PodDisruptionBudget, kubectl logs) takes one for the other, and an orphaned pod is adopted by
 * either; so it is a warning.
 */
import { nameOf } from '../../manifests/object';
import { selects, type Workload } from '../../model/workload';
import { labelsOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';

const KINDS = new Set(['Deployment', 'StatefulSet', 'ReplicaSet', 'DaemonSet']);

export const overlappingSelectors: Check = {
  id: 'overlapping-selectors',
  title: 'Two workloads select each other’s pods',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const reported = new Set<Workload>();
    for (const workload of mesh.workloads) {
      const { object, selector } = workload;
      if (selector === undefined || !isController(workload) || reported.has(workload)) {
        continue;
      }
      const others = mesh.workloadIndex
        .select(object.namespace, selector)
        .filter((other) => other !== workload && !reported.has(other) && isMutual(workload, other));
      for (const other of others) {
        reported.add(other);
        report({
          object: other.object,
          path: 'spec.selector',
          message: `${nameOf(other.object)} and ${nameOf(object)} select each other's pods (${labelsOf(other.selector ?? selector)} and ${labelsOf(selector)}). Whatever goes by these selectors counts the pods of both: an autoscaler measures the wrong ones, and pods that lose their owner are adopted by the other.`,
          help: "Add a label that tells them apart, as in 'version: v2', to both the selector and the pod template. A selector cannot be changed once the object exists, so this takes a new name.",
        });
      }
    }
  },
};

function isController({ object }: Workload): boolean {
  // Selectors with expressions may exclude each other in ways that labels do not show.
  return KINDS.has(object.kind) && !object.node.get('spec').get('selector').get('matchExpressions').present;
}

function isMutual(workload: Workload, other: Workload): boolean {
  return isController(other) && other.selector !== undefined && selects(other.selector, workload.podLabels);
}
