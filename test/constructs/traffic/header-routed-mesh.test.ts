/*
 * Two versions behind one host: what the mesh makes of little and of all, and in which order.
 */
import { HeaderMatch, HeaderRoutedMesh, VersionedBy, VersionedService } from 'cdk8s-versioned-mesh';
import { fullMesh } from '../../support/full';
import { type Manifest, manifestsOf, only, titles } from '../../support/synth';
import { expectValid } from '../../support/valid';

describe.each([VersionedBy.SUBSETS, VersionedBy.SERVICES])('a mesh of which little is said, over %s', (versionedBy) => {
  const manifests = manifestsOf((chart) => {
    const apis = new VersionedService(chart, 'apis', { versionedBy });
    const v1 = apis.addVersion('v1', { image: 'apis:1' });
    const v2 = apis.addVersion('v2', { image: 'apis:2' });
    const mesh = new HeaderRoutedMesh(chart, 'ingress', {
      hosts: ['apis.example.com'],
      service: apis,
      defaultVersion: v1,
    });
    mesh.route(v2, HeaderMatch.contains('user-agent', 'Chrome'));
  });

  test('is this', () => {
    expectValid(manifests);
    expect(routing(manifests)).toMatchSnapshot();
  });

  test('sends what matches to one version, and all else to the default, which comes last', () => {
    const destination = (version: string) =>
      versionedBy === VersionedBy.SUBSETS
        ? { host: 'apis', subset: version, port: { number: 80 } }
        : { host: `apis-${version}`, port: { number: 80 } };
    expect(only(manifests, 'VirtualService').spec).toEqual({
      hosts: ['apis.example.com'],
      gateways: ['ingress'],
      http: [
        {
          match: [{ headers: { 'user-agent': { regex: '.*Chrome.*' } } }],
          route: [{ destination: destination('v2') }],
        },
        { route: [{ destination: destination('v1') }] },
      ],
    });
  });

  test('names only what is there, and what is applied before', () => {
    const order = titles(manifests);
    const [rule, byDefault] = only(manifests, 'VirtualService').spec.http as Route[];
    for (const { destination } of [rule.route[0], byDefault.route[0]]) {
      expect(order).toContain(`Service ${destination.host}`);
    }
    expect(order.slice(-2)).toEqual(['Gateway ingress', 'VirtualService ingress']);
    expect(order.indexOf('Gateway ingress')).toBeGreaterThan(order.indexOf('Deployment apis-v2'));
  });

  test('opens a port for HTTP, not TCP, on which Istio would look for tcp routes only', () => {
    expect(only(manifests, 'Gateway').spec).toEqual({
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { name: 'http', number: 80, protocol: 'HTTP' }, hosts: ['apis.example.com'] }],
    });
  });

  test('speaks the current API version', () => {
    expect(routing(manifests).map(({ apiVersion }) => apiVersion)).toEqual(
      routing(manifests).map(() => 'networking.istio.io/v1'),
    );
  });
});

describe('a mesh of which all is said', () => {
  const manifests = manifestsOf(fullMesh);

  test('is this', () => {
    expectValid(manifests);
    expect(routing(manifests)).toMatchSnapshot();
  });

  test('calls its objects what it was told, where it was told', () => {
    expect(routing(manifests).map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`)).toEqual([
      'DestinationRule elsewhere/directory-subsets',
      'Gateway istio-ingress/front-door',
      'VirtualService routing/routes',
      'VirtualService routing/reviews-routes',
    ]);
  });

  test('gives each object the labels and annotations that were meant for it', () => {
    expect(only(manifests, 'Gateway').metadata).toMatchObject({
      labels: { door: 'front' },
      annotations: { 'example.com/door': 'front' },
    });
    expect(only(manifests, 'VirtualService', 'routes').metadata).toMatchObject({
      labels: { team: 'storefront' },
      annotations: { 'example.com/owner': 'storefront@example.com' },
    });
    expect(only(manifests, 'VirtualService', 'reviews-routes').metadata).toMatchObject({
      labels: { chain: 'second' },
      annotations: { 'example.com/chain': 'second' },
    });
  });

  test('names the Gateway of another namespace by both, beside the sidecars', () => {
    expect(only(manifests, 'VirtualService', 'routes').spec.gateways).toEqual(['istio-ingress/front-door', 'mesh']);
  });

  test('names services of other namespaces in full', () => {
    const { hosts } = only(manifests, 'VirtualService', 'routes').spec;
    expect(hosts).toEqual(['apis.example.com', '*.apis.example.org', 'directory.elsewhere.svc.corp.local']);
    expect(only(manifests, 'VirtualService', 'reviews-routes').spec.hosts).toEqual(['reviews.shop.svc.corp.local']);
  });

  test('joins all conditions of a rule in one match, header names in lower case', () => {
    const [first] = only(manifests, 'VirtualService', 'routes').spec.http as Route[];
    expect(first).toEqual({
      name: 'beta-testers',
      match: [
        {
          headers: { 'x-version': { exact: 'beta' }, 'x-team': { prefix: 'store' }, 'x-beta': {} },
          withoutHeaders: { 'x-legacy': {} },
          uri: { prefix: '/api/' },
          method: { exact: 'GET' },
        },
      ],
      route: [
        { destination: { host: 'directory.elsewhere.svc.corp.local', subset: '2-0-0-rc', port: { number: 8080 } } },
      ],
    });
  });

  test('speaks the API version that it was told', () => {
    expect(new Set(routing(manifests).map(({ apiVersion }) => apiVersion))).toEqual(
      new Set(['networking.istio.io/v1beta1']),
    );
  });
});

test('rules stay in the order in which they were added, the default behind all, though it was said first', () => {
  const versions = ['v5', 'v2', 'v4', 'v3'];
  const manifests = manifestsOf((chart) => {
    const apis = new VersionedService(chart, 'apis');
    const v1 = apis.addVersion('v1', { image: 'apis:1' });
    const mesh = new HeaderRoutedMesh(chart, 'ingress', { hosts: ['*'], service: apis, defaultVersion: v1 });
    for (const version of versions) {
      mesh.route(apis.addVersion(version, { image: 'apis:1' }), HeaderMatch.exact('x-version', version), {
        name: `to-${version}`,
      });
    }
  });
  const routes = only(manifests, 'VirtualService').spec.http as Route[];
  expect(routes.map(({ route }) => route[0].destination.subset)).toEqual([...versions, 'v1']);
  expect(routes.map(({ name }) => name)).toEqual([...versions.map((version) => `to-${version}`), undefined]);
  expect(routes[versions.length]).not.toHaveProperty('match');
});

interface Route {
  readonly name?: string;
  readonly match?: unknown[];
  readonly route: readonly { readonly destination: { readonly host: string; readonly subset?: string } }[];
}

function routing(manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter(({ apiVersion }) => apiVersion.startsWith('networking.istio.io/'));
}
