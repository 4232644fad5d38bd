/*
 * The mistakes that people make with header routing, one manifest each, and what is said of it. Everything but the mistake is in
 * order, so that nothing else may be said.
 */
import { Mesh, Severity } from 'cdk8s-versioned-mesh';
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

const V1 = { app: 'apis', version: 'v1' };
const V2 = { app: 'apis', version: 'v2' };
const SHOP = namespace('shop', { 'istio-injection': 'enabled' });
const EDGE = gateway('edge', [server('HTTP', 80, { hosts: ['apis.example.com'] })]);
const BACKEND = [service('apis'), deployment('apis-v1', V1), deployment('apis-v2', V2)];
const RULE = destinationRule('apis', 'apis', ['v1', 'v2']);
const to = (subset: string) => routeTo('apis', { subset });
const when = (match: object | readonly object[], subset = 'v2') => ({
  match: Array.isArray(match) ? match : [match],
  ...to(subset),
});
const agent = (regex: string) => ({ headers: { 'user-agent': { regex } } });
const routes = (http: readonly object[], spec: object = {}) =>
  virtualService('apis', { hosts: ['apis.example.com'], gateways: ['edge'], http, ...spec });
const rules = (...http: object[]) => routes([...http, to('v1')]);

/** The whole system, with `changed` in place of the objects of the same kind and name. */
function system(...changed: Manifest[]): Manifest[] {
  const nameOf = ({ kind, metadata }: Manifest) => `${kind} ${(metadata as { readonly name: string }).name}`;
  const replaced = new Set(changed.map(nameOf));
  const whole = [SHOP, EDGE, ...BACKEND, RULE, rules(when(agent('.*Chrome/.*')))];
  return [...whole.filter((object) => !replaced.has(nameOf(object))), ...changed];
}

function without(kind: string): Manifest[] {
  return system().filter((object) => object.kind !== kind);
}

/** Remarks do not count, but for one that is looked for. */
function ids(manifests: readonly Manifest[], remark?: string): readonly string[] {
  const findings = Mesh.fromManifests([...manifests]).check();
  const loud = findings.filter(({ severity, check }) => severity !== Severity.INFO || check === remark);
  return [...new Set(loud.map(({ check }) => check))].sort();
}

test('nothing is said of the system without a mistake', () => {
  expect(ids(system())).toEqual([]);
});

test.each<[string, Manifest[], string]>([
  ['1 a regex for a part of the value', system(rules(when(agent('Chrome')))), 'regex-looks-like-substring'],
  ['2 a lookaround', system(rules(when(agent('^(?!.*Chrome)(?=.*Safari).*$')))), 'invalid-regex'],
  ['2 a pattern for Safari that takes Chrome', system(rules(when(agent('.*Safari.*')))), 'regex-matches-too-much'],
  [
    '4 a header that is set too late to be matched',
    system(
      routes([
        when({ headers: { 'x-version': { exact: 'v2' } } }),
        { ...to('v1'), headers: { request: { set: { 'x-version': 'v2' } } } },
      ]),
    ),
    'header-set-before-match',
  ],
  [
    '5 the general rule in front',
    system(routes([when({ uri: { prefix: '/' } }, 'v1'), when(agent('.*Chrome/.*')), to('v1')])),
    'unreachable-rule',
  ],
  [
    '6 alternatives that look like one condition',
    system(routes([when([{ headers: { 'x-beta': {} } }, { uri: { prefix: '/' } }])])),
    'separate-matches-are-or',
  ],
  [
    '7 two VirtualServices of one host on a gateway',
    [...system(), virtualService('more', { hosts: ['apis.example.com'], gateways: ['edge'], http: [to('v2')] })],
    'undefined-rule-order',
  ],
  [
    '7 two VirtualServices of one host in the mesh',
    [
      ...system(),
      virtualService('one', { hosts: ['apis'], http: [to('v1')] }),
      virtualService('two', { hosts: ['apis'], http: [to('v2')] }),
    ],
    'mesh-host-conflict',
  ],
  ['8 no default', system(routes([when({ headers: { 'x-beta': {} } })])), 'no-default-route'],
  ['9 a subset that is not defined', system(rules(when({ uri: { prefix: '/b' } }, 'v3'))), 'subset-not-found'],
  [
    '10 a subset of no pod',
    system(
      destinationRule('apis', 'apis', ['v1'], {
        subsets: [
          { name: 'v1', labels: V1 },
          { name: 'v2', labels: { version: 'two' } },
        ],
      }),
    ),
    'subset-selects-nothing',
  ],
  [
    '10 labels on the Deployment and not on its pods',
    system({ ...deployment('apis-v2', { app: 'apis' }), metadata: { name: 'apis-v2', namespace: 'shop', labels: V2 } }),
    'subset-selects-nothing',
  ],
  [
    '12 rules of the mesh that a gateway does not follow',
    system(
      routes([routeTo('apis')]),
      virtualService('inside', { hosts: ['apis'], http: [when({ headers: { 'x-beta': {} } }), to('v1')] }),
    ),
    'ingress-rules-not-affected',
  ],
  [
    '12 a match for a gateway that the VirtualService does not list',
    system(rules(when({ gateways: ['mesh'], uri: { prefix: '/b' } }))),
    'match-gateway-not-listed',
  ],
  [
    '13 a host that the gateway does not serve',
    system(routes([to('v1')], { hosts: ['api.example.com'] })),
    'host-not-in-gateway',
  ],
  [
    '13 a short host on a gateway',
    system(gateway('edge', [server('HTTP', 80, { hosts: ['apis', 'apis.example.com'] })])),
    'gateway-short-host',
  ],
  ['13 a gateway of another name', system(routes([to('v1')], { gateways: ['edges'] })), 'gateway-not-found'],
  [
    '14 labels of two installations',
    system(gateway('edge', [server('HTTP', 80)], { selector: { app: 'istio-ingress', istio: 'ingressgateway' } })),
    'gateway-selects-no-workload',
  ],
  ['15 http routes on a TCP server', system(gateway('edge', [server('TCP', 80)])), 'http-routes-on-tcp-server'],
  [
    '15 http routes where TLS passes through',
    system(gateway('edge', [server('HTTPS', 443, { tls: { mode: 'PASSTHROUGH' } })])),
    'http-routes-on-tcp-server',
  ],
  [
    '16 a port that is called tcp',
    system(
      service('apis', { ports: [{ name: 'tcp-80', port: 80, targetPort: 8080 }] }),
      virtualService('inside', { hosts: ['apis'], http: [when({ headers: { 'x-beta': {} } }), to('v1')] }),
      routes([to('v1')]),
    ),
    'port-name-protocol',
  ],
  [
    '17 a port that the Service does not have',
    system(rules({ match: [{ uri: { prefix: '/b' } }], ...routeTo('apis', { subset: 'v2', port: { number: 8080 } }) })),
    'destination-port',
  ],
  [
    '17 a targetPort that the pods do not have',
    system(service('apis', { ports: [{ name: 'http', port: 80, targetPort: 5000 }] })),
    'service-target-port',
  ],
  [
    '18 withoutHeaders that excludes everything',
    system(rules(when({ withoutHeaders: { 'x-beta': { regex: '.*' } } }))),
    'without-headers-surprise',
  ],
  [
    '19 a pseudo-header that is none',
    system(rules(when({ headers: { ':uri': { prefix: '/b' } } }))),
    'rejected-by-istio',
  ],
  ['19 a field among the headers', system(rules(when({ headers: { uri: { prefix: '/b' } } }))), 'rule-never-matches'],
  [
    '20 one certificate in two Gateways',
    [
      ...system(),
      ...['a', 'b'].map((name) =>
        gateway(name, [
          server('HTTPS', 443, { hosts: [`${name}.example.com`], tls: { mode: 'SIMPLE', credentialName: 'wild' } }),
        ]),
      ),
    ],
    'duplicate-gateway-certificate',
  ],
  [
    '20 a redirect to https without a server for it',
    system(gateway('edge', [server('HTTP', 80, { hosts: ['apis.example.com'], tls: { httpsRedirect: true } })])),
    'https-redirect-without-https-server',
  ],
  [
    '20 plain text towards strict mutual TLS',
    system(
      destinationRule('apis', 'apis', ['v1', 'v2'], { trafficPolicy: { tls: { mode: 'DISABLE' } } }),
      manifest('security.istio.io/v1', 'PeerAuthentication', 'default', { mtls: { mode: 'STRICT' } }),
    ),
    'mtls-conflict',
  ],
  [
    '22 no sidecar for a VirtualService of the mesh',
    system(
      namespace('shop', { 'istio-injection': 'disabled' }),
      virtualService('inside', { hosts: ['apis'], http: [when({ headers: { 'x-beta': {} } }), to('v1')] }),
      routes([to('v1')]),
    ),
    'mesh-routes-without-sidecar',
  ],
  [
    '23 a version of the API that is gone',
    system({ ...deployment('apis-v2', V2), apiVersion: 'apps/v1beta1' }),
    'removed-api-version',
  ],
  [
    '23 no selector',
    system({
      ...deployment('apis-v2', V2),
      spec: { template: { metadata: { labels: V2 }, spec: { containers: [{ name: 'app', image: 'app:1' }] } } },
    }),
    'selector-mismatch',
  ],
  [
    '25 two Deployments of one selector, and an autoscaler',
    system(
      ...['v1', 'v2'].map((version) => {
        const { spec, ...rest } = deployment(`apis-${version}`, { app: 'apis', version });
        return { ...rest, spec: { ...(spec as object), selector: { matchLabels: { app: 'apis' } } } };
      }),
      manifest('autoscaling/v2', 'HorizontalPodAutoscaler', 'apis-v1', {
        scaleTargetRef: { kind: 'Deployment', name: 'apis-v1' },
      }),
    ),
    'overlapping-selectors',
  ],
  [
    '3 a header that the apps have to pass on',
    system(
      routes([when({ headers: { 'x-user': { exact: 'a' } } }), to('v1')], { hosts: ['apis'], gateways: ['mesh'] }),
    ),
    'header-not-passed-on',
  ],
])('%s', (_, manifests, id) => {
  expect(ids(manifests, id)).toEqual([id]);
});

/** What manifests cannot tell, and why; nothing is said of them. */
test.each<[string, string, Manifest[]]>([
  ['11', 'in which order objects of one state are applied is up to whoever applies them', [...system()].reverse()],
  [
    '21',
    'what an AuthorizationPolicy is to refuse is for its author to say',
    [
      ...system(),
      manifest('security.istio.io/v1', 'AuthorizationPolicy', 'apis', {
        rules: [{ to: [{ operation: { paths: ['/v1/*'] } }] }],
      }),
    ],
  ],
  ['26', 'what a controller makes of an object later is not in it', system()],
])('%s is left alone: %s', (_, __, manifests) => {
  expect(ids(manifests)).toEqual([]);
});

test('9 a subset without any DestinationRule', () => {
  expect(ids(without('DestinationRule'))).toEqual(['subset-not-found']);
});

test('9 a Service that is missing is one finding, not one for each rule and subset', () => {
  expect(ids(without('Service').filter(({ kind }) => kind !== 'DestinationRule'))).toEqual(['destination-not-found']);
});
