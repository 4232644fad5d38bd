/*
 * What a walk through the mesh comes to: the plain facts from which a RouteDecision is made.
 */
import type { MeshObject } from '../mesh/object';
import type { Target } from './action';
import type { InjectedFault, ObjectReference, RetryPolicy, RouteDestination, RouteMirror } from './decision';
import { RouteOutcome } from './outcome';

export interface Verdict {
  readonly outcome: RouteOutcome;
  readonly status?: number;
  readonly responseFlag?: string;
  readonly destinations?: RouteDestination[];
  readonly mirrors?: RouteMirror[];
  readonly virtualService?: ObjectReference;
  readonly ruleObject?: ObjectReference;
  readonly ruleIndex?: number;
  readonly ruleName?: string;
  readonly location?: string;
  readonly body?: string;
  readonly timeoutMillis?: number;
  readonly retries?: RetryPolicy;
  readonly fault?: InjectedFault;
}

export const NO_LISTENER: Verdict = { outcome: RouteOutcome.NO_LISTENER };
export const TLS_FAILURE: Verdict = { outcome: RouteOutcome.TLS_FAILURE };
export const BAD_REQUEST: Verdict = { outcome: RouteOutcome.BAD_REQUEST, status: 400, responseFlag: 'DPE' };
export const NO_VIRTUAL_HOST: Verdict = { outcome: RouteOutcome.NO_VIRTUAL_HOST, status: 404, responseFlag: 'NR' };
export const NO_ROUTE: Verdict = { outcome: RouteOutcome.NO_ROUTE, status: 404, responseFlag: 'NR' };
export const UNDECIDED: Verdict = { outcome: RouteOutcome.UNDECIDED };
export const PASSTHROUGH: Verdict = { outcome: RouteOutcome.PASSTHROUGH };

/** What becomes of requests that are sent to `targets`: what the first that works does, or the way in which all fail. */
export function fateOf(targets: readonly Target[]): Pick<Verdict, 'outcome' | 'status' | 'responseFlag'> {
  const best = targets.find(({ outcome }) => outcome === RouteOutcome.FORWARD) ?? targets[0];
  switch (best?.outcome) {
    case RouteOutcome.FORWARD:
      return { outcome: RouteOutcome.FORWARD };
    case RouteOutcome.NO_ENDPOINTS:
      return { outcome: RouteOutcome.NO_ENDPOINTS, status: 503, responseFlag: 'UH' };
    default:
      return { outcome: RouteOutcome.NO_CLUSTER, status: 503, responseFlag: 'NC' };
  }
}

export function referenceTo({ kind, namespace, name }: MeshObject): ObjectReference {
  return { kind, namespace, name };
}
