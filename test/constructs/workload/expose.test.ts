/*
 * An app on its own, reached by a Service.
 */
import { ServiceType } from 'cdk8s-plus-27';
import { type ExposeOptions, FlaskLikeApp } from 'cdk8s-versioned-mesh';
import { testRefusals } from '../../support/refusal';
import { manifestsOf, only, podLabelsIn, selects, titles } from '../../support/synth';
import { expectValid } from '../../support/valid';

test('port 80 of the cluster leads to the port of the app, and its name tells Istio that it is HTTP', () => {
  const manifests = exposed();
  expectValid(manifests);
  expect(titles(manifests)).toEqual([
    'ServiceAccount apis',
    'Deployment apis',
    'PodDisruptionBudget apis',
    'Service apis',
  ]);
  const { spec } = only(manifests, 'Service');
  expect(spec).toMatchObject({ type: 'ClusterIP', ports: [{ port: 80, targetPort: 8000, name: 'http' }] });
  expect(selects(spec.selector as never, podLabelsIn(manifests))).toBe(true);
});

test.each([
  [ServiceType.NODE_PORT, 30080],
  [ServiceType.LOAD_BALANCER, 30081],
])('a %s with the port %s on every node', (serviceType, nodePort) => {
  const manifests = exposed({ serviceType, nodePort });
  expectValid(manifests);
  expect(only(manifests, 'Service').spec).toMatchObject({ type: serviceType, ports: [{ nodePort }] });
});

test('name, labels and annotations are its own beside those of the app', () => {
  const { metadata } = only(
    exposed({ name: 'directory', labels: { tier: 'edge' }, annotations: { 'example.com/a': 'b' } }),
    'Service',
  );
  expect(metadata).toMatchObject({
    name: 'directory',
    namespace: 'shop',
    labels: { app: 'apis', team: 'storefront', tier: 'edge' },
    annotations: { 'example.com/a': 'b' },
  });
});

describe('what is refused', () => {
  testRefusals([
    ['a second time', () => exposed({}, {}), 'chart/apis: expose', "'apis'"],
    ['a port that is none', () => exposed({ port: 70_000 }), 'chart/apis: expose: port 70000', '1 to 65535'],
    ['a port in quotes', () => exposed({ port: '80' as never }), "port '80'", 'without quotes'],
    ['a port name that hides HTTP', () => exposed({ portName: 'web' }), "portName 'web'", 'http-web'],
    ['a node port without nodes', () => exposed({ nodePort: 30_080 }), 'nodePort 30080', 'NODE_PORT'],
    ['a name that no Service has', () => exposed({ name: '1apis' }), "chart/apis: name '1apis'", "'v1apis'"],
    ['a label of the construct', () => exposed({ labels: { app: 'b' } }), "label 'app'", "'b'", "'apis'"],
    ['a type that is none', () => exposed({ serviceType: 'Public' as never }), "serviceType 'Public'", 'NodePort'],
    ['null', () => exposed(null as never), 'chart/apis: expose', '{ port: 80 }'],
  ]);
});

function exposed(...options: ExposeOptions[]) {
  return manifestsOf((chart) => {
    const app = new FlaskLikeApp(chart, 'apis', { image: 'apis:1', port: 8000, labels: { team: 'storefront' } });
    for (const each of options.length > 0 ? options : [undefined]) {
      app.expose(each);
    }
  });
}
