/*
 * What the tables of rules ask of a part of a manifest.
 */
import type { Node } from '../../manifests/node';

/** Whether something is wrong at a node. */
export type Test = (node: Node) => boolean;

/** Those of `nodes` whose key an earlier one has; what has none is never the same. */
export function repeated(
  nodes: readonly Node[],
  keyOf: (node: Node) => unknown = ({ value }) => value,
): readonly Node[] {
  const keys = nodes.map(keyOf);
  return nodes.filter((_, index) => keys[index] !== undefined && keys.indexOf(keys[index]) < index);
}

/** Whether the field is written. Asked far more often than not for fields that are not. */
export function has(node: Node, field: string): boolean {
  const { value } = node;
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, field) &&
    (value as { [key: string]: unknown })[field] != null
  );
}

/** Those of `names` that are written. */
export function written(node: Node, ...names: readonly string[]): readonly string[] {
  return names.filter((name) => has(node, name));
}

/** Those of `names` that are written and say something: Istio takes '' and an empty list for nothing. */
export function filled(node: Node, ...names: readonly string[]): readonly string[] {
  return written(node, ...names).filter((name) => {
    const { value } = node.get(name);
    return value !== '' && !(Array.isArray(value) && value.length === 0);
  });
}

/** Whether none of `names` is written. */
export function lacks(...names: readonly string[]): Test {
  return (node) => written(node, ...names).length === 0;
}

/** Whether none of `names` says anything. */
export function saysNone(...names: readonly string[]): Test {
  return (node) => filled(node, ...names).length === 0;
}

/** Whether the value is one of `values`. */
export function is(...values: readonly unknown[]): Test {
  return ({ value }) => values.includes(value);
}

export function not(test: Test): Test {
  return (node) => !test(node);
}

export function number(isWrong: (value: number) => boolean): Test {
  return ({ value }) => typeof value === 'number' && isWrong(value);
}

export function outside(least: number, most: number): Test {
  return number((value) => value < least || value > most);
}

export function string(isWrong: (value: string) => boolean): Test {
  return ({ value }) => typeof value === 'string' && isWrong(value);
}

/** Of strings, those that are not empty. */
export function text(isWrong: (value: string) => boolean): Test {
  return string((value) => value !== '' && isWrong(value));
}

/** A string that is there and not empty; without complaint about anything else. */
export function textOf({ value }: Node): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export const emptyList: Test = ({ present, value }) => present && Array.isArray(value) && value.length === 0;
