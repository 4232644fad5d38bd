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
  const seen = new Set<unknown>();
  return nodes.filter((node) => {
    const key = keyOf(node);
    const again = key !== undefined && seen.has(key);
    seen.add(key);
    return again;
  });
}

/** The value of a field, without a Node for it: nearly all fields that rules ask for are not there. */
function fieldOf({ value }: Node, field: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, field)
    ? (value as { readonly [key: string]: unknown })[field]
    : undefined;
}

/** Whether the field is written. */
export function has(node: Node, field: string): boolean {
  return fieldOf(node, field) != null;
}

/** Whether the field is written and says something: Istio takes '' and an empty list for nothing. */
export function says(node: Node, field: string): boolean {
  const value = fieldOf(node, field);
  return value != null && value !== '' && !(Array.isArray(value) && value.length === 0);
}

/** Those of `names` that say something. */
export function filled(node: Node, ...names: readonly string[]): readonly string[] {
  return names.filter((name) => says(node, name));
}

/** Whether none of `names` is written. */
export function lacks(...names: readonly string[]): Test {
  return (node) => !names.some((name) => has(node, name));
}

/** Whether none of `names` says anything. */
export function saysNone(...names: readonly string[]): Test {
  return (node) => !names.some((name) => says(node, name));
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
