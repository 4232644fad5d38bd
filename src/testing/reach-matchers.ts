/*
 * Matchers of where a request arrives.
 */
import type { RouteDecision, RouteDestination, RouteWorkload } from '../routing/decision';
import { RouteOutcome } from '../routing/outcome';
import { decisionOf, type MatcherContext, type MatcherResult, resultFor } from './matcher';

/** One thing that requests arrive at, and the share of them that does. */
interface Arrival {
  readonly name: string;
  /** In percent. */
  readonly weight: number;
}

interface Judged extends Arrival {
  readonly asExpected: boolean;
}

/** What stands in a failure for requests that reach nothing. */
const NOWHERE = 'none';

export function toReachVersion(this: MatcherContext, received: unknown, version: string): MatcherResult {
  return reach(this, 'toReachVersion', 'version', received, version, (decision) =>
    workloadsOf(decision, versionOf).map(exactly(version)),
  );
}

export function toReachSubset(this: MatcherContext, received: unknown, subset: string): MatcherResult {
  return reach(this, 'toReachSubset', 'subset', received, subset, (decision) =>
    arrivals(decision)
      .map((destination) => ({ name: destination.subset ?? NOWHERE, weight: destination.weight }))
      .map(exactly(subset)),
  );
}

export function toReachService(this: MatcherContext, received: unknown, host: string): MatcherResult {
  return reach(this, 'toReachService', 'service', received, host, (decision) =>
    arrivals(decision).map((destination) => ({
      name: destination.host,
      weight: destination.weight,
      asExpected: isCalled(destination.host, host),
    })),
  );
}

export function toReachWorkload(this: MatcherContext, received: unknown, name: string): MatcherResult {
  const nameOf = (workload: RouteWorkload) =>
    name.includes('/') ? `${workload.namespace}/${workload.name}` : workload.name;
  return reach(this, 'toReachWorkload', 'workload', received, name, (decision) =>
    workloadsOf(decision, nameOf).map(exactly(name)),
  );
}

export function toSplitVersions(
  this: MatcherContext,
  received: unknown,
  shares: { readonly [version: string]: number },
): MatcherResult {
  const decision = decisionOf(this, 'toSplitVersions', received);
  const actual = new Map<string, number>();
  for (const { name, weight } of withAborted(decision, arrivals(decision).flatMap(byVersion))) {
    actual.set(name, (actual.get(name) ?? 0) + weight);
  }
  const expected = Object.entries(shares).filter(([, share]) => share > 0);
  const pass =
    expected.length === actual.size && expected.every(([version, share]) => isAbout(actual.get(version), share));
  const comparison = { what: 'shares', expected: shares, received: Object.fromEntries(actual) };
  return resultFor(this, pass, decision, { matcher: 'toSplitVersions', ...comparison });
}

/** Every arrival must be as expected; under `.not`, no arrival may be. */
function reach(
  context: MatcherContext,
  matcher: string,
  what: string,
  received: unknown,
  expected: string,
  look: (decision: RouteDecision) => readonly Judged[],
): MatcherResult {
  const decision = decisionOf(context, matcher, received);
  const reached = withAborted<Judged>(decision, look(decision));
  const all = reached.length > 0 && reached.every(({ asExpected }) => asExpected);
  const some = reached.some(({ asExpected }) => asExpected);
  const comparison = { matcher, what, expected, received: inWords(reached) };
  return resultFor(context, context.isNot ? some : all, decision, comparison);
}

/** The arrivals, each with less where a fault aborts a share of the requests, and that share. */
function withAborted<T extends Arrival>(
  { fault }: RouteDecision,
  reached: readonly T[],
): readonly (T | (Arrival & { readonly asExpected: false }))[] {
  const { abortStatus, abortPercentage = 0 } = fault ?? {};
  if (abortStatus === undefined || reached.length === 0) {
    return reached;
  }
  const rest = reached.map((arrival) => ({ ...arrival, weight: (arrival.weight * (100 - abortPercentage)) / 100 }));
  return [...rest, { name: `aborted with ${abortStatus}`, weight: abortPercentage, asExpected: false }];
}

function exactly(expected: string): (arrival: Arrival) => Judged {
  return (arrival) => ({ ...arrival, asExpected: arrival.name === expected });
}

/** The destinations that get requests. None where the mesh answers by itself; then `destinations` says where they would go. */
function arrivals({ outcome, destinations }: RouteDecision): readonly RouteDestination[] {
  const forwarded = outcome === RouteOutcome.FORWARD || outcome === RouteOutcome.TCP_FORWARD;
  return forwarded ? destinations.filter(({ weight }) => weight > 0) : [];
}

/** What the workloads are called by `nameOf`, those of a destination that nobody answers for included. */
function workloadsOf(decision: RouteDecision, nameOf: (workload: RouteWorkload) => string): readonly Arrival[] {
  return arrivals(decision).flatMap(({ workloads, weight }) => {
    const names = new Set(workloads.length === 0 ? [NOWHERE] : workloads.map(nameOf));
    return [...names].map((name) => ({ name, weight }));
  });
}

/** The share of each version of a destination, by number of pods, which is how requests spread within one. */
function byVersion({ workloads, weight }: RouteDestination): readonly Arrival[] {
  if (workloads.length === 0) {
    return [{ name: NOWHERE, weight }];
  }
  const pods = workloads.reduce((sum, { replicas }) => sum + replicas, 0);
  return workloads.map((workload) => ({ name: versionOf(workload), weight: (weight * workload.replicas) / pods }));
}

function versionOf({ version = NOWHERE }: RouteWorkload): string {
  return version;
}

/** Whether a host may be called by a name: any beginning of `name.namespace.svc.cluster.local` that ends before a dot. */
function isCalled(host: string, name: string): boolean {
  const inCluster = host.split('.')[2] === 'svc';
  return host === name || (inCluster && host.startsWith(`${name}.`));
}

/** Weights are whole numbers, but a third of a share is not. */
function isAbout(actual: number | undefined, expected: number): boolean {
  return actual !== undefined && Math.abs(actual - expected) < 0.5;
}

function inWords(reached: readonly Arrival[]): string {
  const [first] = reached;
  return reached.length === 0 || reached.every(({ name }) => name === first.name)
    ? (first?.name ?? NOWHERE)
    : reached.map(({ name, weight }) => `${name} (${weight} %)`).join(', ');
}
