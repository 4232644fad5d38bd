/*
 * The same input gives the same bytes, and nothing in them depends on where a construct stands in the tree.
 */
import { App, Chart } from 'cdk8s';
import { VersionedBy } from 'cdk8s-versioned-mesh';
import { fullApp, fullKiali, fullMesh, fullNamespace, fullPrometheus, fullService } from '../../support/full';

const BUILDS: { readonly [what: string]: (chart: Chart) => unknown } = {
  app: (chart) => fullApp(chart, 'replicas'),
  'scaled app': (chart) => fullApp(chart, 'autoscaling'),
  'service by subsets': (chart) => fullService(chart, VersionedBy.SUBSETS),
  'service by Services': (chart) => fullService(chart, VersionedBy.SERVICES),
  mesh: fullMesh,
  namespace: fullNamespace,
  Prometheus: fullPrometheus,
  Kiali: fullKiali,
};

describe.each(Object.entries(BUILDS))('%s', (_what, build) => {
  test('two syntheses, each of an app of its own, are equal byte by byte', () => {
    expect(yamlOf(build)).toBe(yamlOf(build));
  });

  test('two syntheses of one app are equal byte by byte', () => {
    const app = appOf(build);
    expect(app.synthYaml()).toBe(app.synthYaml());
  });

  test('nothing is hashed', () => {
    // But what a pod is configured with, so that another configuration is another pod.
    expect(yamlOf(build).replace(/checksum\/config: \w+/, '')).not.toMatch(/-c[0-9a-f]{7}\b|\b[0-9a-f]{8,}\b/);
  });

  test('nothing changes with the name of the chart', () => {
    expect(yamlOf(build, 'renamed')).toBe(yamlOf(build));
  });
});

function appOf(build: (chart: Chart) => unknown, id = 'chart'): App {
  const app = new App();
  build(new Chart(app, id, { namespace: 'shop' }));
  return app;
}

function yamlOf(build: (chart: Chart) => unknown, id?: string): string {
  return String(appOf(build, id).synthYaml());
}
