/*
 * The matchers, for any test runner that has `expect.extend`: Jest, Vitest, Bun.
 */
import type { RouteOutcome } from '../envoy/outcome';
import { type FindingsOptions, toHaveNoMeshFindings } from './findings-matcher';
import type { DecisionOptions, MatcherContext, MatcherResult } from './matcher';
import { toHaveOutcome, toRedirectTo, toRespondWith } from './outcome-matchers';
import { toReachService, toReachSubset, toReachVersion, toReachWorkload, toSplitVersions } from './reach-matchers';

/**
 * What `expect(…)` learns. All but the last are for what `route(…)` and `Mesh.route(…)` return.
 *
 * The matchers of what is reached ask that _every_ destination is as expected, and under `.not` that _none_ is, so a split
 * between v1 and v2 satisfies neither `toReachVersion('v2')` nor `.not.toReachVersion('v2')`. A decision that rests on an object that the
 * API server or Istio refuses satisfies no matcher without `{ allowRefused: true }`, and one that is UNDECIDED only
 * `toHaveOutcome('UNDECIDED')`.
 */
export interface MeshMatchers<R> {
  /** Every request like this is answered by pods whose label `version` is this. */
  toReachVersion(version: string, options?: DecisionOptions): R;

  /** It goes to this subset of a service. */
  toReachSubset(subset: string, options?: DecisionOptions): R;

  /** It goes to this service: `apis`, `apis.shop` with the namespace, or the whole host name. */
  toReachService(host: string, options?: DecisionOptions): R;

  /** It is answered by the pods of this Deployment (or other workload): `apis-v2`, or `shop/apis-v2` with the namespace. */
  toReachWorkload(name: string, options?: DecisionOptions): R;

  /** It is split between versions (the pods' label `version`) by these shares, in percent: `{ v1: 90, v2: 10 }`. */
  toSplitVersions(shares: { readonly [version: string]: number }, options?: DecisionOptions): R;

  /** The client is redirected to this URL, and with this status if one is given. */
  toRedirectTo(location: string, status?: number, options?: DecisionOptions): R;

  /** The mesh itself answers with this status: 404 where no rule matches, 503 where the destination does not exist. */
  toRespondWith(status: number, options?: DecisionOptions): R;

  /** It ends in this way, as in `NO_LISTENER` where the connection is refused. */
  toHaveOutcome(outcome: `${RouteOutcome}`, options?: DecisionOptions): R;

  /** The checks find nothing in a chart, an app, a mesh, an array of manifests, or YAML text. */
  toHaveNoMeshFindings(options?: FindingsOptions): R;
}

/** For `expect.extend`. */
export const matchers: {
  readonly [Name in keyof MeshMatchers<void>]: (
    this: MatcherContext,
    received: unknown,
    ...expected: Parameters<MeshMatchers<void>[Name]>
  ) => MatcherResult;
} = {
  toReachVersion,
  toReachSubset,
  toReachService,
  toReachWorkload,
  toSplitVersions,
  toRedirectTo,
  toRespondWith,
  toHaveOutcome,
  toHaveNoMeshFindings,
};
