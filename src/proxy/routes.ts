/*
 * From the rules of a VirtualService to the routes of one listener (`BuildHTTPRoutesForVirtualService`): every match becomes
 * a route of its own, and what cannot apply to this proxy or port is left out.
 */

import type { ParsedRequest } from '../envoy/parsed-request';
import { redirectStatus } from '../envoy/redirect';
import type { HttpMatch, HttpRoute } from '../model/http-route';
import type { EffectiveVirtualService } from '../model/model';
import type { RegistryService } from '../model/registry';
import type { Condition } from '../predicate/match/condition';
import { conditionsOf, isCatchAll } from '../predicate/match/conditions';
import { type Origin, whyNotAt } from '../predicate/match/origin';
import { type Action, defaultAction, ruleAction } from './action';
import type { ClusterScope } from './target';

/** The proxy and listener for which routes are made. */
export interface ListenerScope extends ClusterScope, Origin {
  /** The port that `match.port` is compared with: the server's, or the service's. */
  readonly port: number;
  /** Whether the server has TLS settings; it decides the scheme that a redirect's port is meant for. */
  readonly isTls: boolean;
}

/** One route as Envoy has it. */
export class CompiledRoute {
  public readonly catchAll: boolean;
  public readonly conditions: readonly Condition[];
  private compiled: Action | undefined;

  /** The route of one match of a rule; of a rule without match, the one for all requests. */
  public static ofRule(
    owner: EffectiveVirtualService,
    rule: HttpRoute,
    match: HttpMatch | undefined,
    scope: ListenerScope,
  ): CompiledRoute {
    return new CompiledRoute(owner, rule, match, () => ruleAction(rule, match, scope));
  }

  /** The route that a service has inside the mesh when no VirtualService speaks for it. */
  public static ofService(service: RegistryService, scope: ListenerScope): CompiledRoute {
    return new CompiledRoute(undefined, undefined, undefined, () => defaultAction(service, scope));
  }

  private constructor(
    public readonly owner: EffectiveVirtualService | undefined,
    public readonly rule: HttpRoute | undefined,
    public readonly match: HttpMatch | undefined,
    private readonly compile: () => Action,
  ) {
    this.catchAll = isCatchAll(match);
    this.conditions = match === undefined ? [] : conditionsOf(match);
  }

  /** What happens to a request that takes the route; worked out when the first one does. */
  public get action(): Action {
    this.compiled ??= this.compile();
    return this.compiled;
  }

  public matches(request: ParsedRequest): boolean {
    for (const condition of this.conditions) {
      if (!condition.test(request)) {
        return false;
      }
    }
    return true;
  }
}

/** A match that was left out for this listener. */
export interface LeftOut {
  readonly owner: EffectiveVirtualService;
  readonly rule: HttpRoute;
  readonly match: HttpMatch | undefined;
  readonly reason: string;
}

export interface RoutesOfVirtualService {
  readonly routes: readonly CompiledRoute[];
  readonly leftOut: readonly LeftOut[];
}

export function compileRoutes(owner: EffectiveVirtualService, scope: ListenerScope): RoutesOfVirtualService {
  const routes: CompiledRoute[] = [];
  const leftOut: LeftOut[] = [];
  let caughtBy: string | undefined;
  for (const rule of owner.http) {
    const matches: readonly (HttpMatch | undefined)[] = rule.match.length === 0 ? [undefined] : rule.match;
    for (const match of matches) {
      const reason = caughtBy ?? (match && whyNotAt(match, scope));
      if (reason !== undefined) {
        leftOut.push({ owner, rule, match, reason });
        continue;
      }
      const route = CompiledRoute.ofRule(owner, rule, match, scope);
      routes.push(route);
      // Istio makes no routes behind one that takes everything.
      caughtBy = route.catchAll ? `is never reached: ${rule.path} above takes every request` : undefined;
    }
  }
  return { routes, leftOut };
}

/** Whether Envoy refuses every table with this route in it: Istio gives it no action for a code that Envoy does not know. */
export function isUnusable({ redirect }: Pick<HttpRoute, 'redirect'>): boolean {
  return redirect !== undefined && redirectStatus(redirect) === undefined;
}

/** The routes of a virtual host in the order in which they are tried: those for every request last (`SortVHostRoutes`). */
export function sortRoutes(routes: readonly CompiledRoute[]): readonly CompiledRoute[] {
  return [...routes.filter((route) => !route.catchAll), ...routes.filter((route) => route.catchAll)];
}
