/*
 * Rules for one http route of a VirtualService (`validateHTTPRoute`).
 */
import type { Node } from '../../manifests/node';
import { cors } from './cors-rules';
import { fault } from './fault-rules';
import { authorityTwice, headerOperations } from './header-operation-rules';
import { matches } from './match-rules';
import { apply, applyToEach, duration, has, NOTHING, type Refusal, type Rule, refuse, where } from './refusal';
import { directResponse, redirect, rewrite } from './response-rules';
import { retries } from './retry-rules';
import { destinations, mirrors } from './route-destination-rules';

/** Pairs that exclude each other. */
const CONFLICTS: readonly (readonly [string, string])[] = [
  ['route', 'redirect'],
  ['route', 'directResponse'],
  ['redirect', 'directResponse'],
  ['fault', 'redirect'],
  ['fault', 'directResponse'],
  ['rewrite', 'redirect'],
  ['rewrite', 'directResponse'],
  ['mirror', 'mirrors'],
];

/** Where a route delegates, Istio looks at no other pair. */
const CONFLICTS_OF_DELEGATION: readonly (readonly [string, string])[] = [
  ['delegate', 'route'],
  ['delegate', 'redirect'],
];

function conflicts(route: Node, pairs: readonly (readonly [string, string])[]): readonly Refusal[] {
  return pairs
    .filter(([a, b]) => hasAny(route, a) && hasAny(route, b))
    .flatMap(([a, b]) =>
      refuse(
        route,
        `An http route cannot have both ${a} and ${b}`,
        `Keep one of the two; for different requests, write two routes with matches.`,
      ),
    );
}

/** An empty list is as none. */
function hasAny(route: Node, field: string): boolean {
  return has(route, field) && !(Array.isArray(route.get(field).value) && route.get(field).items().length === 0);
}

function nothingToDo(route: Node): readonly Refusal[] {
  const actions = ['route', 'redirect', 'directResponse', 'delegate'];
  return actions.some((name) => hasAny(route, name))
    ? NOTHING
    : refuse(
        route,
        'An http route needs something to do',
        'Add a route with a destination, a redirect or a directResponse.',
      );
}

const COMMON_RULES: readonly Rule[] = [
  nothingToDo,
  where('match', matches),
  where('route', destinations),
  mirrors,
  where('redirect', redirect),
  where('directResponse', directResponse),
  where('rewrite', rewrite),
  where('retries', retries),
  where('fault', fault),
  where('corsPolicy', cors),
  where('timeout', (route) => duration(route.get('timeout'))),
  where('headers', headerOperations),
  where('route', (route) => applyToEach(route.get('route'), [where('headers', headerOperations)])),
  where('headers', authorityTwice),
];

/** A route of a VirtualService with hosts. */
export const HTTP_ROUTE_RULES: readonly Rule[] = [
  (route) => conflicts(route, has(route, 'delegate') ? CONFLICTS_OF_DELEGATION : CONFLICTS),
  ...COMMON_RULES,
];

/** A route of a delegate. That it cannot delegate again, delegate-dropped says. */
export const DELEGATE_ROUTE_RULES: readonly Rule[] = [(route) => conflicts(route, CONFLICTS), ...COMMON_RULES];

export function httpRoute(rules: readonly Rule[]): Rule {
  return (route) => apply(rules, route);
}
