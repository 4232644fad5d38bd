/*
 * Whatever goes in, either an Error with a clear sentence comes out, or manifests that a cluster would take.
 */
import fc from 'fast-check';
import {
  type AnyChart,
  chartOfApp,
  chartOfMesh,
  chartOfNamespace,
  chartOfRules,
  chartOfService,
} from '../support/any-charts';
import { refusalOf } from '../support/refusal';
import { type Manifest, manifestsOf } from '../support/synth';
import { complaintsAbout } from '../support/valid';

const RUNS = { numRuns: 80 };

test('a FlaskLikeApp, exposed or not', () => {
  holdsFor(chartOfApp);
});

test('a VersionedService of no version up to three', () => {
  holdsFor(chartOfService);
});

test('a HeaderRoutedMesh', () => {
  holdsFor(chartOfMesh);
});

test('rules', () => {
  holdsFor(chartOfRules);
});

test('a MeshNamespace', () => {
  holdsFor(chartOfNamespace);
});

/** Holds the law for all inputs, and sees to it that not all of them were refused. */
function holdsFor<T>({ inputs, build }: AnyChart<T>): void {
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
