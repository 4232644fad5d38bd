/*
 * A decision as text for people: one line that says how it ends, and one for each step that led there.
 */
import { printable } from '../syntax/printable';
import type { RouteDecision } from './decision';
import type { RouteDestination } from './destination';
import { grpcStatusText } from './grpc';
import { RouteOutcome } from './outcome';
import type { TraceKind } from './trace';

export function explain(decision: RouteDecision): string {
  const rows = decision.trace.map(
    ({ kind, object = '', text }) => [labelOf(kind), printable(shortName(object)), printable(text)] as const,
  );
  const widest = Math.min(40, Math.max(0, ...rows.map(([, object]) => object.length)));
  const lines = rows.map(([label, object, text]) =>
    `  ${label.padEnd(16)}${widest === 0 ? '' : `${object.padEnd(widest)}   `}${text}`.trimEnd(),
  );
  return [headline(decision), ...abortedShare(decision), ...lines].join('\n');
}

/** The share of the requests that never gets as far as the headline says. */
function abortedShare({ outcome, fault }: RouteDecision): readonly string[] {
  if (fault?.abortStatus === undefined || outcome === RouteOutcome.FAULT) {
    return [];
  }
  const { abortStatus, abortGrpcStatus, abortPercentage } = fault;
  const inGrpc = abortGrpcStatus === undefined ? '' : ` (${abortGrpcStatus} in gRPC)`;
  return [`${`${abortStatus} FI`.padEnd(9)} → ${abortPercentage}% of the requests: an injected fault${inGrpc}`];
}

/** A Service's host without the part that is the same for all. */
function shortName(host: string): string {
  return host.replace(/\.svc\.[^:,\s]+/, '');
}

function labelOf(kind: TraceKind): string {
  return kind.toLowerCase().replace('_', '');
}

const CLOSED: ReadonlyMap<RouteOutcome, string> = new Map([
  [RouteOutcome.NO_LISTENER, 'refused   → nothing listens on the port; the client gets no HTTP answer'],
  [RouteOutcome.TLS_FAILURE, 'closed    → the TLS handshake fails; the client gets no HTTP answer'],
  [RouteOutcome.PASSTHROUGH, 'passed on → to where it was sent; no rule of the mesh applies'],
  [RouteOutcome.UNDECIDED, 'undecided → the manifests do not say'],
]);

const ANSWERED: ReadonlyMap<RouteOutcome, string> = new Map([
  [RouteOutcome.NO_VIRTUAL_HOST, 'no VirtualService has the host'],
  [RouteOutcome.NO_ROUTE, 'no rule matches'],
  [RouteOutcome.NO_CLUSTER, 'the destination does not exist'],
  [RouteOutcome.NO_ENDPOINTS, 'no pod stands behind the destination'],
  [RouteOutcome.FAULT, 'an injected fault'],
  [RouteOutcome.DIRECT_RESPONSE, 'the proxy answers by itself'],
  [RouteOutcome.BAD_REQUEST, 'the proxy refuses the request'],
  [RouteOutcome.BLOCKED, 'the mesh does not know where it was sent'],
]);

function headline(decision: RouteDecision): string {
  const { outcome, status, responseFlag, destinations } = decision;
  const closed = CLOSED.get(outcome);
  if (closed !== undefined) {
    return closed;
  }
  if (outcome === RouteOutcome.FORWARD || outcome === RouteOutcome.TCP_FORWARD) {
    const label = outcome === RouteOutcome.FORWARD ? '200-able ' : 'bytes    ';
    return destinations
      .map((destination) => `${label} → ${printable(describe(destination, destinations.length > 1))}`)
      .join('\n');
  }
  const flag = responseFlag === undefined ? '' : ` ${responseFlag}`;
  return `${`${status ?? 'closed'}${flag}`.padEnd(9)} → ${whatIsTold(decision)}`;
}

/** What the client gets from the proxy itself. */
function whatIsTold({ outcome, grpcStatus, location = '' }: RouteDecision): string {
  const isRedirect = outcome === RouteOutcome.REDIRECT;
  if (grpcStatus === undefined) {
    return isRedirect ? printable(location) : (ANSWERED.get(outcome) ?? outcome);
  }
  const why = isRedirect ? `a redirect to ${printable(location)}` : (ANSWERED.get(outcome) ?? outcome);
  return `grpc-status ${grpcStatusText(grpcStatus)}: ${why}`;
}

function describe(destination: RouteDestination, weighted: boolean): string {
  const { host, subset, port, targetPort, weight, workloads, outcome, workloadsKnown } = destination;
  const short = host.includes('.svc.') ? host.slice(0, host.indexOf('.')) : host;
  const name = subset === undefined ? short : `${short} ${subset}`;
  const who = workloads.map(
    ({ kind, namespace, name: workload, replicas }) =>
      `${kind} ${namespace}/${workload} (${replicas} replica${replicas === 1 ? '' : 's'})`,
  );
  const found =
    who.length > 0 ? who.join(', ') : workloadsKnown ? (ANSWERED.get(outcome) ?? '') : 'endpoints not in the manifests';
  return `${weighted ? `${Math.round(weight * 100) / 100}% ` : ''}${name}   ${found}, port ${targetPort ?? port}`;
}
