/*
 * Matchers of where a request arrives.
 */
import {
  type Arrival,
  abortedShare,
  isAbout,
  isCalled,
  lessAborted,
  NOWHERE,
  reachedDestinations,
  versionOf,
} from '../envoy/arrivals';
import type { RouteDecision } from '../envoy/decision';
import type { RouteWorkload } from '../envoy/destination';
import { type DecisionOptions, decisionOf, type MatcherContext, type MatcherResult, resultFor } from './matcher';

interface Judged extends Arrival {
  readonly asExpected: boolean;
}

export function toReachVersion(
  this: MatcherContext,
  received: unknown,
  version: string,
  options: DecisionOptions = {},
): MatcherResult {
  return reach(this, 'toReachVersion', 'version', received, version, options, (decision) =>
    workloadsOf(decision, versionOf).map(exactly(version)),
  );
}

export function toReachSubset(
  this: MatcherContext,
  received: unknown,
  subset: string,
  options: DecisionOptions = {},
): MatcherResult {
  return reach(this, 'toReachSubset', 'subset', received, subset, options, (decision) =>
    reachedDestinations(decision)
      .map((destination) => ({ name: destination.subset ?? NOWHERE, weight: destination.weight }))
      .map(exactly(subset)),
  );
}

export function toReachService(
  this: MatcherContext,
  received: unknown,
  host: string,
  options: DecisionOptions = {},
): MatcherResult {
  return reach(this, 'toReachService', 'service', received, host, options, (decision) =>
    reachedDestinations(decision).map((destination) => ({
      name: destination.host,
      weight: destination.weight,
      asExpected: isCalled(destination.host, host),
    })),
  );
}

export function toReachWorkload(
  this: MatcherContext,
  received: unknown,
  name: string,
  options: DecisionOptions = {},
): MatcherResult {
  const nameOf = (workload: RouteWorkload) =>
    name.includes('/') ? `${workload.namespace}/${workload.name}` : workload.name;
  return reach(this, 'toReachWorkload', 'workload', received, name, options, (decision) =>
    workloadsOf(decision, nameOf).map(exactly(name)),
  );
}

export function toSplitVersions(
  this: MatcherContext,
  received: unknown,
  shares: { readonly [version: string]: number },
  options: DecisionOptions = {},
): MatcherResult {
  const decision = decisionOf(this, 'toSplitVersions', received);
  const actual = decision.versions;
  const expected = Object.entries(shares).filter(([, share]) => share > 0);
  const pass =
    expected.length === Object.keys(actual).length &&
    expected.every(([version, share]) => isAbout(actual[version], share));
  const comparison = { what: 'shares', expected: shares, received: actual };
  return resultFor(this, pass, decision, { matcher: 'toSplitVersions', ...comparison }, options);
}

/** Every arrival must be as expected; under `.not`, no arrival may be. */
function reach(
  context: MatcherContext,
  matcher: string,
  what: string,
  received: unknown,
  expected: string,
  options: DecisionOptions,
  look: (decision: RouteDecision) => readonly Judged[],
): MatcherResult {
  const decision = decisionOf(context, matcher, received);
  const reached = withAborted(decision, look(decision));
  const all = reached.length > 0 && reached.every(({ asExpected }) => asExpected);
  const some = reached.some(({ asExpected }) => asExpected);
  const comparison = { matcher, what, expected, received: inWords(reached) };
  return resultFor(context, context.isNot ? some : all, decision, comparison, options);
}

/** The arrivals, and the share of the requests that a fault aborts. */
function withAborted(decision: RouteDecision, reached: readonly Judged[]): readonly Judged[] {
  const aborted = reached.length === 0 ? undefined : abortedShare(decision);
  return [...lessAborted(decision, reached), ...(aborted === undefined ? [] : [{ ...aborted, asExpected: false }])];
}

function exactly(expected: string): (arrival: Arrival) => Judged {
  return (arrival) => ({ ...arrival, asExpected: arrival.name === expected });
}

/** What the workloads are called by `nameOf`, those of a destination that nobody answers for included. */
function workloadsOf(decision: RouteDecision, nameOf: (workload: RouteWorkload) => string): readonly Arrival[] {
  return reachedDestinations(decision).flatMap(({ workloads, weight }) => {
    const names = new Set(workloads.length === 0 ? [NOWHERE] : workloads.map(nameOf));
    return [...names].map((name) => ({ name, weight }));
  });
}

function inWords(reached: readonly Arrival[]): string {
  const [first] = reached;
  return reached.length === 0 || reached.every(({ name }) => name === first.name)
    ? (first?.name ?? NOWHERE)
    : reached.map(({ name, weight }) => `${name} (${weight} %)`).join(', ');
}
