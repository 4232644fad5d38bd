/*
 * From the rules of a VirtualService to the routes of one listener (`BuildHTTPRoutesForVirtualService`): every match becomes
 * a route of its own, and what cannot apply to this proxy or port is left out.
 */

import type { HttpMatch, HttpRoute } from '../model/http-route';
import type { EffectiveVirtualService, MeshModel } from '../model/model';
import { perMesh } from '../model/per-mesh';
import type { RegistryService } from '../model/registry';
import type { Condition } from '../predicate/match/condition';
import { conditionsOf, isCatchAll } from '../predicate/match/conditions';
import { type Origin, whyNotAt } from '../predicate/match/origin';
import { type Action, defaultAction, ruleAction } from './action';
import type { ClusterScope } from './cluster';
import { isUnusable } from './redirect';

/** The proxy and listener for which routes are made. */
export interface ListenerScope extends ClusterScope, Origin {
  /** The port that `match.port` is compared with: the server's, or the service's. */
  readonly port: number;
}

/** What a route comes from. */
export interface RouteOrigin {
  readonly owner: EffectiveVirtualService;
  /** The rule, in the owner or in a delegate. */
  readonly rule: HttpRoute;
  /** Absent for a rule without match. */
  readonly match?: HttpMatch;
}

/** One route as Envoy has it. */
export class Route {
  /** Whether it is for every request, in the eyes of Istio. */
  public readonly catchAll: boolean;
  /** What it asks of a request, all of which must hold. */
  public readonly conditions: readonly Condition[];
  /** Their tests. A decision asks many, and spends most of its time on fetching them, so routes that ask the same have them in common. */
  public readonly tests: Tests;
  private made: Action | undefined;

  /** The route of one match of a rule; of a rule without match, the one for all requests. */
  public static ofRule(origin: RouteOrigin, scope: ListenerScope): Route {
    return new Route(scope.model, origin, () => ruleAction(origin.rule, origin.match, scope));
  }

  /** The route that a service has inside the mesh when no VirtualService speaks for it. */
  public static ofService(service: RegistryService, scope: ListenerScope): Route {
    return new Route(scope.model, undefined, () => defaultAction(service, scope));
  }

  private constructor(
    model: MeshModel,
    /** Absent for a service for which no VirtualService speaks. */
    public readonly origin: RouteOrigin | undefined,
    private readonly make: () => Action,
  ) {
    const match = origin?.match;
    this.catchAll = isCatchAll(match);
    this.conditions = match === undefined ? [] : conditionsOf(match);
    this.tests = sharedTests(model, this.conditions);
  }

  /**
   * Envoy's name of it: the rule's name, behind a dot the match's, and in a delegate's rule before it the name of the rule that
   * delegates, with a hyphen (`TranslateRoute`, `mergeHTTPRoute`). Empty where nothing has a name.
   */
  public get name(): string {
    const { rule, match } = this.origin ?? {};
    return match?.name ? `${rule?.name}.${match.name}` : (rule?.name ?? 'default');
  }

  /** Whether Envoy refuses every table with it. */
  public get isUnusable(): boolean {
    return this.origin !== undefined && isUnusable(this.origin.rule);
  }

  /** What happens to them; worked out when somebody asks. */
  public get action(): Action {
    this.made ??= this.make();
    return this.made;
  }
}

type Tests = readonly Condition['test'][];

const testsByConditions = perMesh(() => new Map<string, Tests>());

/** The tests of these conditions, or those of others that ask the same. */
function sharedTests(model: MeshModel, conditions: readonly Condition[]): Tests {
  const known = testsByConditions(model);
  const key = JSON.stringify(
    conditions.map(({ field, words, value, ignoresCase }) => [field, words, value, ignoresCase]),
  );
  const tests = known.get(key) ?? conditions.map(({ test }) => test);
  known.set(key, tests);
  return tests;
}

/** A match that was left out for this listener. */
export interface LeftOut extends RouteOrigin {
  readonly reason: string;
  /** Whose routes the host has instead, where that is the reason: a host inside the mesh, and an earlier VirtualService. */
  readonly lostTo?: { readonly host: string; readonly winner: EffectiveVirtualService };
}

export interface RoutesOfVirtualService {
  readonly routes: readonly Route[];
  readonly leftOut: readonly LeftOut[];
}

export function routesOf(owner: EffectiveVirtualService, scope: ListenerScope): RoutesOfVirtualService {
  const routes: Route[] = [];
  const leftOut: LeftOut[] = [];
  let caughtBy: string | undefined;
  for (const rule of owner.http) {
    const matches: readonly (HttpMatch | undefined)[] = rule.match.length === 0 ? [undefined] : rule.match;
    for (const match of matches) {
      const origin = { owner, rule, match };
      const reason = caughtBy ?? (match && whyNotAt(match, scope));
      if (reason !== undefined) {
        leftOut.push({ ...origin, reason });
        continue;
      }
      const route = Route.ofRule(origin, scope);
      routes.push(route);
      // Istio makes no routes behind one that takes everything.
      caughtBy = route.catchAll ? `is never reached: ${rule.path} above takes every request` : undefined;
    }
  }
  return { routes, leftOut };
}

/** The routes of a virtual host in the order in which they are tried: those for every request last (`SortVHostRoutes`). */
export function sortRoutes(routes: readonly Route[]): readonly Route[] {
  return [...routes.filter(({ catchAll }) => !catchAll), ...routes.filter(({ catchAll }) => catchAll)];
}
