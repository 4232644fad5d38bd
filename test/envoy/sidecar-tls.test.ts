/*
 * Requests over TLS from inside the mesh: nobody reads them, and a sidecar goes by address, port and the name of the connection.
 */

import { RouteOutcome } from '../../src/envoy/outcome';
import { OutboundTrafficPolicy } from '../../src/proxy/outbound-traffic-policy';
import { app, mesh, meshWith } from './meshes';

const FROM = 'mesh:apps/web-v1';
const { BLOCKED, PASSTHROUGH, TCP_FORWARD, UNDECIDED } = RouteOutcome;

function ask(model: ReturnType<typeof mesh>, url: string, host = '') {
  return model.route({ url, from: FROM, ...(host === '' ? {} : { headers: { host } }) });
}

function entry(spec: string, name: string = 'e', port: string = 'TLS'): string {
  return `{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: ${name}, namespace: apps}, spec: {resolution: STATIC, ports: [{number: 443, name: p, protocol: ${port}}], ${spec}}}`;
}

function tls(rules: string, hosts: string, name = 'tls'): string {
  return `{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: ${name}, namespace: apps}, spec: {hosts: ${hosts}, tls: [${rules}]}}`;
}

function to(match: string, host: string): string {
  return `{match: [${match}], route: [{destination: {host: ${host}}}]}`;
}

const WEB = app('web');
const API = entry('hosts: [api.example.com], endpoints: [{address: 1.1.1.1}]');
const EGRESS = entry('hosts: [egress.example.org], endpoints: [{address: 2.2.2.2}]', 'f');

function hostOf(decision: ReturnType<typeof ask>): string | undefined {
  return decision.outcome === TCP_FORWARD ? decision.destinations[0].host : decision.outcome;
}

describe('a ServiceEntry without address', () => {
  const wide = entry("hosts: ['*.example.com'], endpoints: [{address: 3.3.3.3}]", 'wide');

  test.each<[string, string, string, string?]>([
    ['its name', 'https://api.example.com/', 'api.example.com'],
    ['its name, whatever the request inside is for', 'https://api.example.com/', 'api.example.com', 'else.org'],
    ['a wildcard, where no other has the name', 'https://x.example.com/', '*.example.com'],
    ['nothing but names', 'https://10.0.0.1/', PASSTHROUGH],
    ['no other name', 'https://example.com/', PASSTHROUGH],
  ])('gets %s', (_, url, expected, host = '') => {
    expect(hostOf(ask(mesh(WEB, API, wide), url, host))).toBe(expected);
  });

  test('is also known by the names of its aliases', () => {
    const alias =
      '{apiVersion: v1, kind: Service, metadata: {name: alias, namespace: apps}, spec: {type: ExternalName, externalName: api.example.com}}';
    for (const name of ['alias', 'alias.apps', 'alias.apps.svc', 'alias.apps.svc.cluster.local']) {
      expect(hostOf(ask(mesh(WEB, API, alias), `https://${name}/`))).toBe('api.example.com');
    }
  });

  test('for TCP gets what names leave over', () => {
    const rest = entry('hosts: [rest.example.org], endpoints: [{address: 3.3.3.3}]', 'rest', 'TCP');
    expect(hostOf(ask(mesh(WEB, API, rest), 'https://else.org/'))).toBe('rest.example.org');
    expect(hostOf(ask(mesh(WEB, API, rest), 'https://api.example.com/'))).toBe('api.example.com');
  });
});

describe('a port for HTTP', () => {
  const model = (policy: OutboundTrafficPolicy) =>
    meshWith({ outboundTrafficPolicy: policy }, WEB, app('a', ['v1'], '{name: http, port: 443}'));

  test('has no place for TLS, which passes through or is blocked', () => {
    expect(ask(model(OutboundTrafficPolicy.ALLOW_ANY), 'https://a/').outcome).toBe(PASSTHROUGH);
    expect(ask(model(OutboundTrafficPolicy.REGISTRY_ONLY), 'https://a/')).toMatchObject({
      outcome: BLOCKED,
      status: undefined,
    });
    expect(ask(model(OutboundTrafficPolicy.ALLOW_ANY), 'https://a/').explain()).toContain(
      'port 443 of a.apps.svc.cluster.local is declared as HTTP, so no rule and no service takes TLS there',
    );
  });

  test('shares the listener with names of TLS', () => {
    const both = mesh(WEB, app('a', ['v1'], '{name: http, port: 443}'), API);
    expect(hostOf(ask(both, 'https://a/'))).toBe(PASSTHROUGH);
    expect(hostOf(ask(both, 'https://api.example.com/'))).toBe('api.example.com');
    expect(ask(both, 'http://a:443/').outcome).toBe(RouteOutcome.FORWARD);
  });
});

test.each(['https', 'tls', 'tcp', 'whatever'])('a Service with an address and port %s gets TLS by any name', (name) => {
  const model = mesh(WEB, app('a', ['v1'], `{name: ${name}, port: 443}`));
  expect(hostOf(ask(model, 'https://a/'))).toBe('a.apps.svc.cluster.local');
});

describe('a tls rule', () => {
  const egress = (match: string) => tls(to(match, 'egress.example.org'), '[api.example.com]');
  const answer = (match: string) => hostOf(ask(mesh(WEB, API, EGRESS, egress(match)), 'https://api.example.com/'));

  test.each([
    ['by name', 'sniHosts: [api.example.com]', 'egress.example.org'],
    ['for the port', 'sniHosts: [api.example.com], port: 443', 'egress.example.org'],
    ['for another port', 'sniHosts: [api.example.com], port: 8443', 'api.example.com'],
    ['for the caller’s labels', 'sniHosts: [api.example.com], sourceLabels: {app: web}', 'egress.example.org'],
    ['for another’s labels', 'sniHosts: [api.example.com], sourceLabels: {app: b}', 'api.example.com'],
    ['for another namespace', 'sniHosts: [api.example.com], sourceNamespace: b', 'api.example.com'],
    ['for a gateway', 'sniHosts: [api.example.com], gateways: [gw]', 'api.example.com'],
    ['by an address that nobody knows', 'sniHosts: [api.example.com], destinationSubnets: [10.0.0.0/8]', UNDECIDED],
  ])('%s', (_, match, expected) => {
    expect(answer(`{${match}}`)).toBe(expected);
  });

  test('says where it stands', () => {
    const text = ask(mesh(WEB, API, EGRESS, egress('{sniHosts: [api.example.com]}')), 'https://api.example.com/');
    expect(text.explain()).toContain('spec.tls[0].match[0]   SNI api.example.com   matched');
    expect(text.virtualService?.name).toBe('tls');
  });

  test('for a Service takes the name that clients give, and not what it is short for', () => {
    const secure = app('a', ['v1'], '{name: https, port: 443}');
    const rule = tls(to('{sniHosts: [a.apps.svc.cluster.local]}', 'egress.example.org'), '[a.apps.svc.cluster.local]');
    const model = mesh(WEB, secure, EGRESS, rule);
    expect(hostOf(ask(model, 'https://a.apps.svc.cluster.local/'))).toBe('egress.example.org');
    const short = ask(model, 'https://a/');
    expect(short.outcome).toBe(PASSTHROUGH);
    expect(short.explain()).toContain('TLS on port 443 is for a.apps.svc.cluster.local (SNI), not for a,');
  });

  test('on a port that says nothing of TLS is none', () => {
    const plain = app('a', ['v1'], '{name: tcp, port: 443}');
    const rule = tls(to('{sniHosts: [a]}', 'egress.example.org'), '[a]');
    expect(hostOf(ask(mesh(WEB, plain, EGRESS, rule), 'https://a/'))).toBe('a.apps.svc.cluster.local');
  });
});

describe('rules by address', () => {
  const at = (address: string) =>
    entry(`hosts: [api.example.com], addresses: [${address}], endpoints: [{address: 1.1.1.1}]`);
  const match = (subnets: string) => `{sniHosts: [api.example.com], destinationSubnets: [${subnets}]}`;
  const rule = (first: string, ...more: string[]) =>
    tls([to(first, 'egress.example.org'), ...more].join(', '), '[api.example.com]');

  test.each([
    ['10.0.0.9', '10.0.0.0/8', 'egress.example.org'],
    ['10.0.0.9', '11.0.0.0/8', PASSTHROUGH],
    ['10.0.0.0/24', '10.0.0.0/8', 'egress.example.org'],
    ['10.0.0.0/24', '10.0.0.9/32', UNDECIDED],
    ['10.0.0.9', '0.0.0.0/0', 'egress.example.org'],
    ['10.0.0.9', 'fd00::/8', PASSTHROUGH],
  ])('an address %s and a rule for %s', (address, subnets, expected) => {
    const model = mesh(WEB, at(address), EGRESS, rule(match(subnets)));
    expect(hostOf(ask(model, 'https://api.example.com/'))).toBe(expected);
  });

  test('a match without them takes over those of the match before it', () => {
    const wide = entry("hosts: ['*.example.com'], addresses: [10.0.0.9], endpoints: [{address: 1.1.1.1}]");
    const rules = (...parts: string[]) => tls(parts.join(', '), "['*.example.com']");
    const first = to('{sniHosts: [a.example.com], destinationSubnets: [11.0.0.0/8]}', 'egress.example.org');
    const second = to('{sniHosts: [b.example.com]}', 'egress.example.org');
    const outcome = (...parts: string[]) =>
      hostOf(ask(mesh(WEB, wide, EGRESS, rules(...parts)), 'https://b.example.com/'));
    expect(outcome(first, second)).toBe(PASSTHROUGH);
    expect(outcome(second, first)).toBe('egress.example.org');
  });

  test('two for the same connections are more than Envoy takes', () => {
    const twice = rule('{sniHosts: [api.example.com]}', to(match('0.0.0.0/0'), 'egress.example.org'));
    expect(ask(mesh(WEB, API, EGRESS, twice), 'https://api.example.com/').outcome).toBe(UNDECIDED);
  });

  test.each([
    'sniHosts: [a.example.com, A.example.com]',
    'sniHosts: [a.example.com, a.example.com]',
    'sniHosts: [a.example.com], destinationSubnets: [10.0.0.0/16, 10.0.3.4/16]',
  ])('one for the same connections twice is that, too: %s', (twice) => {
    const rules = tls(to(`{${twice}}`, 'egress.example.org'), "['*.example.com']");
    const wide = entry("hosts: ['*.example.com'], endpoints: [{address: 1.1.1.1}]");
    const decision = ask(mesh(WEB, wide, EGRESS, rules), 'https://b.example.com/');
    expect(decision.outcome).toBe(UNDECIDED);
    expect(decision.explain()).toContain('a filter chain of port 443 is there twice for the same connections');
  });
});

test('a ServiceEntry whose host DNS resolves has a port of its own beside another for the same host', () => {
  const resolved = (spec: string, name: string, day: number) =>
    `{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: ${name}, namespace: apps, creationTimestamp: "2026-01-0${day}T00:00:00Z"}, spec: {hosts: [api.example.com], resolution: DNS, ${spec}}}`;
  const model = mesh(
    WEB,
    resolved(
      'ports: [{number: 443, name: p, protocol: TLS, targetPort: 8443}], endpoints: [{address: a.example.net}]',
      'a',
      1,
    ),
    resolved('ports: [{number: 443, name: q, protocol: TLS}]', 'b', 2),
  );
  expect(ask(model, 'https://api.example.com/').destinations[0]).toMatchObject({
    targetPort: undefined,
    workloadsKnown: false,
  });
});
