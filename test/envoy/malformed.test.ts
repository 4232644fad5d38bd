import { RouteOutcome } from '../../src/envoy/outcome';
import type { RouteRequest } from '../../src/envoy/request';
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
    ['a header name with a space', { headers: { 'x version': 'v2' } }],
    ['a header name beyond ASCII', { headers: { é: 'v2' } }],
    ['a pseudo-header in place of a header', { headers: { ':path': '/v2' } }],
    ['a header value of several lines', { headers: { 'x-version': 'v2\r\nx-admin: yes' } }],
    ['an escaped NUL', { url: 'http://a.example.com/%00' }],
    ['all that before it looks for the host', { url: 'http://unknown.example.org/%00' }],
  ])('%s', (_, request) => {
    const decision = decide(request);
    expect(decision).toMatchObject({ outcome: RouteOutcome.BAD_REQUEST, status: 400 });
    expect(decision.explain()).toContain('so Envoy refuses the request');
  });
});

describe('is no request at all', () => {
  test.each<[string, RouteRequest]>([
    ['a port in words', { url: 'http://a.example.com:8e1/' }],
    ['a port in another base', { url: 'http://a.example.com:0x50/' }],
    ['an IPv6 address without brackets', { url: 'http://::1/' }],
    ['an IPv6 address with one of them', { url: 'http://[::1/' }],
    ['a host that no name can be made of', { url: 'http://a\u00ad%/' }],
    ['an URL object', { url: new URL('http://a.example.com/') as never }],
  ])('%s', (_, request) => {
    expect(() => MESH.route(request)).toThrow(/^The url .* cannot be requested; write/);
  });

  test.each<[string, RouteRequest['headers'], string]>([
    ['a list of values', { 'x-version': ['v2'] as never }, "'x-version'"],
    ['a number', { 'x-version': 2 as never }, "'x-version'"],
    ['an undefined variable', { 'x-version': undefined as never }, "'x-version'"],
    ['a Map', new Map([['x-version', 'v2']]) as never, 'a Map'],
    ['Headers', new Headers({ 'x-version': 'v2' }) as never, 'a Headers'],
  ])('a header that is %s', (_, headers, words) => {
    expect(() => decide({ headers })).toThrow(words);
  });
});

test('a host beyond ASCII is sent as clients send it', () => {
  const { destinations } = mesh(
    gateway(),
    app('a'),
    routes('[{route: [{destination: {host: a}}]}]', "hosts: ['xn--bcher-kva.example'], gateways: [ingress]"),
  ).route({ url: 'http://Bücher.example/' });
  expect(destinations[0].request.authority).toBe('xn--bcher-kva.example');
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
