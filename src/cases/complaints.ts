/*
 * What a test case says when the decision is not the expected one.
 */
import { abortedShare, arrives, isAbout, isCalled, versionShares } from '../envoy/arrivals';
import type { RouteDecision } from '../envoy/decision';
import type { RouteDestination } from '../envoy/destination';
import type { ForwardedRequest } from '../envoy/forwarding';
import type { Expectation, ExpectedRequest } from './expectation';

/** A sentence for each thing in the decision that is not as expected. */
export function complaintsAbout(decision: RouteDecision, expected: Expectation): readonly string[] {
  return [
    ...difference('outcome', expected.outcome, decision.outcome),
    ...statusComplaints(decision, expected.status),
    ...difference('grpcStatus', expected.grpcStatus, decision.grpcStatus),
    ...difference('redirect', expected.redirect, decision.location),
    ...difference('body', expected.body, decision.body),
    ...(expectsArrival(expected) ? arrivalComplaints(decision, expected) : []),
    ...mirrorComplaints(decision, expected.mirrors),
  ];
}

/** Where the app answers there is no status to compare, which `got none` would not explain. */
function statusComplaints({ outcome, status }: RouteDecision, expected: number | undefined): readonly string[] {
  return expected !== undefined && status === undefined && arrives(outcome)
    ? [
        `expected status ${expected}, but the request arrives, so the app answers with its own status; expect where it arrives, or outcome ${outcome}`,
      ]
    : difference('status', expected, status);
}

function expectsArrival({ version, split, subset, service, port, workload, forwarded }: Expectation): boolean {
  return [version, split, subset, service, port, workload, forwarded].some((field) => field !== undefined);
}

/** Whoever expects a version, expects that it answers; unless a failure is expected, whose place is then looked at. */
function arrivalComplaints(decision: RouteDecision, expected: Expectation): readonly string[] {
  const { outcome, destinations } = decision;
  if (!arrives(outcome) && expected.outcome === undefined) {
    return [`expected the request to arrive, but it ends in ${outcome}`];
  }
  if (destinations.length === 0) {
    return [`expected a destination, but ${outcome} has none`];
  }
  const complaints = destinations.flatMap((destination) => {
    const share = destinations.length === 1 ? '' : `${percent(destination.weight)} of the requests: `;
    return destinationComplaints(destination, expected).map((complaint) => share + complaint);
  });
  return [...complaints, ...abortComplaints(decision, expected), ...splitComplaints(decision, expected.split)];
}

/** What a fault aborts does not arrive; only a split can say that this is meant. */
function abortComplaints(decision: RouteDecision, { outcome, split }: Expectation): readonly string[] {
  const aborted = abortedShare(decision);
  const meant = split !== undefined || (outcome !== undefined && !arrives(outcome));
  return aborted === undefined || meant
    ? []
    : [`${percent(aborted.weight)} of the requests: expected to arrive, but they are ${aborted.name} by a fault`];
}

function destinationComplaints(destination: RouteDestination, expected: Expectation): readonly string[] {
  const { host, subset, port, workloads, outcome, request } = destination;
  const { version, service, workload, forwarded } = expected;
  return [
    ...(expected.outcome === undefined && !arrives(outcome) ? [`expected to arrive, got ${outcome}`] : []),
    ...differences('version', version, [...new Set(workloads.map((each) => each.version))]),
    ...difference('subset', expected.subset, subset),
    ...(service !== undefined && isCalled(host, service) ? [] : difference('service', service, host)),
    ...difference('port', expected.port, port),
    ...differences('workload', workload, [
      ...new Set(workloads.map(({ namespace, name }) => (workload?.includes('/') ? `${namespace}/${name}` : name))),
    ]),
    ...(forwarded === undefined ? [] : requestComplaints(request, forwarded)),
  ];
}

function requestComplaints(request: ForwardedRequest, expected: ExpectedRequest): readonly string[] {
  const headers = new Map(Object.entries(request.headers));
  return [
    ...difference('forwarded method', expected.method, request.method),
    ...difference('forwarded authority', expected.authority, request.authority),
    ...difference('forwarded path', expected.path, request.path),
    ...difference('forwarded httpVersion', expected.httpVersion, request.httpVersion),
    ...[...expected.headers].flatMap(([name, value]) => {
      const actual = headers.get(name);
      return actual === (value ?? undefined) ? [] : [unlike(`forwarded header ${name}`, value ?? 'none', actual)];
    }),
  ];
}

function splitComplaints(
  decision: RouteDecision,
  expected: ReadonlyMap<string, number> | undefined,
): readonly string[] {
  const actual = versionShares(decision, decision.destinations);
  const versions = new Set([...(expected?.keys() ?? []), ...actual.keys()]);
  const same = [...versions].every((version) => isAbout(actual.get(version) ?? 0, expected?.get(version) ?? 0));
  return expected === undefined || same ? [] : [unlike('split', sharesInWords(expected), sharesInWords(actual))];
}

function mirrorComplaints({ mirrors }: RouteDecision, expected: readonly string[] | undefined): readonly string[] {
  const hosts = mirrors.map(({ host }) => host);
  const same =
    expected === undefined ||
    (expected.length === hosts.length && expected.every((name) => hosts.some((host) => isCalled(host, name))));
  return same ? [] : [unlike('mirrors', expected.join(', ') || 'none', hosts.join(', '))];
}

type Scalar = string | number;

function difference(what: string, expected: Scalar | undefined, actual: Scalar | undefined): readonly string[] {
  return expected === undefined || expected === actual ? [] : [unlike(what, expected, actual)];
}

/** All of `actual` must be as expected, and there must be some. */
function differences(
  what: string,
  expected: string | undefined,
  actual: readonly (string | undefined)[],
): readonly string[] {
  const same = actual.length === 1 && actual[0] === expected;
  return expected === undefined || same
    ? []
    : [unlike(what, expected, actual.map((each) => each ?? 'none').join(' and '))];
}

function unlike(what: string, expected: Scalar, actual: Scalar | undefined): string {
  return `expected ${what} ${expected}, got ${actual === undefined || actual === '' ? 'none' : actual}`;
}

function sharesInWords(shares: ReadonlyMap<string, number>): string {
  return [...shares].map(([version, share]) => `${version} ${percent(share)}`).join(', ');
}

function percent(share: number): string {
  return `${Math.round(share * 100) / 100} %`;
}
