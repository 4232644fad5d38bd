/*
 * The last part of every HTTP request's way: through the routes of a virtual host.
 */
import type { Cors } from '../proxy/cors';
import type { RedirectAction } from '../proxy/redirect';
import type { Route } from '../proxy/routes';
import type { VirtualHost } from '../proxy/virtual-host';
import { RouteOutcome } from './outcome';
import type { ParsedRequest } from './parsed-request';
import { httpsLocation, redirectLocation } from './redirect';
import { stepsOfRoutes, stepsOfTargets, unusableStep } from './route-steps';
import { TraceKind } from './trace';
import type { Trail } from './trail';
import { NO_ROUTE, UNDECIDED, type Verdict, verdictOf } from './verdict';

export function walkVirtualHost(request: ParsedRequest, host: VirtualHost, trail: Trail): Verdict {
  trail.host = host;
  if (host.requireTls && request.header('x-forwarded-proto') !== 'https') {
    return refuseUpgrade(request, trail) ?? sendToHttps(request, host, trail);
  }
  if (request.header('x-forwarded-proto') === '') {
    trail.note(() => ({
      kind: TraceKind.REQUEST,
      text: 'x-forwarded-proto is empty, and Envoy routes no request without a scheme',
      matched: false,
    }));
    return NO_ROUTE;
  }
  const taken = firstMatching(host.routes, request);
  trail.noteOf(stepsOfRoutes, request, host, taken);
  if (taken < 0) {
    const text = `no rule for ${host.domain} matches the request`;
    trail.note(() => ({ kind: TraceKind.VIRTUAL_HOST, text, matched: false }));
    return NO_ROUTE;
  }
  return takeRoute(request, host.routes[taken], trail);
}

/** The place of the first route all of whose conditions are met; -1 where there is none. */
export function firstMatching(routes: readonly Route[], request: ParsedRequest): number {
  for (let index = 0; index < routes.length; index++) {
    if (areMet(routes[index].tests, request)) {
      return index;
    }
  }
  return -1;
}

function areMet(tests: Route['tests'], request: ParsedRequest): boolean {
  for (const test of tests) {
    if (!test(request)) {
      return false;
    }
  }
  return true;
}

function sendToHttps(request: ParsedRequest, { domain }: VirtualHost, trail: Trail): Verdict {
  const location = httpsLocation(request);
  trail.note(() => ({
    kind: TraceKind.VIRTUAL_HOST,
    text: `tls.httpsRedirect sends plain HTTP for ${domain} to ${location}`,
    matched: true,
  }));
  return { outcome: RouteOutcome.REDIRECT, status: 301, location };
}

export function takeRoute(request: ParsedRequest, route: Route, trail: Trail): Verdict {
  const { cors, fault, redirect, directResponse } = route.action;
  const refusal = refuseUpgrade(request, trail);
  if (refusal !== undefined) {
    return { ...refusal, route };
  }
  if (fault?.abortStatus !== undefined && fault.abortPercentage >= 100) {
    const { abortStatus: status } = fault;
    trail.note(() => ({ kind: TraceKind.DESTINATION, text: `a fault aborts it with ${status}`, matched: true }));
    return { outcome: RouteOutcome.FAULT, status, responseFlag: 'FI', request, route, clusters: route.action.clusters };
  }
  if (redirect !== undefined) {
    return takeRedirect(request, route, redirect, trail);
  }
  if (directResponse !== undefined) {
    const { status } = directResponse;
    trail.note(() => ({ kind: TraceKind.DESTINATION, text: `answers ${status} by itself`, matched: true }));
    return { outcome: RouteOutcome.DIRECT_RESPONSE, status, request, route };
  }
  const preflight = cors === undefined ? undefined : answerPreflight(request, route, cors, trail);
  return preflight ?? forwardTo(request, route, trail);
}

/** What Envoy's CORS filter answers by itself. It stands behind the fault, and passes by redirects and direct responses. */
function answerPreflight(request: ParsedRequest, route: Route, cors: Cors, trail: Trail): Verdict | undefined {
  if (request.method !== 'OPTIONS') {
    return undefined;
  }
  const origin = request.header('origin') ?? '';
  if (origin === '' || (request.header('access-control-request-method') ?? '') === '') {
    return undefined;
  }
  const isAllowed = cors.allows(origin);
  const isAnswered = isAllowed || cors.answersAll;
  trail.note(() => ({
    kind: TraceKind.VIRTUAL_SERVICE,
    object: route.origin?.owner.object,
    home: route.origin?.rule.object,
    path: cors.policy.path,
    text: `corsPolicy ${isAllowed ? 'allows' : 'does not allow'} the origin ${origin}, and the preflight ${isAnswered ? `is answered here${isAllowed ? '' : ', without a permission'}` : 'goes on to the destination'}`,
    matched: isAllowed,
  }));
  return isAnswered ? { outcome: RouteOutcome.PREFLIGHT, status: 200, request, route } : undefined;
}

function forwardTo(request: ParsedRequest, route: Route, trail: Trail): Verdict {
  const { arrivals: clusters, passesOn, state } = route.action;
  trail.noteOf(stepsOfTargets, clusters);
  const { outcome, status, responseFlag } = verdictOf(state);
  // To look at a cluster costs more than all the rest, and few decisions need it.
  const flag = state === 'mismatched' ? clusters[0].cluster.flag : responseFlag;
  return { outcome, status, responseFlag: flag, request, route, clusters, passesOn };
}

/** The answer to an upgrade for which no route is meant. Envoy asks only once it has a route, whatever that does. */
export function refuseUpgrade(request: ParsedRequest, trail: Trail): Verdict | undefined {
  const { forbiddenUpgrade, isGrpc } = request;
  if (forbiddenUpgrade === undefined) {
    return undefined;
  }
  const text = `asks for the upgrade ${JSON.stringify(forbiddenUpgrade)}, and Istio allows only websocket`;
  trail.note(() => ({ kind: TraceKind.REQUEST, text, matched: false }));
  return { outcome: RouteOutcome.BAD_REQUEST, status: 403, isGrpc };
}

/** On a port that is called so, a filter rewrites gRPC-Web into gRPC. */
export function leaveTranslated(trail: Trail): Verdict {
  const text =
    'is gRPC-Web, which Istio translates into gRPC on a port of that name; the result is not worked out here';
  trail.note(() => ({ kind: TraceKind.REQUEST, text, matched: false }));
  return UNDECIDED;
}

function takeRedirect(request: ParsedRequest, route: Route, redirect: RedirectAction, trail: Trail): Verdict {
  const { status } = redirect;
  if (status === undefined) {
    trail.note(() => unusableStep(route));
    return UNDECIDED;
  }
  const location = redirectLocation(request, redirect);
  trail.note(() => ({ kind: TraceKind.DESTINATION, text: `redirects to ${location}`, matched: true }));
  return { outcome: RouteOutcome.REDIRECT, status, request, route, location };
}
