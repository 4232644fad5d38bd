import { MESH_CONFIG } from '../../imports/istio.facts';
import { CaveatKind } from '../../src/envoy/caveat';
import { RouteOutcome } from '../../src/envoy/outcome';
import { MESH_CONFIG_FIELDS } from '../../src/model/mesh-config-fields';
import { OutboundTrafficPolicy } from '../../src/proxy/outbound-traffic-policy';
import { app, gateway, mesh, meshWith, routes } from './meshes';

const FROM = 'mesh:apps/web-v1';
const OTHERS = '{apiVersion: v1, kind: Pod, metadata: {name: job, namespace: other}}';
const FROM_OTHERS = 'mesh:other/job';

/** What istiod reads, as Helm writes it: YAML in a ConfigMap. */
function settings(text: string, name: string = 'istio', networks: string = 'networks: {}'): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'istio-system' },
    data: { mesh: text, meshNetworks: networks },
  });
}

const istio = (kind: string, name: string, namespace: string, spec: string) =>
  `{apiVersion: networking.istio.io/v1, kind: ${kind}, metadata: {name: ${name}, namespace: ${namespace}}, spec: ${spec}}`;
const entry = (host: string, namespace: string, more: string = '') =>
  istio(
    'ServiceEntry',
    'entry',
    namespace,
    `{hosts: [${host}], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS${more}}`,
  );

test('every field of MeshConfig is read, or known not to be', () => {
  expect(Object.keys(MESH_CONFIG_FIELDS).sort()).toEqual(MESH_CONFIG);
});

describe('outboundTrafficPolicy', () => {
  const outcomeBy = (policy: string, url: string = 'http://example.org/') =>
    mesh(app('web'), settings(`outboundTrafficPolicy: ${policy}`)).route({ url, from: FROM }).outcome;

  test.each([
    ['{mode: REGISTRY_ONLY}', RouteOutcome.BLOCKED],
    ['{mode: ALLOW_ANY}', RouteOutcome.PASSTHROUGH],
    // The first of the enum is what nothing means.
    ['{}', RouteOutcome.BLOCKED],
    ['{mode: 1}', RouteOutcome.PASSTHROUGH],
    ['{mode: ALLOW_ANY_DYNAMIC_DNS}', RouteOutcome.PASSTHROUGH],
  ])('%s decides about hosts that the mesh does not know', (policy, outcome) => {
    expect(outcomeBy(policy)).toBe(outcome);
  });

  test('may be written in snake_case, as all fields', () => {
    const model = mesh(app('web'), settings('outbound_traffic_policy: {mode: REGISTRY_ONLY}'));
    expect(model.route({ url: 'http://example.org/', from: FROM }).outcome).toBe(RouteOutcome.BLOCKED);
  });

  test('ALLOW_ANY_DYNAMIC_DNS sends requests where DNS says that their host is, and TLS where it was sent', () => {
    const model = mesh(app('web'), settings('outboundTrafficPolicy: {mode: ALLOW_ANY_DYNAMIC_DNS}'));
    const to = (url: string, host?: string) =>
      model.route({ url, from: FROM, headers: host === undefined ? {} : { host } }).outcome;
    expect(to('http://example.org:8080/')).toBe(RouteOutcome.PASSTHROUGH);
    expect(to('http://example.org/', 'other.example.org')).toBe(RouteOutcome.UNDECIDED);
    expect(to('https://example.org/')).toBe(RouteOutcome.PASSTHROUGH);
    expect(outcomeBy('{mode: ALLOW_ANY_DYNAMIC_DNS, tls: {mode: SIMPLE}}')).toBe(RouteOutcome.UNDECIDED);
  });

  test('of a Sidecar counts before it', () => {
    const sidecar = istio('Sidecar', 'default', 'apps', '{outboundTrafficPolicy: {mode: ALLOW_ANY}}');
    const model = mesh(app('web'), sidecar, settings('outboundTrafficPolicy: {mode: REGISTRY_ONLY}'));
    expect(model.route({ url: 'http://example.org/', from: FROM }).outcome).toBe(RouteOutcome.PASSTHROUGH);
  });

  test('as an option counts before it, and the decision says so', () => {
    const model = meshWith(
      { outboundTrafficPolicy: OutboundTrafficPolicy.REGISTRY_ONLY },
      app('web'),
      settings('outboundTrafficPolicy: {mode: ALLOW_ANY}'),
    );
    const decision = model.route({ url: 'http://example.org/', from: FROM });
    expect(decision.outcome).toBe(RouteOutcome.BLOCKED);
    expect(decision.caveats).toMatchObject([
      {
        kind: CaveatKind.ASSUMED,
        object: 'istio-system/istio',
        place: { path: 'data.mesh' },
        text: 'outboundTrafficPolicy is given as REGISTRY_ONLY, and ConfigMap istio-system/istio says ALLOW_ANY; the given value counts',
      },
    ]);
    // What the mesh knows does not depend on it.
    expect(model.route({ url: 'http://web/', from: FROM }).caveats).toEqual([]);
  });
});

describe('default exportTo', () => {
  const direct = (name: string, hosts: string, namespace: string) =>
    istio('VirtualService', name, namespace, `{${hosts} http: [{directResponse: {status: 418}}]}`);

  test('hides VirtualServices that do not say to whom they are exported', () => {
    const objects = [app('web'), OTHERS, direct('web', 'hosts: [web.apps.svc.cluster.local],', 'apps')];
    const statusBy = (from: string, ...more: string[]) =>
      mesh(...objects, ...more).route({ url: 'http://web.apps/', from }).status;
    expect(statusBy(FROM_OTHERS)).toBe(418);
    const own = settings('defaultVirtualServiceExportTo: ["."]');
    expect(statusBy(FROM_OTHERS, own)).toBeUndefined();
    expect(statusBy(FROM, own)).toBe(418);
  });

  test('hides delegates from other namespaces', () => {
    const objects = [
      app('web'),
      istio('VirtualService', 'root', 'apps', '{hosts: [web], http: [{delegate: {name: leaf, namespace: leaves}}]}'),
      direct('leaf', '', 'leaves'),
    ];
    expect(mesh(...objects).route({ url: 'http://web/', from: FROM }).status).toBe(418);
    const hidden = mesh(...objects, settings('defaultVirtualServiceExportTo: [.]'));
    expect(hidden.route({ url: 'http://web/', from: FROM }).status).toBeUndefined();
    expect(hidden.check().map(({ check }) => check)).toContain('delegate-dropped');
  });

  test('hides DestinationRules, for which only . counts', () => {
    const rules = istio(
      'VirtualService',
      'a',
      'other',
      '{hosts: [a.apps.svc.cluster.local], http: [{route: [{destination: {host: a.apps.svc.cluster.local, subset: v1}}]}]}',
    );
    const outcomeBy = (list: string) =>
      mesh(app('a'), OTHERS, rules, settings(`defaultDestinationRuleExportTo: ${list}`)).route({
        url: 'http://a.apps/',
        from: FROM_OTHERS,
      }).outcome;
    expect(outcomeBy('["."]')).toBe(RouteOutcome.NO_CLUSTER);
    expect(outcomeBy('["~"]')).toBe(RouteOutcome.FORWARD);
  });

  test('hides Services and ServiceEntries', () => {
    const outcomeBy = (list: string, url: string) =>
      mesh(
        app('a'),
        OTHERS,
        entry('a.example.org', 'apps'),
        settings(`defaultServiceExportTo: ${list}\noutboundTrafficPolicy: {}`),
      ).route({
        url,
        from: FROM_OTHERS,
      }).outcome;
    for (const url of ['http://a.apps/', 'http://a.example.org/']) {
      expect(outcomeBy('["*"]', url)).toBe(RouteOutcome.FORWARD);
      expect(outcomeBy('["."]', url)).toBe(RouteOutcome.BLOCKED);
      expect(outcomeBy('[other]', url)).toBe(RouteOutcome.FORWARD);
    }
  });
});

describe('serviceEntryVisibility', () => {
  const outcomeBy = (visibility: string, from: string, exportTo: string = '') =>
    mesh(
      app('web'),
      OTHERS,
      '{apiVersion: v1, kind: Namespace, metadata: {name: apps, labels: {team: a, istio-injection: enabled}}}',
      entry('a.example.org', 'apps', exportTo),
      settings(`{outboundTrafficPolicy: {}, serviceEntryVisibility: ${visibility}}`),
    ).route({ url: 'http://a.example.org/', from }).outcome;
  const policies = '[{visibility: NAMESPACE, matchingRules: [{namespaceSelector: {matchLabels: {team: a}}}]}]';

  test('is nothing to sidecars unless they are told', () => {
    expect(outcomeBy('{defaultVisibility: NONE}', FROM_OTHERS)).toBe(RouteOutcome.FORWARD);
  });

  test('limits how far ServiceEntries are visible', () => {
    expect(outcomeBy('{applyToSidecars: true, defaultVisibility: NONE}', FROM)).toBe(RouteOutcome.BLOCKED);
    expect(outcomeBy(`{applyToSidecars: true, policies: ${policies}}`, FROM)).toBe(RouteOutcome.FORWARD);
    expect(outcomeBy(`{applyToSidecars: true, policies: ${policies}}`, FROM_OTHERS)).toBe(RouteOutcome.BLOCKED);
  });

  test('never widens it', () => {
    const other = ', exportTo: [other]';
    expect(outcomeBy('{applyToSidecars: true, defaultVisibility: NAMESPACE}', FROM, other)).toBe(RouteOutcome.BLOCKED);
    expect(outcomeBy('{applyToSidecars: true, defaultVisibility: PUBLIC}', FROM, other)).toBe(RouteOutcome.BLOCKED);
  });
});

test('rootNamespace is whose DestinationRules hold for all, unless an option says otherwise', () => {
  const objects = [
    app('web'),
    OTHERS,
    '{apiVersion: v1, kind: Service, metadata: {name: a, namespace: shop}, spec: {ports: [{port: 80, name: http}]}}',
    istio('DestinationRule', 'a', 'root', '{host: a.shop.svc.cluster.local, subsets: [{name: v1}]}'),
    istio(
      'VirtualService',
      'a',
      'other',
      '{hosts: [a.shop.svc.cluster.local], http: [{route: [{destination: {host: a.shop.svc.cluster.local, subset: v1}}]}]}',
    ),
    settings('rootNamespace: root'),
  ];
  const request = { url: 'http://a.shop/', from: FROM_OTHERS };
  expect(mesh(...objects).route(request).outcome).toBe(RouteOutcome.FORWARD);
  const given = meshWith({ rootNamespace: 'istio-system' }, ...objects).route(request);
  expect(given.outcome).toBe(RouteOutcome.NO_CLUSTER);
  expect(given.caveats.map(({ text }) => text)).toEqual([
    'rootNamespace is given as istio-system, and ConfigMap istio-system/istio says root; the given value counts',
  ]);
});

describe('discoverySelectors', () => {
  const objects = [
    app('web'),
    OTHERS,
    istio('VirtualService', 'web', 'apps', '{hosts: [web], http: [{directResponse: {status: 418}}]}'),
    istio(
      'VirtualService',
      'web',
      'other',
      '{hosts: [web.apps.svc.cluster.local], http: [{directResponse: {status: 419}}]}',
    ),
  ];
  const namespace = (name: string, labels: string) =>
    `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}, labels: {istio-injection: enabled, ${labels}}}}`;
  const byName =
    'discoverySelectors: [{matchLabels: {kubernetes.io/metadata.name: apps}}, {matchLabels: {mesh: "on"}}]';

  test('leave out what is in other namespaces', () => {
    const model = mesh(...objects, namespace('apps', ''), namespace('other', 'mesh: "off"'), settings(byName));
    const decision = model.route({ url: 'http://web.apps/', from: FROM_OTHERS });
    expect(decision).toMatchObject({ status: 418, caveats: [] });
  });

  test('are said to be open for a namespace whose labels are not given', () => {
    const decision = mesh(...objects, settings(byName)).route({ url: 'http://web.apps/', from: FROM });
    expect(decision.caveats).toContainEqual(
      expect.objectContaining({ kind: CaveatKind.ASSUMED, text: expect.stringContaining('read namespace other:') }),
    );
  });

  test.each([
    ['{key: team, operator: In, values: [a, b]}', true],
    ['{key: team, operator: NotIn, values: [b]}', true],
    ['{key: team, operator: NotIn, values: [a]}', false],
    ['{key: gone, operator: NotIn, values: [a]}', true],
    ['{key: team, operator: Exists}', true],
    ['{key: gone, operator: Exists}', false],
    ['{key: gone, operator: DoesNotExist}', true],
  ])('select by %s', (expression, seen) => {
    const model = mesh(
      ...objects.slice(0, 3),
      namespace('apps', 'team: a'),
      settings(`discoverySelectors: [{matchExpressions: [${expression}]}]`),
    );
    expect(model.route({ url: 'http://web.apps/', from: FROM }).status).toBe(seen ? 418 : undefined);
  });
});

describe('what routes get by default', () => {
  const at = (text: string, ...objects: string[]) => mesh(...objects, settings(text));

  test('retries', () => {
    const objects = [app('web'), app('a')];
    const retries = (text: string) => at(text, ...objects).route({ url: 'http://a/', from: FROM }).retries;
    expect(retries('defaultHttpRetryPolicy: {attempts: 0}')).toBeUndefined();
    expect(retries('defaultHttpRetryPolicy: {attempts: 5, retryOn: "503", perTryTimeout: 2s}')).toMatchObject({
      attempts: 5,
      perTryTimeoutMillis: 2000,
    });
  });

  test('retries that a rule writes count before them', () => {
    const rules = routes('[{retries: {attempts: 1}, route: [{destination: {host: a}}]}]', 'hosts: [a]');
    const decision = at('defaultHttpRetryPolicy: {attempts: 5}', app('web'), app('a'), rules).route({
      url: 'http://a/',
      from: FROM,
    });
    expect(decision.retries?.attempts).toBe(1);
  });

  test.each([
    ['h2UpgradePolicy: UPGRADE', '', true],
    ['h2UpgradePolicy: UPGRADE', 'connectionPool: {http: {h2UpgradePolicy: DO_NOT_UPGRADE}}', false],
    ['h2UpgradePolicy: UPGRADE', 'connectionPool: {tcp: {maxConnections: 1}}', true],
    ['defaultTrafficPolicy: {connectionPool: {http: {h2UpgradePolicy: UPGRADE}}}', '', true],
    // A block of a DestinationRule takes the place of the whole block.
    [
      'defaultTrafficPolicy: {connectionPool: {http: {h2UpgradePolicy: UPGRADE}}}',
      'connectionPool: {tcp: {maxConnections: 1}}',
      false,
    ],
    ['defaultTrafficPolicy: {connectionPool: {http: {h2UpgradePolicy: UPGRADE}}}', 'outlierDetection: {}', true],
  ])('%s and a DestinationRule with %s: HTTP/2 %s', (text, policy, isHttp2) => {
    const rule = istio('DestinationRule', 'a', 'apps', `{host: a, trafficPolicy: {${policy}}}`);
    const decision = at(text, app('web'), app('a'), rule).route({ url: 'http://a/', from: FROM });
    expect(decision.explain().includes('in HTTP/2')).toBe(isHttp2);
  });
});

test.each([
  ['NONE', '/a/../v2', undefined],
  ['NONE', '/v2', 418],
  ['BASE', '/a/../v2', 418],
  ['BASE', '//v2', undefined],
  ['MERGE_SLASHES', '//v2', 418],
  ['MERGE_SLASHES', '/%2Fv2', undefined],
  ['DECODE_AND_MERGE_SLASHES', '/%2fv2', 418],
  ['DECODE_AND_MERGE_SLASHES', '/%5C%5cv2', 418],
  ['MERGE_SLASHES', '//', 419],
  ['MERGE_SLASHES', '///', 419],
  ['MERGE_SLASHES', '/.//', 419],
  ['MERGE_SLASHES', '/v2//../', undefined],
])('pathNormalization %s makes of %s what rules see', (normalization, path, status) => {
  const rules = routes(
    '[{match: [{uri: {exact: /v2}}], directResponse: {status: 418}}, {match: [{uri: {exact: //}}], directResponse: {status: 419}}, {route: [{destination: {host: web}}]}]',
  );
  const model = mesh(gateway(), app('web'), rules, settings(`pathNormalization: {normalization: ${normalization}}`));
  expect(model.route({ url: `http://a.example.com${path}` }).status).toBe(status);
});

describe('what is not read', () => {
  const PEERS =
    '{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: p, namespace: apps}, spec: {}}';
  const ask = (text: string, request: object, networks?: string) =>
    mesh(
      gateway(),
      app('web'),
      PEERS,
      routes('[{route: [{destination: {host: web}}]}]'),
      settings(text, 'istio', networks),
    ).route({
      url: 'http://a.example.com/',
      ...request,
    });
  const INSIDE = { url: 'http://web/', from: FROM };

  test.each<[string, object, object]>([
    ['enableAutoMtls: false', {}, INSIDE],
    ['defaultConfig: {interceptionMode: NONE}', INSIDE, {}],
    ['defaultConfig: {runtimeValues: {a: b}}', INSIDE, { url: 'http://a.example.com/', method: 'PUT' }],
    ['defaultConfig: {gatewayTopology: {proxyProtocol: {}}}', {}, INSIDE],
    ['defaultConfig: {gatewayTopology: {numTrustedProxies: 1}}', { headers: { 'X-Forwarded-Proto': 'https' } }, {}],
    ['defaultConfig: {proxyMetadata: {ISTIO_META_DNS_CAPTURE: "true"}}', { ...INSIDE, url: 'https://web/' }, INSIDE],
    ['configSources: [{address: "xds://x"}]', {}, INSIDE],
  ])('%s: a decision that it can change is not made, and others are', (text, touched, other) => {
    const decision = ask(text, touched);
    expect(decision.outcome).toBe(RouteOutcome.UNDECIDED);
    expect(decision.caveats).toMatchObject([{ kind: CaveatKind.NOT_READ, object: 'istio-system/istio' }]);
    const everywhere = /autoMtls|runtimeValues|configSources/i.test(text);
    expect(ask(text, other).outcome === RouteOutcome.UNDECIDED).toBe(everywhere);
  });

  test('addresses of networks', () => {
    const networks = 'networks: {a: {endpoints: [{fromCidr: 10.0.0.0/8}], gateways: []}}';
    expect(ask('{}', { headerLines: ['x-envoy-max-retries: 1'] }, networks).outcome).toBe(RouteOutcome.UNDECIDED);
    expect(ask('{}', {}, networks).outcome).toBe(RouteOutcome.FORWARD);
  });

  test.each([
    'accessLogFile: /dev/stdout',
    'defaultConfig: {discoveryAddress: x}',
    'unheardOf: {}',
    'configSources: [{address: "k8s://"}]',
    '',
  ])('%s: changes nothing', (text) => {
    expect(ask(text, {})).toMatchObject({ outcome: RouteOutcome.FORWARD, caveats: [] });
  });

  test.each([
    '{',
    'outboundTrafficPolicy: REGISTRY_ONLY',
    'outboundTrafficPolicy: {mode: DENY}',
    '[]',
    'pathNormalization: {normalization: 9}',
  ])('%s: nothing, where istiod cannot read it', (text) => {
    const decision = ask(text, {});
    expect(decision.outcome).toBe(RouteOutcome.UNDECIDED);
    expect(decision.caveats).toMatchObject([{ kind: CaveatKind.NOT_READ, place: { path: 'data.mesh' } }]);
  });
});

describe('of several control planes', () => {
  const strict = 'outboundTrafficPolicy: {mode: REGISTRY_ONLY}';
  const ask = (...documents: string[]) =>
    mesh(app('web'), ...documents).route({ url: 'http://example.org/', from: FROM });

  test('the one without revision counts, and the decision names those that differ', () => {
    const decision = ask(settings(strict, 'istio-canary'), settings('{}'));
    expect(decision.outcome).toBe(RouteOutcome.PASSTHROUGH);
    expect(decision.caveats).toMatchObject([{ kind: CaveatKind.ASSUMED, object: 'istio-system/istio-canary' }]);
  });

  test('the only one counts', () => {
    expect(ask(settings(strict, 'istio-canary'))).toMatchObject({ outcome: RouteOutcome.BLOCKED, caveats: [] });
  });

  test('those that say the same of requests are one', () => {
    const decision = ask(
      settings(strict, 'istio-a'),
      settings(`${strict}\ndefaultConfig: {discoveryAddress: b}`, 'istio-b'),
    );
    expect(decision.caveats).toEqual([]);
  });

  test('what an IstioOperator says counts where there is no ConfigMap', () => {
    const operator = `{apiVersion: install.istio.io/v1alpha1, kind: IstioOperator, metadata: {name: i, namespace: istio-system}, spec: {meshConfig: {${strict}}}}`;
    expect(ask(operator).outcome).toBe(RouteOutcome.BLOCKED);
    expect(ask(operator, settings('{}')).outcome).toBe(RouteOutcome.PASSTHROUGH);
  });
});
