/*
 * What a walk through the mesh comes to: little more than how it ended and which route it took. RouteDecision answers all
 * else from that, when it is asked.
 */
import type { EffectiveVirtualService } from '../mesh/model';
import type { Target } from './action';
import { RouteOutcome } from './outcome';
import type { ParsedRequest } from './parsed-request';
import type { CompiledRoute } from './routes';

export interface Verdict {
  readonly outcome: RouteOutcome;
  readonly status?: number;
  readonly responseFlag?: string;
  readonly request?: ParsedRequest;
  /** The HTTP route that was taken. */
  readonly route?: CompiledRoute;
  /** Where it leads, by HTTP or by bytes. */
  readonly targets?: readonly Target[];
  /** The VirtualService whose tcp or tls route was taken. */
  readonly l4Owner?: EffectiveVirtualService;
  readonly location?: string;
}

export const NO_LISTENER: Verdict = { outcome: RouteOutcome.NO_LISTENER };
export const TLS_FAILURE: Verdict = { outcome: RouteOutcome.TLS_FAILURE };
export const BAD_REQUEST: Verdict = { outcome: RouteOutcome.BAD_REQUEST, status: 400, responseFlag: 'DPE' };
export const NO_VIRTUAL_HOST: Verdict = { outcome: RouteOutcome.NO_VIRTUAL_HOST, status: 404, responseFlag: 'NR' };
export const NO_ROUTE: Verdict = { outcome: RouteOutcome.NO_ROUTE, status: 404, responseFlag: 'NR' };
export const UNDECIDED: Verdict = { outcome: RouteOutcome.UNDECIDED };
export const PASSTHROUGH: Verdict = { outcome: RouteOutcome.PASSTHROUGH };
