/*
 * Labels of pods (`labels.Instance.Validate`), and selectors of them.
 */
import type { Node } from '../../manifests/node';
import { complaintAboutMetadataKey } from '../../syntax/names';
import { scalarText } from '../../syntax/scalar-text';
import { NOTHING, type Refusal, refuse, refuseFor, warn } from './refusal';

const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** Labels as Istio reads them: a prefix may have capital letters, and a value any length. */
export function labelsOfPods(labels: Node): readonly Refusal[] {
  return labels.entries().flatMap(labelOfPods);
}

function labelOfPods([key, node]: readonly [string, Node]): readonly Refusal[] {
  const complaint = complaintAboutMetadataKey(key.toLowerCase());
  if (complaint !== undefined) {
    return refuseFor(node, `The label '${key}'`, complaint, 'Write the key of a label of pods.');
  }
  return typeof node.value !== 'string' || LABEL_VALUE.test(node.value)
    ? NOTHING
    : refuse(
        node,
        `The label ${key} cannot have the value '${node.value}'`,
        "Begin and end with a letter or digit; between them '-', '_' and '.' may stand, 63 characters in all.",
      );
}

/** `validateWorkloadSelector`: of policies and DestinationRules, whose labels are called matchLabels. */
export function selectorOfPods(node: Node): readonly Refusal[] {
  return selector(node, 'matchLabels');
}

/** `ValidateAlphaWorkloadSelector`: of ServiceEntries and Sidecars, whose labels are called labels. */
export function olderSelectorOfPods(node: Node): readonly Refusal[] {
  return selector(node, 'labels');
}

function selector(node: Node, field: string): readonly Refusal[] {
  if (!node.present) {
    return NOTHING;
  }
  const labels = node.get(field).entries();
  return labels.length === 0
    ? warn(node, 'A selector without labels selects all pods', `Write ${field}, or take it out.`)
    : labels
        .filter(([key, { value }]) => key === '' || key.includes('*') || scalarText(value).includes('*'))
        .flatMap(([, value]) => refuse(value, 'A selector knows no wildcards and no empty keys', 'Write a label.'));
}
