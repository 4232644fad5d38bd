/*
 * Rules for values that stand in many places.
 */

import type { Node } from '../../manifests/node';
import { parseDuration } from '../../syntax/duration';
import { complaintAboutDnsLabel, complaintAboutPort } from '../../syntax/names';
import { outside, string, textOf } from './conditions';
import { NOTHING, type Refusal, type Rule, refuseFor, refuseIf } from './refusal';

export function port(node: Node): readonly Refusal[] {
  const { value } = node;
  const complaint = typeof value === 'number' ? complaintAboutPort(value) : undefined;
  return complaint === undefined ? NOTHING : refuseFor(node, `${value}`, complaint, 'Write a number from 1 to 65535.');
}

/** A port that may be 0 for all. */
export const routePort: Rule = (node) => (node.value === 0 ? NOTHING : port(node));

export const percent = refuseIf(outside(0, 100), '{} is not a percentage', 'Write a number from 0 to 100.');

/** Istio counts in whole milliseconds, and at least one. mistyped-field reports what is not a duration at all. */
// biome-ignore format: a table
export const duration = refuseIf(string((value) => {
  const milliseconds = parseDuration(value);
  return milliseconds !== undefined && !(milliseconds >= 1 && Number.isInteger(Math.round(milliseconds * 1e6) / 1e6));
}),
  "'{}' is not a duration in whole milliseconds, of 1ms or more",
  "Write something like '250ms' or '1.5s'.");

/** A duration that the schema takes for any text, and Istio does not (`time.ParseDuration`). */
// biome-ignore format: a table
export const readableDuration = refuseIf(string((value) => parseDuration(value) === undefined),
  "'{}' is not a duration", "Write something like '5s' or '250ms'.");

/** A DNS label. Istio also takes capital letters, which Kubernetes takes for no name. */
export function label(what: string): Rule {
  return (node) => {
    const written = textOf(node);
    const complaint = written === undefined ? undefined : complaintAboutDnsLabel(written.toLowerCase());
    return complaint === undefined
      ? NOTHING
      : refuseFor(node, `The ${what} '${written}'`, complaint, 'Write a shorter one.');
  };
}
