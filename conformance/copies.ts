/*
 * Whether the copies of a request that reached mirrors are those that the simulator speaks of.
 */
import type { RouteDecision } from '../src/envoy/decision';
import type { RouteMirror } from '../src/envoy/destination';
import { RouteOutcome } from '../src/envoy/outcome';
import { type Arrival, type Observation, workloadName } from './observation';

export function unlikeCopies({ mirrors }: RouteDecision, seen: Observation): string | undefined {
  if (seen.kind !== 'http' || seen.received === undefined || seen.attempts === undefined) {
    return undefined;
  }
  const { received, copies = [] } = seen;
  const alive = mirrors.filter(({ outcome }) => outcome === RouteOutcome.FORWARD);
  const possible = mirrors.filter(
    ({ outcome }) => outcome === RouteOutcome.FORWARD || outcome === RouteOutcome.UNDECIDED,
  );
  const sure = alive.filter(({ percentage, workloads }) => percentage >= 100 && workloads.length > 0);
  if (!eachFindsItsOwn(sure, copies, isAt)) {
    return `not each of ${sure.length} mirrors got a copy: ${describeBoth(alive, copies)}`;
  }
  if (!eachFindsItsOwn(copies, possible, (copy, mirror) => mirror.workloads.length === 0 || isAt(mirror, copy))) {
    return `a copy went astray: ${describeBoth(possible, copies)}`;
  }
  return copies.map((copy) => unlikeOriginal(copy, received)).find((text) => text !== undefined);
}

function isAt({ workloads }: RouteMirror, { workload }: Arrival): boolean {
  return workloads.map(workloadName).includes(workload);
}

/** Whether each of `items` can be given one of `others` that fits, and no two the same. */
function eachFindsItsOwn<T, U>(
  [first, ...rest]: readonly T[],
  others: readonly U[],
  fits: (item: T, other: U) => boolean,
): boolean {
  return (
    first === undefined ||
    others.some(
      (other, index) =>
        fits(first, other) &&
        eachFindsItsOwn(
          rest,
          others.filter((_, each) => each !== index),
          fits,
        ),
    )
  );
}

/** A copy is the request as it was forwarded, with a mark on its authority. */
function unlikeOriginal(copy: Arrival, original: Arrival): string | undefined {
  const expected = authorityOf(original).replace(/(:\d+)?$/, '-shadow$1');
  if (authorityOf(copy) !== expected) {
    return `the authority of a copy was ${authorityOf(copy)}, not ${expected}`;
  }
  return copy.target === original.target && copy.method === original.method
    ? undefined
    : `a copy was ${copy.method} ${copy.target}, and the request ${original.method} ${original.target}`;
}

function authorityOf({ headers }: Arrival): string {
  return headers.find(([name]) => name === 'host')?.[1] ?? '';
}

function describeBoth(mirrors: readonly RouteMirror[], copies: readonly Arrival[]): string {
  const meant = mirrors.map(({ workloads }) => workloads.map(({ name }) => name).join(' or '));
  const got = copies.map(({ workload }) => workload);
  return `copies reached ${got.join(' and ') || 'nobody'}, and mirrors are ${meant.join(' and ') || 'none'}`;
}
