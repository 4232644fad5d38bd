/*
 * What a route does with a request: redirect, answer, or forward (`translateRoute`). Everything that does not depend on the
 * request is worked out once here; what does is in forwarding.ts and redirect.ts.
 */

import type { InjectedFault, RetryPolicy } from '../envoy/decision';
import { type Fate, fateOf } from '../envoy/fate';
import { makeForwarding, UNCHANGED } from '../envoy/forwarding';
import { HTTP_STATUS_OF_GRPC } from '../envoy/grpc';
import { RouteOutcome } from '../envoy/outcome';
import {
  type Destination,
  type Fault,
  type HttpMatch,
  type HttpRoute,
  mirrorsInForce,
  type Redirect,
} from '../model/http-route';
import type { RegistryService } from '../model/registry';
import { DEFAULT_RETRIES, retriesInForce } from './retries';
import { type ClusterScope, resolveTarget, type Target } from './target';

/** A destination of copies. */
interface MirrorTarget {
  readonly target: Target;
  /** Share of the requests that are copied, in percent. */
  readonly percentage: number;
}

export interface Action {
  readonly redirect?: Redirect;
  /** `prefix` of the match, for redirects that replace it. */
  readonly matchedPrefix: string;
  readonly directResponse?: { readonly status: number; readonly body: string };
  readonly targets: readonly Target[];
  /** What becomes of requests that are forwarded. */
  readonly fate: Fate;
  readonly mirrors: readonly MirrorTarget[];
  readonly timeoutMillis?: number;
  readonly retries?: RetryPolicy;
  readonly fault?: InjectedFault;
  readonly scope: ClusterScope;
}

/** The action of a rule, for requests that came in by `match`. */
export function ruleAction(rule: HttpRoute, match: HttpMatch | undefined, scope: ClusterScope): Action {
  const forwards = rule.redirect === undefined && rule.directResponse === undefined;
  const targets = forwards ? targetsOf(rule, match, scope) : [];
  return {
    scope,
    redirect: rule.redirect,
    matchedPrefix: match?.uri?.kind === 'prefix' ? match.uri.value : '/',
    directResponse: rule.redirect === undefined ? rule.directResponse : undefined,
    targets,
    fate: fateOf(targets),
    mirrors: forwards
      ? mirrorsInForce(rule).map(({ destination, path, percentage }) => ({
          target: asCopy(resolveTarget(destination, path, 100, UNCHANGED, scope)),
          percentage,
        }))
      : [],
    timeoutMillis: forwards ? rule.timeoutMs || undefined : undefined,
    retries: forwards ? retriesInForce(rule.retries) : undefined,
    fault: faultInForce(rule.fault),
  };
}

/** A copy belongs to no connection, so nothing was dialled to which it could be passed on. */
function asCopy(target: Target): Target {
  const text = 'has no address of its own, and a copy no address that was dialled';
  return target.passedOn === undefined
    ? target
    : { ...target, outcome: RouteOutcome.NO_ENDPOINTS, endpoints: [], endpointsKnown: true, text };
}

/** The action of a service of the mesh for which no VirtualService speaks: forward to it, on the port that was asked. */
export function defaultAction(service: RegistryService, scope: ClusterScope): Action {
  const destination: Destination = { path: '', writtenHost: service.host, host: service.host, port: scope.port };
  const targets = [resolveTarget(destination, '', 100, UNCHANGED, scope)];
  return {
    scope,
    matchedPrefix: '/',
    targets,
    fate: fateOf(targets),
    mirrors: [],
    retries: DEFAULT_RETRIES,
  };
}

function targetsOf(rule: HttpRoute, match: HttpMatch | undefined, scope: ClusterScope): readonly Target[] {
  const only = rule.destinations.length === 1;
  // Among several, a weight of 0 takes part in nothing; alone, the weight does not count.
  const counted = only ? rule.destinations : rule.destinations.filter((destination) => destination.weight > 0);
  const total = counted.reduce((sum, { weight }) => sum + weight, 0);
  return counted.map((weighted) =>
    resolveTarget(
      weighted.destination,
      weighted.path,
      only ? 100 : (weighted.weight * 100) / total,
      makeForwarding(rule, match, weighted),
      scope,
    ),
  );
}

/** A fault without percentage strikes nobody, and one without status does nothing. */
function faultInForce(fault: Fault | undefined): InjectedFault | undefined {
  const abort = fault?.abort;
  const delay = fault?.delay;
  const abortStatus = abort?.httpStatus ?? (abort?.grpcStatus === undefined ? undefined : HTTP_STATUS_OF_GRPC);
  const abortPercentage = abortStatus === undefined ? 0 : (abort?.percentage ?? 0);
  const delayPercentage = delay?.percentage ?? 0;
  if (abortPercentage <= 0 && delayPercentage <= 0) {
    return undefined;
  }
  return {
    abortStatus: abortPercentage > 0 ? abortStatus : undefined,
    abortGrpcStatus: abortPercentage > 0 && abort?.httpStatus === undefined ? abort?.grpcStatus : undefined,
    abortPercentage: Math.max(abortPercentage, 0),
    delayMillis: delayPercentage > 0 ? delay?.fixedDelayMs : undefined,
    delayPercentage: Math.max(delayPercentage, 0),
  };
}
