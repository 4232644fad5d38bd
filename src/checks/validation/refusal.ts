/*
 * What Istio's validating webhook has against an object (`pkg/config/validation`). The rules stand in tables by kind; each looks
 * at one part of a manifest and says what it would be refused for.
 */
import type { Node } from '../../manifests/node';
import { parseDuration } from '../../syntax/duration';
import { complaintAboutDnsLabel, complaintAboutPort } from '../../syntax/names';

export interface Refusal {
  readonly path: string;
  /** A sentence without its full stop. */
  readonly message: string;
  /** What to write instead. */
  readonly help: string;
  /** Istio accepts the object, and warns. */
  readonly onlyWarns?: boolean;
}

export type Rule = (node: Node) => readonly Refusal[];

export const NOTHING: readonly Refusal[] = [];

export function refuse(node: Node, message: string, help: string): readonly Refusal[] {
  return [{ path: node.path, message, help }];
}

export function warn(node: Node, message: string, help: string): readonly Refusal[] {
  return [{ path: node.path, message, help, onlyWarns: true }];
}

/**
 * A refusal for a complaint of syntax/names, which says in one what is wrong and what would be right: the message takes the one,
 * the help the other.
 *
 * @param otherwise the help, where the complaint does not say what would be right
 */
export function refuseFor(node: Node, subject: string, complaint: string, otherwise: string): readonly Refusal[] {
  const [, wrong = complaint, right, meant] = /^(.*?)(?:: (.*?))?(?:; write (.*))?$/.exec(complaint) ?? [];
  const help = meant ?? right;
  return refuse(node, `${subject} ${wrong}`, help === undefined ? otherwise : `Write ${help}.`);
}

/** The refusals of all `rules` for one part. */
export function apply(rules: readonly Rule[], node: Node): readonly Refusal[] {
  return gather(rules, (rule) => rule(node));
}

/** The refusals of all `rules` for each item of a list. */
export function applyToEach(list: Node, rules: readonly Rule[]): readonly Refusal[] {
  return gather(list.items(), (item) => (item.present ? apply(rules, item) : NOTHING));
}

/** `flatMap` for where there is nearly always nothing: it makes no list until there is something to put into one. */
function gather<T>(parts: readonly T[], refusalsOf: (part: T) => readonly Refusal[]): readonly Refusal[] {
  let all: Refusal[] | undefined;
  for (const part of parts) {
    for (const refusal of refusalsOf(part)) {
      all ??= [];
      all.push(refusal);
    }
  }
  return all ?? NOTHING;
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

/** `rule`, for those parts alone that have the field. */
export function where(field: string, rule: Rule): Rule {
  return (node) => (has(node, field) ? rule(node) : NOTHING);
}

export function port(node: Node): readonly Refusal[] {
  const { value } = node;
  const complaint = typeof value === 'number' ? complaintAboutPort(value) : undefined;
  return complaint === undefined ? NOTHING : refuseFor(node, `${value}`, complaint, 'Write a number from 1 to 65535.');
}

/** A port that may be 0 for all. */
export function routePort(node: Node): readonly Refusal[] {
  return node.value === 0 ? NOTHING : port(node);
}

/** Without what Istio only warns of: there are places where it drops that. */
export function errorsOnly(refusals: readonly Refusal[]): readonly Refusal[] {
  return refusals.filter(({ onlyWarns }) => onlyWarns !== true);
}

export function percentage(node: Node): readonly Refusal[] {
  const value = node.get('value').value;
  return typeof value === 'number' && (value < 0 || value > 100)
    ? refuse(node.get('value'), `${value} is not a percentage`, 'Write a number from 0 to 100.')
    : NOTHING;
}

/** Istio counts in whole milliseconds, and at least one. What is no duration at all is another check's business. */
export function duration(node: Node): readonly Refusal[] {
  const milliseconds = typeof node.value === 'string' ? parseDuration(node.value) : undefined;
  return milliseconds === undefined || (milliseconds >= 1 && Number.isInteger(Math.round(milliseconds * 1e6) / 1e6))
    ? NOTHING
    : refuse(
        node,
        `'${node.value}' is not a whole number of milliseconds, of which Istio wants at least one`,
        "Write something like '250ms' or '1.5s'.",
      );
}

/** A duration that the schema takes for any text, and Istio does not (`time.ParseDuration`). */
export function readableDuration(node: Node): readonly Refusal[] {
  return typeof node.value === 'string' && parseDuration(node.value) === undefined
    ? refuse(node, `'${node.value}' is not a duration`, "Write something like '5s' or '250ms'.")
    : NOTHING;
}

/** Istio also takes capital letters, which Kubernetes takes for no name. */
export function label(node: Node, what: string): readonly Refusal[] {
  const text = textOf(node);
  const complaint = text === undefined ? undefined : complaintAboutDnsLabel(text.toLowerCase());
  return complaint === undefined
    ? NOTHING
    : refuseFor(node, `The ${what} '${text}'`, complaint, 'Write a shorter one.');
}

/** A string that is there and not empty; without complaint about anything else. */
export function textOf(node: Node): string | undefined {
  return typeof node.value === 'string' && node.value !== '' ? node.value : undefined;
}
