/*
 * Two objects of one kind, name and namespace: cdk8s writes both, and the cluster keeps the one that is applied last.
 */
import { ApiObject, App, Chart, JsonPatch, Testing } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { FlaskLikeApp, HeaderRoutedMesh, VersionedService } from 'cdk8s-versioned-mesh';
import { refusalOf } from '../../support/refusal';
import { newChart, synth } from '../../support/synth';
import { versioned } from '../../support/versioned';

const CLUSTER = 'cdk8s-versioned-mesh/cluster';
const image = 'apis:1';

test('is said at synthesis, by kind, name, namespace and the paths of both', () => {
  const chart = newChart();
  new FlaskLikeApp(chart, 'one', { image, name: 'apis', replicas: 1 });
  new FlaskLikeApp(chart, 'two', { image, name: 'apis', replicas: 1 });
  const message = refusalOf(() => synth(chart));
  expect(message).toContain(
    "Deployment 'apis' in namespace 'shop' is made 2 times, by chart/one/Deployment/Resource and chart/two/Deployment/Resource",
  );
  expect(message).toContain('give each a `name` or `namespace` of its own');
});

test('is said of all of them together, and of each once, however many constructs there are', () => {
  const chart = newChart();
  for (const id of ['one', 'two', 'three']) {
    new FlaskLikeApp(chart, id, { image, name: 'apis' }).expose();
  }
  const message = refusalOf(() => synth(chart));
  expect(message.match(/is made \d+ times/g)).toEqual(Array(4).fill('is made 3 times'));
  expect(message.match(/Deployment 'apis'/g)).toHaveLength(1);
  expect(message.match(/PodDisruptionBudget 'apis'/g)).toHaveLength(1);
  expect(message.match(/Service 'apis'/g)).toHaveLength(1);
});

test('is said beside what else is wrong', () => {
  const chart = newChart();
  new VersionedService(chart, 'apis');
  new FlaskLikeApp(chart, 'app', { image, name: 'app' }).expose({ name: 'apis' });
  const message = refusalOf(() => synth(chart));
  expect(message).toContain("Service 'apis' in namespace 'shop' is made 2 times");
  expect(message).toContain('[chart/apis] the service has no version');
});

test('is said of objects that the library did not make, and of charts apart', () => {
  const app = new App();
  const [one, two] = ['one', 'two'].map((id) => new Chart(app, id, { namespace: 'shop' }));
  new FlaskLikeApp(one, 'apis', { image });
  new k8s.KubeDeployment(two, 'theirs', { metadata: { name: 'apis' } });
  expect(refusalOf(() => Testing.synth(one))).toContain("Deployment 'apis' in namespace 'shop' is made 2 times");
});

test('is said of two meshes of one name, in whichever API version', () => {
  const chart = newChart();
  const apis = versioned(chart);
  const props = { hosts: ['a.example.com'], ...apis, name: 'ingress' };
  new HeaderRoutedMesh(chart, 'one', props);
  new HeaderRoutedMesh(chart, 'two', { ...props, api: 'networking.istio.io/v1beta1' as never });
  const message = refusalOf(() => synth(chart));
  expect(message).toContain("Gateway 'ingress'");
  expect(message).toContain("VirtualService 'ingress'");
});

describe('is said of a name that only a patch gives, by the check of the manifests:', () => {
  test.each([
    ['a name', JsonPatch.replace('/metadata/name', 'one')],
    ['all of the metadata', JsonPatch.replace('/metadata', { name: 'one', namespace: 'shop' })],
  ])('%s', (_what, patch) => {
    const chart = newChart();
    new HeaderRoutedMesh(chart, 'ingress', { hosts: ['a.example.com'], ...versioned(chart) });
    new FlaskLikeApp(chart, 'one', { image, replicas: 1 });
    const patched = new FlaskLikeApp(chart, 'other', { image, replicas: 1 });
    ApiObject.of(patched.deployment).addJsonPatch(patch);
    expect(refusalOf(() => synth(chart))).toContain(
      'Deployment shop/one is defined twice: in chart/one/Deployment/Resource',
    );
  });
});

test('is said of what belongs to the whole cluster, whatever the namespaces of the charts', () => {
  const app = new App();
  const [one, two] = ['one', 'two'].map((id) => new Chart(app, id, { namespace: id }));
  new FlaskLikeApp(one, 'apis', { image });
  for (const chart of [one, two]) {
    new k8s.KubeClusterRole(chart, 'role', { metadata: { name: 'reader' } });
  }
  expect(refusalOf(() => app.synthYaml())).toContain("ClusterRole 'reader' is made 2 times");
});

test('is not in the way of what cdk8s has to say of an object that cannot be written', () => {
  const chart = newChart();
  const { deployment } = new FlaskLikeApp(chart, 'apis', { image });
  ApiObject.of(deployment).addJsonPatch(JsonPatch.replace('/metadata/name', 'b'), JsonPatch.remove('/nowhere/at/all'));
  expect(() => synth(chart)).toThrow(/Failed serializing construct at path 'chart\/apis\/Deployment\/Resource'/);
});

describe('is not said', () => {
  test('of two that a patch tells apart', () => {
    const chart = newChart();
    const props = { image, name: 'apis', replicas: 1, serviceAccountName: 'apis' };
    const apps = ['one', 'two'].map((id) => new FlaskLikeApp(chart, id, props));
    ApiObject.of(apps[1].deployment).addJsonPatch(JsonPatch.replace('/metadata/namespace', 'elsewhere'));
    expect(() => synth(chart)).not.toThrow();
  });

  test('of one name in two namespaces', () => {
    const chart = newChart();
    new FlaskLikeApp(chart, 'one', { image, name: 'apis' });
    new FlaskLikeApp(chart, 'two', { image, name: 'apis', namespace: 'elsewhere' });
    expect(() => synth(chart)).not.toThrow();
  });

  test('of one name for two kinds', () => {
    const chart = newChart();
    new FlaskLikeApp(chart, 'apis', { image }).expose();
    expect(() => synth(chart)).not.toThrow();
  });

  test('of one name in two API groups', () => {
    const chart = newChart();
    const apis = versioned(chart);
    new HeaderRoutedMesh(chart, 'ingress', { hosts: ['*'], ...apis });
    new ApiObject(chart, 'other', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'ingress' },
    });
    expect(() => synth(chart)).not.toThrow();
  });

  test('of charts for two clusters', () => {
    const app = new App();
    for (const cluster of ['staging', 'production']) {
      const chart = new Chart(app, cluster, { namespace: 'shop' });
      chart.node.setContext(CLUSTER, cluster);
      new FlaskLikeApp(chart, 'apis', { image });
    }
    expect(() => app.synthYaml()).not.toThrow();
  });
});

test('is said of the ones that are left when a patch tells one of them apart', () => {
  const chart = newChart();
  const apps = ['one', 'two', 'three'].map((id) => new FlaskLikeApp(chart, id, { image, name: 'apis', replicas: 1 }));
  ApiObject.of(apps[1].deployment).addJsonPatch(JsonPatch.replace('/metadata/name', 'other'));
  expect(refusalOf(() => synth(chart))).toContain(
    "Deployment 'apis' in namespace 'shop' is made 2 times, by chart/one/Deployment/Resource and chart/three/Deployment/Resource",
  );
});

test('is said of two charts for one cluster, beside others', () => {
  const app = new App();
  for (const [id, cluster] of Object.entries({ blue: 'staging', green: 'staging', live: 'production' })) {
    const chart = new Chart(app, id, { namespace: 'shop' });
    chart.node.setContext(CLUSTER, cluster);
    new FlaskLikeApp(chart, 'apis', { image, replicas: 1 });
  }
  const message = refusalOf(() => app.synthYaml());
  expect(message).toContain('made 2 times, by blue/apis/Deployment/Resource and green/apis/Deployment/Resource');
  expect(message).not.toContain('live/');
});
