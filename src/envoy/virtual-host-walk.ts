/*
 * The last part of every HTTP request's way: through the routes of a virtual host.
 */

import type { MeshObject } from '../manifests/object';
import type { HttpRoute, Redirect } from '../model/http-route';
import type { EffectiveVirtualService } from '../model/model';
import type { Condition } from '../predicate/match/condition';
import { valueSign } from '../predicate/match/value';
import type { CompiledRoute, LeftOut } from '../proxy/routes';
import type { Target } from '../proxy/target';
import type { VirtualHost } from '../proxy/virtual-host';
import { effectsOf } from './effects';
import { RouteOutcome } from './outcome';
import type { ParsedRequest } from './parsed-request';
import { httpsLocation, redirectLocation, redirectStatus } from './redirect';
import { TraceKind, type TraceStep } from './trace';
import { NO_ROUTE, UNDECIDED, type Verdict } from './verdict';

/** Where steps are written down; absent when nobody asked for them. */
export type Trace = TraceStep[] | undefined;

export function walkVirtualHost(request: ParsedRequest, host: VirtualHost, trace: Trace): Verdict {
  if (host.requireTls && request.header('x-forwarded-proto') !== 'https') {
    return refuseUpgrade(request, trace) ?? sendToHttps(request, host, trace);
  }
  if (request.header('x-forwarded-proto') === '') {
    trace?.push({
      kind: TraceKind.REQUEST,
      text: 'x-forwarded-proto is empty, and Envoy routes nothing without knowing the scheme',
      matched: false,
    });
    return NO_ROUTE;
  }
  for (const route of host.routes) {
    const matched = route.matches(request);
    if (trace !== undefined) {
      trace.push(describeRoute(route, request, matched));
    }
    if (matched) {
      traceEffects(request, route, trace);
      traceLeftOut(host, trace);
      return takeRoute(request, route, trace);
    }
  }
  traceLeftOut(host, trace);
  trace?.push({ kind: TraceKind.VIRTUAL_HOST, text: `no rule for ${host.domain} matches the request`, matched: false });
  return NO_ROUTE;
}

function sendToHttps(request: ParsedRequest, { domain }: VirtualHost, trace: Trace): Verdict {
  const location = httpsLocation(request);
  trace?.push({
    kind: TraceKind.VIRTUAL_HOST,
    text: `tls.httpsRedirect sends plain HTTP for ${domain} to ${location}`,
    matched: true,
  });
  return { outcome: RouteOutcome.REDIRECT, status: 301, location };
}

function takeRoute(request: ParsedRequest, route: CompiledRoute, trace: Trace): Verdict {
  const { action } = route;
  const { fault, redirect, directResponse, targets } = action;
  const refusal = refuseUpgrade(request, trace);
  if (refusal !== undefined) {
    return { ...refusal, route };
  }
  if (fault?.abortStatus !== undefined && fault.abortPercentage >= 100) {
    trace?.push({ kind: TraceKind.DESTINATION, text: `a fault aborts it with ${fault.abortStatus}`, matched: true });
    const { abortStatus: status } = fault;
    return { outcome: RouteOutcome.FAULT, status, responseFlag: 'FI', request, route, targets };
  }
  if (redirect !== undefined) {
    return takeRedirect(request, route, redirect, trace);
  }
  if (directResponse !== undefined) {
    const { status } = directResponse;
    trace?.push({ kind: TraceKind.DESTINATION, text: `answers ${status} by itself`, matched: true });
    return { outcome: RouteOutcome.DIRECT_RESPONSE, status, request, route };
  }
  traceTargets(targets, trace);
  const { outcome, status, responseFlag } = action.fate;
  return { outcome, status, responseFlag, request, route, targets };
}

/** The answer to an upgrade for which no route is meant. Envoy asks only once it has a route, whatever that does. */
export function refuseUpgrade(request: ParsedRequest, trace: Trace): Verdict | undefined {
  const { forbiddenUpgrade, isGrpc } = request;
  if (forbiddenUpgrade === undefined) {
    return undefined;
  }
  const text = `asks for the upgrade ${JSON.stringify(forbiddenUpgrade)}, and Istio allows only websocket`;
  trace?.push({ kind: TraceKind.REQUEST, text, matched: false });
  return { outcome: RouteOutcome.BAD_REQUEST, status: 403, isGrpc };
}

/** On a port that is called so, a filter rewrites gRPC-Web into gRPC. */
export function traceTranslated(trace: Trace): void {
  const text =
    'is gRPC-Web, which Istio translates into gRPC on a port of that name; what comes of it is not worked out here';
  trace?.push({ kind: TraceKind.REQUEST, text, matched: false });
}

function takeRedirect(request: ParsedRequest, route: CompiledRoute, redirect: Redirect, trace: Trace): Verdict {
  const status = redirectStatus(redirect);
  if (status === undefined) {
    traceUnusable(route, trace);
    return UNDECIDED;
  }
  const location = redirectLocation(request, redirect, route.action);
  trace?.push({ kind: TraceKind.DESTINATION, text: `redirects to ${location}`, matched: true });
  return { outcome: RouteOutcome.REDIRECT, status, request, route, location };
}

/** Of a route for which Envoy refuses the table that it is in. */
export function traceUnusable({ owner, rule, match }: CompiledRoute, trace: Trace): void {
  trace?.push({
    kind: TraceKind.VIRTUAL_SERVICE,
    object: owner && refOf(owner.object),
    path: match?.path ?? rule?.path,
    text: `redirects with code ${rule?.redirect?.code}, which Envoy does not know, so that it refuses all routes of the port; a new proxy has none, and one that runs keeps those it had`,
    matched: false,
  });
}

export function traceTargets(targets: readonly Target[], trace: Trace): void {
  if (trace === undefined) {
    return;
  }
  for (const { host, subset, port, weight, text, outcome, path } of targets) {
    const share = targets.length > 1 ? `${Math.round(weight * 100) / 100}%   ` : '';
    trace.push({
      kind: TraceKind.DESTINATION,
      object: `${host}:${port}${subset === undefined ? '' : `, subset ${subset}`}`,
      path: path || undefined,
      text: `${share}${text}`,
      matched: outcome === RouteOutcome.FORWARD,
    });
  }
  if (targets.length === 0) {
    trace?.push({ kind: TraceKind.DESTINATION, text: 'the rule names no destination', matched: false });
  }
}

function describeRoute(route: CompiledRoute, request: ParsedRequest, matched: boolean): TraceStep {
  const { owner, rule, match, conditions } = route;
  if (owner === undefined || rule === undefined) {
    return {
      kind: TraceKind.VIRTUAL_SERVICE,
      text: 'no VirtualService applies, so the service is called as it is',
      matched,
    };
  }
  const failed = conditions.filter((condition) => !condition.test(request));
  const shown = matched ? conditions : failed;
  const text = shown.length === 0 ? 'every request' : shown.map(conditionInWords).join(' and ');
  return {
    kind: TraceKind.VIRTUAL_SERVICE,
    object: refOf(owner.object),
    path: match?.path ?? rule.path,
    text: `${placeOf(owner, rule)}   ${text}   ${matched ? 'matched' : 'not so'}`,
    matched,
  };
}

function traceEffects(request: ParsedRequest, { owner, rule, action }: CompiledRoute, trace: Trace): void {
  if (trace === undefined || owner === undefined || rule === undefined) {
    return;
  }
  for (const text of effectsOf(request, rule, action)) {
    trace.push({
      kind: TraceKind.VIRTUAL_SERVICE,
      object: refOf(owner.object),
      path: rule.path,
      text,
      matched: true,
    });
  }
}

/** `rule 2 of 5`, with its name, and for a rule of a delegate its place there. */
function placeOf(owner: EffectiveVirtualService, rule: HttpRoute): string {
  const details = [
    ...(rule.name === '' ? [] : [rule.name]),
    ...(rule.object === owner.object ? [] : [`rule ${rule.index + 1} of delegate ${refOf(rule.object)}`]),
  ];
  const place = `rule ${owner.http.indexOf(rule) + 1} of ${owner.http.length}`;
  return details.length === 0 ? place : `${place} (${details.join(', ')})`;
}

export function traceUnused(unused: readonly LeftOut[], trace: Trace): void {
  for (const { owner, rule, match, reason } of unused) {
    trace?.push({
      kind: TraceKind.VIRTUAL_SERVICE,
      object: refOf(owner.object),
      path: match?.path ?? rule.path,
      text: `${match?.path ?? rule.path} ${reason}`,
      matched: false,
    });
  }
}

/** What was written for the host and cannot apply, so that nobody looks for it in vain. */
function traceLeftOut(host: VirtualHost, trace: Trace): void {
  if (trace === undefined) {
    return;
  }
  traceUnused(host.leftOut, trace);
  const owners = new Set(host.routes.flatMap(({ owner }) => (owner === undefined ? [] : [owner])));
  for (const owner of owners) {
    for (const { via, reason } of owner.dropped) {
      trace.push({
        kind: TraceKind.VIRTUAL_SERVICE,
        object: refOf(owner.object),
        path: via.path,
        text: `${via.path} vanishes: ${reason}`,
        matched: false,
      });
    }
  }
}

export function refOf({ namespace, name }: MeshObject): string {
  return `${namespace}/${name}`;
}

function conditionInWords({ ignoresCase, value, words }: Condition): string {
  return `${words} ${valueSign(value)}${ignoresCase === true ? ', in any case' : ''}`;
}
