/*
 * What is told of the routes of a virtual host, and of the clusters to which one leads.
 */

import { refOf } from '../manifests/object';
import type { HttpRoute } from '../model/http-route';
import type { EffectiveVirtualService } from '../model/model';
import { isPresence } from '../model/string-match';
import type { Condition } from '../predicate/match/condition';
import { conditionInWords } from '../predicate/match/conditions';
import type { WeightedCluster } from '../proxy/cluster';
import { whyUnusable } from '../proxy/gateway-refusal';
import type { LeftOut, Route, RouteOrigin } from '../proxy/routes';
import type { VirtualHost } from '../proxy/virtual-host';
import { cut } from '../syntax/wording';
import { effectsOf } from './effects';
import type { ParsedRequest } from './parsed-request';
import { type TraceCondition, TraceKind, type TraceRule, TraceState } from './trace';
import type { Step } from './trail';

/** Every rule of a virtual host, and what the one does that takes the request. @param taken its place; -1 where none does */
export function stepsOfRoutes(request: ParsedRequest, host: VirtualHost, taken: number): readonly Step[] {
  const steps = host.routes.flatMap((route, index) => {
    if (taken >= 0 && index > taken) {
      return unreachedStep(route);
    }
    const asked = askedStep(route, request, index === taken);
    return index === taken ? [asked, ...stepsOfEffects(request, route)] : [asked];
  });
  return [...steps, ...stepsOfLeftOut(host.leftOut), ...stepsOfDropped(host)];
}

function askedStep({ conditions, origin }: Route, request: ParsedRequest, matched: boolean): Step {
  if (origin === undefined) {
    const text = 'no VirtualService applies, so the request goes to the service as it is';
    return { kind: TraceKind.VIRTUAL_SERVICE, text, matched };
  }
  const answers = conditions.map((condition) => answerTo(condition, request));
  const told = conditions.flatMap((condition, index) => {
    const { actual } = answers[index];
    const words = conditionInWords(condition);
    return matched
      ? [words]
      : answers[index].matched
        ? []
        : [`${words} (${actual === undefined ? 'there is none' : `is ${cut(actual)}`})`];
  });
  const what = told.length === 0 ? 'every request' : told.join(' and ');
  return {
    ...stepOf(origin, matched ? TraceState.MATCHED : TraceState.NOT_MATCHED, answers),
    text: `${placeOf(origin)}   ${what}   ${matched ? 'matched' : 'no match'}`,
  };
}

function unreachedStep({ origin }: Route): readonly Step[] {
  return origin === undefined
    ? []
    : [{ ...stepOf(origin, TraceState.NOT_REACHED), text: `${placeOf(origin)}   not reached` }];
}

/** Matches that are written and cannot apply, so that the trace says where they are. */
export function stepsOfLeftOut(leftOut: readonly LeftOut[]): readonly Step[] {
  return leftOut.map((origin) => ({
    ...stepOf(origin, TraceState.SKIPPED),
    text: `${(origin.match ?? origin.rule).path} ${origin.reason}`,
  }));
}

/** Rules that Istio drops when it merges a delegate. */
function stepsOfDropped({ routes }: VirtualHost): readonly Step[] {
  const owners = new Set(routes.flatMap(({ origin }) => (origin === undefined ? [] : [origin.owner])));
  return [...owners].flatMap((owner) =>
    owner.dropped.map(({ via, reason }) => ({
      ...stepOf({ owner, rule: via }, TraceState.SKIPPED),
      text: `${via.path} is dropped: ${reason}`,
    })),
  );
}

function stepsOfEffects(request: ParsedRequest, { action, origin }: Route): readonly Step[] {
  if (origin === undefined) {
    return [];
  }
  const { owner, rule } = origin;
  const base = { kind: TraceKind.VIRTUAL_SERVICE, object: owner.object, home: rule.object, path: rule.path };
  return effectsOf(request, rule, action).map((text) => ({ ...base, text, matched: true }));
}

/** Of a route for which Envoy refuses the table that it is in. */
export function unusableStep(route: Route): Step {
  const { match, owner, rule } = route.origin ?? {};
  return {
    kind: TraceKind.VIRTUAL_SERVICE,
    object: owner?.object,
    home: (match ?? rule)?.object,
    path: (match ?? rule)?.path,
    text: whyUnusable(route),
    matched: false,
  };
}

export function stepsOfTargets(clusters: readonly WeightedCluster[]): readonly Step[] {
  if (clusters.length === 0) {
    return [{ kind: TraceKind.DESTINATION, text: 'the rule names no destination', matched: false }];
  }
  return clusters.map(({ cluster: { host, port, state, subset, text }, path, weight }) => ({
    kind: TraceKind.DESTINATION,
    name: `${host}:${port}${subset === undefined ? '' : `, subset ${subset}`}`,
    path: path || undefined,
    text: `${clusters.length > 1 ? `${Math.round(weight * 100) / 100}%   ` : ''}${text}`,
    matched: state === 'usable',
  }));
}

function stepOf(
  { owner, rule, match }: RouteOrigin,
  state: TraceState,
  conditions: TraceCondition[] = [],
): Omit<Step, 'text'> & { readonly rule: TraceRule } {
  const matchIndex = match === undefined ? undefined : rule.match.indexOf(match);
  const { object, path } = match ?? rule;
  return {
    kind: TraceKind.VIRTUAL_SERVICE,
    object: owner.object,
    home: object,
    path,
    matched: state === TraceState.MATCHED,
    rule: { state, index: rule.index, name: rule.name || undefined, matchIndex, conditions },
  };
}

function answerTo(condition: Condition, request: ParsedRequest): TraceCondition {
  const { field, name, value } = condition;
  const asksPresence = isPresence(value);
  return {
    field,
    name: name === field ? undefined : name,
    operator: asksPresence ? 'present' : value.kind,
    wanted: asksPresence ? undefined : value.value,
    actual: condition.actual(request),
    matched: condition.test(request),
  };
}

/** `rule 2 of 5`, with its name, and for a rule of a delegate its place there. */
function placeOf({ owner, rule }: RouteOrigin): string {
  const place = `rule ${rankOf(owner, rule)} of ${owner.http.length}`;
  const details = [
    ...(rule.name === '' ? [] : [rule.name]),
    ...(rule.object === owner.object ? [] : [`rule ${rule.index + 1} of delegate ${refOf(rule.object)}`]),
  ];
  return details.length === 0 ? place : `${place} (${details.join(', ')})`;
}

function rankOf({ http }: EffectiveVirtualService, rule: HttpRoute): number {
  return http.indexOf(rule) + 1;
}
