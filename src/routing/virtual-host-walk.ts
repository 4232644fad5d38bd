/*
 * The last part of every HTTP request's way: through the routes of a virtual host.
 */
import type { MeshObject } from '../mesh/object';
import type { Action, Target } from './action';
import { RouteDestination } from './decision';
import { RouteOutcome } from './outcome';
import type { ParsedRequest } from './parsed-request';
import { httpsLocation, redirectLocation, redirectStatus } from './redirect';
import type { CompiledRoute, LeftOut } from './routes';
import { TraceKind, type TraceStep } from './trace';
import { BAD_REQUEST, fateOf, NO_ROUTE, referenceTo, UNDECIDED, type Verdict } from './verdict';
import type { VirtualHost } from './virtual-host';

/** Where steps are written down; absent when nobody asked for them. */
export type Trace = TraceStep[] | undefined;

export function walkVirtualHost(request: ParsedRequest, host: VirtualHost, trace: Trace): Verdict {
  if (request.path === undefined) {
    trace?.push({
      kind: TraceKind.REQUEST,
      text: 'the path contains an escaped NUL, which Envoy refuses',
      matched: false,
    });
    return BAD_REQUEST;
  }
  if (host.requireTls && request.header('x-forwarded-proto') !== 'https') {
    const location = httpsLocation(request);
    trace?.push({
      kind: TraceKind.VIRTUAL_HOST,
      text: `tls.httpsRedirect sends plain HTTP for ${host.domain} to ${location}`,
      matched: true,
    });
    return { outcome: RouteOutcome.REDIRECT, status: 301, location };
  }
  for (const route of host.routes) {
    const matched = route.matches(request);
    if (trace !== undefined) {
      trace.push(describeRoute(route, request, matched));
    }
    if (matched) {
      traceLeftOut(host, trace);
      return takeRoute(request, route, trace);
    }
  }
  traceLeftOut(host, trace);
  trace?.push({ kind: TraceKind.VIRTUAL_HOST, text: `no rule for ${host.domain} matches the request`, matched: false });
  return NO_ROUTE;
}

function takeRoute(request: ParsedRequest, route: CompiledRoute, trace: Trace): Verdict {
  const { action, owner, rule } = route;
  const decided =
    owner === undefined || rule === undefined
      ? undefined
      : {
          virtualService: referenceTo(owner.object),
          ruleObject: referenceTo(rule.object),
          ruleIndex: rule.index,
          ruleName: [rule.name, route.match?.name].filter(Boolean).join('.') || undefined,
        };
  return { ...decided, ...act(request, action, trace) };
}

function act(request: ParsedRequest, action: Action, trace: Trace): Verdict {
  const { fault, redirect, directResponse } = action;
  if (fault?.abortStatus !== undefined && fault.abortPercentage >= 100) {
    trace?.push({ kind: TraceKind.DESTINATION, text: `a fault aborts it with ${fault.abortStatus}`, matched: true });
    const { targets, mirrors } = action;
    return {
      outcome: RouteOutcome.FAULT,
      status: fault.abortStatus,
      responseFlag: 'FI',
      fault,
      destinations: targets.map((target) => new RouteDestination(target, request)),
      mirrors,
    };
  }
  if (redirect !== undefined) {
    const status = redirectStatus(redirect);
    const location = redirectLocation(request, redirect, action);
    trace?.push({
      kind: TraceKind.DESTINATION,
      text:
        status === undefined
          ? `redirects with code ${redirect.code}, which Envoy does not know, so that it refuses the whole configuration`
          : `redirects to ${location}`,
      matched: status !== undefined,
    });
    return status === undefined ? UNDECIDED : { outcome: RouteOutcome.REDIRECT, status, location, fault };
  }
  if (directResponse !== undefined) {
    const { status, body } = directResponse;
    trace?.push({ kind: TraceKind.DESTINATION, text: `answers ${status} by itself`, matched: true });
    return { outcome: RouteOutcome.DIRECT_RESPONSE, status, body, fault };
  }
  traceTargets(action.targets, trace);
  return {
    ...fateOf(action.targets),
    destinations: action.targets.map((target) => new RouteDestination(target, request)),
    mirrors: action.mirrors,
    timeoutMillis: action.timeoutMillis,
    retries: action.retries,
    fault,
  };
}

export function traceTargets(targets: readonly Target[], trace: Trace): void {
  for (const { host, subset, port, weight, text, outcome, path } of targets) {
    const share = targets.length > 1 ? `${Math.round(weight * 100) / 100}%   ` : '';
    trace?.push({
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
  const text = shown.length === 0 ? 'every request' : shown.map((condition) => condition.text).join(' and ');
  return {
    kind: TraceKind.VIRTUAL_SERVICE,
    object: refOf(owner.object),
    path: match?.path ?? rule.path,
    text: `rule ${owner.http.indexOf(rule) + 1} of ${owner.http.length}   ${text}   ${matched ? 'matched' : 'not so'}`,
    matched,
  };
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
