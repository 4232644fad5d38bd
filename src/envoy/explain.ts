/*
 * A decision as text for people: one line that says how it ends, and one for each step that led there.
 */
import { refOf } from '../manifests/object';
import type { InjectedFault } from '../proxy/fault';
import { shortName } from '../syntax/hosts';
import { printable } from '../syntax/printable';
import type { Caveat } from './caveat';
import type { RouteDestination } from './destination';
import { grpcStatusText } from './grpc';
import { RouteOutcome } from './outcome';
import { type TraceKind, TraceState } from './trace';
import type { Step } from './trail';

/** A decision, as far as it is told in one line. */
interface Decided {
  readonly outcome: RouteOutcome;
  readonly status?: number;
  readonly grpcStatus?: string;
  readonly responseFlag?: string;
  readonly location?: string;
  readonly destinations: readonly RouteDestination[];
  readonly fault?: InjectedFault;
  readonly caveats: readonly Caveat[];
}

export function explain(decision: Decided, steps: readonly Step[]): string {
  const rows = withoutUnreached(steps).map(
    ({ kind, name = '', object, text }) =>
      [labelOf(kind), printable(object === undefined ? shortName(name) : refOf(object)), printable(text)] as const,
  );
  const widest = Math.min(40, Math.max(0, ...rows.map(([, object]) => object.length)));
  const lines = rows.map(([label, object, text]) =>
    `  ${label.padEnd(16)}${widest === 0 ? '' : `${object.padEnd(widest)}   `}${text}`.trimEnd(),
  );
  return [headline(decision), ...abortedShare(decision), ...doubts(decision), ...lines].join('\n');
}

/** Rules that were not reached, one line for all of a VirtualService: of these there is no more to tell. */
function withoutUnreached(steps: readonly Step[]): readonly Step[] {
  const isUnreached = ({ rule }: Step) => rule?.state === TraceState.NOT_REACHED;
  return steps.flatMap((step, index) => {
    if (!isUnreached(step)) {
      return [step];
    }
    const before = steps[index - 1];
    if (before !== undefined && isUnreached(before) && before.object === step.object) {
      return [];
    }
    const more = countWhile(steps.slice(index), (each) => isUnreached(each) && each.object === step.object);
    return [{ ...step, text: more === 1 ? step.text : `${step.text}, nor are the ${more - 1} behind it` }];
  });
}

function countWhile<T>(items: readonly T[], holds: (item: T) => boolean): number {
  const end = items.findIndex((item) => !holds(item));
  return end < 0 ? items.length : end;
}

/** The share of the requests that never gets as far as the headline says. */
function abortedShare({ outcome, fault }: Decided): readonly string[] {
  if (fault?.abortStatus === undefined || outcome === RouteOutcome.FAULT) {
    return [];
  }
  const { abortStatus, abortGrpcStatus, abortPercentage } = fault;
  const inGrpc = abortGrpcStatus === undefined ? '' : ` (${abortGrpcStatus} in gRPC)`;
  return [`${`${abortStatus} FI`.padEnd(9)} → ${abortPercentage}% of the requests: an injected fault${inGrpc}`];
}

function doubts({ caveats }: Decided): readonly string[] {
  return caveats.map(({ text }) => `but       → ${printable(text)}`);
}

function labelOf(kind: TraceKind): string {
  return kind.toLowerCase().replace('_', '');
}

const CLOSED: ReadonlyMap<RouteOutcome, string> = new Map([
  [RouteOutcome.NO_LISTENER, 'refused   → nothing listens on the port; the client gets no HTTP answer'],
  [RouteOutcome.TLS_FAILURE, 'closed    → the TLS handshake fails; the client gets no HTTP answer'],
  [RouteOutcome.PASSTHROUGH, 'passed on → to its original destination; no rule of the mesh applies'],
  [RouteOutcome.UNDECIDED, 'undecided → the manifests do not say'],
]);

const ANSWERED: ReadonlyMap<RouteOutcome, string> = new Map([
  [RouteOutcome.NO_VIRTUAL_HOST, 'no VirtualService has the host'],
  [RouteOutcome.NO_ROUTE, 'no rule matches'],
  [RouteOutcome.NO_CLUSTER, 'the destination does not exist'],
  [RouteOutcome.NO_ENDPOINTS, 'the destination has no pods'],
  [RouteOutcome.UPSTREAM_TLS_FAILURE, 'the pods expect another TLS mode'],
  [RouteOutcome.FAULT, 'an injected fault'],
  [RouteOutcome.DIRECT_RESPONSE, 'the proxy answers by itself'],
  [RouteOutcome.PREFLIGHT, 'the proxy answers the preflight by itself (CORS)'],
  [RouteOutcome.BAD_REQUEST, 'the proxy refuses the request'],
  [RouteOutcome.BLOCKED, 'the mesh does not know the host'],
]);

/** How it ends. */
export function headline(decision: Decided): string {
  const { outcome, status, responseFlag, destinations } = decision;
  const closed = CLOSED.get(outcome);
  if (closed !== undefined) {
    return closed;
  }
  if (outcome === RouteOutcome.FORWARD || outcome === RouteOutcome.TCP_FORWARD) {
    const label = outcome === RouteOutcome.FORWARD ? 'forwarded' : 'bytes    ';
    return destinations
      .map((destination) => `${label} → ${printable(describe(destination, destinations.length > 1))}`)
      .join('\n');
  }
  const flag = responseFlag === undefined ? '' : ` ${responseFlag}`;
  return `${`${status ?? 'closed'}${flag}`.padEnd(9)} → ${whatIsTold(decision)}`;
}

/** What the client gets from the proxy itself. */
function whatIsTold({ outcome, grpcStatus, location = '' }: Decided): string {
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
  const name =
    subset === undefined
      ? short
      : destination._choosesNothing
        ? `${short}, any pod, not only ${subset}`
        : `${short} ${subset}`;
  const who = workloads.map(
    ({ kind, namespace, name: workload, replicas }) =>
      `${kind} ${namespace}/${workload} (${replicas} replica${replicas === 1 ? '' : 's'})`,
  );
  const found =
    who.length > 0 ? who.join(', ') : workloadsKnown ? (ANSWERED.get(outcome) ?? '') : 'endpoints not in the manifests';
  return `${weighted ? `${Math.round(weight * 100) / 100}% ` : ''}${name}   ${found}, port ${targetPort ?? port}`;
}
