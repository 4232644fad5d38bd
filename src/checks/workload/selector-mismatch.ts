/*
 * A workload whose selector is missing, or does not match the labels of its own pods. The API server refuses it.
 */
import type { Node } from '../../manifests/node';
import { nameOf } from '../../manifests/object';
import type { Workload } from '../../model/workload';
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

type Words = Pick<Observation, 'message' | 'help'>;

function examine({ object, podLabels, podPath }: Workload, selector: Node): Words | undefined {
  const place = `${podPath}.metadata.labels`;
  const written = labelsOf(podLabels);
  if (selector.get('matchLabels').entries().length + selector.get('matchExpressions').items().length === 0) {
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
