/*
 * What is not read: it is said once for each kind, and no other check concludes from the absence of what such objects may hold.
 */
import { Mesh, RouteOutcome, Severity } from 'cdk8s-versioned-mesh';
import { notLookedAt } from '../../src/checks/input/not-looked-at';
import { findingsAsText } from '../../src/cli/findings-as-text';
import { plain } from '../../src/cli/style';
import { describeCheck } from './cases';
import {
  deployment,
  destinationRule,
  gateway,
  type Manifest,
  manifest,
  namespace,
  routeTo,
  server,
  service,
  virtualService,
} from './manifests';

const API = 'gateway.networking.k8s.io/v1';
const LISTENERS = [{ name: 'http', port: 80, protocol: 'HTTP' }];
const apiGateway = (name = 'gw', spec: object = {}) =>
  manifest(API, 'Gateway', name, { gatewayClassName: 'istio', listeners: LISTENERS, ...spec });
const httpRoute = (name: string, backend: string, spec: object = {}) =>
  manifest(API, 'HTTPRoute', name, {
    parentRefs: [{ name: 'gw' }],
    rules: [{ backendRefs: [{ name: backend, port: 80 }] }],
    ...spec,
  });
const ingress = (spec: object = {}, metadata: object = {}) =>
  manifest(
    'networking.k8s.io/v1',
    'Ingress',
    'i',
    {
      rules: [
        {
          host: 'b.example.com',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'b', port: { number: 80 } } } }],
          },
        },
      ],
      ...spec,
    },
    { annotations: { 'kubernetes.io/ingress.class': 'istio' }, ...metadata },
  );
const envoyFilter = manifest('networking.istio.io/v1alpha3', 'EnvoyFilter', 'f', { configPatches: [] });

describeCheck(notLookedAt, {
  silent: {
    'a Gateway of Istio': [gateway('edge', [server('HTTP', 80)])],
    'Telemetry and ProxyConfig, which change no answer': [
      manifest('telemetry.istio.io/v1', 'Telemetry', 't', {}),
      manifest('networking.istio.io/v1beta1', 'ProxyConfig', 'p', { concurrency: 1 }),
    ],
    'an Ingress for another controller': [ingress({}, { annotations: { 'kubernetes.io/ingress.class': 'nginx' } })],
    'kinds of the same name of somebody else': [manifest('example.com/v1', 'HTTPRoute', 'x', {})],
  },
  found: {
    'several of one kind, once': [
      [httpRoute('a', 'a'), httpRoute('b', 'b'), httpRoute('c', 'c'), httpRoute('d', 'd'), httpRoute('e', 'e')],
      {
        severity: Severity.INFO,
        name: 'a',
        words: ['5 HTTPRoute objects of gateway.networking.k8s.io', 'shop/a, shop/b, shop/c and 2 more'],
      },
    ],
    'each kind': [
      [apiGateway(), envoyFilter, ingress()],
      { kind: 'Gateway', words: ['1 Gateway object of gateway.networking.k8s.io is not'] },
      { kind: 'EnvoyFilter', words: ['what such objects change in the proxies'] },
      { kind: 'Ingress' },
    ],
  },
});

/** What the checks find besides. */
function others(...manifests: Manifest[]): readonly string[] {
  const findings = Mesh.fromManifests(manifests).check({ disable: ['not-looked-at'] });
  return findings.map(({ check, kind, name }) => `${check} ${kind} ${name}`);
}

const SHOP = namespace('shop', { 'istio-injection': 'enabled' });
const V1 = { app: 'a', version: 'v1' };
const V2 = { app: 'a', version: 'v2' };
const PODS = [SHOP, service('a'), deployment('a-v1', V1), deployment('a-v2', V2)];
const B = [service('b'), deployment('b')];
const EDGE = gateway('edge', [server('HTTP', 80, { hosts: ['a.example.com', 'b.example.com'] })]);
const A = virtualService('a', { hosts: ['a.example.com'], gateways: ['edge'], http: [routeTo('a')] });
const ATTACHED = { addresses: [{ type: 'Hostname', value: 'ingress.edge.svc.cluster.local' }] };

describe('no check concludes from the absence of what is not read', () => {
  test.each<[what: string, finding: string, without: Manifest[], unread: Manifest[]]>([
    [
      'a host of the Gateway whose routes an Ingress has',
      'gateway-host-without-routes Gateway edge',
      [...PODS, ...B, EDGE, A],
      [ingress()],
    ],
    [
      'a host of the Gateway whose routes an HTTPRoute for the same pods has',
      'gateway-host-without-routes Gateway edge',
      [...PODS, ...B, EDGE, A],
      [apiGateway('gw', ATTACHED), httpRoute('b', 'b')],
    ],
    [
      'a subset that gets requests by an HTTPRoute to the whole Service',
      'version-without-route DestinationRule a',
      [
        ...PODS,
        destinationRule('a', 'a', ['v1', 'v2']),
        virtualService('a', { hosts: ['a'], http: [routeTo('a', { subset: 'v1' })] }),
      ],
      [apiGateway(), httpRoute('a', 'a')],
    ],
    [
      'a Service of a version that an HTTPRoute leads to',
      'version-without-route Service a-v2',
      [
        ...PODS,
        service('a-v1', { selector: V1 }),
        service('a-v2', { selector: V2 }),
        virtualService('a', { hosts: ['a'], http: [routeTo('a-v1')] }),
      ],
      [apiGateway(), httpRoute('a', 'a-v2')],
    ],
    [
      'the Service that Istio makes for a Gateway of the Gateway API',
      'destination-not-found VirtualService a',
      [SHOP, deployment('client'), virtualService('a', { hosts: ['a.example.com'], http: [routeTo('gw-istio')] })],
      [apiGateway()],
    ],
    [
      'the Gateway that Istio makes of one of the Gateway API',
      'gateway-not-found VirtualService a',
      [
        ...PODS,
        virtualService('a', {
          hosts: ['a.example.com'],
          gateways: ['gw-istio-autogenerated-k8s-gateway-http'],
          http: [routeTo('a')],
        }),
      ],
      [apiGateway()],
    ],
    [
      'HTTPS by an Ingress',
      'https-redirect-without-https-server Gateway edge',
      [
        ...B,
        SHOP,
        gateway('edge', [server('HTTP', 80, { hosts: ['b.example.com'], tls: { httpsRedirect: true } })]),
        virtualService('b', { hosts: ['b.example.com'], gateways: ['edge'], http: [routeTo('b')] }),
      ],
      [ingress({ tls: [{ hosts: ['b.example.com'], secretName: 'c' }] })],
    ],
    [
      'requests that no rule takes, and an Ingress does',
      'no-default-route VirtualService b',
      [
        ...B,
        SHOP,
        EDGE,
        A,
        ...PODS.slice(1),
        virtualService('b', {
          hosts: ['b.example.com'],
          gateways: ['edge'],
          http: [{ match: [{ headers: { 'x-b': { exact: '1' } } }], ...routeTo('b') }],
        }),
      ],
      [ingress()],
    ],
  ])('%s', (_, finding, without, unread) => {
    expect(others(...without)).toContain(finding);
    expect(others(...without, ...unread)).not.toContain(finding);
  });

  test('pods that Istio starts for a Gateway of the Gateway API', () => {
    const front = service('front', { selector: { 'gateway.networking.k8s.io/gateway-name': 'gw' } });
    expect(others(...PODS, apiGateway(), front)).toEqual([]);
  });

  test('but a VirtualService does not bind to a Gateway of the Gateway API, and it is said why', () => {
    const findings = Mesh.fromManifests([
      ...PODS,
      apiGateway(),
      virtualService('a', { hosts: ['a.example.com'], gateways: ['gw'], http: [routeTo('a')] }),
    ]).check();
    expect(findings).toContainEqual(
      expect.objectContaining({ check: 'gateway-not-found', help: expect.stringContaining('write an HTTPRoute') }),
    );
  });

  test('kinds of the Gateway API are known', () => {
    const listenerSet = manifest('gateway.networking.x-k8s.io/v1alpha1', 'XListenerSet', 's', {});
    expect(others(SHOP, apiGateway(), httpRoute('a', 'a'), listenerSet)).toEqual([]);
  });
});

test('what is only served by the Gateway API is neither "nothing found" nor a closed port', () => {
  const mesh = Mesh.fromManifests([...PODS, apiGateway(), httpRoute('a', 'a')]);
  expect(mesh.route({ url: 'http://a.example.com/' }).outcome).toBe(RouteOutcome.UNDECIDED);
  expect(findingsAsText(mesh.check(), 7, plain)).toMatch(/2 notes in 7 objects\.\n$/);
});
