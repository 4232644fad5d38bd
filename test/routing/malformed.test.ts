import { RouteOutcome } from '../../src/routing/outcome';
import type { RouteRequest } from '../../src/routing/request';
import { app, gateway, mesh, routes } from './meshes';

const MESH = mesh(gateway(), app('a'), routes('[{route: [{destination: {host: a}}]}]'));

function decide(request: Partial<RouteRequest>) {
  return MESH.route({ url: 'http://a.example.com/', ...request });
}

describe('Envoy refuses', () => {
  test.each<[string, Partial<RouteRequest>]>([
    ['a method in small letters', { method: 'get' }],
    ['a method that HTTP does not have', { method: 'FETCH' }],
    ['a path in the authority', { headers: { host: 'a.example.com/api' } }],
    ['an escaped NUL', { url: 'http://a.example.com/%00' }],
    ['all that before it looks for the host', { url: 'http://unknown.example.org/%00' }],
  ])('%s', (_, request) => {
    const decision = decide(request);
    expect(decision).toMatchObject({ outcome: RouteOutcome.BAD_REQUEST, status: 400 });
    expect(decision.explain()).toContain('which Envoy refuses');
  });
});

test.each(['PROPFIND', 'PURGE', 'UNSUBSCRIBE'])('the rarer method %s passes', (method) => {
  expect(decide({ method }).outcome).toBe(RouteOutcome.FORWARD);
});

test('a client outside cannot say what only proxies say to each other', () => {
  const { destinations } = decide({ headers: { 'x-envoy-retry-on': '5xx', 'x-envoy-other': '1' } });
  expect(destinations[0].request.headers).toEqual({ 'x-envoy-other': '1' });
});

test.each([
  ['/x/..;/y', '/y'],
  ['/x/..;a=1/y', '/y'],
  ['/x/.;a/y', '/x/y'],
  ['/x/...;/y', '/x/...;/y'],
  ['/x/%2e%2e;/y', '/x/..;/y'],
])('parameters do not hide a dot segment: %s becomes %s', (path, normalized) => {
  expect(decide({ url: `http://a.example.com${path}` }).destinations[0].request.path).toBe(normalized);
});

test('an app cannot say it to its sidecar either', () => {
  const { destinations } = decide({ from: 'mesh:apps/a-v1', url: 'http://a/', headers: { 'x-envoy-retry-on': '5xx' } });
  expect(destinations[0].request.headers).toEqual({});
});

test('a sidecar routes nothing with an empty x-forwarded-proto', () => {
  const decision = decide({ from: 'mesh:apps/a-v1', url: 'http://a/', headers: { 'x-forwarded-proto': '' } });
  expect(decision).toMatchObject({ outcome: RouteOutcome.NO_ROUTE, status: 404 });
});
