/*
 * What a walk through the mesh comes to: little more than how it ended and which route it took. RouteDecision answers all
 * else from that, when it is asked.
 */
import type { EffectiveVirtualService } from '../model/model';
import { type Cluster, type ClusterState, passOn, stateOf, type WeightedCluster } from '../proxy/cluster';
import { HTTP_STATUS_OF_GRPC } from '../proxy/fault';
import type { Route } from '../proxy/routes';
import { grpcStatusFor, grpcStatusText } from './grpc';
import { RouteOutcome } from './outcome';
import type { ParsedRequest } from './parsed-request';
import { TraceKind } from './trace';
import type { Trail } from './trail';

export interface Verdict {
  readonly outcome: RouteOutcome;
  readonly status?: number;
  readonly responseFlag?: string;
  readonly request?: ParsedRequest;
  /** The HTTP route that was taken. */
  readonly route?: Route;
  /** Where it leads, by HTTP or by bytes. */
  readonly clusters?: readonly WeightedCluster[];
  /** Whether some of them lead to the address that was dialled. */
  readonly passesOn?: boolean;
  /** The VirtualService whose tcp or tls route was taken. */
  readonly l4Owner?: EffectiveVirtualService;
  readonly location?: string;
  /** Whether the answer is told in the words of gRPC: the status is then still HTTP's. */
  readonly isGrpc?: boolean;
}

export const NO_LISTENER: Verdict = { outcome: RouteOutcome.NO_LISTENER };
export const TLS_FAILURE: Verdict = { outcome: RouteOutcome.TLS_FAILURE };
export const BAD_REQUEST: Verdict = { outcome: RouteOutcome.BAD_REQUEST, status: 400, responseFlag: 'DPE' };
/** In HTTP/2, what the codec refuses is reset. */
export const RESET: Verdict = { outcome: RouteOutcome.BAD_REQUEST };
export const NO_VIRTUAL_HOST: Verdict = { outcome: RouteOutcome.NO_VIRTUAL_HOST, status: 404, responseFlag: 'NR' };
export const NO_ROUTE: Verdict = { outcome: RouteOutcome.NO_ROUTE, status: 404, responseFlag: 'NR' };
export const UNDECIDED: Verdict = { outcome: RouteOutcome.UNDECIDED };
export const PASSTHROUGH: Verdict = { outcome: RouteOutcome.PASSTHROUGH };

/** What becomes of requests that are sent to a cluster. */
const BY_STATE: { readonly [state in ClusterState]: Verdict } = {
  usable: { outcome: RouteOutcome.FORWARD },
  missing: { outcome: RouteOutcome.NO_CLUSTER, status: 503, responseFlag: 'NC' },
  empty: { outcome: RouteOutcome.NO_ENDPOINTS, status: 503, responseFlag: 'UH' },
  mismatched: { outcome: RouteOutcome.UPSTREAM_TLS_FAILURE, status: 503 },
  open: UNDECIDED,
};

export function outcomeAt({ state }: Cluster): RouteOutcome {
  return BY_STATE[state].outcome;
}

export function verdictOf(state: ClusterState): Verdict {
  return BY_STATE[state];
}

/** Without HTTP there is no status: where nothing answers, the connection is closed. */
export function verdictOfBytes(
  request: ParsedRequest,
  clusters: readonly WeightedCluster[],
  l4Owner: EffectiveVirtualService | undefined,
): Verdict {
  const { outcome } = verdictOf(stateOf(clusters));
  const told = outcome === RouteOutcome.FORWARD ? RouteOutcome.TCP_FORWARD : outcome;
  return { outcome: told, request, clusters, passesOn: passOn(clusters), l4Owner };
}

/** What the proxy answers by itself, it tells clients of gRPC in their own words, whatever the answer is; but not a preflight. */
export function inWordsOfClient(verdict: Verdict, request: ParsedRequest, trail: Trail): Verdict {
  const { status, outcome } = verdict;
  const isAnswer = status !== undefined && outcome !== RouteOutcome.BAD_REQUEST && outcome !== RouteOutcome.PREFLIGHT;
  if (!isAnswer || !request.isGrpc) {
    return verdict;
  }
  const told = { ...verdict, isGrpc: true };
  trail.note(() => ({
    kind: TraceKind.REQUEST,
    text: `is gRPC, so in place of HTTP ${status} the client gets ${HTTP_STATUS_OF_GRPC} with grpc-status ${grpcStatusText(grpcStatusOf(told) ?? '')}`,
    matched: true,
  }));
  return told;
}

/** The name of the status in gRPC, where the answer is told so. */
export function grpcStatusOf({ isGrpc, status, outcome, route }: Verdict): string | undefined {
  if (isGrpc !== true || status === undefined) {
    return undefined;
  }
  const written = outcome === RouteOutcome.FAULT ? route?.action.fault?.abortGrpcStatus : undefined;
  return written ?? grpcStatusFor(status);
}
