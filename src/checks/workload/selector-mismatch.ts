/*
 * A workload whose selector is missing, or does not match the labels of its own pods. The API server refuses it.
 */
import type { Node } from '../../manifests/node';
import { nameOf } from '../../manifests/object';
import { containersOf, type Workload } from '../../model/workload';
import { labelsOf } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';
import { isUnreadable } from '../shared/unreadable';

const KINDS = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet']);

export const selectorMismatch: Check = {
  id: 'selector-mismatch',
  title: 'A workload’s selector does not match its own pods',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const workload of mesh.workloads) {
      const { object } = workload;
      if (!KINDS.has(object.kind) || !['apps', 'extensions'].includes(object.group)) {
        continue;
      }
      const found = examine(workload, object.node.get('spec').get('selector'));
      if (found !== undefined && !isUnreadable(mesh, object, `${workload.podPath}.metadata.labels`)) {
        report({ object, path: 'spec.selector', ...found });
      }
    }
  },
};

type Words = Pick<Observation, 'message' | 'help' | 'severity'>;

function examine(workload: Workload, selector: Node): Words | undefined {
  const { object, podLabels, podPath } = workload;
  const place = `${podPath}.metadata.labels`;
  const written = labelsOf(podLabels);
  if (selector.get('matchLabels').entries().length + selector.get('matchExpressions').items().length === 0) {
    if (object.apiVersion !== 'apps/v1') {
      // The versions before filled it in; that they are gone, and what to write, removed-api-version says.
      return undefined;
    }
    if (isPartOfOne(workload)) {
      return {
        severity: Severity.WARNING,
        message: `${nameOf(object)} has no selector and an incomplete pod template: it looks like a Kustomize patch for an object of that name. Kubernetes refuses it if it is applied as it is.`,
        help: 'Name the file under patches in a kustomization.yaml and check what that builds, or leave it out with --exclude.',
      };
    }
    return {
      message: `${nameOf(object)} has no selector, and Kubernetes refuses it: it would not know which pods are its own.`,
      help: `Write spec.selector.matchLabels with labels of the pod template${written === '' ? `, which needs some at ${place}` : `, for example ${written}`}.`,
    };
  }
  const wrong = unmatched(selector, podLabels);
  return wrong === undefined
    ? undefined
    : {
        message: `${nameOf(object)} selects pods with ${wrong}, and its own pods have ${written === '' ? 'no labels' : `the labels ${written}`}. Kubernetes refuses it.`,
        help: `Make the labels at ${place} contain everything that spec.selector asks for. The selector cannot be changed once the object exists.`,
      };
}

/** Whether it lacks more than the selector that no object of its kind can do without: labels of its pods, or an image. */
function isPartOfOne(workload: Workload): boolean {
  const containers = containersOf(workload);
  return (
    workload.podLabels.size === 0 ||
    containers.length === 0 ||
    containers.some((container) => !container.get('image').present)
  );
}

/** The first requirement that the labels do not meet, in words. */
function unmatched(selector: Node, labels: ReadonlyMap<string, string>): string | undefined {
  for (const [key, value] of selector.get('matchLabels').stringMap()) {
    if (labels.get(key) !== value) {
      return `${key}=${value}`;
    }
  }
  for (const expression of selector.get('matchExpressions').maps()) {
    const key = expression.get('key').string() ?? '';
    const operator = expression.get('operator').string() ?? '';
    const values = expression.get('values').strings();
    if (!meets(labels.get(key), operator, values)) {
      return `${key} ${operator} ${values.join(',')}`.trim();
    }
  }
  return undefined;
}

function meets(value: string | undefined, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return true;
  }
}
