/*
 * Matchers of how a request ends.
 */
import { RouteOutcome } from '../envoy/outcome';
import { type DecisionOptions, decisionOf, type MatcherContext, type MatcherResult, resultFor } from './matcher';

export function toHaveOutcome(
  this: MatcherContext,
  received: unknown,
  expected: `${RouteOutcome}`,
  options: DecisionOptions = {},
): MatcherResult {
  const decision = decisionOf(this, 'toHaveOutcome', received);
  const { outcome } = decision;
  const known = Object.values<string>(RouteOutcome);
  if (!known.includes(expected)) {
    throw new Error(`There is no outcome '${expected}'. The outcomes are: ${known.join(', ')}.`);
  }
  const comparison = { matcher: 'toHaveOutcome', what: 'outcome', expected, received: outcome };
  return resultFor(this, outcome === expected, decision, comparison, options);
}

export function toRespondWith(
  this: MatcherContext,
  received: unknown,
  expected: number,
  options: DecisionOptions = {},
): MatcherResult {
  const decision = decisionOf(this, 'toRespondWith', received);
  const comparison = { matcher: 'toRespondWith', what: 'status', expected, received: decision.status };
  return resultFor(this, decision.status === expected, decision, comparison, options);
}

export function toRedirectTo(
  this: MatcherContext,
  received: unknown,
  location: string,
  status?: number,
  options: DecisionOptions = {},
): MatcherResult {
  const decision = decisionOf(this, 'toRedirectTo', received);
  const pass = decision.location === location && (status === undefined || decision.status === status);
  const comparison = {
    matcher: 'toRedirectTo',
    what: 'redirect',
    expected: inWords(location, status),
    received: inWords(decision.location, status === undefined ? undefined : decision.status),
  };
  return resultFor(this, pass, decision, comparison, options);
}

function inWords(location: string | undefined, status: number | undefined): string {
  return `${status === undefined ? '' : `${status} `}${location ?? 'none'}`;
}
