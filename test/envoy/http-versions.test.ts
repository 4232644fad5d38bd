/*
 * What depends on how a request is spoken: HTTP/1.1 or HTTP/2, and gRPC. Measured at Envoy 1.40; the conformance run holds it.
 */
import { abortedShare } from '../../src/envoy/arrivals';
import { RouteOutcome } from '../../src/envoy/outcome';
import type { RouteRequest } from '../../src/envoy/request';
import { app, gateway, mesh, routes } from './meshes';

const GRPC = { 'content-type': 'application/grpc' };

function decide(rules: string, request: Partial<RouteRequest>, ...others: string[]) {
  return mesh(gateway(), app('a'), routes(rules), ...others).route({ url: 'http://a.example.com/', ...request });
}

const FORWARD = '[{route: [{destination: {host: a}}]}]';

describe('what a proxy answers by itself, clients of gRPC get as HTTP 200 with a grpc-status', () => {
  test.each([
    ['[{match: [{uri: {exact: /x}}], route: [{destination: {host: a}}]}]', 'NO_ROUTE', 'UNIMPLEMENTED'],
    ['[{route: [{destination: {host: missing}}]}]', 'NO_CLUSTER', 'UNAVAILABLE'],
    ['[{redirect: {uri: /new}}]', 'REDIRECT', 'UNKNOWN'],
    ['[{directResponse: {status: 200}}]', 'DIRECT_RESPONSE', 'UNKNOWN'],
    ['[{directResponse: {status: 400}}]', 'DIRECT_RESPONSE', 'INTERNAL'],
    ['[{directResponse: {status: 401}}]', 'DIRECT_RESPONSE', 'UNAUTHENTICATED'],
    ['[{directResponse: {status: 403}}]', 'DIRECT_RESPONSE', 'PERMISSION_DENIED'],
    ['[{directResponse: {status: 429}}]', 'DIRECT_RESPONSE', 'UNAVAILABLE'],
    [
      '[{fault: {abort: {httpStatus: 503, percentage: {value: 100}}}, route: [{destination: {host: a}}]}]',
      'FAULT',
      'UNAVAILABLE',
    ],
    [
      '[{fault: {abort: {grpcStatus: NOT_FOUND, percentage: {value: 100}}}, route: [{destination: {host: a}}]}]',
      'FAULT',
      'NOT_FOUND',
    ],
  ])('%s', (rules, outcome, grpcStatus) => {
    expect(decide(rules, { headers: GRPC })).toMatchObject({ outcome, status: 200, grpcStatus });
    expect(decide(rules, {}).grpcStatus).toBeUndefined();
  });

  test('and the explanation says so', () => {
    const text = decide('[{redirect: {uri: /new}}]', { headers: GRPC }).explain();
    expect(text).toContain('grpc-status 2 (UNKNOWN): a redirect to http://a.example.com/new');
    expect(text).toContain('is gRPC, so in place of HTTP 301 the client gets 200 with grpc-status 2 (UNKNOWN)');
  });

  test('for a share of the requests too', () => {
    const rules = '[{fault: {abort: {httpStatus: 404, percentage: {value: 50}}}, route: [{destination: {host: a}}]}]';
    expect(decide(rules, { headers: GRPC }).fault).toMatchObject({
      abortStatus: 200,
      abortGrpcStatus: 'UNIMPLEMENTED',
    });
    expect(decide(rules, { headers: GRPC }).explain()).toContain(
      '50% of the requests: an injected fault (UNIMPLEMENTED in gRPC)',
    );
    expect(abortedShare(decide(rules, { headers: GRPC }))).toEqual({ name: 'aborted with UNIMPLEMENTED', weight: 50 });
    expect(decide(rules, {}).fault).toMatchObject({ abortStatus: 404, abortGrpcStatus: undefined });
  });

  test.each([
    ['application/grpc+proto', 200],
    ['application/grpc;x', 404],
    ['application/GRPC', 404],
    ['application/grpc-web', 404],
    ['application/json', 404],
  ])('where the content type is %s', (type, status) => {
    const rules = '[{match: [{uri: {exact: /x}}], route: [{destination: {host: a}}]}]';
    expect(decide(rules, { headers: { 'content-type': type } }).status).toBe(status);
  });

  test('but not what the codec of HTTP/1.1 refuses', () => {
    expect(decide(FORWARD, { method: 'FOO', headers: GRPC })).toMatchObject({ status: 400, grpcStatus: undefined });
    expect(decide(FORWARD, { url: 'http://a.example.com/%00', headers: GRPC })).toMatchObject({
      status: 200,
      grpcStatus: 'INTERNAL',
    });
  });
});

describe('grpc-timeout', () => {
  const LIMITED = '[{timeout: 2s, route: [{destination: {host: a}}]}]';

  test.each<[string, string | undefined, number | undefined, string | undefined]>([
    [FORWARD, '5S', 5000, '5000m'],
    [FORWARD, '9H', 32_400_000, '32400000m'],
    [FORWARD, '99999999H', 359_999_996_400_000, '99999999H'],
    [FORWARD, '100u', 1, '1m'],
    [FORWARD, '0S', undefined, '0S'],
    [FORWARD, 'soon', undefined, 'soon'],
    [FORWARD, undefined, undefined, undefined],
    [LIMITED, '5S', 2000, '2000m'],
    [LIMITED, '500m', 500, '500m'],
    [LIMITED, undefined, 2000, '2000m'],
    ['[{retries: {attempts: 1, perTryTimeout: 1s}, route: [{destination: {host: a}}]}]', '5S', 5000, '1000m'],
  ])('%s %s', (rules, timeout, millis, forwarded) => {
    const headers = timeout === undefined ? GRPC : { ...GRPC, 'grpc-timeout': timeout };
    const { timeoutMillis, destinations } = decide(rules, { headers });
    expect(timeoutMillis).toBe(millis);
    expect(destinations[0].request.headers['grpc-timeout']).toBe(forwarded);
  });

  test('means nothing without gRPC', () => {
    expect(decide(LIMITED, { headers: { 'grpc-timeout': '1S' } }).timeoutMillis).toBe(2000);
  });
});

describe('HTTP/2', () => {
  const COOKIES = ['cookie: a=1', 'cookie: b=2'];

  test('has one cookie, however it was cut up', () => {
    const rules =
      "[{match: [{headers: {cookie: {exact: 'a=1; b=2'}}}], directResponse: {status: 202}}, {directResponse: {status: 404}}]";
    expect(decide(rules, { headerLines: COOKIES, httpVersion: '2' }).status).toBe(202);
    expect(decide(rules, { headerLines: COOKIES }).status).toBe(404);
  });

  test('knows no empty cookie', () => {
    const rules =
      '[{match: [{withoutHeaders: {cookie: {}}}], directResponse: {status: 202}}, {directResponse: {status: 404}}]';
    expect(decide(rules, { headerLines: ['cookie:'], httpVersion: '2' }).status).toBe(202);
    expect(decide(rules, { headerLines: ['cookie:'] }).status).toBe(404);
  });

  test('takes any method', () => {
    expect(decide(FORWARD, { method: 'BREW', httpVersion: '2' }).outcome).toBe(RouteOutcome.FORWARD);
    expect(decide(FORWARD, { method: 'BREW' }).outcome).toBe(RouteOutcome.BAD_REQUEST);
  });

  test.each<[string, Partial<RouteRequest>]>([
    ['connection', { headers: { connection: 'close' } }],
    ['keep-alive', { headers: { 'keep-alive': 'timeout=5' } }],
    ['upgrade', { headers: { upgrade: 'h2c' } }],
    ['another te than trailers', { headers: { te: 'gzip' } }],
    ['CONNECT', { method: 'CONNECT' }],
    ['a header name with a space', { headers: { 'x version': 'v2' } }],
    ['the name of a user', { headers: { host: 'u@a.example.com' } }],
  ])('resets what it forbids: %s', (_, request) => {
    const decision = decide(FORWARD, { ...request, httpVersion: '2' });
    expect(decision).toMatchObject({ outcome: RouteOutcome.BAD_REQUEST, status: undefined });
    expect(decision.explain()).toContain('closed    → the proxy refuses the request');
  });

  test('is a version, and there are two', () => {
    expect(() => decide(FORWARD, { httpVersion: '3' })).toThrow(/httpVersion is '3'.*write '1.1' or '2'/);
    expect(decide(FORWARD, { httpVersion: null as never }).outcome).toBe(RouteOutcome.FORWARD);
    expect(() => decide(FORWARD, { httpVersion: 10n as never })).toThrow(/httpVersion is '10'/);
  });

  test.each([5, ['GET']])('has methods that are text: %j is none', (method) => {
    const rules = '[{match: [{method: {prefix: G}}], route: [{destination: {host: a}}]}]';
    expect(() => decide(rules, { httpVersion: '2', method: method as never })).toThrow(/The method is .*'GET'/);
  });

  test('allows te: trailers, as often as it comes', () => {
    const outcome = (...headerLines: string[]) => decide(FORWARD, { httpVersion: '2', headerLines }).outcome;
    expect(outcome('te: trailers', 'te: trailers')).toBe(RouteOutcome.FORWARD);
    expect(outcome('te: trailers', 'te: gzip')).toBe(RouteOutcome.BAD_REQUEST);
  });
});

test('a body is told of where it is sent', () => {
  const rules = (fault: string) => `[{${fault}directResponse: {status: 200, body: {string: hi}}}]`;
  expect(decide(rules(''), {}).body).toBe('hi');
  expect(decide(rules(''), { headers: { connection: 'upgrade', upgrade: 'foo' } }).body).toBeUndefined();
});

describe('gRPC-Web from inside the mesh, which Istio has Envoy translate, goes by the protocol of the port', () => {
  const entry = (port: string) =>
    `{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: e, namespace: apps}, spec: {hosts: [b.example.com], resolution: STATIC, endpoints: [{address: 1.1.1.1}], ports: [{number: 90, ${port}}]}}`;

  test.each([
    ['{name: grpc-web, port: 90}', RouteOutcome.UNDECIDED],
    ['{name: x, appProtocol: grpc-web, port: 90}', RouteOutcome.UNDECIDED],
    ['{name: grpc-web, appProtocol: http, port: 90}', RouteOutcome.FORWARD],
    ['name: x, protocol: GRPC-WEB', RouteOutcome.UNDECIDED],
    ['name: grpc-web, protocol: HTTP', RouteOutcome.FORWARD],
  ])('%s', (port, outcome) => {
    const isService = port.startsWith('{');
    const model = mesh(app('web'), isService ? app('b', ['v1'], port) : entry(port));
    const url = `http://${isService ? 'b' : 'b.example.com'}:90/`;
    const headers = { 'content-type': 'application/grpc-web' };
    expect(model.route({ url, headers, from: 'mesh:apps/web-v1' }).outcome).toBe(outcome);
  });
});

describe('headers about a connection of HTTP/1.1', () => {
  function arriving(headers: { [name: string]: string }) {
    return decide(FORWARD, { headers }).destinations[0].request.headers;
  }

  test('are dropped, with those that they name', () => {
    expect(arriving({ connection: 'X-Version, close', 'x-version': 'v2', 'x-user': 'a' })).toEqual({ 'x-user': 'a' });
    const rules =
      '[{match: [{headers: {x-version: {exact: v2}}}], directResponse: {status: 202}}, {directResponse: {status: 404}}]';
    expect(decide(rules, { headers: { connection: 'x-version', 'x-version': 'v2' } }).status).toBe(404);
  });

  test('of te, trailers are kept', () => {
    expect(arriving({ te: 'gzip, trailers' })).toEqual({ te: 'trailers' });
    expect(arriving({ te: 'gzip' })).toEqual({});
  });

  test('an upgrade to HTTP/2 is not heeded', () => {
    const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABkAAQAAP__' };
    expect(arriving(headers)).toEqual({});
  });

  test('an upgrade to anything but a WebSocket is refused by every route', () => {
    const headers = { connection: 'upgrade', upgrade: 'acme' };
    expect(decide('[{redirect: {uri: /new}}]', { headers })).toMatchObject({ outcome: 'BAD_REQUEST', status: 403 });
    expect(decide(FORWARD, { headers: { ...headers, host: 'unknown.example.org' } }).outcome).not.toBe('BAD_REQUEST');
  });

  test('and by a server that sends plain HTTP to HTTPS', () => {
    const headers = { connection: 'upgrade', upgrade: 'acme' };
    const redirecting = gateway(
      "[{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*'], tls: {httpsRedirect: true}}]",
    );
    const decision = mesh(redirecting).route({ url: 'http://a.example.com/', headers });
    expect(decision).toMatchObject({ outcome: 'BAD_REQUEST', status: 403, location: undefined });
  });

  test.each(['x-forwarded-for', 'x-forwarded-proto', ':path', 'a,b,c,d,e,f,g,h,i,j'])(
    'that name %s are refused',
    (connection) => {
      expect(decide(FORWARD, { headers: { connection } })).toMatchObject({ outcome: 'BAD_REQUEST', status: 400 });
    },
  );
});

describe('a destination is spoken to', () => {
  function spoken(port: string, rule: string = '{}', request: Partial<RouteRequest> = {}) {
    return mesh(
      gateway(),
      app('a', ['v1'], port),
      routes('[{route: [{destination: {host: b}}]}]'),
      app('b', ['v1'], port).replace(/spec: \{host: b, /, `spec: {host: b, trafficPolicy: ${rule}, `),
    ).route({ url: 'http://a.example.com/', ...request }).destinations[0].request.httpVersion;
  }

  test.each([
    ['{name: http, port: 80}', '{}', '1.1'],
    ['{name: http2, port: 80}', '{}', '2'],
    ['{name: grpc-x, port: 80}', '{}', '2'],
    ['{name: grpc-web, port: 80}', '{}', '2'],
    ['{name: x, port: 80, appProtocol: kubernetes.io/h2c}', '{}', '2'],
    ['{name: http2, port: 80, appProtocol: http}', '{}', '1.1'],
    ['{name: plain, port: 80}', '{}', '1.1'],
    ['{name: http, port: 80}', '{connectionPool: {http: {h2UpgradePolicy: UPGRADE}}}', '2'],
    [
      '{name: http, port: 80}',
      '{connectionPool: {http: {h2UpgradePolicy: UPGRADE}}, portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: RANDOM}}]}',
      '1.1',
    ],
    ['{name: http2, port: 80}', '{connectionPool: {http: {h2UpgradePolicy: DO_NOT_UPGRADE}}}', '2'],
  ])('%s %s: HTTP/%s', (port, rule, version) => {
    expect(spoken(port, rule)).toBe(version);
  });

  test('in no version, where bytes are forwarded unread', () => {
    const decision = mesh(
      gateway("[{port: {number: 80, name: tcp, protocol: TCP}, hosts: ['*']}]"),
      app('a', ['v1'], '{name: http2, port: 80}'),
      routes('[]', "hosts: ['*'], gateways: [ingress], tcp: [{route: [{destination: {host: a}}]}]"),
    ).route({ url: 'http://a.example.com/' });
    expect(decision.outcome).toBe(RouteOutcome.TCP_FORWARD);
    expect(decision.destinations[0].request.httpVersion).toBeUndefined();
    expect(decision.explain()).not.toContain('HTTP/2');
  });

  test('as its client speaks, where a DestinationRule says so', () => {
    const rule = '{connectionPool: {http: {useClientProtocol: true}}}';
    expect(spoken('{name: http2, port: 80}', rule)).toBe('1.1');
    expect(spoken('{name: http, port: 80}', rule, { httpVersion: '2' })).toBe('2');
  });
});
