/*
 * Whatever goes in, either an Error with a clear sentence comes out, or manifests that a cluster would take.
 */
import type { Chart } from 'cdk8s';
import {
  FlaskLikeApp,
  HeaderMatch,
  HeaderRoutedMesh,
  type HeaderRoutedMeshProps,
  MeshNamespace,
  PathMatch,
  RequestMatch,
  VersionedService,
} from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import { anyApp, anyExposure, anyMesh, anyNamespace, anyService, anyVersion } from '../support/any-props';
import { names } from '../support/arbitraries';
import { refusalOf } from '../support/refusal';
import { type Manifest, manifestsOf } from '../support/synth';
import { complaintsAbout } from '../support/valid';
import { versioned } from '../support/versioned';

const RUNS = { numRuns: 80 };

test('a FlaskLikeApp, exposed or not', () => {
  holdsFor(fc.tuple(names, anyApp, fc.option(anyExposure)), (chart, [id, props, exposure]) => {
    const app = new FlaskLikeApp(chart, id, props);
    if (exposure !== null) {
      app.expose(exposure);
    }
  });
});

test('a VersionedService of no version up to three', () => {
  const versions = fc.array(fc.tuple(names, anyVersion), { maxLength: 3 });
  holdsFor(fc.tuple(names, anyService, versions), (chart, [id, props, versions]) => {
    const service = new VersionedService(chart, id, props);
    for (const [version, options] of versions) {
      service.addVersion(version, options);
    }
  });
});

test('a HeaderRoutedMesh', () => {
  holdsFor(fc.tuple(names, anyMesh, fc.boolean()), (chart, [id, props, isLong]) => {
    const mesh = new HeaderRoutedMesh(chart, id, { ...versioned(chart), ...props } as HeaderRoutedMeshProps);
    if (isLong) {
      const another = versioned(chart, 'another', { namespace: 'elsewhere' });
      mesh.addService(another.service, another);
    }
  });
});

test('rules', () => {
  const rules = fc.array(fc.tuple(names, names, fc.option(names)), { maxLength: 3 });
  holdsFor(rules, (chart, rules) => {
    const apis = versioned(chart);
    const mesh = new HeaderRoutedMesh(chart, 'mesh', { hosts: ['*'], ...apis });
    for (const [header, value, path] of rules) {
      const match = HeaderMatch.contains(header, value);
      const both = path === null ? match : RequestMatch.allOf(match, PathMatch.under(`/${path}`));
      mesh.route(apis.service.version('v2'), both, { name: value });
    }
  });
});

test('a MeshNamespace', () => {
  holdsFor(fc.tuple(names, anyNamespace), (chart, [id, props]) => {
    new MeshNamespace(chart, id, props);
  });
});

/** Holds the law for all `inputs`, and sees to it that not all of them were refused. */
function holdsFor<T>(inputs: fc.Arbitrary<T>, build: (chart: Chart, input: T) => void): void {
  let made = 0;
  fc.assert(
    fc.property(inputs, (input) => {
      const act = () => manifestsOf((chart) => build(chart, input));
      const manifests = madeBy(act);
      if (manifests === undefined) {
        expect(refusalOf(act)).toMatch(/[.]$/);
      } else {
        made += 1;
        expect(manifests.flatMap(complaintsAbout)).toEqual([]);
      }
    }),
    RUNS,
  );
  expect(made).toBeGreaterThan(0);
}

function madeBy(act: () => Manifest[]): Manifest[] | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
