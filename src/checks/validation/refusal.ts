/*
 * What Istio's validating webhook has against an object (`pkg/config/validation`). The rules stand in tables by kind; a row says
 * where it looks, what is wrong there, the sentence that says so, and the remedy.
 */

import type { Node } from '../../manifests/node';
import { scalarText } from '../../syntax/scalar-text';
import { has, says, type Test } from './conditions';

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

/**
 * Refuses what `isWrong`.
 *
 * @param message in which `{}` is the value
 * @param blamed the field of the node that is wrong; without it, the node
 */
export function refuseIf(isWrong: Test, message: string, help: string, blamed?: string): Rule {
  return row(refuse, isWrong, message, help, blamed);
}

/** Warns of what `isWrong`, with the parameters of `refuseIf`. */
export function warnIf(isWrong: Test, message: string, help: string, blamed?: string): Rule {
  return row(warn, isWrong, message, help, blamed);
}

function row(say: typeof refuse, isWrong: Test, message: string, help: string, blamed?: string): Rule {
  return (node) => {
    if (!isWrong(node)) {
      return NOTHING;
    }
    const place = blamed === undefined ? node : node.get(blamed);
    return say(
      place,
      message.replace('{}', () => scalarText(place.value)),
      help,
    );
  };
}

/** Refuses two fields together of which one makes no sense beside the other. */
export function notBoth(what: string, first: string, second: string, help = 'Keep one of the two.'): Rule {
  return refuseIf(
    (node) => says(node, first) && says(node, second),
    `${what} cannot have both ${first} and ${second}`,
    help,
  );
}

/** Refuses a string of which `complaintAbout` says, as the end of `subject`, what is wrong; `{}` is the string. */
export function refuseText(complaintAbout: (text: string) => string | undefined, subject: string, help: string): Rule {
  return (node) => {
    const { value } = node;
    const complaint = typeof value === 'string' ? complaintAbout(value) : undefined;
    return complaint === undefined
      ? NOTHING
      : refuse(node, `${subject.replace('{}', () => scalarText(value))} ${complaint}`, help);
  };
}

/** The refusals of all `rules` for one part. */
export function all(...rules: readonly Rule[]): Rule {
  return (node) => gather(rules, (rule) => rule(node));
}

/**
 * `rules` for the parts that `path` leads to, where it leads anywhere.
 *
 * @param path fields separated by '.'; `hosts[]` is each item of a list, `ports{}` each value of a map
 */
export function at(path: string, ...rules: readonly Rule[]): Rule {
  return path.split('.').reduceRight<Rule>((inner, step) => into(step, inner), all(...rules));
}

function into(step: string, rule: Rule): Rule {
  const field = step.replace(/\[\]|\{\}/, '');
  const each: Rule = step.endsWith('[]')
    ? (list) => gather(list.items(), (item) => (item.present ? rule(item) : NOTHING))
    : step.endsWith('{}')
      ? (map) => gather(map.entries(), ([, value]) => rule(value))
      : rule;
  return (node) => (has(node, field) ? each(node.get(field)) : NOTHING);
}

/** `rule`, where `test` holds. */
export function when(test: Test, rule: Rule): Rule {
  return (node) => (test(node) ? rule(node) : NOTHING);
}

/** Rules that depend on the namespace. To put rules together takes longer than to run them, so each namespace does it once. */
export function perNamespace(make: (namespace: string) => Rule): (namespace: string) => Rule {
  const made = new Map<string, Rule>();
  return (namespace) => {
    const rule = made.get(namespace) ?? make(namespace);
    made.set(namespace, rule);
    return rule;
  };
}

/** A rule for each entry of a map, by its key. */
export function entries(ofEntry: (key: string, node: Node) => readonly Refusal[]): Rule {
  return (map) => gather(map.entries(), ([key, node]) => ofEntry(key, node));
}

/** `flatMap` for where there is nearly always nothing: it makes no list until there is something to put into one. */
function gather<T>(parts: readonly T[], refusalsOf: (part: T) => readonly Refusal[]): readonly Refusal[] {
  let found = NOTHING;
  for (const part of parts) {
    const refusals = refusalsOf(part);
    if (refusals.length > 0) {
      found = found.length === 0 ? refusals : [...found, ...refusals];
    }
  }
  return found;
}

/** Without what Istio only warns of: there are places where it drops that. */
export function errorsOnly(rule: Rule): Rule {
  return (node) => {
    const refusals = rule(node);
    return refusals.length === 0 ? refusals : refusals.filter(({ onlyWarns }) => onlyWarns !== true);
  };
}
