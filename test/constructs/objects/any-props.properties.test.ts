/*
 * Whatever goes in, either an Error with a clear sentence comes out, or manifests that a cluster would take.
 */
import fc from 'fast-check';
import { ANY_CHARTS, type AnyChart } from '../../support/any-charts';
import { refusalOf } from '../../support/refusal';
import { type Manifest, manifestsOf } from '../../support/synth';
import { complaintsAbout } from '../../support/valid';

const RUNS = { numRuns: 80 };

test.each(Object.entries(ANY_CHARTS))('%s', (_, chart) => {
  holdsFor(chart);
});

/** Holds the law for all inputs, and sees to it that not all of them were refused. */
function holdsFor({ inputs, build }: AnyChart): void {
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
