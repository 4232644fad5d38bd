/*
 * The logic of matches: a match is a list of alternatives, as Istio has it, so "all of", "any of" and "not" are brought into
 * that form.
 */
import { compileFullMatch } from '../../syntax/full-match';
import { show } from '../objects/refuse';
import type { Alternative, Condition } from './condition';

/** More are a mistake: each becomes a route of its own in every proxy. */
const MAX_ALTERNATIVES = 50;

/** What is taken by one of several matches. */
export function anyOf(factory: string, matches: readonly (readonly Alternative[])[]): readonly Alternative[] {
  return bounded(factory, withoutRepeats(matches.flat()));
}

/** What is taken by all of several matches: an alternative of each, in every combination. */
export function allOf(factory: string, matches: readonly (readonly Alternative[])[]): readonly Alternative[] {
  let joined: readonly Alternative[] = [[]];
  for (const match of matches) {
    const combinations = joined.flatMap((left) => match.map((right) => join(factory, left, right)));
    joined = bounded(factory, withoutRepeats(combinations.filter((combination) => combination !== undefined)));
  }
  if (joined.length === 0) {
    throw new Error(
      `${factory}: no request can match, since what is asked of a header excludes itself; take one of the two conditions away.`,
    );
  }
  return joined;
}

/** What is not taken by a match (De Morgan): of each alternative, one of its conditions does not hold. */
export function not(factory: string, match: readonly Alternative[]): readonly Alternative[] {
  return allOf(
    factory,
    match.map((alternative) => alternative.map((condition) => [negate(factory, condition)])),
  );
}

/** The conditions of both; undefined when no request can fulfil them. */
function join(factory: string, left: Alternative, right: Alternative): Alternative | undefined {
  const joined = [...left];
  for (const condition of right) {
    if (joined.some((earlier) => isSame(earlier, condition))) {
      continue;
    }
    const twice = joined.find((earlier) => subjectOf(earlier) === subjectOf(condition));
    if (twice !== undefined) {
      throw new Error(`${factory}: ${sayTwice(twice, condition)}`);
    }
    if (joined.some((earlier) => excludes(earlier, condition))) {
      return undefined;
    }
    joined.push(condition);
  }
  return joined;
}

function negate(factory: string, condition: Condition): Condition {
  if (condition.on !== 'header') {
    throw new Error(
      `${factory}: Istio can negate conditions on headers only, and this is one on the ${sayKind(condition)}; write a rule for what it matches before this one.`,
    );
  }
  const { match, name } = condition;
  if (!condition.negated && 'regex' in match && compileFullMatch(match.regex)('')) {
    throw new Error(
      `${factory}: the pattern ${show(match.regex)} for header ${show(name)} matches the empty value too, which a missing header counts as where it is negated; write a pattern of at least one character, as in '.+', or HeaderMatch.absent('${name}').`,
    );
  }
  return { ...condition, negated: !condition.negated };
}

/** What one rule can ask about only once. The negated conditions of Istio are a map of their own. */
function subjectOf(condition: Condition): string {
  switch (condition.on) {
    case 'header':
      return `${condition.negated ? 'negated ' : ''}header '${condition.name.toLowerCase()}'`;
    case 'query':
      return `query parameter '${condition.name}'`;
    default:
      return sayKind(condition);
  }
}

function sayKind({ on }: Condition): string {
  return on === 'sourceLabels' ? 'labels of the caller' : on === 'sourceNamespace' ? 'namespace of the caller' : on;
}

function sayTwice(earlier: Condition, later: Condition): string {
  if (earlier.on === 'header' && later.on === 'header' && earlier.name !== later.name) {
    return `headers '${earlier.name}' and '${later.name}' differ only by case, and are one header; match it once.`;
  }
  const remedy = earlier.on === 'header' || earlier.on === 'path' || earlier.on === 'query' ? 'regex' : 'condition';
  return `this asks about the ${subjectOf(later)} twice, which one rule of Istio cannot express; join both in one ${remedy}, or route by two rules.`;
}

/** Whether the two, which are not the same, are the opposite of each other, or one asks about a header that the other wants absent. */
function excludes(left: Condition, right: Condition): boolean {
  if (left.on !== 'header' || right.on !== 'header' || left.negated === right.negated) {
    return false;
  }
  const [negated, positive] = left.negated ? [left, right] : [right, left];
  return (
    negated.name.toLowerCase() === positive.name.toLowerCase() &&
    ('present' in negated.match || isSame(positive, { ...negated, negated: false, name: positive.name }))
  );
}

function isSame(left: Condition, right: Condition): boolean {
  return textOf(left) === textOf(right);
}

function textOf(value: Condition | Alternative): string {
  return JSON.stringify(value);
}

function withoutRepeats(alternatives: readonly Alternative[]): readonly Alternative[] {
  return [...new Map(alternatives.map((alternative) => [textOf(alternative), alternative])).values()];
}

function bounded(factory: string, alternatives: readonly Alternative[]): readonly Alternative[] {
  if (alternatives.length > MAX_ALTERNATIVES) {
    throw new Error(
      `${factory}: this makes ${alternatives.length} alternatives, each a route in every proxy, and ${MAX_ALTERNATIVES} are the most; join some in one regex, or write several rules.`,
    );
  }
  return alternatives;
}
