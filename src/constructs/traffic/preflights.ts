/*
 * Preflights: what a browser asks before it sends a script's request to another site (CORS). They go to the same URL by OPTIONS,
 * without the request's own headers and cookies, and a proxy answers them by the policy of whichever route takes them.
 */
import { type Alternative, type Condition, takesPath } from './condition';
import { toCorsPolicy } from './cors';
import { isWithin } from './path-within';
import type { Route } from './route';
import type { CorsPolicy } from './route-options';
import type { RouteTable } from './route-table';

/** What is wrong with the policies of a service's routes: the first whose preflights do not get to a route of that policy. */
export function complaintsAboutPreflights({ rules, defaultRoute }: RouteTable): string[] {
  const routes = [...rules, defaultRoute];
  return rules
    .filter((rule) => corsPolicyOf(rule) !== undefined && !isAsked(rule, routes))
    .slice(0, 1)
    .map(
      (rule) =>
        `${rule._title()} has a corsPolicy, and its preflights do not get there: they come by OPTIONS, and without the headers and cookies of the request. They take the default route, whose policy is ${corsPolicyOf(defaultRoute) === undefined ? 'missing' : 'another'}, so browsers would not get this permission: give that the same corsPolicy.`,
    );
}

/** Whether preflights for all that the rule takes get to a route of the same policy. */
function isAsked(rule: Route, routes: readonly Route[]): boolean {
  const alike = routes.filter((route) => textOf(corsPolicyOf(route)) === textOf(corsPolicyOf(rule)));
  return alternativesOf(rule).every((asking) =>
    alike.some((route) => alternativesOf(route).some((answering) => takesPreflightsOf(asking, answering))),
  );
}

function alternativesOf(route: Route): readonly Alternative[] {
  return route._rule().match?._alternatives() ?? [[]];
}

function takesPreflightsOf(asking: Alternative, answering: Alternative): boolean {
  return answering.every(
    (condition) => isOfPreflights(condition) ?? asking.some((other) => isWithinOther(other, condition)),
  );
}

/** Whether a condition holds for every preflight, or for none; undefined where that depends on the request. */
function isOfPreflights(condition: Condition): boolean | undefined {
  if (condition.on === 'method') {
    return condition.methods.includes('OPTIONS');
  }
  if (condition.on === 'sourceLabels' || condition.on === 'sourceNamespace') {
    return false;
  }
  // The host, the browser and the asking site are the same for both.
  if (condition.on !== 'header' || /^(:authority|:scheme|user-agent|origin|referer)$/i.test(condition.name)) {
    return undefined;
  }
  return condition.negated;
}

/** Whether what fulfils one condition fulfils the other, as far as can be seen. */
function isWithinOther(one: Condition, other: Condition): boolean {
  if (one.on === 'path' && other.on === 'path') {
    const [inner, outer] = [one.match, other.match];
    const isInFolder = 'under' in inner && 'under' in outer && isWithin(inner.under, outer.under);
    return isInFolder || ('exact' in inner && takesPath(outer, inner.exact)) || isSame(one, other);
  }
  return isSame(one, other);
}

function isSame(one: Condition, other: Condition): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function textOf(policy: CorsPolicy | undefined): string {
  return JSON.stringify(toCorsPolicy(policy) ?? {});
}

function corsPolicyOf(route: Route): CorsPolicy | undefined {
  const { action } = route._rule();
  return action.kind === 'forward' ? action.options.corsPolicy : undefined;
}
