/*
 * What a gateway does with a connection before any request is read. Each case was a difference from the real Istio and Envoy.
 */
import { RouteOutcome } from '../../src/envoy/outcome';
import { app, gateway, mesh, routes } from './meshes';

const TO_A = '[{route: [{destination: {host: a}}]}]';
const TO_B = 'route: [{destination: {host: b}}]';
const TLS = '{number: 443, name: tls, protocol: TLS}';
const HTTPS = '{number: 443, name: https, protocol: HTTPS}';
const SIMPLE = 'tls: {mode: SIMPLE, credentialName: c}';
const PASSTHROUGH = 'tls: {mode: PASSTHROUGH}';

function outcomeOf(servers: string, spec: string, url: string): RouteOutcome {
  return mesh(gateway(servers), app('a'), app('b'), routes(TO_A, spec)).route({ url }).outcome;
}

describe('passthrough', () => {
  const servers = `[{port: ${TLS}, hosts: ['*'], ${PASSTHROUGH}}]`;
  const spec = (names: string) =>
    `hosts: ['*'], gateways: [ingress], tls: [{match: [{sniHosts: [${names}]}], ${TO_B}}]`;

  test.each([
    ['for every host takes plain bytes too', "'*'", 'http://a.example.com:443/', RouteOutcome.TCP_FORWARD],
    ['for every host and one more is for every host', "b.org, '*'", 'https://a.org/', RouteOutcome.TCP_FORWARD],
    ['by name takes no plain bytes', "'*.example.com'", 'http://a.example.com:443/', RouteOutcome.TLS_FAILURE],
    ['by name, in any case', 'A.Example.com', 'https://a.example.com/', RouteOutcome.TCP_FORWARD],
    ['by name takes nobody who dials an address', '10.1.2.3', 'https://10.1.2.3/', RouteOutcome.TLS_FAILURE],
    ['for every host takes those who dial an address', "'*'", 'https://10.1.2.3/', RouteOutcome.TCP_FORWARD],
  ])('%s', (_, names, url, outcome) => {
    expect(outcomeOf(servers, spec(names), url)).toBe(outcome);
  });

  test('the first rule for a name has it, with all its names', () => {
    const rule = (names: string, host: string) =>
      `{match: [{sniHosts: [${names}]}], route: [{destination: {host: ${host}}}]}`;
    const both = `hosts: ['*'], gateways: [ingress], tls: [${rule('x.org', 'a')}, ${rule('x.org, y.org', 'b')}]`;
    expect(outcomeOf(servers, both, 'https://x.org/')).toBe(RouteOutcome.TCP_FORWARD);
    expect(outcomeOf(servers, both, 'https://y.org/')).toBe(RouteOutcome.TLS_FAILURE);
  });

  test('AUTO_PASSTHROUGH is for other clusters only', () => {
    const auto = (host: string) => `[{port: ${TLS}, hosts: ['${host}'], tls: {mode: AUTO_PASSTHROUGH}}]`;
    const url = 'https://a.apps.svc.cluster.local/';
    expect(outcomeOf(auto('*.local'), spec("'*'"), url)).toBe(RouteOutcome.TLS_FAILURE);
    // No service has such a host, so there is nothing to listen for.
    expect(outcomeOf(auto('*.example.com'), spec("'*'"), url)).toBe(RouteOutcome.NO_LISTENER);
  });

  test.each([
    ['outside of the mesh has no place there', 'api.example.com', '', RouteOutcome.NO_LISTENER],
    ['inside has', 'api.example.com', 'location: MESH_INTERNAL, ', RouteOutcome.TLS_FAILURE],
    [
      'with a wildcard makes a name that Envoy refuses',
      '*.example.com',
      'location: MESH_INTERNAL, ',
      RouteOutcome.UNDECIDED,
    ],
    [
      'that is not exported is unknown',
      'api.example.com',
      "location: MESH_INTERNAL, exportTo: ['.'], ",
      RouteOutcome.NO_LISTENER,
    ],
  ])('AUTO_PASSTHROUGH: a ServiceEntry %s', (_, host, rest, expected) => {
    const entry = `{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: e, namespace: apps}, spec: {hosts: ['${host}'], ${rest}ports: [{number: 443, name: p, protocol: TLS}]}}`;
    const servers = `[{port: ${TLS}, hosts: ['*.com'], tls: {mode: AUTO_PASSTHROUGH}}]`;
    const decision = mesh(gateway(servers), entry).route({ url: 'https://a.example.com/' });
    expect(decision.outcome).toBe(expected);
  });
});

test('bytes go to the port of the oldest ServiceEntry for the host, wherever the rule stands', () => {
  const entry = (namespace: string, day: number, port: string) => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: entry, namespace: ${namespace}, creationTimestamp: 2026-01-0${day}T00:00:00Z}
spec: {hosts: [b.org], ports: [${port}], resolution: STATIC, endpoints: [{address: 10.1.2.3}]}`;
  const decision = mesh(
    gateway("[{port: {number: 80, name: tcp, protocol: TCP}, hosts: ['*']}]"),
    entry('shop', 1, '{number: 80, name: http, protocol: HTTP, targetPort: 8000}'),
    entry('apps', 2, '{number: 443, name: tcp, protocol: TCP}'),
    routes('[]', "hosts: ['*'], gateways: [ingress], tcp: [{route: [{destination: {host: b.org}}]}]"),
  ).route({ url: 'http://a.example.com/' });
  expect(decision.outcome).toBe(RouteOutcome.TCP_FORWARD);
  expect(decision.destinations[0]).toMatchObject({ port: 80, targetPort: 8000 });
});

describe('a listener with two filter chains for one name is refused by Envoy', () => {
  const bound = "hosts: ['*'], gateways: [ingress]";

  test.each([
    ['in one server', `[{port: ${HTTPS}, hosts: [A.example.com, a.example.com], ${SIMPLE}}]`, bound],
    [
      'in two servers',
      `[{port: ${HTTPS}, hosts: [a.example.com], ${SIMPLE}}, {port: ${TLS}, hosts: ['*'], ${PASSTHROUGH}}]`,
      `${bound}, tls: [{match: [{sniHosts: [a.example.com]}], ${TO_B}}]`,
    ],
  ])('%s', (_, servers, spec) => {
    const decision = mesh(gateway(servers), app('a'), app('b'), routes(TO_A, spec)).route({
      url: 'https://b.example.com/',
    });
    expect(decision.outcome).toBe(RouteOutcome.UNDECIDED);
    expect(decision.explain()).toContain('another filter chain for host a.example.com');
  });

  test('a server that binds 0.0.0.0 shares its listener with those that bind nothing', () => {
    const http = (name: string, rest: string) => `{port: {number: 80, name: ${name}, protocol: HTTP}, ${rest}}`;
    const servers = `[${http('a', 'hosts: [a.org]')}, ${http('b', 'bind: 0.0.0.0, hosts: [b.org]')}]`;
    expect(outcomeOf(servers, bound, 'http://a.org/')).toBe(RouteOutcome.UNDECIDED);
    const alone = `[${http('b', 'bind: 0.0.0.0, hosts: [b.org]')}]`;
    expect(outcomeOf(alone, bound, 'http://b.org/')).toBe(RouteOutcome.FORWARD);
    const inside = `[${http('a', 'hosts: [a.org]')}, ${http('b', 'bind: 127.0.0.1, hosts: [b.org]')}]`;
    expect(outcomeOf(inside, bound, 'http://a.org/')).toBe(RouteOutcome.FORWARD);
  });
});

test('a redirect with a code that Envoy does not know spoils all routes of the port, and no others', () => {
  const strange =
    '[{match: [{uri: {prefix: /r}}], redirect: {uri: /x, redirectCode: 304}}, {route: [{destination: {host: a}}]}]';
  const servers = `[{port: {number: 80, name: a, protocol: HTTP}, hosts: ['*']}, {port: {number: 81, name: b, protocol: HTTP}, hosts: ['*.b.org']}]`;
  const both = mesh(
    gateway(servers),
    app('a'),
    routes(strange, "hosts: ['*.a.org'], gateways: [ingress]"),
    routes(TO_A, "hosts: ['*.b.org'], gateways: [ingress]", 'name: other, namespace: apps'),
  );
  const decision = both.route({ url: 'http://x.a.org/' });
  expect(decision.outcome).toBe(RouteOutcome.UNDECIDED);
  expect(decision.explain()).toContain('redirects with code 304, which Envoy does not know');
  expect(both.route({ url: 'http://x.b.org/' }).outcome).toBe(RouteOutcome.UNDECIDED);
  expect(both.route({ url: 'http://x.b.org:81/' }).outcome).toBe(RouteOutcome.FORWARD);
});

describe('plain and TLS servers on one port', () => {
  const http = `{port: {number: 443, name: http, protocol: HTTP}, hosts: ['*']}`;
  const https = `{port: ${HTTPS}, hosts: [a.example.com], ${SIMPLE}}`;
  const bound = "hosts: ['*'], gateways: [ingress]";

  test.each([
    ['HTTP after TLS is served', `[${https}, ${http}]`, 'http://a.example.com:443/', RouteOutcome.FORWARD],
    ['so is TLS', `[${https}, ${http}]`, 'https://a.example.com/', RouteOutcome.FORWARD],
    ['but not for other names', `[${https}, ${http}]`, 'https://b.example.com/', RouteOutcome.TLS_FAILURE],
    ['TLS after HTTP is left out', `[${http}, ${https}]`, 'https://a.example.com/', RouteOutcome.TLS_FAILURE],
  ])('%s', (_, servers, url, outcome) => {
    expect(outcomeOf(servers, bound, url)).toBe(outcome);
  });
});

describe('the Services in front of the gateway', () => {
  const withPorts = (ports: string) => [
    `
apiVersion: apps/v1
kind: Deployment
metadata: {name: gw, namespace: infra}
spec: {template: {metadata: {labels: {istio: ingressgateway}}, spec: {containers: [{name: proxy, ports: [{name: web, containerPort: 8080}]}]}}}`,
    `
apiVersion: v1
kind: Service
metadata: {name: gw, namespace: infra}
spec: {selector: {istio: ingressgateway}, ports: [${ports}]}`,
  ];
  const outcomeWith = (ports: string, url: string) =>
    mesh(...withPorts(ports), gateway(), app('a'), routes(TO_A)).route({ url }).outcome;

  test.each([
    ['a named port of the pods', '{port: 80, targetPort: web}', RouteOutcome.FORWARD],
    ['a name that the pods do not have', '{port: 80, targetPort: missing}', RouteOutcome.NO_LISTENER],
    [
      'the second of two ports for one port of the pods, which Istio does not count',
      '{name: x, port: 81, targetPort: 8080}, {name: y, port: 80, targetPort: 8080}',
      RouteOutcome.NO_LISTENER,
    ],
    [
      'two ports for one port of the pods, of different protocols',
      '{name: tcp-x, port: 81, targetPort: 8080}, {name: http, port: 80, targetPort: 8080}',
      RouteOutcome.FORWARD,
    ],
  ])('%s', (_, ports, outcome) => {
    expect(outcomeWith(ports, 'http://a.example.com/')).toBe(outcome);
  });

  test('another port of the Service leads to the same listener', () => {
    const ports = '{name: http, port: 80, targetPort: 8080}, {name: tcp-x, port: 81, targetPort: 8080}';
    expect(outcomeWith(ports, 'http://a.example.com:81/')).toBe(RouteOutcome.FORWARD);
  });
});
