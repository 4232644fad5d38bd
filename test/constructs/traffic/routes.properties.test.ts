/*
 * Routes of whatever options there are: each is refused by a sentence about one of them, or Istio takes what is written, no check
 * finds anything in it, and its requests get there.
 */
import {
  HeaderMatch,
  MethodMatch,
  PathMatch,
  RequestMatch,
  type RouteOptions,
  type RouteRequest,
  TrafficSource,
} from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import { anyRoute } from '../../support/any-props';
import { refusalOf } from '../../support/refusal';
import { Routed } from '../../support/routed';

/** Matches of which none takes a request of another, each with such a request. */
const MATCHES: readonly (readonly [RequestMatch, string, Partial<RouteRequest>])[] = [
  [HeaderMatch.present('x-beta'), '/', { headers: { 'x-beta': '' } }],
  [HeaderMatch.prefix('x-group', 'b'), '/', { headers: { 'x-group': 'beta' } }],
  [PathMatch.under('/old'), '/old/a', {}],
  [RequestMatch.allOf(PathMatch.exact('/new'), MethodMatch.exact('GET')), '/new', {}],
  [
    RequestMatch.anyOf(HeaderMatch.present('x-a'), HeaderMatch.baggage('lane', 'beta')),
    '/',
    { headers: { 'x-a': '' } },
  ],
];
const versions = fc.constantFrom('v1' as const, 'v2' as const);
const { v3 } = new Routed();
/** A few options at a time: with more, one of them is wrong nearly always. */
const some = fc.tuple(anyRoute(v3), fc.array(fc.nat(), { minLength: 1, maxLength: 3 })).map(([options, picks]) => {
  const entries = Object.entries(options);
  return Object.fromEntries(picks.flatMap((pick) => (entries.length === 0 ? [] : [entries[pick % entries.length]])));
});

test.each([TrafficSource.GATEWAY, TrafficSource.MESH, TrafficSource.GATEWAY_AND_MESH])(
  'for requests from %s',
  (traffic) => {
    const accepted = new Set<string>();
    const rules = fc.uniqueArray(fc.tuple(versions, fc.nat(MATCHES.length - 1), some), {
      minLength: 1,
      maxLength: 4,
      selector: ([, match]) => match,
    });
    fc.assert(
      fc.property(rules, fc.boolean(), (written, isBelow) => {
        const routed = new Routed(() => ({ traffic }));
        if (isBelow && traffic !== TrafficSource.MESH) {
          const cart = routed.another('cart');
          routed.mesh.addService(cart.service, { defaultVersion: cart.v1, paths: ['/old/cart'], rewritePath: '/' });
          routed.mesh.route(cart.v2, PathMatch.under('/new'));
        }
        const taken = written.filter(([version, match, options]) => {
          const own = forService(options, routed);
          return isTaken(() => routed.mesh.route(routed[version], MATCHES[match][0], own), own);
        });
        if (expectAccepted(routed)) {
          for (const [version, match, options] of taken) {
            expectReached(routed, traffic, version, match);
            for (const option of Object.keys(options)) {
              accepted.add(option);
            }
          }
        }
      }),
      { numRuns: 40 },
    );
    // Which ones is up to chance.
    expect(accepted.size).toBeGreaterThan(2);
  },
);

/** The options with versions of this service. */
function forService({ split, mirror, ...options }: RouteOptions, { v3: target }: Routed): RouteOptions {
  return {
    ...options,
    ...(split && { split: split.map(({ percent }) => ({ version: target, percent })) }),
    ...(mirror && { mirror: { version: target, percent: mirror.percent } }),
  };
}

function isTaken(act: () => unknown, options: RouteOptions): boolean {
  try {
    act();
    return true;
  } catch {
    const message = refusalOf(act);
    expect(message).toMatch(/^chart\/ingress: .*[.?]$/);
    expect(Object.keys(options).filter((option) => message.includes(option))).not.toEqual([]);
    return false;
  }
}

/** Whether all can be written together: by preflights, one rule can be wrong because of another. */
function expectAccepted(routed: Routed): boolean {
  try {
    routed.manifests;
    return true;
  } catch (error) {
    if ((error as Error).message.includes('its preflights do not get there')) {
      return false;
    }
    throw error;
  }
}

function expectReached(routed: Routed, traffic: TrafficSource, version: string, match: number): void {
  const [, path, request] = MATCHES[match];
  const decision =
    traffic === TrafficSource.MESH ? routed.askInside(`http://apis${path}`, request) : routed.ask(path, request);
  const reached = decision.destinations.map(({ subset }) => subset);
  expect(reached).not.toEqual([]);
  expect([version, 'v3']).toEqual(expect.arrayContaining(reached));
}
