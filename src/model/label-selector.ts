/*
 * Selectors by label, as MeshConfig has them (`LabelSelectorAsSelector`).
 */
import type { Node, StringMap } from '../manifests/node';

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** All of its requirements must hold; without any, it selects everything. */
export type LabelSelector = readonly Requirement[];

export function readLabelSelector(node: Node): LabelSelector {
  return [
    ...[...node.get('matchLabels').stringMap()].map(([key, value]) => ({ key, operator: 'In', values: [value] })),
    ...node
      .get('matchExpressions')
      .maps()
      .map((each) => ({
        key: each.get('key').string() ?? '',
        operator: each.get('operator').string() ?? '',
        values: each.get('values').strings(),
      })),
  ];
}

export function selectsLabels(selector: LabelSelector, labels: StringMap): boolean {
  return selector.every(({ key, operator, values }) => {
    const value = labels.get(key);
    switch (operator) {
      case 'In':
        return value !== undefined && values.includes(value);
      case 'NotIn':
        return value === undefined || !values.includes(value);
      case 'Exists':
        return value !== undefined;
      default:
        return value === undefined;
    }
  });
}
