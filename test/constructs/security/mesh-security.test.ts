/*
 * Who comes in to the services of a mesh with security, and what says so.
 */
import { App, Chart } from 'cdk8s';
import {
  Caller,
  FlaskLikeApp,
  HeaderRoutedMesh,
  type HeaderRoutedMeshProps,
  Mesh,
  MeshSecurity,
  RoutingApi,
  Severity,
  TrafficSource,
} from 'cdk8s-versioned-mesh';
import { answerOfSidecar, type Client, passesNetwork } from '../../support/policies';
import { SECURED_SHOP, securedShop } from '../../support/secured-shop';
import { kinds, type Manifest, manifestsOf, newChart, only, podLabelsIn, synth, titles } from '../../support/synth';
import { expectValid } from '../../support/valid';
import { versioned } from '../../support/versioned';

const POLICIES = ['AuthorizationPolicy', 'PeerAuthentication', 'NetworkPolicy'];

describe('one switch', () => {
  const manifests = secured({ security: MeshSecurity.strict() });

  const metadata = { name: 'apis', namespace: 'shop', labels: { 'app.kubernetes.io/name': 'apis' } };

  test('lets in mutual TLS only, of the gateway only, and only its pods', () => {
    expect(policiesIn(manifests)).toEqual([
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata,
        spec: {
          selector: { matchLabels: { app: 'apis' } },
          action: 'ALLOW',
          rules: [
            {
              from: [
                {
                  source: {
                    principals: ['cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account'],
                  },
                },
              ],
            },
          ],
        },
      },
      {
        apiVersion: 'security.istio.io/v1',
        kind: 'PeerAuthentication',
        metadata,
        spec: { selector: { matchLabels: { app: 'apis' } }, mtls: { mode: 'STRICT' } },
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata,
        spec: {
          podSelector: { matchLabels: { app: 'apis' } },
          policyTypes: ['Ingress'],
          ingress: [
            {
              from: [
                {
                  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'istio-system' } },
                  podSelector: { matchLabels: { istio: 'ingressgateway' } },
                },
              ],
            },
          ],
        },
      },
    ]);
  });

  test('holds for the pods of every version', () => {
    for (const version of ['apis-v1', 'apis-v2']) {
      expect(podLabelsIn(manifests, version)).toMatchObject({ app: 'apis' });
    }
  });

  test('comes before what it protects', () => {
    const order = kinds(manifests);
    const last = Math.max(...POLICIES.map((kind) => order.indexOf(kind)));
    for (const kind of ['Service', 'Deployment', 'Gateway', 'VirtualService']) {
      expect(order.indexOf(kind)).toBeGreaterThan(last);
    }
  });

  test('carries the labels of the mesh, too', () => {
    const more = { labels: { team: 'a' }, annotations: { 'example.com/owner': 'b' } };
    for (const policy of policiesIn(secured({ security: MeshSecurity.strict(), ...more }))) {
      expect(policy.metadata).toMatchObject({ ...more, labels: { ...metadata.labels, ...more.labels } });
    }
  });

  test('is not on by itself', () => {
    expect(policiesIn(secured({}))).toEqual([]);
  });
});

describe('each part on its own', () => {
  test.each([
    ['strict, without NetworkPolicies', MeshSecurity.strict({ networkPolicies: false }), POLICIES.slice(0, 2)],
    ['mutual TLS', MeshSecurity.mutualTls(), ['PeerAuthentication']],
    ['NetworkPolicies', MeshSecurity.networkPolicies(), ['NetworkPolicy']],
  ])('%s', (_, security, expected) => {
    expect(kinds(policiesIn(secured({ security })))).toEqual(expected);
  });

  test('mutual TLS needs no account of the gateway', () => {
    const gatewayOptions = { selector: { istio: 'ingress' } };
    expect(kinds(policiesIn(secured({ security: MeshSecurity.mutualTls(), gatewayOptions })))).toHaveLength(1);
  });

  test('NetworkPolicies let in more callers, too', () => {
    const security = MeshSecurity.networkPolicies({ callers: [Caller.namespace('batch')] });
    const { spec } = only(secured({ security }), 'NetworkPolicy');
    expect(spec).toHaveProperty('ingress.0.from.1', {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'batch' } },
    });
  });
});

describe('the gateway', () => {
  test('of another installation is known by the account that is given', () => {
    const gatewayOptions = { selector: { istio: 'ingress' }, serviceAccount: 'istio-ingress/istio-ingress' };
    const manifests = secured({ security: MeshSecurity.strict(), gatewayOptions });
    expect(sourcesIn(manifests)).toEqual([{ principals: ['cluster.local/ns/istio-ingress/sa/istio-ingress'] }]);
    expect(only(manifests, 'NetworkPolicy')).toHaveProperty(
      'spec.ingress.0.from.0.podSelector.matchLabels.istio',
      'ingress',
    );
  });

  test('does not come in to a service that is reached from inside only', () => {
    const callers = [Caller.serviceAccount('shop', 'front')];
    const manifests = secured({ hosts: [], traffic: TrafficSource.MESH, security: MeshSecurity.strict(), callers });
    expect(sourcesIn(manifests)).toEqual([{ principals: ['cluster.local/ns/shop/sa/front'] }]);
  });
});

describe('callers', () => {
  test('are named once each, accounts and namespaces apart, as alternatives', () => {
    const prometheus = Caller.serviceAccount('monitoring', 'prometheus');
    const manifests = secured({
      security: MeshSecurity.strict({ callers: [prometheus, Caller.namespace('batch')], trustDomain: 'td.example' }),
      callers: [prometheus, Caller.serviceAccount('monitoring', 'prometheus')],
    });
    expect(sourcesIn(manifests)).toEqual([
      {
        principals: [
          'td.example/ns/istio-system/sa/istio-ingressgateway-service-account',
          'td.example/ns/monitoring/sa/prometheus',
        ],
      },
      { namespaces: ['batch'] },
    ]);
    expect(only(manifests, 'NetworkPolicy')).toHaveProperty('spec.ingress.0.from.length', 3);
  });

  test('may be apps without a service', () => {
    const manifests = manifestsOf((chart) => {
      const app = new FlaskLikeApp(chart, 'job', { image: 'job:1', namespace: 'batch' });
      const security = MeshSecurity.strict({ callers: [app] });
      new HeaderRoutedMesh(chart, 'mesh', { ...versioned(chart), traffic: TrafficSource.MESH, security });
    });
    expect(sourcesIn(manifests)).toEqual([{ principals: ['cluster.local/ns/batch/sa/job'] }]);
    expect(only(manifests, 'NetworkPolicy')).toHaveProperty('spec.ingress.0.from', [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'batch' } },
        podSelector: { matchLabels: { app: 'job' } },
      },
    ]);
  });

  test('of no account are nobody, to the network too', () => {
    const nobody = { callerIdentity: () => ({ namespace: 'batch', serviceAccounts: [] }) };
    const manifests = secured({ security: MeshSecurity.strict({ callers: [nobody] }) });
    expect(JSON.stringify(policiesIn(manifests))).not.toContain('batch');
  });

  test('are known by what they are at synthesis', () => {
    const chart = newChart();
    const { service: shop } = versioned(chart, 'shop', { namespace: 'front' });
    const apis = versioned(chart);
    new HeaderRoutedMesh(chart, 'mesh', {
      ...apis,
      traffic: TrafficSource.MESH,
      security: MeshSecurity.strict(),
      callers: [shop],
    });
    shop.addVersion('v3', { image: 'shop:3', serviceAccountName: 'later' });
    const [{ principals }] = sourcesIn(synth(chart));
    expect(principals).toEqual(['shop-v1', 'shop-v2', 'later'].map((name) => `cluster.local/ns/front/sa/${name}`));
  });
});

describe('one service in two meshes', () => {
  function shared(first: MeshSecurity, second: MeshSecurity): Manifest[] {
    return manifestsOf((chart) => {
      const apis = versioned(chart);
      new HeaderRoutedMesh(chart, 'outside', { hosts: ['a.example.com'], ...apis, security: first });
      const gatewayOptions = { selector: { istio: 'internal' }, serviceAccount: 'istio-internal/gateway' };
      new HeaderRoutedMesh(chart, 'inside', { hosts: ['b.example.com'], ...apis, security: second, gatewayOptions });
    });
  }

  test('lets in both gateways by one policy', () => {
    const manifests = shared(MeshSecurity.strict(), MeshSecurity.strict());
    expectValid(manifests);
    expect(sourcesIn(manifests)[0].principals).toEqual([
      'cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account',
      'cluster.local/ns/istio-internal/sa/gateway',
    ]);
  });
});

describe('services in a chart of their own', () => {
  test('have their policies there, in their namespace', () => {
    const app = new App();
    const routing = new Chart(app, 'routing', { namespace: 'routing' });
    const services = new Chart(app, 'services', { namespace: 'shop' });
    new HeaderRoutedMesh(routing, 'mesh', {
      hosts: ['a.example.com'],
      ...versioned(services),
      security: MeshSecurity.strict(),
    });
    expect(titles(synth(services)).slice(0, 4)).toEqual([...POLICIES.map((kind) => `${kind} apis`), 'Service apis']);
    expect(kinds(synth(routing))).toEqual(['Gateway', 'VirtualService']);
  });
});

test('an older Istio gets its policies as it reads them', () => {
  const manifests = secured({ security: MeshSecurity.strict(), api: RoutingApi.ISTIO_V1BETA1 });
  expect(only(manifests, 'AuthorizationPolicy').apiVersion).toBe('security.istio.io/v1beta1');
  expect(only(manifests, 'PeerAuthentication').apiVersion).toBe('security.istio.io/v1beta1');
});

describe('a chain of services', () => {
  const chart = newChart();
  securedShop(chart);
  const manifests = synth(chart);

  test('is valid, and nothing is wrong with it', () => {
    expectValid(manifests);
    const findings = Mesh.fromChart(chart).check();
    expect(findings.filter(({ severity }) => severity !== Severity.INFO)).toEqual([]);
  });

  test('is this', () => {
    expect(policiesIn(manifests)).toMatchSnapshot();
  });

  describe.each(SECURED_SHOP)('$who', ({ client, reaches, else: otherwise }) => {
    test.each(['shop', 'reviews', 'ratings'])('asks %s', (name) => {
      const server = { namespace: 'shop', labels: { app: name, version: 'v1' } };
      const isIn = reaches.includes(name);
      expect(answerOfSidecar(manifests, client, server)).toBe(isIn ? 'app' : otherwise);
      if (isIn) {
        expect(passesNetwork(manifests, client, server)).toBe(true);
      }
    });
  });

  test('pods without policies are as they were', () => {
    const client: Client = { namespace: 'any', account: 'any', labels: {}, isInMesh: false };
    const server = { namespace: 'shop', labels: { app: 'another' } };
    expect(answerOfSidecar(manifests, client, server)).toBe('app');
    expect(passesNetwork(manifests, client, server)).toBe(true);
  });
});

/** A mesh of service apis; held against the schemas. */
function secured(props: Partial<HeaderRoutedMeshProps>): Manifest[] {
  const manifests = manifestsOf((chart) => {
    new HeaderRoutedMesh(chart, 'ingress', { hosts: ['apis.example.com'], ...versioned(chart), ...props });
  });
  expectValid(manifests);
  return manifests;
}

function policiesIn(manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter(({ kind }) => POLICIES.includes(kind));
}

interface Source {
  readonly principals?: string[];
  readonly namespaces?: string[];
}

function sourcesIn(manifests: readonly Manifest[]): Source[] {
  const rules = only(manifests, 'AuthorizationPolicy').spec.rules as { from: { source: Source }[] }[];
  return rules.flatMap(({ from }) => from.map(({ source }) => source));
}
