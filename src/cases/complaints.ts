/*
 * What a test case says when the decision is not the expected one.
 */
import type { ForwardedRequest, RouteDecision, RouteDestination } from '../routing/decision';
import { RouteOutcome } from '../routing/outcome';
import type { Expectation, ExpectedRequest } from './expectation';

/** A sentence for each thing in the decision that is not as expected. */
export function complaintsAbout(decision: RouteDecision, expected: Expectation): readonly string[] {
  return [
    ...difference('outcome', expected.outcome, decision.outcome),
    ...difference('status', expected.status, decision.status),
    ...difference('redirect', expected.redirect, decision.location),
    ...difference('body', expected.body, decision.body),
    ...(expectsArrival(expected) ? arrivalComplaints(decision, expected) : []),
    ...mirrorComplaints(decision, expected.mirrors),
  ];
}

function expectsArrival({ version, split, subset, service, port, workload, forwarded }: Expectation): boolean {
  return [version, split, subset, service, port, workload, forwarded].some((field) => field !== undefined);
}

/** Whoever expects a version, expects that it answers; unless a failure is expected, whose place is then looked at. */
function arrivalComplaints(decision: RouteDecision, expected: Expectation): readonly string[] {
  const { outcome, destinations } = decision;
  if (!arrives(outcome) && expected.outcome === undefined) {
    return [`expected the request to arrive, and it ends in ${outcome}`];
  }
  if (destinations.length === 0) {
    return [`expected a destination, and ${outcome} has none`];
  }
  const complaints = destinations.flatMap((destination) => {
    const share = destinations.length === 1 ? '' : `${percent(destination.weight)} of the requests: `;
    return destinationComplaints(destination, expected).map((complaint) => share + complaint);
  });
  return [...abortedComplaints(decision, expected), ...complaints, ...splitComplaints(destinations, expected.split)];
}

/** Requests that a fault aborts do not arrive. Whoever names the outcome has seen the rule. */
function abortedComplaints({ fault }: RouteDecision, { outcome }: Expectation): readonly string[] {
  const { abortStatus, abortPercentage = 0 } = fault ?? {};
  return abortStatus === undefined || abortPercentage === 0 || outcome !== undefined
    ? []
    : [`expected all requests to arrive, and ${percent(abortPercentage)} of them are aborted with ${abortStatus}`];
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
    ...[...expected.headers].flatMap(([name, value]) => {
      const actual = headers.get(name);
      return actual === (value ?? undefined) ? [] : [unlike(`forwarded header ${name}`, value ?? 'none', actual)];
    }),
  ];
}

function splitComplaints(
  destinations: readonly RouteDestination[],
  expected: ReadonlyMap<string, number> | undefined,
): readonly string[] {
  const actual = splitOf(destinations);
  const versions = new Set([...(expected?.keys() ?? []), ...actual.keys()]);
  const same = [...versions].every((version) => isAbout(actual.get(version) ?? 0, expected?.get(version) ?? 0));
  return expected === undefined || same ? [] : [unlike('split', sharesInWords(expected), sharesInWords(actual))];
}

/** Shares of the versions. Within one destination, requests spread by the number of pods. */
function splitOf(destinations: readonly RouteDestination[]): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  for (const { workloads, weight } of destinations) {
    const pods = workloads.reduce((sum, { replicas }) => sum + replicas, 0);
    for (const { version = 'none', replicas } of workloads) {
      shares.set(version, (shares.get(version) ?? 0) + (pods === 0 ? 0 : (weight * replicas) / pods));
    }
  }
  return shares;
}

function mirrorComplaints({ mirrors }: RouteDecision, expected: readonly string[] | undefined): readonly string[] {
  const hosts = mirrors.map(({ host }) => host);
  const same =
    expected === undefined ||
    (expected.length === hosts.length && expected.every((name) => hosts.some((host) => isCalled(host, name))));
  return same ? [] : [unlike('mirrors', expected.join(', ') || 'none', hosts.join(', '))];
}

function arrives(outcome: RouteOutcome): boolean {
  return outcome === RouteOutcome.FORWARD || outcome === RouteOutcome.TCP_FORWARD;
}

/** Whether a host may be called by a name: the host itself, or a Service's name with or without its namespace. */
function isCalled(host: string, name: string): boolean {
  return host === name || (host.split('.')[2] === 'svc' && host.startsWith(`${name}.`));
}

/** Weights are whole numbers, but a third of a share is not. */
function isAbout(actual: number, expected: number): boolean {
  return Math.abs(actual - expected) < 0.5;
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
