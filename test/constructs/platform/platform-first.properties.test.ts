/*
 * The file of the platform is the first, whatever its app is like: charts within charts, of several clusters, and with
 * dependencies of charts and of what is in them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, type App, Chart, Testing } from 'cdk8s';
import type { IConstruct } from 'constructs';
import fc from 'fast-check';
import { FakeIstioBase } from '../../support/fake-istio';

const MOST = 7;

const anyShape = fc.record({
  /** Each within one before it, or the app. Numbers for ids come first in the order of cdk8s. */
  charts: fc.array(
    fc.record({ within: fc.nat(MOST), isNumber: fc.boolean(), cluster: fc.constantFrom(undefined, undefined, 'eu') }),
    { minLength: 2, maxLength: MOST },
  ),
  platform: fc.array(fc.nat(MOST), { minLength: 1, maxLength: 2 }),
  /** From which chart to which; whether it is the chart itself, or an object of it. */
  dependencies: fc.array(fc.tuple(fc.nat(MOST), fc.nat(MOST), fc.boolean(), fc.boolean()), { maxLength: 9 }),
});

type Shape = typeof anyShape extends fc.Arbitrary<infer T> ? T : never;

test.each<[string, (app: App) => string]>([
  ['in files', inFiles],
  ['in one text', (app) => app.synthYaml()],
])('%s, the platform comes before all of its cluster that it does not come after', (_where, write) => {
  fc.assert(
    fc.property(anyShape, (shape) => {
      const { app, charts, platform, after } = build(shape);
      const written = write(app);
      const placeOf = (chart: Chart) => written.indexOf(`name: object-${charts.indexOf(chart)}\n`);
      // Where one part comes after a chart, another cannot always come before it.
      const earlier = new Set(platform.flatMap((first) => [...after(first)]));
      for (const first of platform) {
        const rest = charts.filter((chart) => !earlier.has(chart) && clusterOf(chart) === clusterOf(first));
        for (const chart of rest) {
          expect(placeOf(first)).toBeLessThan(placeOf(chart));
        }
      }
    }),
  );
});

function build({ charts: shapes, platform, dependencies }: Shape) {
  const app = Testing.app();
  const charts: Chart[] = [];
  const before = new Map<Chart, Chart[]>();
  const after = (chart: Chart): Set<Chart> => {
    const reached = new Set([chart]);
    for (const next of reached) {
      before.get(next)?.forEach((each) => {
        reached.add(each);
      });
    }
    return reached;
  };
  for (const [index, { within, isNumber, cluster }] of shapes.entries()) {
    const scope = charts[within % (index + 1)];
    const chart = new Chart(scope ?? app, isNumber ? `${MOST - index}` : `c${index}`);
    if (cluster !== undefined) {
      chart.node.setContext('cdk8s-versioned-mesh/cluster', cluster);
    }
    charts.push(chart);
    before.set(chart, []);
    before.get(scope)?.push(chart);
    new ApiObject(chart, 'object', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `object-${index}` } });
  }
  for (const [from, to, ofChart, onChart] of dependencies) {
    const [chart, first] = [charts[from % charts.length], charts[to % charts.length]];
    if (!after(first).has(chart)) {
      before.get(chart)?.push(first);
      thatOf(chart, ofChart).node.addDependency(thatOf(first, onChart));
    }
  }
  const parts = [...new Set(platform.map((index) => charts[index % charts.length]))];
  for (const chart of parts) {
    new FakeIstioBase(chart, 'base');
  }
  return { app, charts, platform: parts, after };
}

function thatOf(chart: Chart, isChart: boolean): IConstruct {
  return isChart ? chart : chart.node.findChild('object');
}

function clusterOf({ node }: Chart): unknown {
  return node.tryGetContext('cdk8s-versioned-mesh/cluster');
}

function inFiles(app: App): string {
  app.synth();
  const files = readdirSync(app.outdir).sort();
  return files.map((file) => readFileSync(join(app.outdir, file), 'utf8')).join('');
}
