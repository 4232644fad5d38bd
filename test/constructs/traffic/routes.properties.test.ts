/*
 * Routes of whatever options there are: each is refused by a sentence, or Istio takes what is written and no check finds an
 * error in it.
 */
import {
  HeaderMatch,
  type HeaderRoutedMesh,
  Mesh,
  MethodMatch,
  PathMatch,
  RequestMatch,
  Severity,
  TrafficSource,
} from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import { anyRoute } from '../../support/any-props';
import { refusalOf } from '../../support/refusal';
import { Routed } from '../../support/routed';
import { synth } from '../../support/synth';
import { expectValid } from '../../support/valid';

const matches = fc.constantFrom(
  HeaderMatch.present('x-beta'),
  HeaderMatch.cookie('group', 'beta'),
  PathMatch.under('/old'),
  RequestMatch.allOf(PathMatch.exact('/old'), MethodMatch.exact('GET')),
  RequestMatch.anyOf(HeaderMatch.present('x-beta'), HeaderMatch.baggage('lane', 'beta')),
);
const versions = fc.constantFrom('v1' as const, 'v2' as const, 'v3' as const);
const { v3 } = new Routed();

test.each([TrafficSource.GATEWAY, TrafficSource.MESH, TrafficSource.GATEWAY_AND_MESH])(
  'for requests from %s',
  (traffic) => {
    let made = 0;
    const rules = fc.array(fc.tuple(versions, matches, anyRoute(v3)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rules, fc.boolean(), (written, isBelow) => {
        const routed = new Routed(() => ({ traffic, checks: false }));
        const cart = routed.another('cart');
        const target = routed.v3;
        if (isBelow && traffic !== TrafficSource.MESH) {
          routed.mesh.addService(cart.service, { defaultVersion: cart.v1, paths: ['/old/cart'], rewritePath: '/' });
          routed.mesh.route(cart.v2, PathMatch.under('/new'));
        }
        for (const [version, match, { split, mirror, ...options }] of written) {
          const act = (mesh: HeaderRoutedMesh) =>
            mesh.route(routed[version], match, {
              ...options,
              split: split?.map(({ percent }) => ({ version: target, percent })),
              mirror: mirror && { version: target, percent: mirror.percent },
            });
          if (isTaken(() => act(routed.mesh))) {
            made += 1;
          }
        }
        if (written.every(([, , { corsPolicy }]) => corsPolicy === undefined)) {
          expectAccepted(routed);
        }
      }),
      { numRuns: 60 },
    );
    expect(made).toBeGreaterThan(0);
  },
);

function isTaken(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch {
    expect(refusalOf(act)).toMatch(/[.?]$/);
    return false;
  }
}

/** A rule whose requests another takes is a mistake of the rules together, not of one. */
function expectAccepted({ chart }: Routed): void {
  expectValid(synth(chart));
  const findings = Mesh.fromChart(chart).check({ disable: ['unreachable-rule'] });
  expect(findings.filter(({ severity }) => severity === Severity.ERROR)).toEqual([]);
}
