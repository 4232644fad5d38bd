/*
 * An autoscaler whose workload selects the pods of another workload too. Kubernetes keeps the pods of two Deployments apart by their
 * owner, but an autoscaler finds them by the selector.
 */
import { type MeshObject, nameOf } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import type { Workload } from '../../model/workload';
import { labelsOf, listOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';

export const overlappingSelectors: Check = {
  id: 'overlapping-selectors',
  title: 'An autoscaler counts the pods of another workload',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const scaled = new Map(mesh.objects.filter(isAutoscaler).map((scaler) => [scaler, targetOf(mesh, scaler)]));
    const targets = new Set(scaled.values());
    for (const [object, target] of scaled) {
      const others = target === undefined ? [] : othersSelectedBy(mesh, target);
      if (target?.selector === undefined || others.length === 0) {
        continue;
      }
      const effect = others.some((other) => targets.has(other))
        ? 'since another autoscaler scales those, Kubernetes stops both (AmbiguousSelector).'
        : 'their load counts as that of the first, which gets too many pods or too few.';
      report({
        object,
        path: 'spec.scaleTargetRef',
        message: `${nameOf(object)} measures the pods that ${nameOf(target.object)} selects (${labelsOf(target.selector)}). These include the pods of ${listOf(others.map((other) => nameOf(other.object)))}: ${effect}`,
        help: `Add a label that tells them apart, as in 'version: v2', to the selector and the pod template of ${nameOf(target.object)}. A selector cannot change once the object exists, so give the object a new name.`,
      });
    }
  },
};

function isAutoscaler({ group, kind }: MeshObject): boolean {
  return group === 'autoscaling' && kind === 'HorizontalPodAutoscaler';
}

function targetOf({ workloads }: MeshModel, { node, namespace }: MeshObject): Workload | undefined {
  const target = node.get('spec').get('scaleTargetRef').value as { kind?: unknown; name?: unknown } | null | undefined;
  return workloads.find(
    ({ object }) => object.namespace === namespace && object.kind === target?.kind && object.name === target.name,
  );
}

/** Expressions may exclude pods in ways that labels do not show. A Pod belongs to whoever selects it. */
function othersSelectedBy(mesh: MeshModel, { object, selector }: Workload): readonly Workload[] {
  return selector === undefined || object.node.get('spec').get('selector').get('matchExpressions').present
    ? []
    : mesh.workloadIndex
        .select(object.namespace, selector)
        .filter((other) => other.object !== object && other.object.kind !== 'Pod');
}
