/*
 * Durations as Istio's objects write them: Go's syntax, `1h`, `1m30s`, `1.5s`, `250ms`.
 */
import { parseDuration } from '../syntax/duration';
import type { Node } from './node';

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
  return parseDuration(text);
}
