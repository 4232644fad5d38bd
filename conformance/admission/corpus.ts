/*
 * What is applied to the API server: the examples, every construct with all of its props, and charts of whatever props the
 * property tests make.
 */
import { App, Chart, Duration, Testing, Yaml } from 'cdk8s';
import { Drain, FlaskLikeApp, VersionedBy } from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { ANY_CHARTS, type AnyChart } from '../../test/support/any-charts';
import {
  fullApp,
  fullExisting,
  fullGateway,
  fullKiali,
  fullMesh,
  fullNamespace,
  fullPrometheus,
  fullRoutes,
  fullService,
} from '../../test/support/full';
import { modelOf } from '../differences';
import { NAMESPACE } from '../generate/chart-services';
import { ChartMaker, type Entrance } from '../generate/charts';
import { CLIENT } from '../generate/sidecars';
import type { Manifest } from '../manifest';
import { synthesizedExamples } from '../synth';

/** What belongs together, as a user would apply it. */
export interface Sample {
  readonly title: string;
  /** As cdk8s writes it. */
  readonly yaml: string;
  readonly manifests: readonly Manifest[];
}

export function examples(): readonly Sample[] {
  return synthesizedExamples().map(({ file, yaml }) => ({
    title: `example ${file}`,
    yaml,
    manifests: parseAllDocuments(yaml).map((each) => each.toJS()),
  }));
}

/** Each construct with all of its props. */
export function fullCharts(): readonly Sample[] {
  const builds: { [title: string]: (chart: Chart) => void } = {
    'FlaskLikeApp with replicas': (chart) => fullApp(chart, 'replicas'),
    'FlaskLikeApp with autoscaling': (chart) => fullApp(chart, 'autoscaling'),
    // Not of the Kubernetes to whose schema the property tests hold charts.
    'FlaskLikeApp with a sleep action': (chart) => {
      new FlaskLikeApp(chart, 'sleeps', { image: 'apis:1', drain: Drain.sleep(Duration.seconds(5)) });
    },
    'VersionedService by subsets': (chart) => fullService(chart, VersionedBy.SUBSETS),
    'VersionedService by Services': (chart) => fullService(chart, VersionedBy.SERVICES),
    'VersionedService of somebody else': fullExisting,
    HeaderRoutedMesh: fullMesh,
    'HeaderRoutedMesh with all routes': fullRoutes,
    IngressGateway: fullGateway,
    MeshNamespace: fullNamespace,
    Prometheus: fullPrometheus,
    Kiali: fullKiali,
  };
  return Object.entries(builds).map(([title, build], index) => sampleOf(`${title}, all props`, `full-${index}`, build));
}

/** Charts of the property tests, `count` of each; those that the library refuses are left out. */
export function anyCharts(seed: number, count: number): readonly Sample[] {
  return Object.entries(ANY_CHARTS).flatMap(([title, chart]) => chartsOf(title, chart, seed, count));
}

/**
 * Charts that the comparison of routes makes, up to `count` from each entrance. Those with a rule that another takes all from
 * are left out: the checks, which are off there, refuse them, and Istio warns.
 */
export function comparedCharts(seed: number, count: number): readonly Sample[] {
  return (['gateway', 'mesh'] as const).flatMap((entrance: Entrance) => {
    const maker = new ChartMaker(entrance);
    return Array.from({ length: count }).flatMap((_, index) => {
      const { mesh } = maker.make(seed + index, 0);
      const isShadowed = modelOf(mesh)
        .check()
        .some(({ check }) => check === 'unreachable-rule');
      return isShadowed
        ? []
        : inNamespace(
            `for requests from the ${entrance}, ${index} of seed ${seed}`,
            `${entrance}-${index}`,
            mesh.manifests,
          );
    });
  });
}

/** The pod of the client is no chart's. */
function inNamespace(title: string, namespace: string, made: readonly Manifest[]): Sample {
  const manifests = made
    .filter(({ metadata }) => metadata.name !== CLIENT)
    .map(
      (manifest) =>
        JSON.parse(JSON.stringify(manifest), (key, value) =>
          key === 'namespace' && value === NAMESPACE ? namespace : value,
        ) as Manifest,
    );
  return { title, yaml: Yaml.stringify(...manifests), manifests };
}

function chartsOf(title: string, { inputs, build }: AnyChart, seed: number, count: number): readonly Sample[] {
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
