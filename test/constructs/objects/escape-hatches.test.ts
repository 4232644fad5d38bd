/*
 * What users add by the means of cdk8s and cdk8s-plus arrives, beside what the constructs write.
 */
import { ApiObject, type Chart, JsonPatch } from 'cdk8s';
import { Capability, EnvValue, NetworkPolicy, Pods, Probe } from 'cdk8s-plus-27';
import { FlaskLikeApp, HeaderRoutedMesh, MeshNamespace } from 'cdk8s-versioned-mesh';
import type { IConstruct } from 'constructs';
import { containerIn, manifestsOf, only, podIn } from '../../support/synth';
import { expectValid } from '../../support/valid';
import { versioned } from '../../support/versioned';

test('labels of the chart are on every object, and give way to those of the constructs', () => {
  const labels = { 'app.kubernetes.io/part-of': 'shop', app: 'chart', 'istio-injection': 'disabled' };
  const manifests = manifestsOf(
    (chart) => {
      new MeshNamespace(chart, 'shop');
      new HeaderRoutedMesh(chart, 'ingress', { hosts: ['*'], ...versioned(chart) });
    },
    { labels },
  );
  for (const { metadata } of manifests) {
    expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/part-of': 'shop' });
  }
  expect(only(manifests, 'Namespace').metadata.labels).toMatchObject({ 'istio-injection': 'enabled' });
  expect(only(manifests, 'Service').metadata.labels).toMatchObject({ app: 'apis' });
  expect(only(manifests, 'Service').spec.selector).toEqual({ app: 'apis' });
  expectValid(manifests);
});

test('JSON patches of a user are applied last, on every kind of object', () => {
  const seen = JsonPatch.add('/metadata/annotations', { patched: 'yes' });
  const manifests = manifestsOf((chart) => {
    new MeshNamespace(chart, 'shop');
    new HeaderRoutedMesh(chart, 'ingress', { hosts: ['*'], ...versioned(chart) });
    for (const object of chart.node.findAll().filter((construct) => ApiObject.isApiObject(construct))) {
      (object as ApiObject).addJsonPatch(seen);
    }
  });
  expect(manifests.map(({ metadata }) => metadata.annotations)).toEqual(manifests.map(() => ({ patched: 'yes' })));
  expect(podIn(manifests, 'apis-v1').securityContext).toMatchObject({ seccompProfile: { type: 'RuntimeDefault' } });
});

test('a patch reaches fields of Istio that the library has no words for', () => {
  const manifests = manifestsOf((chart) => {
    const mesh = new HeaderRoutedMesh(chart, 'ingress', { hosts: ['*'], ...versioned(chart) });
    mesh.routeObjects[0].addJsonPatch(JsonPatch.add('/spec/http/0/timeout', '5s'));
    gatewayOf(mesh).addJsonPatch(JsonPatch.add('/spec/servers/0/bind', '0.0.0.0'));
  });
  expect(only(manifests, 'VirtualService')).toHaveProperty('spec.http.0.timeout', '5s');
  expect(only(manifests, 'Gateway')).toHaveProperty('spec.servers.0.bind', '0.0.0.0');
  expectValid(manifests);
});

test('the Deployment and its container are those of cdk8s-plus, with all they can do', () => {
  const manifests = withApp((app) => {
    app.container.env.addVariable('LATE', EnvValue.fromValue('yes'));
    app.deployment.addInitContainer({ image: 'migrate:1', resources: {} });
    app.deployment.metadata.addLabel('late', 'yes');
    app.deployment.podMetadata.addAnnotation('late', 'yes');
  });
  expectValid(manifests);
  expect(containerIn(manifests).env).toEqual([{ name: 'LATE', value: 'yes' }]);
  expect(podIn(manifests).initContainers).toMatchObject([{ image: 'migrate:1' }]);
  expect(only(manifests, 'Deployment')).toMatchObject({
    metadata: { labels: { late: 'yes' } },
    spec: { template: { metadata: { annotations: { late: 'yes' } } } },
  });
});

test('the hardening stays on the container of the app where a user adds one of their own', () => {
  const manifests = withApp((app) => {
    app.deployment.addContainer({
      image: 'helper:1',
      name: 'helper',
      readiness: Probe.fromTcpSocket({ port: 9000 }),
      securityContext: { capabilities: { add: [Capability.NET_BIND_SERVICE] } },
    });
  });
  expect(podIn(manifests).containers.map(({ name }) => name)).toEqual(['app', 'helper']);
  expect(containerIn(manifests).securityContext?.capabilities).toEqual({ drop: ['ALL'] });
});

test('cdk8s-plus finds the pods, by a label that is no hash', () => {
  const manifests = withApp((app, chart) => {
    new NetworkPolicy(chart, 'policy', { selector: app.deployment, metadata: { name: 'apis' } });
    new NetworkPolicy(chart, 'by-label', {
      selector: Pods.select(chart, 'pods', { labels: app.selectorLabels }),
      metadata: { name: 'by-label' },
    });
  });
  expect(only(manifests, 'NetworkPolicy', 'apis').spec.podSelector).toEqual({
    matchLabels: { 'cdk8s.io/metadata.addr': 'apis' },
  });
  expect(only(manifests, 'NetworkPolicy', 'by-label').spec.podSelector).toEqual({ matchLabels: { app: 'apis' } });
});

test('every object can be found by its construct', () => {
  withApp((app) => {
    const service = app.expose();
    for (const construct of [app.deployment, service, app.podDisruptionBudget]) {
      expect(ApiObject.isApiObject(construct) || ApiObject.of(construct as never)).toBeTruthy();
    }
  });
});

function withApp(change: (app: FlaskLikeApp, chart: Chart) => void) {
  return manifestsOf((chart) => change(new FlaskLikeApp(chart, 'apis', { image: 'apis:1' }), chart));
}

function gatewayOf({ gateway }: HeaderRoutedMesh): ApiObject {
  return ApiObject.of(gateway as IConstruct);
}
