/*
 * What is applied to the API server: the examples, every construct with all of its props, and charts of whatever props the
 * property tests make.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, Testing, Yaml } from 'cdk8s';
import { VersionedBy } from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import {
  type AnyChart,
  chartOfApp,
  chartOfMesh,
  chartOfNamespace,
  chartOfRules,
  chartOfService,
} from '../../test/support/any-charts';
import { fullApp, fullMesh, fullNamespace, fullService } from '../../test/support/full';
import type { Manifest } from '../manifest';

/** What belongs together, as a user would apply it. */
export interface Sample {
  readonly title: string;
  /** As cdk8s writes it. */
  readonly yaml: string;
  readonly manifests: readonly Manifest[];
}

/** The files that `cdk8s synth` writes of the examples. */
export function examples(): readonly Sample[] {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-examples-'));
  try {
    execFileSync('npx', ['cdk8s', 'synth', '--check-upgrade=false', '--output', folder], { stdio: 'pipe' });
    return readdirSync(folder).map((file) => {
      const yaml = readFileSync(join(folder, file), 'utf8');
      return { title: `example ${file}`, yaml, manifests: parseAllDocuments(yaml).map((each) => each.toJS()) };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Each construct with all of its props. */
export function fullCharts(): readonly Sample[] {
  const builds: { [title: string]: (chart: Chart) => void } = {
    'FlaskLikeApp with replicas': (chart) => fullApp(chart, 'replicas'),
    'FlaskLikeApp with autoscaling': (chart) => fullApp(chart, 'autoscaling'),
    'VersionedService by subsets': (chart) => fullService(chart, VersionedBy.SUBSETS),
    'VersionedService by Services': (chart) => fullService(chart, VersionedBy.SERVICES),
    HeaderRoutedMesh: fullMesh,
    MeshNamespace: fullNamespace,
  };
  return Object.entries(builds).map(([title, build], index) => sampleOf(`${title}, all props`, `full-${index}`, build));
}

/** Charts of the property tests, `count` of each; those that the library refuses are left out. */
export function anyCharts(seed: number, count: number): readonly Sample[] {
  return [
    ...chartsOf('FlaskLikeApp', chartOfApp, seed, count),
    ...chartsOf('VersionedService', chartOfService, seed, count),
    ...chartsOf('HeaderRoutedMesh', chartOfMesh, seed, count),
    ...chartsOf('rules', chartOfRules, seed, count),
    ...chartsOf('MeshNamespace', chartOfNamespace, seed, count),
  ];
}

function chartsOf<T>(title: string, { inputs, build }: AnyChart<T>, seed: number, count: number): readonly Sample[] {
  return fc.sample(inputs, { seed, numRuns: count }).flatMap((input, index) => {
    // Of its own, because many charts have objects of the same names.
    const namespace = `${title.toLowerCase()}-${index}`;
    try {
      return [sampleOf(`${title} ${index} of seed ${seed}`, namespace, (chart) => build(chart, input))];
    } catch {
      // That it is refused with a sentence is what the property tests are about.
      return [];
    }
  });
}

function sampleOf(title: string, namespace: string, build: (chart: Chart) => void): Sample {
  const chart = new Chart(new App(), 'chart', { namespace });
  build(chart);
  const manifests: Manifest[] = Testing.synth(chart);
  return { title, yaml: Yaml.stringify(...manifests), manifests };
}
