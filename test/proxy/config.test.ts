/*
 * What proxies are configured to do: the names that Istio gives, and that it is what `route` answers from.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { predict } from '../../conformance/compare';
import { modelOf } from '../../conformance/differences';
import type { MeshCase } from '../../conformance/manifest';
import { readRecordings } from '../../conformance/vectors';
import type { RouteDecision } from '../../src/envoy/decision';
import type { Mesh } from '../../src/mesh';
import type { ProxyConfig, RouteEntry } from '../../src/proxy/config/proxy-config';
import type { ProxyConfigurationOptions } from '../../src/proxy/config/proxy-configuration';
import { asText } from '../../src/proxy/config/text';
import { app, gateway, mesh, routes } from '../envoy/meshes';

const SCHEMA = JSON.parse(readFileSync(join(__dirname, '../../docs/schemas/config.json'), 'utf8'));
const isAsPublished = new Ajv({ allErrors: true }).compile(SCHEMA);

function configOf(asked: Mesh, options: ProxyConfigurationOptions = { from: 'gateway' }): ProxyConfig {
  const [configuration, ...more] = asked.proxyConfigurations(options);
  expect(more).toEqual([]);
  return configuration._config;
}

/** The names of the virtual hosts of each route configuration, with their domains. */
function hostsOf({ routes: all }: ProxyConfig): unknown {
  return Object.fromEntries(
    all.map(({ name, virtualHosts }) => [
      name,
      Object.fromEntries(virtualHosts.map((host) => [host.name, host.domains])),
    ]),
  );
}

describe.each(readRecordings())('the recorded meshes of $name', ({ recording }) => {
  test.each(recording.vectors.map((vector, index) => [index, vector] as const))('mesh %i', (_, vector) => {
    const model = modelOf(vector.mesh);
    const [configuration, ...more] = model.proxyConfigurations(proxyOf(vector.mesh));
    expect(more).toEqual([]);
    isAsPublished(JSON.parse(JSON.stringify([configuration])));
    expect(isAsPublished.errors ?? []).toEqual([]);
    const all = configuration._config.routes.flatMap(({ virtualHosts }) => virtualHosts).flatMap((host) => host.routes);
    for (const { ask } of vector.decisions) {
      const decision = predict(model, vector.mesh, ask);
      if (decision.ruleIndex !== undefined && decision.destinations.length > 0) {
        expect(all.map(inShort)).toContain(routeTaken(decision));
      }
    }
  });
});

function proxyOf({ proxy: { gateway: door, sidecar } }: MeshCase): ProxyConfigurationOptions {
  return sidecar === undefined
    ? { from: 'gateway', gatewayLabels: door?.labels, gatewayNamespace: door?.namespace }
    : { from: `mesh:${sidecar.namespace}/${sidecar.workload}` };
}

function inShort({ clusters, name }: RouteEntry): string {
  return [name, ...clusters.map(({ cluster, weight }) => `${weight}% ${cluster}`)].join(' ');
}

function routeTaken({ destinations, ruleName = '' }: RouteDecision): string {
  const places = destinations.map(
    ({ host, port, subset = '', weight }) => `${weight}% outbound|${port}|${subset}|${host}`,
  );
  return [ruleName, ...places].join(' ');
}

test('a gateway’s listeners and route configurations have Istio’s names', () => {
  const servers = `[
    {port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']},
    {port: {number: 443, name: web, protocol: HTTPS}, hosts: [b.example.com, a.example.com], tls: {mode: SIMPLE, credentialName: c}}]`;
  const { listeners, routes: all } = configOf(
    mesh(app('web'), gateway(servers), routes('[{route: [{destination: {host: web, port: {number: 80}}}]}]')),
  );
  expect(listeners.map(({ name, chains }) => [name, chains.map((chain) => [chain.serverNames, chain.routes])])).toEqual(
    [
      ['0.0.0.0_80', [[[], 'http.80']]],
      ['0.0.0.0_443', [[['a.example.com', 'b.example.com'], 'https.443.web.ingress.apps']]],
    ],
  );
  expect(all.map(({ name }) => name)).toEqual(['http.80', 'https.443.web.ingress.apps']);
});

test('hosts with the same routes are one virtual host of a gateway, called by the longest', () => {
  const config = configOf(
    mesh(
      app('web'),
      gateway(),
      routes(
        '[{route: [{destination: {host: web}}]}]',
        "hosts: ['*.example.com', b.example.com, longer.example.com], gateways: [ingress]",
      ),
      routes(
        '[{route: [{destination: {host: web}}]}]',
        'hosts: [other.org], gateways: [ingress]',
        'name: other, namespace: apps',
      ),
    ),
  );
  expect(hostsOf(config)).toEqual({
    'http.80': {
      'longer.example.com:80': ['longer.example.com', 'b.example.com', '*.example.com'],
      'other.org:80': ['other.org'],
    },
  });
});

test('a gateway without routes answers 404 to all', () => {
  expect(hostsOf(configOf(mesh(gateway())))).toEqual({ 'http.80': { 'blackhole:80': ['*'] } });
});

test('all that stands in a match is in the route’s', () => {
  const { routes: all } = configOf(
    mesh(
      app('web'),
      gateway(),
      routes(`[{name: shop, match: [{name: beta, uri: {prefix: /Shop}, ignoreUriCase: true, method: {exact: GET},
        headers: {x-b: {regex: v.*}, '@request.auth.claims.role': {exact: admin}}, withoutHeaders: {x-a: {}}, queryParams: {q: {exact: '1'}}}],
        rewrite: {uri: /, authority: inner}, timeout: 2s, retries: {attempts: 0}, route: [{destination: {host: web, subset: v1}}]}]`),
    ),
  );
  expect(all[0].virtualHosts[0].routes).toEqual([
    {
      name: 'shop.beta',
      match: {
        path: { kind: 'prefix', value: '/Shop' },
        ignoreCase: true,
        headers: [
          { name: 'x-a', kind: 'present', value: '', invert: true },
          { name: 'x-b', kind: 'regex', value: 'v.*', invert: false },
          { name: ':method', kind: 'exact', value: 'GET', invert: false },
        ],
        queryParameters: [{ name: 'q', kind: 'exact', value: '1', invert: false }],
        claims: [{ name: '@request.auth.claims.role', kind: 'exact', value: 'admin', invert: false }],
      },
      text: expect.stringContaining('path begins with /Shop, in any case and :method = GET'),
      clusters: [{ cluster: 'outbound|80|v1|web.apps.svc.cluster.local', weight: 100, hostRewrite: 'inner' }],
      mirrors: [],
      prefixRewrite: '/',
      timeoutMillis: 2000,
      origin: {
        kind: 'VirtualService',
        namespace: 'apps',
        name: 'routes',
        path: 'spec.http[0].match[0]',
        file: 'test',
        line: expect.any(Number),
      },
    },
  ]);
});

test('a CORS policy is the route’s, in Istio’s words and in a table', () => {
  const config = configOf(
    mesh(
      app('web'),
      gateway(),
      routes(`[{corsPolicy: {allowOrigins: [{exact: 'http://a.com'}, {}, {regex: .*}], allowMethods: [GET, POST], exposeHeaders: [x-a],
        maxAge: 1h, allowCredentials: false, unmatchedPreflights: IGNORE}, route: [{destination: {host: web}}]},
        {corsPolicy: {allowOrigin: ['*']}, redirect: {uri: /x}}]`),
    ),
  );
  expect(config.routes[0].virtualHosts[0].routes[0].cors).toEqual({
    allowOrigins: [
      { kind: 'exact', value: 'http://a.com' },
      { kind: 'regex', value: '.*' },
    ],
    allowMethods: ['GET', 'POST'],
    allowHeaders: [],
    exposeHeaders: ['x-a'],
    allowCredentials: false,
    maxAgeSeconds: 3600,
    forwardNotMatchingPreflights: false,
  });
  expect(asText(['web'], config, ['routes'])).toContain('CORS for http://a.com, regex .*, other preflights ignored');
});

test('a cluster says what stands behind it, and why nothing does', () => {
  const { clusters } = configOf(
    mesh(
      app('web'),
      gateway(),
      routes(
        '[{route: [{destination: {host: web, subset: v9}, weight: 1}, {destination: {host: web, subset: v1}, weight: 3}]}]',
      ),
    ),
  );
  expect(
    clusters.map(({ name, state, type, targetPort, endpoints }) => [name, state, type, targetPort, endpoints.length]),
  ).toEqual([
    ['outbound|80||web.apps.svc.cluster.local', 'usable', 'EDS', 8080, 1],
    ['outbound|80|v1|web.apps.svc.cluster.local', 'usable', 'EDS', 8080, 1],
    ['outbound|80|v9|web.apps.svc.cluster.local', 'missing', undefined, undefined, 0],
  ]);
  expect(clusters[2].text).toContain('has no subset v9, only v1');
});

test('a sidecar has the hosts of a port under all their names, and then what is unknown', () => {
  const config = configOf(mesh(app('web')), { from: 'mesh:apps/web-v1' });
  expect(config.listeners.map(({ name }) => name)).toEqual(['0.0.0.0_80']);
  expect(hostsOf(config)).toEqual({
    80: {
      'web.apps.svc.cluster.local:80': [
        'web.apps.svc.cluster.local',
        'web.apps.svc.cluster.local.',
        'web.apps',
        'web.apps.svc',
        'web',
      ],
      allow_any: ['*'],
    },
  });
});

test('a port that names no protocol has a listener and a route configuration of its own', () => {
  const service = `
apiVersion: v1
kind: Service
metadata: {name: plain, namespace: apps}
spec: {clusterIP: 10.0.0.7, selector: {app: web}, ports: [{port: 90}]}`;
  const config = configOf(mesh(app('web'), service), { from: 'mesh:apps/web-v1' });
  expect(config.listeners.map(({ name, chains }) => [name, chains.map((chain) => chain.routes)])).toEqual([
    ['0.0.0.0_80', ['80']],
    ['10.0.0.7_90', [undefined, 'plain.apps.svc.cluster.local:90']],
  ]);
  expect(hostsOf(config)).toMatchObject({
    'plain.apps.svc.cluster.local:90': { 'plain.apps.svc.cluster.local:90': ['*'] },
  });
});

test('what is left out is told once, with the reason', () => {
  const { skipped } = configOf(
    mesh(
      app('web'),
      gateway(`[{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}, {port: {number: 80, name: tcp, protocol: TCP}, hosts: ['*']},
        {port: {number: 90, name: bytes, protocol: TCP}, hosts: ['*']}]`),
      routes(
        '[{match: [{port: 81}], route: [{destination: {host: web}}]}, {route: [{destination: {host: web}}]}]',
        'hosts: [a.example.com, b.example.com], gateways: [ingress, narrow]',
      ),
      gateway('[{port: {number: 82, name: http-82, protocol: HTTP}, hosts: [other.org]}]', 'narrow'),
    ),
  );
  expect(skipped.map(({ origin, reason, where }) => [where, origin?.path, reason.slice(0, 40)])).toEqual([
    ['0.0.0.0_80', 'spec.servers[1]', 'is left out: port 80 is already used wit'],
    ['0.0.0.0_90', 'spec.servers[2]', 'has protocol TCP, for which Istio reads '],
    ['http.80', 'spec.http[0].match[0]', 'is for port 81, and this is port 80'],
    [undefined, 'spec.hosts', 'no server of Gateway apps/narrow has one'],
  ]);
});

test('routes of a kind that no server reads, and rules for bytes that an earlier one takes, are told as left out', () => {
  const manifests = mesh(
    app('web'),
    gateway(`[{port: {number: 90, name: bytes, protocol: TCP}, hosts: ['*']}]`),
    routes('[{route: [{destination: {host: web}}]}]', 'hosts: [a.example.com], gateways: [ingress]'),
    `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: outside, namespace: apps}
spec: {hosts: [out.example.com], location: MESH_EXTERNAL, resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}`,
    `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: out, namespace: apps}
spec:
  hosts: [out.example.com]
  tls:
  - match: [{sniHosts: [out.example.com]}]
    route: [{destination: {host: out.example.com}}]
  - match: [{sniHosts: [out.example.com], port: 443}]
    route: [{destination: {host: web}}]`,
  );
  const skippedFor = (from: string) =>
    configOf(manifests, { from }).skipped.map(({ origin, reason, where }) => [where, origin?.path, reason]);
  expect(skippedFor('gateway')).toContainEqual([
    undefined,
    'spec.http[0]',
    'is not read: for the servers of Gateway apps/ingress that have its hosts, Istio reads tcp routes only',
  ]);
  expect(skippedFor('mesh:apps/web-v1')).toEqual([
    [
      'port 443',
      'spec.tls[1].match[0]',
      'has no effect: spec.tls[0].match[0] of VirtualService apps/out comes first and takes the same connections',
    ],
  ]);
});

test('a listener that Envoy does not take says why, as route does', () => {
  const tls = (name: string) =>
    `{port: {number: 443, name: ${name}, protocol: TLS}, hosts: ['*.example.com'], tls: {mode: PASSTHROUGH}}`;
  const rule = (name: string) =>
    routes(
      '[]',
      `hosts: ['*.example.com'], gateways: [ingress], tls: [{match: [{sniHosts: [A.example.com]}], route: [{destination: {host: web}}]}, {match: [{sniHosts: [a.example.com]}], route: [{destination: {host: web}}]}]`,
      `name: ${name}, namespace: apps`,
    );
  const asked = mesh(app('web'), gateway(`[${tls('one')}]`), rule('r'));
  const [{ refused = '' }] = configOf(asked).listeners;
  expect(refused).toContain('another filter chain for host a.example.com');
  expect(asked.route({ url: 'https://a.example.com/' }).explain()).toContain(refused);
});

test('what a Sidecar object asks for is not always worked out, and that is said', () => {
  const sidecar = `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: own, namespace: apps}
spec: {egress: [{port: {number: 80, protocol: HTTP, name: http}, hosts: ['*/*']}]}`;
  expect(configOf(mesh(app('web'), sidecar), { from: 'mesh:apps/web-v1' })).toMatchObject({
    unknown: expect.stringContaining('has egress listeners of its own'),
    listeners: [],
  });
});

test('without a question there are gateways and sidecars, those alike together', () => {
  const all = mesh(app('web', ['v1', 'v2']), gateway()).proxyConfigurations();
  expect(all.map(({ proxies }) => proxies)).toEqual([
    ['gateway, pods labelled istio=ingressgateway,app=istio-ingressgateway'],
    ['mesh:apps/web-v1', 'mesh:apps/web-v2'],
  ]);
  expect(`${all[0]}`).toContain('blackhole:80');
});

test('pods that get no sidecar have none', () => {
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: apps, labels: {istio-injection: disabled}}';
  expect(mesh(app('web'), namespace).proxyConfigurations()).toEqual([]);
});

test('who is meant must exist', () => {
  const asked = mesh(app('web'));
  expect(() => asked.proxyConfigurations({ from: 'mesh:apps/nobody' })).toThrow('known are mesh:apps/web-v1');
  expect(() => asked.proxyConfigurations({ from: 'cluster' })).toThrow("write 'gateway', or");
  expect(() => asked.proxyConfigurations({ form: 'gateway' } as ProxyConfigurationOptions)).toThrow(
    'did you mean from',
  );
});
