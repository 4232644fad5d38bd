/*
 * What istiod is known to say (`npm run conformance:config`), by hand.
 */
import type { ProxyConfig } from '../../src/proxy/config/proxy-config';
import { app, gateway, mesh, routes } from '../envoy/meshes';

function ofGateway(...documents: string[]): ProxyConfig {
  return mesh(...documents).proxyConfigurations({ from: 'gateway' })[0]._config;
}

/** Of the sidecar of a-v1. */
function ofSidecar(...documents: string[]): ProxyConfig {
  return mesh(app('a'), ...documents).proxyConfigurations({ from: 'mesh:apps/a-v1' })[0]._config;
}

test('a server that redirects does so for hosts of one namespace under their names with the namespace, which no request has', () => {
  const server = `[{port: {number: 80, name: http, protocol: HTTP}, hosts: [apps/a.example.com, '*.b.example.com'],
    tls: {httpsRedirect: true}}]`;
  const [table] = ofGateway(gateway(server), app('a'), routes('[{route: [{destination: {host: a}}]}]')).routes;
  expect(table.virtualHosts.map(({ domains, requireTls, routes: own }) => [domains, requireTls, own.length])).toEqual([
    [['a.example.com'], true, 1],
    [['apps/a.example.com', '*.b.example.com'], true, 0],
  ]);
});

test('a range of IPv6 addresses is a range of no IPv4 address, and is written as it was', () => {
  const rule = `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: db, namespace: apps}
spec: {hosts: [db.apps.svc.cluster.local], tcp: [{match: [{destinationSubnets: ['fd00::/8']}], route: [{destination: {host: db}}]}]}`;
  const { listeners } = ofSidecar(app('db', ['v1'], '{name: tcp, port: 5432}'), rule);
  const chains = listeners.filter(({ port }) => port === 5432).flatMap((listener) => listener.chains);
  expect(chains.map(({ prefixRanges }) => prefixRanges)).toEqual([['fd00::/8'], []]);
});

/** A ServiceEntry that no Sidecar of the namespace imports, and a rule for it. */
function notImported(rule: string): readonly string[] {
  return [
    `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: other, namespace: elsewhere}
spec: {hosts: [other.example.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: STATIC}`,
    `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: own, namespace: apps}
spec: {egress: [{hosts: ['./*']}]}`,
    routes(`[${rule}]`, 'hosts: [a]'),
  ];
}

function clusterNames({ clusters }: ProxyConfig): readonly string[] {
  return clusters.filter(({ state }) => state !== 'missing').map(({ name }) => name);
}

const OTHER = 'outbound|80||other.example.com';

test('a host that is not imported has clusters where a rule names it, even if only for copies of nothing', () => {
  const rule = '{route: [{destination: {host: a}}], mirror: {host: other.example.com}, mirrorPercentage: {value: 0}}';
  expect(clusterNames(ofSidecar(...notImported(rule)))).toContain(OTHER);
});

test.each([
  ['{sourceNamespace: shop}', false],
  ['{sourceNamespace: shop}, {uri: {prefix: /x}}', false],
  ['{sourceNamespace: shop}, {sourceNamespace: apps}', true],
])('whether it has with the matches %s', (matches, expected) => {
  const rule = `{match: [${matches}], route: [{destination: {host: other.example.com}}]}`;
  expect(clusterNames(ofSidecar(...notImported(rule))).includes(OTHER)).toBe(expected);
});

test('where workloads have ports of one name under different numbers, the port of the endpoints is not known', () => {
  const workload = (name: string, number: number) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: apps}
spec: {template: {metadata: {labels: {app: b}}, spec: {containers: [{ports: [{name: web, containerPort: ${number}}]}]}}}`;
  const service = (name: string) => `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: apps}
spec: {selector: {app: b}, ports: [{name: http, port: 80, targetPort: web}]}`;
  const of = (...workloads: string[]) =>
    ofSidecar(service('b'), ...workloads).clusters.find(({ host }) => host.startsWith('b.'))?.targetPort;
  expect(of(workload('b-1', 8000))).toBe(8000);
  expect(of(workload('b-1', 8000), workload('b-2', 9000))).toBeUndefined();
});

test('the listeners of a service with several addresses share a route configuration', () => {
  const entry = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: other, namespace: apps}
spec: {hosts: [other.example.com], addresses: [10.0.0.1, 10.0.0.2], resolution: STATIC, ports: [{number: 8080, name: x, protocol: ''}]}`;
  const { listeners, routes: tables } = ofSidecar(entry);
  expect(listeners.filter(({ port }) => port === 8080).map(({ name }) => name)).toEqual([
    '10.0.0.1_8080',
    '10.0.0.2_8080',
  ]);
  expect(tables.filter(({ name }) => name.endsWith(':8080')).map(({ name }) => name)).toEqual([
    'other.example.com:8080',
  ]);
});

test('of a host that is not imported, the first definition of a namespace counts, and another not where that one is hidden', () => {
  const older = (exportTo: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: older, namespace: elsewhere, creationTimestamp: 2020-01-01T00:00:00Z}
spec: {hosts: [other.example.com], exportTo: ['${exportTo}'], resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}]}`;
  const [newer, ...others] = notImported('{route: [{destination: {host: other.example.com}}]}');
  const later = newer.replace('namespace: elsewhere', 'namespace: elsewhere, creationTimestamp: 2021-01-01T00:00:00Z');
  expect(clusterNames(ofSidecar(older('*'), later, ...others))).toContain(OTHER);
  expect(clusterNames(ofSidecar(older('shop'), later, ...others))).not.toContain(OTHER);
});

test('of hosts that DNS is asked for in turn, endpoints count only where no older ServiceEntry has some at the port', () => {
  const endpoints = (round: string, other: string) => {
    const entry = (name: string, day: string, spec: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ${name}, namespace: apps, creationTimestamp: 2026-01-${day}T00:00:00Z}
spec: {hosts: [a.example.com], ports: [{number: 80, name: ${name}, protocol: HTTP}], ${spec}}`;
    const { clusters } = ofSidecar(
      entry('round', round, 'resolution: DNS_ROUND_ROBIN, endpoints: [{address: a.example.net}]'),
      entry('other', other, "resolution: STATIC, endpoints: [{address: 10.0.0.1}], exportTo: ['~']"),
    );
    return clusters.find(({ host }) => host === 'a.example.com')?.endpoints.map(({ name }) => name);
  };
  expect(endpoints('02', '01')).toEqual(['10.0.0.1']);
  expect(endpoints('01', '02')).toEqual(['a.example.net', '10.0.0.1']);
});
