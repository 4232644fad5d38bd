/*
 * What is named comes before what names it, so that an apply from top to bottom never has a gap.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type App, Chart, Testing, Yaml, YamlOutputType } from 'cdk8s';
import { FlaskLikeApp, HeaderRoutedMesh, MeshNamespace } from 'cdk8s-versioned-mesh';
import { fullMesh, fullNamespace } from '../../support/full';
import { refusalOf } from '../../support/refusal';
import { type Manifest, manifestsOf, newChart, only, synth, titles } from '../../support/synth';
import { versioned } from '../../support/versioned';

const manifests = manifestsOf((chart) => {
  fullNamespace(chart);
  fullMesh(chart);
});

test('the namespace is first', () => {
  expect(manifests[0].kind).toBe('Namespace');
});

test.each(['routes', 'reviews-routes'])('the routes of %s come after all that they name', (name) => {
  const routes = only(manifests, 'VirtualService', name);
  const { http, gateways } = routes.spec as { http: Route[]; gateways: string[] };
  for (const { destination } of http.flatMap(({ route }) => route)) {
    const service = destination.host.split('.')[0];
    expect(positionOf(only(manifests, 'Service', service))).toBeLessThan(positionOf(routes));
    for (const rule of manifests.filter(({ kind, spec }) => kind === 'DestinationRule' && spec.host === service)) {
      expect(positionOf(rule)).toBeLessThan(positionOf(routes));
    }
  }
  for (const gateway of gateways.filter((gateway) => gateway !== 'mesh')) {
    expect(positionOf(only(manifests, 'Gateway', gateway.split('/').at(-1)))).toBeLessThan(positionOf(routes));
  }
});

test('the port opens after what is to answer behind it', () => {
  const gateway = positionOf(only(manifests, 'Gateway'));
  expect(positionOf(only(manifests, 'Deployment', 'directory-one'))).toBeLessThan(gateway);
  expect(positionOf(only(manifests, 'Service', 'directory'))).toBeLessThan(gateway);
});

test('what watches over pods comes after them', () => {
  for (const guard of manifests.filter(({ kind }) => /PodDisruptionBudget|Autoscaler/.test(kind))) {
    const { app, version } = guard.metadata.labels ?? {};
    const guarded = manifests.find(
      ({ kind, metadata: { labels } }) => kind === 'Deployment' && labels?.app === app && labels?.version === version,
    );
    expect(positionOf(guarded as Manifest)).toBeLessThan(positionOf(guard));
  }
});

describe('a namespace comes before all that lives in it', () => {
  const image = 'apis:1';

  test('made last in its chart, with another', () => {
    const chart = newChart();
    new FlaskLikeApp(chart, 'elsewhere', { image, namespace: 'other', replicas: 1 });
    new HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], ...versioned(chart) });
    new MeshNamespace(chart, 'shop');
    new MeshNamespace(chart, 'other');
    const order = titles(synth(chart));
    expect(order.indexOf('Namespace other')).toBeLessThan(order.indexOf('ServiceAccount elsewhere'));
    expect(order.indexOf('ServiceAccount elsewhere')).toBeLessThan(order.indexOf('Deployment elsewhere'));
    expect(order.indexOf('Namespace shop')).toBeLessThan(order.indexOf('ServiceAccount apis-v1'));
    expect(order).toHaveLength(new Set(order).size);
  });

  test('made in a later chart, in all ways in which an app is written', () => {
    const app = Testing.app({ yamlOutputType: YamlOutputType.FILE_PER_CHART });
    const apps = new Chart(app, 'apps', { namespace: 'shop' });
    new FlaskLikeApp(apps, 'apis', { image });
    new MeshNamespace(new Chart(app, 'namespaces'), 'shop');
    expect(app.synthYaml()).toMatch(/^apiVersion: v1\nkind: Namespace\n/);
    expect(kindsInFiles(app)).toEqual([['Namespace'], ['ServiceAccount', 'Deployment', 'PodDisruptionBudget']]);
  });

  test('made in a first chart whose file is the last by name, at the first synth already', () => {
    const app = Testing.app();
    new MeshNamespace(new Chart(app, 'zoo'), 'shop');
    new FlaskLikeApp(new Chart(app, 'apps', { namespace: 'shop' }), 'apis', { image, replicas: 1 });
    expect(kindsInFiles(app)).toEqual([['Namespace'], ['ServiceAccount', 'Deployment']]);
  });

  test('or it is said why not: its chart depends on theirs', () => {
    const app = Testing.app();
    const apps = new Chart(app, 'apps', { namespace: 'shop' });
    const routing = new Chart(app, 'routing', { namespace: 'shop' });
    new HeaderRoutedMesh(routing, 'ingress', { hosts: ['a.example.com'], ...versioned(apps) });
    new MeshNamespace(routing, 'shop');
    for (const act of [() => app.synth(), () => app.synthYaml(), () => Testing.synth(apps)]) {
      const message = refusalOf(act);
      expect(message).toContain("Namespace 'shop' is made in chart 'routing', which comes after chart 'apps'");
      expect(message).toContain('apps/apis/Service/Resource');
      expect(message).toContain("in a chart of its own, or in 'apps'.");
    }
  });

  test('or it is said why not: its chart holds theirs', () => {
    const outer = newChart();
    new MeshNamespace(outer, 'shop');
    new FlaskLikeApp(new Chart(outer, 'inner', { namespace: 'shop' }), 'apis', { image });
    expect(refusalOf(() => synth(outer))).toContain("made in chart 'chart', which comes after chart 'chart/inner'");
  });

  test('and not before what lives in a namespace of that name in another cluster', () => {
    const app = Testing.app();
    const [eu, us] = ['eu', 'us'].map((cluster) => {
      const chart = new Chart(app, cluster, { namespace: 'shop' });
      chart.node.setContext('cdk8s-versioned-mesh/cluster', cluster);
      return chart;
    });
    new FlaskLikeApp(eu, 'apis', { image, replicas: 1 });
    new MeshNamespace(us, 'shop');
    app.synth();
    expect(readdirSync(app.outdir)).toEqual(['eu.k8s.yaml', 'us.k8s.yaml']);
  });
});

test('the meshes of two charts that route to each other go into a third, which comes last', () => {
  const app = Testing.app();
  const [shop, reviews, routing] = ['shop', 'reviews', 'routing'].map(
    (id) => new Chart(app, id, { namespace: 'shop' }),
  );
  const storefront = versioned(shop, 'storefront');
  const ratings = versioned(reviews, 'ratings');
  const first = new HeaderRoutedMesh(routing, 'first', { hosts: ['shop.example.com'], ...storefront });
  first.addService(ratings.service, { defaultVersion: ratings.defaultVersion });
  const second = new HeaderRoutedMesh(routing, 'second', { hosts: ['reviews.example.com'], ...ratings });
  second.addService(storefront.service, { defaultVersion: storefront.defaultVersion });

  const files = kindsInFiles(app);
  expect(files.map((kinds) => kinds.includes('Deployment'))).toEqual([true, true, false]);
  expect(files[2].filter((kind) => kind === 'VirtualService')).toHaveLength(4);
});

/** The kinds of each file that the app writes, in the order in which `kubectl apply -f` takes them. */
function kindsInFiles(app: App): string[][] {
  app.synth();
  return readdirSync(app.outdir)
    .sort()
    .map((file) => Yaml.load(join(app.outdir, file)).map(({ kind }) => kind));
}

interface Route {
  readonly route: readonly { readonly destination: { readonly host: string } }[];
}

function positionOf(manifest: Manifest): number {
  return manifests.indexOf(manifest);
}
