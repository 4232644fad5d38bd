/*
 * Labels of pods (`labels.Instance.Validate`), and selectors of them.
 */

import { complaintAboutMetadataKey } from '../../syntax/names';
import { scalarText } from '../../syntax/scalar-text';
import { all, at, entries, NOTHING, type Rule, refuse, refuseFor, warnIf } from './refusal';

const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

/** Labels as Istio reads them: a prefix may have capital letters, and a value any length. */
export const labelsOfPods: Rule = entries((key, node) => {
  const complaint = complaintAboutMetadataKey(key.toLowerCase());
  if (complaint !== undefined) {
    return refuseFor(node, `The label '${key}'`, complaint, 'Write a valid label key.');
  }
  return typeof node.value !== 'string' || LABEL_VALUE.test(node.value)
    ? NOTHING
    : refuse(
        node,
        `The label ${key} cannot have the value '${node.value}'`,
        "Use at most 63 letters, digits, '-', '_' and '.'; begin and end with a letter or digit.",
      );
});

/** `validateWorkloadSelector`: of policies and DestinationRules, whose labels are called matchLabels. */
export const selectorOfPods = selector('matchLabels');

/** `ValidateAlphaWorkloadSelector`: of ServiceEntries and Sidecars, whose labels are called labels. */
export const olderSelectorOfPods = selector('labels');

function selector(field: string): Rule {
  // biome-ignore format: a table
  return all(
    warnIf((node) => node.get(field).entries().length === 0,
      'A selector without labels selects all pods', `Write ${field}, or take it out.`),
    at(field, entries((key, node) =>
      key === '' || key.includes('*') || scalarText(node.value).includes('*')
        ? refuse(node, 'A selector cannot have wildcards or empty keys', 'Write a label.')
        : NOTHING,
    )),
  );
}
