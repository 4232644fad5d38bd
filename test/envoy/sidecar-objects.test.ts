/*
 * Sidecar objects, and listeners that Envoy does not take.
 */

import { RouteOutcome } from '../../src/envoy/outcome';
import { OutboundTrafficPolicy } from '../../src/proxy/outbound-traffic-policy';
import { app, mesh, meshWith, routes } from './meshes';

const FROM = 'mesh:apps/web-v1';
const OTHER =
  '{apiVersion: v1, kind: Service, metadata: {name: b, namespace: other}, spec: {selector: {app: b}, ports: [{name: http, port: 80}]}}';
const POD = '{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: other, labels: {app: b}}, spec: {}}';

function sidecar(spec: string, metadata: string = 'name: s, namespace: apps'): string {
  return `{apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {${metadata}}, spec: {${spec}}}`;
}

function outcome(url: string, ...documents: string[]): RouteOutcome {
  return mesh(app('web'), OTHER, POD, ...documents).route({ url, from: FROM }).outcome;
}

describe('a Sidecar', () => {
  const { FORWARD, PASSTHROUGH } = RouteOutcome;

  test.each([
    ['nothing said', '', FORWARD, FORWARD],
    ['its own namespace', "egress: [{hosts: ['./*']}]", FORWARD, PASSTHROUGH],
    ['another namespace', "egress: [{hosts: ['other/*']}]", PASSTHROUGH, FORWARD],
    ['one host', 'egress: [{hosts: [other/b.other.svc.cluster.local]}]', PASSTHROUGH, FORWARD],
    ['a host of any namespace', "egress: [{hosts: ['*/web.apps.svc.cluster.local']}]", FORWARD, PASSTHROUGH],
    ['a wildcard', "egress: [{hosts: ['*/*.other.svc.cluster.local']}]", PASSTHROUGH, FORWARD],
    ['nothing', "egress: [{hosts: ['~/*']}]", PASSTHROUGH, PASSTHROUGH],
    ['all but a namespace', "egress: [{hosts: ['*/*', '~other/*']}]", FORWARD, PASSTHROUGH],
  ])('imports services: %s', (_, spec, own, other) => {
    expect(outcome('http://web/', sidecar(spec))).toBe(own);
    expect(outcome('http://b.other/', sidecar(spec))).toBe(other);
  });

  test.each([
    ['of one host by its name, the first that defines it', './db.example.org', PASSTHROUGH],
    ['of a wildcard, all that do', './*.example.org', FORWARD],
  ])('imports %s', (_, host, expected) => {
    const entry = (name: string, port: number, day: number) =>
      `{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: ${name}, namespace: apps, creationTimestamp: "2026-01-0${day}T00:00:00Z"}, spec: {hosts: [db.example.org], resolution: STATIC, endpoints: [{address: 1.1.1.1}], ports: [{number: ${port}, name: http-${port}, protocol: HTTP}]}}`;
    const imports = sidecar(`egress: [{hosts: ['${host}']}]`);
    const from = (port: number) =>
      outcome(`http://db.example.org:${port}/`, entry('old', 81, 1), entry('new', 80, 2), imports);
    expect(from(81)).toBe(FORWARD);
    expect(from(80)).toBe(expected);
  });

  test('imports a VirtualService by one of its hosts', () => {
    const answer = routes('[{directResponse: {status: 418}}]', 'hosts: [web]');
    expect(outcome('http://web/', answer, sidecar("egress: [{hosts: ['./*']}]"))).toBe(RouteOutcome.DIRECT_RESPONSE);
    expect(outcome('http://web/', answer, sidecar("egress: [{hosts: ['other/*']}]"))).toBe(PASSTHROUGH);
  });

  test('leaves the destinations of an imported rule alone', () => {
    const away = routes('[{route: [{destination: {host: b.other.svc.cluster.local}}]}]', 'hosts: [web]');
    expect(outcome('http://web/', away, sidecar("egress: [{hosts: ['./*']}]"))).toBe(FORWARD);
  });

  test('for the workload counts before one for the namespace, and that before the root namespace’s', () => {
    const none = "egress: [{hosts: ['~/*']}]";
    const particular = sidecar('workloadSelector: {labels: {app: web}}', 'name: z, namespace: apps');
    expect(outcome('http://web/', sidecar(none), particular)).toBe(FORWARD);
    expect(outcome('http://web/', sidecar(none), sidecar('', 'name: r, namespace: istio-system'))).toBe(PASSTHROUGH);
    expect(outcome('http://web/', sidecar(none, 'name: r, namespace: istio-system'))).toBe(PASSTHROUGH);
    expect(outcome('http://web/', sidecar(none, 'name: r, namespace: other'))).toBe(FORWARD);
  });

  test.each([
    ['outboundTrafficPolicy: {mode: REGISTRY_ONLY}', RouteOutcome.BLOCKED],
    ['outboundTrafficPolicy: {}', RouteOutcome.BLOCKED],
    ['outboundTrafficPolicy: {mode: ALLOW_ANY}', PASSTHROUGH],
  ])('says what becomes of unknown hosts: %s', (spec, expected) => {
    expect(outcome('http://unknown.org/', sidecar(spec))).toBe(expected);
    const strict = meshWith({ outboundTrafficPolicy: OutboundTrafficPolicy.REGISTRY_ONLY }, app('web'), sidecar(spec));
    expect(strict.route({ url: 'http://unknown.org/', from: FROM }).outcome).toBe(expected);
  });

  test('with listeners of its own leaves everything open', () => {
    const own = sidecar("egress: [{port: {number: 80, protocol: HTTP, name: http}, hosts: ['*/*']}]");
    const decision = mesh(app('web'), own).route({ url: 'http://web/', from: FROM });
    expect(decision.outcome).toBe(RouteOutcome.UNDECIDED);
    expect(decision.explain()).toContain('Sidecar apps/s has egress listeners of its own');
  });
});

describe('a listener that Envoy does not take leaves its port open', () => {
  const entry = (spec: string) =>
    `{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: e, namespace: apps}, spec: {resolution: NONE, ${spec}}}`;

  test('where a short name of a wildcard host is every name', () => {
    const wild = entry("hosts: ['*.apps.svc.cluster.local'], ports: [{number: 81, name: http, protocol: HTTP}]");
    expect(outcome('http://x.apps:81/', wild)).toBe(RouteOutcome.UNDECIDED);
    expect(outcome('http://web/', wild)).toBe(RouteOutcome.FORWARD);
  });

  test('where two hosts differ in capitals only', () => {
    const twice = entry('hosts: [A.example.com, a.example.com], ports: [{number: 81, name: tls, protocol: TLS}]');
    expect(outcome('http://elsewhere.org:81/', twice)).toBe(RouteOutcome.UNDECIDED);
  });

  test('where a redirect has a code that Envoy does not know, for all services of the port', () => {
    const strange = routes('[{redirect: {uri: /x, redirectCode: 304}}]', 'hosts: [web]');
    expect(outcome('http://web/', strange)).toBe(RouteOutcome.UNDECIDED);
    expect(outcome('http://b.other/', strange)).toBe(RouteOutcome.UNDECIDED);
  });
});
