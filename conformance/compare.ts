/*
 * Whether what happened to a request is what the simulator said would happen.
 */

import type { RouteDecision } from '../src/envoy/decision';
import type { RouteDestination } from '../src/envoy/destination';
import { RouteOutcome } from '../src/envoy/outcome';
import type { Mesh } from '../src/mesh';
import { expectedAttempts } from './attempts';
import { quoted, unlikeHandshake, unlikeRequest } from './compare-arrival';
import { unlikeCopies } from './copies';
import { hasFlag } from './flags';
import { codeSeen, isUnavailable } from './grpc-status';
import type { Ask, MeshCase } from './manifest';
import { type Arrival, type Observation, workloadName } from './observation';
import { isEndedByPeer, isRefusedByBackend } from './refused-by-peer';

/** What the simulator says to a request. */
export function predict(mesh: Mesh, { proxy }: MeshCase, ask: Ask): RouteDecision {
  const { gateway, sidecar } = proxy;
  const port = ask.port === (ask.scheme === 'https' ? 443 : 80) ? '' : `:${ask.port}`;
  return mesh.route({
    url: `${ask.scheme}://${ask.connectHost}${port}${ask.target}`,
    method: ask.method,
    headerLines: [`host: ${ask.authority}`, ...ask.headers.map(([name, value]) => `${name}: ${value}`)],
    httpVersion: ask.httpVersion,
    from: sidecar === undefined ? 'gateway' : `mesh:${sidecar.namespace}/${sidecar.workload}`,
    gatewayLabels: gateway?.labels,
    gatewayNamespace: gateway?.namespace,
  });
}

/** In how far a request differs from what was predicted; undefined when it does not. */
export function complaint(decision: RouteDecision, ask: Ask, seen: Observation): string | undefined {
  return unlikeOutcome(decision, ask, seen) ?? unlikeRoute(decision, seen);
}

/**
 * What is malformed, Envoy refuses before it has a route or behind it, and what its CORS filter answers, it does not pass to the router,
 * which adds the headers of a route.
 */
const ROUTE_UNSEEN: readonly RouteOutcome[] = [
  RouteOutcome.UNDECIDED,
  RouteOutcome.BAD_REQUEST,
  RouteOutcome.PREFLIGHT,
];

/** Rules may do the same: which of them it was, only Envoy's name of the route tells. */
function unlikeRoute(decision: RouteDecision, seen: Observation): string | undefined {
  if (seen.kind !== 'http' || ROUTE_UNSEEN.includes(decision.outcome)) {
    return undefined;
  }
  const expected = routeNames(decision);
  return expected.includes(seen.route)
    ? undefined
    : `the route was called ${quoted(seen.route)}, not ${expected.map(quoted).join(' or ')}`;
}

/** The names that Istio gives to routes of its own, and to those of rules. */
function routeNames({
  outcome,
  ruleIndex,
  ruleName,
  status,
  grpcStatus,
}: RouteDecision): readonly (string | undefined)[] {
  if (ruleIndex !== undefined) {
    return [ruleName];
  }
  switch (outcome) {
    case RouteOutcome.BLOCKED:
      return ['block_all'];
    case RouteOutcome.PASSTHROUGH:
      // As bytes, it has no route.
      return ['allow_any', undefined];
    case RouteOutcome.FORWARD:
    case RouteOutcome.NO_CLUSTER:
    case RouteOutcome.NO_ENDPOINTS:
    case RouteOutcome.UPSTREAM_TLS_FAILURE:
      return ['default'];
    case RouteOutcome.BAD_REQUEST:
      // An upgrade is refused once there is a route, whichever that is.
      return status === 403 || grpcStatus === 'PERMISSION_DENIED'
        ? [undefined, 'default', 'allow_any', 'block_all']
        : [undefined];
    default:
      return [undefined];
  }
}

function unlikeOutcome(decision: RouteDecision, ask: Ask, seen: Observation): string | undefined {
  const { outcome, status } = decision;
  if (seen.kind === 'unloaded') {
    return outcome === RouteOutcome.UNDECIDED ? undefined : `Envoy did not take the listener: ${seen.reason}`;
  }
  if (isAborted(decision, seen) || isEndedByPeer(decision, ask, seen)) {
    return undefined;
  }
  switch (outcome) {
    case RouteOutcome.UNDECIDED:
      return undefined;
    case RouteOutcome.NO_LISTENER:
      return seen.kind === 'refused' ? undefined : 'the connection was not refused';
    case RouteOutcome.TLS_FAILURE:
      return seen.kind === 'closed' ? undefined : 'the connection was not closed';
    case RouteOutcome.PASSTHROUGH:
      return unlikePassthrough(ask, seen);
    case RouteOutcome.FORWARD:
    case RouteOutcome.TCP_FORWARD:
      return unlikeAllDestinations(decision, ask, seen);
    default:
      break;
  }
  if (decision.destinations.length > 1 && unlikeAllDestinations(decision, ask, seen) === undefined) {
    return undefined;
  }
  if (status === undefined) {
    return seen.kind === 'closed' ? undefined : 'the connection was not closed';
  }
  return unlikeReply(decision, status, seen);
}

/** Whether it is the work of an injected fault. */
export function isAborted({ fault }: RouteDecision, seen: Observation): boolean {
  return (
    fault !== undefined &&
    fault.abortPercentage > 0 &&
    isReply(seen, fault.abortStatus, 'FI') &&
    (codeSeen(seen) === undefined || codeSeen(seen) === fault.abortGrpcStatus)
  );
}

function unlikeReply(
  { location, body, outcome, responseFlag, grpcStatus }: RouteDecision,
  status: number,
  seen: Observation,
): string | undefined {
  if (seen.kind !== 'http') {
    return `there was no HTTP answer, but ${seen.kind}`;
  }
  if (seen.received !== undefined) {
    return `a backend answered: ${seen.received.workload}`;
  }
  if (seen.status !== status) {
    return `the status was ${seen.status}, not ${status}`;
  }
  if (codeSeen(seen) !== grpcStatus) {
    return `the grpc-status was ${codeSeen(seen) ?? 'missing'}, not ${grpcStatus ?? 'missing'}`;
  }
  // What the codec refuses is answered before Envoy sets its flag.
  if (responseFlag !== undefined && outcome !== RouteOutcome.BAD_REQUEST && !hasFlag(seen.flags, responseFlag)) {
    return `Envoy's flags were ${seen.flags ?? 'none'}, not ${responseFlag}`;
  }
  if (seen.location !== location) {
    return `the location was ${seen.location ?? 'missing'}, not ${location ?? 'missing'}`;
  }
  if (outcome === RouteOutcome.DIRECT_RESPONSE && seen.body !== '' && seen.body !== (body ?? '')) {
    return `the body was ${JSON.stringify(seen.body)}, not ${JSON.stringify(body ?? '')}`;
  }
  return undefined;
}

/** It is enough to be like one of them. */
function unlikeAllDestinations(decision: RouteDecision, ask: Ask, seen: Observation): string | undefined {
  const complaints = decision.destinations.map((destination) => unlikeDestination(decision, destination, ask, seen));
  return complaints.includes(undefined) ? undefined : (complaints[0] ?? 'there are no destinations');
}

export function unlikeDestination(
  decision: RouteDecision,
  destination: RouteDestination,
  ask: Ask,
  seen: Observation,
): string | undefined {
  switch (destination.outcome) {
    case RouteOutcome.NO_CLUSTER:
      return unlikeFailure(decision, ask, seen, 'NC');
    case RouteOutcome.NO_ENDPOINTS:
      return unlikeFailure(decision, ask, seen, 'UH');
    case RouteOutcome.UPSTREAM_TLS_FAILURE:
      return unlikeFailure(decision, ask, seen, decision.responseFlag ?? '');
    default:
      // Of a Service without selector the manifests do not say whether anything stands behind it.
      if (!destination.workloadsKnown && unlikeFailure(decision, ask, seen, 'UH') === undefined) {
        return undefined;
      }
      if (isRefusedByBackend(destination, seen)) {
        return undefined;
      }
      return isForBytes(decision)
        ? (unlikeArrival(decision, destination, seen) ?? unlikeHandshake(ask, arrivalOf(seen)))
        : (unlikeAttempts(decision, ask, seen) ??
            (isOwnReply(ask, seen, 504, 'UT') ? undefined : unlikeArrival(decision, destination, seen)) ??
            unlikeCopies(decision, seen));
  }
}

/** The status, and how often it was tried. */
function unlikeAttempts(decision: RouteDecision, ask: Ask, seen: Observation): string | undefined {
  const expected = expectedAttempts(decision, ask);
  if (expected === undefined || seen.kind !== 'http') {
    return undefined;
  }
  if (expected.status === 504 ? !isUnavailable(ask, seen, 504) : seen.status !== expected.status) {
    return `the status was ${seen.status}, not ${expected.status}: ${describe(seen)}`;
  }
  if (seen.attempts !== undefined && seen.attempts !== expected.count && !hasOwnId(ask)) {
    return `the backends were asked ${seen.attempts} times, not ${expected.count}`;
  }
  return undefined;
}

/** A client may give its requests an id, and then several the same. */
function hasOwnId({ headers }: Ask): boolean {
  return headers.some(([name]) => name.toLowerCase() === 'x-request-id');
}

function unlikeFailure(decision: RouteDecision, ask: Ask, seen: Observation, flag: string): string | undefined {
  const asBytes = isForBytes(decision);
  const fits = asBytes ? seen.kind === 'closed' : isOwnReply(ask, seen, 503, flag);
  return fits ? undefined : `it was not ${asBytes ? 'closed' : `503 ${flag}`}, but ${describe(seen)}`;
}

/** Whether bytes are forwarded unread: then a failure has no status. */
function isForBytes({ outcome, status }: RouteDecision): boolean {
  const failed = [RouteOutcome.NO_CLUSTER, RouteOutcome.NO_ENDPOINTS, RouteOutcome.UPSTREAM_TLS_FAILURE].includes(
    outcome,
  );
  return outcome === RouteOutcome.TCP_FORWARD || (failed && status === undefined);
}

function unlikeArrival(decision: RouteDecision, destination: RouteDestination, seen: Observation): string | undefined {
  const arrived = arrivalOf(seen);
  if (arrived === undefined) {
    return `no backend answered, but ${describe(seen)}`;
  }
  const expected = destination.workloads.map(workloadName);
  if (destination.workloadsKnown && !expected.includes(arrived.workload)) {
    return `it reached ${arrived.workload}, not ${expected.join(' or ') || 'nobody'}`;
  }
  if (destination.targetPort !== undefined && destination.targetPort !== arrived.port) {
    return `it reached port ${arrived.port}, not ${destination.targetPort}`;
  }
  return isForBytes(decision) ? undefined : unlikeRequest(destination, arrived);
}

function unlikePassthrough(ask: Ask, seen: Observation): string | undefined {
  const arrived = arrivalOf(seen);
  return arrived?.passedOn === true && arrived.port === ask.port
    ? unlikeHandshake(ask, arrived)
    : 'it did not pass through to where it was sent';
}

function isReply(seen: Observation, status: number | undefined, flag: string): boolean {
  return seen.kind === 'http' && seen.received === undefined && seen.status === status && hasFlag(seen.flags, flag);
}

function isOwnReply(ask: Ask, seen: Observation, status: 503 | 504, flag: string): boolean {
  return isUnavailable(ask, seen, status) && seen.kind === 'http' && hasFlag(seen.flags, flag);
}

function arrivalOf(seen: Observation): Arrival | undefined {
  return seen.kind === 'http' ? seen.received : undefined;
}

export function describe(seen: Observation): string {
  if (seen.kind !== 'http') {
    return seen.kind === 'refused' ? 'refused' : `${seen.kind} (${seen.reason})`;
  }
  const { status, flags, location, received } = seen;
  if (received !== undefined) {
    return `${status} from ${received.workload}:${received.port}, which got ${received.method} ${received.target}`;
  }
  return `${status}${flags === undefined ? '' : ` ${flags}`}${location === undefined ? '' : ` → ${location}`}`;
}
