/*
 * What needs Istio comes after it, wherever in the app both are made.
 */
import { readdirSync } from 'node:fs';
import { type ApiObject, App, Chart, Testing } from 'cdk8s';
import { FlaskLikeApp, HeaderRoutedMesh, IngressGateway, MeshNamespace } from 'cdk8s-versioned-mesh';
import { FakeIstioBase, FakeIstiod } from '../../support/fake-istio';
import { GatewayPods } from '../../support/gateway-pods';
import { refusalOf } from '../../support/refusal';
import { newChart, synth, titles } from '../../support/synth';
import { versioned } from '../../support/versioned';

const image = 'apis:1';

test('in one chart, made last', () => {
  const chart = newChart();
  new HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], ...versioned(chart) });
  new MeshNamespace(chart, 'batch');
  new FlaskLikeApp(chart, 'jobs', { image, namespace: 'batch' });
  new FakeIstioBase(chart, 'base');
  new FakeIstiod(chart, 'istiod');
  const order = titles(synth(chart));
  const after = (title: string) => order.slice(order.indexOf(title) + 1);
  for (const part of ['CustomResourceDefinition virtualservices.networking.istio.io', 'ConfigMap istiod-']) {
    expect(after(part)).toEqual(
      expect.arrayContaining(['DestinationRule apis', 'Gateway ingress', 'VirtualService ingress', 'Deployment jobs']),
    );
  }
});

test.each(['istio', 'zoo'])('in charts, that of Istio made last and called %s', (id) => {
  const app = new App();
  const apps = new Chart(app, 'apps', { namespace: 'shop' });
  new MeshNamespace(apps, 'shop');
  new FlaskLikeApp(apps, 'apis', { image });
  const routing = new Chart(app, 'routing', { namespace: 'elsewhere' });
  new HeaderRoutedMesh(routing, 'ingress', { hosts: ['a.example.com'], ...versioned(routing) });
  const istio = new Chart(app, id);
  new FakeIstioBase(istio, 'base');
  new FakeIstiod(istio, 'istiod');
  expect(app.synthYaml()).toMatch(/^apiVersion: apiextensions.k8s.io/);
  expect(app.charts.map(({ node }) => node.id)).toEqual([id, 'apps', 'routing']);
});

test('the namespaces of all, its own among them, may be made by a chart that comes before', () => {
  const app = new App();
  const namespaces = new Chart(app, 'namespaces');
  new MeshNamespace(namespaces, 'shop');
  new MeshNamespace(namespaces, 'istio-system');
  const apps = new Chart(app, 'apps', { namespace: 'shop' });
  new FlaskLikeApp(apps, 'apis', { image });
  new FakeIstiod(new Chart(app, 'istio'), 'istiod');
  app.synthYaml();
  expect(app.charts.map(({ node }) => node.id)).toEqual(['namespaces', 'istio', 'apps']);
});

test('in its own namespace nothing waits for it that it may wait for', () => {
  const chart = newChart();
  const secret = new FlaskLikeApp(chart, 'ca', { image, namespace: 'istio-system' });
  new MeshNamespace(chart, 'istio-system');
  new FakeIstiod(chart, 'istiod').node.addDependency(secret);
  const order = titles(synth(chart));
  expect(order.indexOf('Deployment ca')).toBeLessThan(order.indexOf('ConfigMap istiod-'));
});

test('what is for another cluster waits for nothing', () => {
  const app = new App();
  const apps = new Chart(app, 'apps', { namespace: 'shop' });
  apps.node.setContext('cdk8s-versioned-mesh/cluster', 'eu');
  new MeshNamespace(apps, 'shop');
  new FlaskLikeApp(apps, 'apis', { image });
  new FakeIstiod(new Chart(app, 'istio'), 'istiod', { revision: '1-31' });
  app.synthYaml();
  expect(app.charts.map(({ node }) => node.id)).toEqual(['apps', 'istio']);
});

test('or it is said why not, once for two charts', () => {
  const app = Testing.app();
  const apps = new Chart(app, 'apps', { namespace: 'shop' });
  new HeaderRoutedMesh(apps, 'ingress', { hosts: ['a.example.com'], ...versioned(apps) });
  const istio = new Chart(app, 'istio');
  new FakeIstiod(istio, 'istiod');
  istio.addDependency(apps);
  for (const act of [() => app.synth(), () => app.synthYaml()]) {
    const message = refusalOf(act);
    expect(message.match(/Istio is installed by/g)).toHaveLength(1);
    expect(message).toContain("chart 'istio' (istio/istiod), which comes after chart 'apps' with what needs it (apps/");
    expect(message).toContain("Have nothing of chart 'istio' depend on 'apps'");
  }
});

test('one chart depends on it for all, whatever many there are, gateways on its pods among them', () => {
  const app = Testing.app();
  const apps = [...'abc'].map((id) => new Chart(app, id));
  const istio = new Chart(app, 'istio');
  new FakeIstioBase(istio, 'base');
  const pods = new GatewayPods(istio, 'pods');
  for (const chart of apps) {
    new IngressGateway(chart, 'gateway', { namespace: chart.node.id, pods }).addServer([
      `${chart.node.id}.example.com`,
    ]);
  }
  app.synth();
  const files = readdirSync(app.outdir).sort();
  expect(files).toEqual(['0000-istio', '0001-a', '0002-b', '0003-c'].map((name) => `${name}.k8s.yaml`));
  expect(apps.map(({ node }) => node.dependencies)).toEqual([[istio], [], []]);
});

test('without Istio in the app, nothing depends on anything more', () => {
  const chart = newChart();
  new MeshNamespace(chart, 'shop');
  const { routeObjects } = new HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], ...versioned(chart) });
  const before = dependencies(routeObjects);
  synth(chart);
  expect(dependencies(routeObjects)).toBe(before + 1); // on the namespace
});

function dependencies(objects: readonly ApiObject[]): number {
  return objects.reduce((sum, { node }) => sum + node.dependencies.length, 0);
}
