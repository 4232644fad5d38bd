/*
 * Durations as Istio's objects write them: Go's syntax, `1h`, `1m30s`, `1.5s`, `250ms`.
 */
import type { Node } from './node';

const UNITS: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['ns', 1e-6],
]);

/** The duration in milliseconds; undefined, and a problem, when it is none. */
export function readDuration(node: Node): number | undefined {
  const text = node.string();
  if (text === undefined) {
    return undefined;
  }
  if (!/^(\d+(\.\d+)?(h|m|s|ms|us|µs|ns))+$/.test(text)) {
    node.problem(`is '${text}', which is not a duration; write something like 5s or 250ms`);
    return undefined;
  }
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g)) {
    total += Number(amount) * (UNITS.get(unit) ?? 0);
  }
  return total;
}
