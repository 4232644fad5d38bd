/*
 * A mesh that is refused leaves nothing behind: no object, no check of the app, nothing in the way of a second try.
 */
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import {
  HeaderMatch,
  HeaderRoutedMesh,
  type HeaderRoutedMeshProps,
  MeshSecurity,
  SourceMatch,
  TrafficSource,
} from 'cdk8s-versioned-mesh';
import { refusalOf } from '../../support/refusal';
import { Routed } from '../../support/routed';
import { newChart, titles } from '../../support/synth';
import { versioned } from '../../support/versioned';

const hosts = ['apis.example.com'];

test.each<[string, object]>([
  ['no version', { defaultVersion: 'v1' }],
  ['an unknown option', { host: hosts }],
  ['no host', { hosts: [] }],
  ['a label that is none', { labels: { a: 'b c' } }],
  ['a gateway that is none', { gateway: 'ingress' }],
  ['a gateway option that is none', { gatewayOptions: { port: 0 } }],
  ['a route option that is none', { defaultRoute: { retries: { attempts: -1 } } }],
  ['a name that is none', { name: 'A' }],
  [
    'two VirtualServices of one name',
    { name: 'apis', traffic: TrafficSource.GATEWAY_AND_MESH, defaultRoute: 'sticky' },
  ],
  ['callers without security', { callers: [{ callerIdentity: () => ({ namespace: 'a' }) }] }],
  [
    'security without the account of the gateway',
    { security: MeshSecurity.strict(), gatewayOptions: { selector: { a: 'b' } } },
  ],
])('after %s', (_, props) => {
  const chart = newChart();
  const apis = versioned(chart);
  const before = titles(Testing.synth(chart));
  const split = [{ version: apis.service.version('v2'), percent: 1 }];
  const sticky = { split, sessionAffinity: { maxAge: 'long' } };
  const given = { hosts, ...apis, ...props } as unknown as HeaderRoutedMeshProps;
  const defaultRoute = (given.defaultRoute as unknown) === 'sticky' ? sticky : given.defaultRoute;
  expect(refusalOf(() => new HeaderRoutedMesh(chart, 'ingress', { ...given, defaultRoute } as never))).toMatch(/[.?]$/);
  expect(titles(Testing.synth(chart))).toEqual(before);
  new HeaderRoutedMesh(chart, 'ingress', { hosts, ...apis });
  const after = titles(Testing.synth(chart));
  expect(after.sort()).toEqual([...before, 'Gateway ingress', 'VirtualService ingress'].sort());
});

test('after an id that the tree writes otherwise', () => {
  const chart = newChart();
  const apis = versioned(chart);
  const make = (given: string[]) => new HeaderRoutedMesh(chart, 'a/b', { name: 'ingress', hosts: given, ...apis });
  expect(refusalOf(() => make([]))).toContain('hosts is empty');
  expect(() => make(hosts)).not.toThrow();
});

test('the app is not checked for a mesh that is not there', () => {
  const app = new App();
  const chart = new Chart(app, 'chart', { namespace: 'shop' });
  new ApiObject(chart, 'broken', {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'a' },
    spec: { hosts: 5 },
  } as never);
  expect(refusalOf(() => new HeaderRoutedMesh(chart, 'ingress', {} as never))).toContain('service is missing');
  expect(() => Testing.synth(chart)).not.toThrow();
});

test('options are copied: what a caller changes afterwards changes nothing', () => {
  const own = [...hosts];
  const requestHeaders = { set: { 'x-a': 'b' } };
  const made = new Routed(() => ({ hosts: own, defaultRoute: { requestHeaders } }));
  const before = JSON.stringify(made.manifests);
  own.push('other.example.com');
  requestHeaders.set['x-a'] = 'c';
  expect(JSON.stringify(made.manifests)).toBe(before);
});

test('a refused rule leaves the rules as they are', () => {
  const made = new Routed();
  const before = made.entries();
  for (const act of [
    () => made.mesh.route(made.v2, HeaderMatch.present('x-a'), { timeout: 5 as never }),
    () => made.mesh.route(made.v2, SourceMatch.namespace('a')),
    () => made.mesh.redirect(HeaderMatch.present('x-a'), {}),
    () => made.mesh.respond(HeaderMatch.present('x-a'), { status: 99 }),
    () => made.mesh.addLane('beta', { match: HeaderMatch.present('x-a'), versions: [made.v2] }),
  ]) {
    expect(refusalOf(act)).toMatch(/[.?]$/);
  }
  expect(made.entries()).toEqual(before);
});
