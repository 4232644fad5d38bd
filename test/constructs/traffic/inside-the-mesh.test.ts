/*
 * Routes for requests between workloads: several services under one mesh, short names and full ones, several charts.
 */
import { App, Chart, Testing } from 'cdk8s';
import {
  HeaderMatch,
  HeaderRoutedMesh,
  type HeaderRoutedMeshProps,
  IngressGateway,
  TrafficSource,
  VersionedBy,
} from 'cdk8s-versioned-mesh';
import { kinds, manifestsOf, newChart, only, synth, titles } from '../../support/synth';
import { expectValid } from '../../support/valid';
import { versioned } from '../../support/versioned';

const { MESH, GATEWAY_AND_MESH } = TrafficSource;

test('inside only, the sidecars route, the name of the service is the host, and no gateway is made', () => {
  const manifests = mesh({ traffic: MESH });
  expect(only(manifests, 'VirtualService').spec).toMatchObject({ hosts: ['apis'], gateways: ['mesh'] });
  expect(kinds(manifests)).not.toContain('Gateway');
});

test('inside, more hosts may be routed, as those of a ServiceEntry', () => {
  const manifests = mesh({ traffic: MESH, hosts: ['apis.example.com'] });
  expect(only(manifests, 'VirtualService').spec.hosts).toEqual(['apis.example.com', 'apis']);
});

test('from both sides, the same rules hold for the gateway and the sidecars', () => {
  const manifests = mesh({ traffic: GATEWAY_AND_MESH, hosts: ['apis.example.com'] });
  expect(only(manifests, 'VirtualService').spec).toMatchObject({
    hosts: ['apis.example.com', 'apis'],
    gateways: ['mesh-of-apis', 'mesh'],
  });
  expect(only(manifests, 'Gateway')).toHaveProperty('spec.servers.0.hosts', ['apis.example.com']);
});

test('from both sides through an existing gateway', () => {
  const manifests = manifestsOf((chart) => {
    const gateway = IngressGateway.fromGatewayName(chart, 'shared', 'shared', { namespace: 'istio-system' });
    const hosts = ['apis.example.com'];
    new HeaderRoutedMesh(chart, 'mesh', { ...versioned(chart), traffic: GATEWAY_AND_MESH, hosts, gateway });
  });
  expect(only(manifests, 'VirtualService').spec.gateways).toEqual(['istio-system/shared', 'mesh']);
  expect(kinds(manifests)).not.toContain('Gateway');
});

test('from another namespace, host and destinations are named in full', () => {
  const { spec } = only(mesh({ traffic: MESH, namespace: 'routing' }), 'VirtualService');
  const apis = 'apis.shop.svc.cluster.local';
  expect(spec.hosts).toEqual([apis]);
  expect(spec.http).toMatchObject([
    { route: [{ destination: { host: apis, subset: 'v2' } }] },
    { route: [{ destination: { host: apis, subset: 'v1' } }] },
  ]);
});

test('from another namespace, Services of versions are named in full too', () => {
  const manifests = mesh({ traffic: MESH, namespace: 'routing' }, VersionedBy.SERVICES);
  expect(only(manifests, 'VirtualService').spec.http).toMatchObject([
    { route: [{ destination: { host: 'apis-v2.shop.svc.cluster.local' } }] },
    { route: [{ destination: { host: 'apis-v1.shop.svc.cluster.local' } }] },
  ]);
});

describe('a chain of services, one header through all of them', () => {
  const chart = newChart();
  const [front, reviews, ratings] = ['front', 'reviews', 'ratings'].map((id) => versioned(chart, id));
  const mesh = new HeaderRoutedMesh(chart, 'chain', { hosts: ['shop.example.com'], ...front });
  for (const service of [reviews, ratings]) {
    mesh.addService(service.service, { defaultVersion: service.defaultVersion });
  }
  const beta = HeaderMatch.exact('x-version', 'beta');
  for (const { service } of [front, ratings, reviews]) {
    mesh.route(service.version('v2'), beta);
  }
  const manifests = synth(chart);

  test('is valid', () => expectValid(manifests));

  test('has routes for each service, those further in for the sidecars only', () => {
    expect(mesh.routeObjects.map(({ name }) => name)).toEqual(['chain', 'reviews', 'ratings']);
    expect(only(manifests, 'VirtualService', 'chain').spec).toMatchObject({ gateways: ['chain'] });
    for (const name of ['reviews', 'ratings']) {
      expect(only(manifests, 'VirtualService', name).spec).toMatchObject({ hosts: [name], gateways: ['mesh'] });
    }
  });

  test.each(['front', 'reviews', 'ratings'])('leads the header to the beta of %s, and nothing else', (name) => {
    const routes = only(manifests, 'VirtualService', name === 'front' ? 'chain' : name).spec.http;
    expect(routes).toMatchObject([
      {
        match: [{ headers: { 'x-version': { exact: 'beta' } } }],
        route: [{ destination: { host: name, subset: 'v2' } }],
      },
      { route: [{ destination: { host: name, subset: 'v1' } }] },
    ]);
  });

  test('applies every service before its routes', () => {
    const order = titles(manifests);
    for (const name of ['front', 'reviews', 'ratings']) {
      const routes = order.indexOf(`VirtualService ${name === 'front' ? 'chain' : name}`);
      expect(routes).toBeGreaterThan(order.indexOf(`Service ${name}`));
      expect(routes).toBeGreaterThan(order.indexOf(`DestinationRule ${name}`));
      expect(routes).toBeGreaterThan(order.indexOf(`Deployment ${name}-v2`));
    }
  });
});

describe.each(['of its own', 'of somebody else'])('a mesh in one chart, with a gateway %s', (whose) => {
  const app = new App();
  // The one that depends comes first, so that the order is not an accident.
  const routing = new Chart(app, 'routing', { namespace: 'routing' });
  const services = new Chart(app, 'services', { namespace: 'shop' });
  const isOwn = whose === 'of its own';
  const gateway = isOwn ? undefined : IngressGateway.fromGatewayName(services, 'shared', 'shared');
  new HeaderRoutedMesh(routing, 'mesh', { hosts: ['apis.example.com'], ...versioned(services), gateway });

  test('routes a service in another, by its name in full', () => {
    expectValid([...Testing.synth(services), ...Testing.synth(routing)]);
    expect(only(Testing.synth(routing), 'VirtualService')).toHaveProperty(
      'spec.http.0.route.0.destination.host',
      'apis.shop.svc.cluster.local',
    );
  });

  test('is applied after it', () => {
    expect(titlesInOrder(app)).toEqual([
      'Service apis',
      'DestinationRule apis',
      'ServiceAccount apis-v1',
      'Deployment apis-v1',
      'PodDisruptionBudget apis-v1',
      'ServiceAccount apis-v2',
      'Deployment apis-v2',
      'PodDisruptionBudget apis-v2',
      ...(isOwn ? ['Gateway mesh'] : []),
      'VirtualService mesh',
    ]);
  });
});

function titlesInOrder(app: App): string[] {
  const yaml = String(app.synthYaml());
  return [...yaml.matchAll(/^kind: (\S+)\nmetadata:\n(?: {2,}.*\n)*? {2}name: (\S+)/gm)].map(
    ([, kind, name]) => `${kind} ${name}`,
  );
}

/** A mesh in namespace shop, with a rule to v2; held against the schemas. */
function mesh(props: Partial<HeaderRoutedMeshProps>, versionedBy?: VersionedBy) {
  const manifests = manifestsOf((chart) => {
    const apis = versioned(chart, 'apis', { versionedBy });
    const made = new HeaderRoutedMesh(chart, 'mesh-of-apis', { ...apis, ...props });
    made.route(apis.service.version('v2'), HeaderMatch.present('x-beta'));
  });
  expectValid(manifests);
  return manifests;
}
