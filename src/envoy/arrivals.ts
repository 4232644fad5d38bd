/*
 * Where requests that were decided about arrive, and in which shares. Everything that holds a decision against an expectation
 * asks here, so that a matcher and a test case cannot disagree.
 */
import type { InjectedFault } from '../proxy/fault';
import type { RouteDestination, RouteWorkload } from './destination';
import { RouteOutcome } from './outcome';

/** A decision, as far as it says where requests arrive. */
interface Arriving {
  readonly outcome: RouteOutcome;
  readonly destinations: readonly RouteDestination[];
  readonly fault?: InjectedFault;
}

/** One thing that requests arrive at, and the share of them that does. */
export interface Arrival {
  readonly name: string;
  /** In percent. */
  readonly weight: number;
}

/** What stands for the name of requests that reach nothing. */
export const NOWHERE = 'none';

export function arrives(outcome: RouteOutcome): boolean {
  return outcome === RouteOutcome.FORWARD || outcome === RouteOutcome.TCP_FORWARD;
}

/** The destinations that get requests. None where the mesh answers by itself; then `destinations` says where they would go. */
export function reachedDestinations({ outcome, destinations }: Arriving): readonly RouteDestination[] {
  return arrives(outcome) ? destinations.filter(({ weight }) => weight > 0) : [];
}

/** The share of the requests that a fault aborts; undefined when there is none. */
export function abortedShare({ fault }: Arriving): Arrival | undefined {
  const { abortStatus, abortGrpcStatus, abortPercentage = 0 } = fault ?? {};
  return abortStatus === undefined
    ? undefined
    : { name: `aborted with ${abortGrpcStatus ?? abortStatus}`, weight: abortPercentage };
}

/** The arrivals, each with less where a fault aborts a share of the requests. */
export function lessAborted<T extends Arrival>(decision: Arriving, arrivals: readonly T[]): readonly T[] {
  const left = 100 - (abortedShare(decision)?.weight ?? 0);
  return arrivals.map((arrival) => ({ ...arrival, weight: (arrival.weight * left) / 100 }));
}

/** The shares of the versions (the pods' label `version`), and that of the requests that a fault aborts. */
export function versionShares(
  decision: Arriving,
  destinations: readonly RouteDestination[],
): ReadonlyMap<string, number> {
  const aborted = destinations.length === 0 ? undefined : abortedShare(decision);
  const arrivals = lessAborted(decision, destinations.flatMap(byVersion));
  const shares = new Map<string, number>();
  for (const { name, weight } of aborted === undefined ? arrivals : [...arrivals, aborted]) {
    shares.set(name, (shares.get(name) ?? 0) + weight);
  }
  return shares;
}

export function versionOf({ version = NOWHERE }: RouteWorkload): string {
  return version;
}

/** The share of each version of a destination, by number of pods, which is how requests spread within one. */
function byVersion({ workloads, weight }: RouteDestination): readonly Arrival[] {
  if (workloads.length === 0) {
    return [{ name: NOWHERE, weight }];
  }
  const pods = workloads.reduce((sum, { replicas }) => sum + replicas, 0);
  return workloads.map((workload) => ({ name: versionOf(workload), weight: (weight * workload.replicas) / pods }));
}

/** Whether a host may be called by a name: any beginning of `name.namespace.svc.cluster.local` that ends before a dot. */
export function isCalled(host: string, name: string): boolean {
  const inCluster = host.split('.')[2] === 'svc';
  return host === name || (inCluster && host.startsWith(`${name}.`));
}

/** Whether two shares are the same. Weights are whole numbers, but a third of a share is not. */
export function isAbout(actual: number | undefined, expected: number): boolean {
  return actual !== undefined && Math.abs(actual - expected) < 0.5;
}
