/*
 * The comparison must notice what differs: observations made up by hand, held against decisions of a small mesh.
 */
import { complaint, predict } from '../../conformance/compare';
import type { Ask, MeshCase } from '../../conformance/manifest';
import type { Arrival, Observation } from '../../conformance/observation';
import { hasShares, unlikelyShare } from '../../conformance/proportions';
import type { Mesh } from '../../src/mesh';
import { app, gateway, mesh, routes } from '../envoy/meshes';

const CASE: MeshCase = {
  manifests: [],
  proxy: { gateway: { labels: { istio: 'ingressgateway' }, namespace: 'istio-system' } },
};
const ASK: Ask = {
  method: 'GET',
  scheme: 'http',
  connectHost: 'a.example.com',
  port: 80,
  authority: 'a.example.com',
  target: '/x',
  headers: [['x-version', 'v1']],
};
const ARRIVED: Arrival = {
  workload: 'apps/a-v1',
  port: 8080,
  method: 'GET',
  target: '/x',
  httpVersion: '1.1',
  headers: [
    ['host', 'a.example.com'],
    ['x-version', 'v1'],
    ['x-request-id', 'made-by-the-proxy'],
  ],
};

function model(rule: string): Mesh {
  return mesh(gateway(), app('a', ['v1', 'v2']), app('b', ['v1']), routes(`[{${rule}}]`));
}

function complaintAbout(rule: string, seen: Observation, headers: Ask['headers'] = []): string | undefined {
  const ask = { ...ASK, headers: [...ASK.headers, ...headers] };
  return complaint(predict(model(rule), CASE, ask), ask, seen);
}

function answer(
  received: Partial<Arrival> = {},
  rest: Partial<Extract<Observation, { kind: 'http' }>> = {},
): Observation {
  return { kind: 'http', status: 200, body: '', received: { ...ARRIVED, ...received }, attempts: 1, ...rest };
}

function byEnvoy(status: number, rest: Partial<Extract<Observation, { kind: 'http' }>> = {}): Observation {
  return { kind: 'http', status, body: '', attempts: 0, ...rest };
}

const TO_A1 = 'route: [{destination: {host: a, subset: v1}}]';
const TO_V9 = 'route: [{destination: {host: a, subset: v9}}]';
const REDIRECT = 'redirect: {uri: /y}';
const DIRECT = 'directResponse: {status: 418, body: {string: tea}}';
const MIRROR = `mirror: {host: b}, ${TO_A1}`;
const COPY: Arrival = { ...ARRIVED, workload: 'apps/b-v1', headers: [['host', 'a.example.com-shadow']] };

describe('no complaint about what was predicted', () => {
  test.each<[string, string, Observation]>([
    ['a request that arrived', TO_A1, answer()],
    ['a missing subset', TO_V9, byEnvoy(503, { flags: 'NC' })],
    ['a redirect', REDIRECT, byEnvoy(301, { location: 'http://a.example.com/y' })],
    ['a direct response', DIRECT, byEnvoy(418, { body: 'tea' })],
    ['a rule with a name', `name: first, ${TO_A1}`, answer({}, { route: 'first' })],
    ['a mirror', MIRROR, answer({}, { copies: [COPY] })],
    ['a mirror to nowhere', `mirror: {host: b, subset: v9}, ${TO_A1}`, answer()],
  ])('%s', (_, rule, seen) => {
    expect(complaintAbout(rule, seen)).toBeUndefined();
  });
});

describe('a complaint about', () => {
  test.each<[string, string, Observation, string]>([
    ['another workload', TO_A1, answer({ workload: 'apps/a-v2' }), 'it reached apps/a-v2, not apps/a-v1'],
    ['another port', TO_A1, answer({ port: 80 }), 'it reached port 80, not 8080'],
    ['another method', TO_A1, answer({ method: 'PUT' }), 'its method was PUT, not GET'],
    ['another path', TO_A1, answer({ target: '/' }), 'its path was /, not /x'],
    ['another authority', TO_A1, answer({ headers: [['host', 'b']] }), 'its authority was b, not a.example.com'],
    [
      'a missing header',
      TO_A1,
      answer({ headers: [['host', 'a.example.com']] }),
      'its header x-version was missing, not "v1"',
    ],
    [
      'a header too many',
      TO_A1,
      answer({ headers: [...ARRIVED.headers, ['x-more', '1']] }),
      'its header x-more was "1", not missing',
    ],
    ['another version of HTTP', TO_A1, answer({ httpVersion: '2' }), 'it arrived in HTTP/2, not HTTP/1.1'],
    ['a refused connection', TO_A1, { kind: 'refused' }, 'no backend answered, but refused'],
    ['a closed connection', TO_A1, { kind: 'closed', reason: 'ECONNRESET' }, 'no backend answered, but closed'],
    ['a listener that Envoy refuses', TO_A1, { kind: 'unloaded', reason: 'twice' }, 'did not take the listener: twice'],
    ['another attempt', TO_A1, answer({}, { attempts: 2 }), 'asked 2 times, not 1'],
    ['an answer of Envoy', TO_A1, byEnvoy(404, { flags: 'NR' }), 'the status was 404, not 200'],
    ['a backend in place of an error', TO_V9, answer(), 'a backend answered: apps/a-v1'],
    ['another flag', TO_V9, byEnvoy(503, { flags: 'UH' }), "Envoy's flags were UH, not NC"],
    ['another location', REDIRECT, byEnvoy(301, { location: '/y' }), 'the location was /y'],
    ['another redirect status', REDIRECT, byEnvoy(302, { location: 'http://a.example.com/y' }), 'was 302, not 301'],
    ['another rule', `name: first, ${TO_A1}`, answer({}, { route: 'second' }), 'was called "second", not "first"'],
    ['no rule', `name: first, ${TO_A1}`, answer(), 'was called missing, not "first"'],
    ['a rule of Istio’s own', TO_A1, answer({}, { route: 'default' }), 'was called "default", not missing'],
    ['another body', DIRECT, byEnvoy(418, { body: 'coffee' }), 'the body was "coffee", not "tea"'],
    ['a copy that is missing', MIRROR, answer(), 'not each of 1 mirrors got a copy'],
    ['a copy for nobody', TO_A1, answer({}, { copies: [COPY] }), 'a copy went astray'],
    ['a copy elsewhere', MIRROR, answer({}, { copies: [{ ...COPY, workload: 'apps/a-v1' }] }), 'not each of 1 mirrors'],
    ['a copy too many', MIRROR, answer({}, { copies: [COPY, COPY] }), 'a copy went astray'],
    ['a changed copy', MIRROR, answer({}, { copies: [{ ...COPY, target: '/z' }] }), 'a copy was GET /z'],
  ])('%s', (_, rule, seen, expected) => {
    expect(complaintAbout(rule, seen)).toContain(expected);
  });
});

test('space at the end of a value does not tell in HTTP/1.1, and what the value is does', () => {
  const headers: Ask['headers'] = [...ASK.headers, ['cookie', 'user=jason'], ['cookie', '']];
  const ask: Ask = { ...ASK, httpVersion: '2', headers };
  const complaintAboutCookie = (cookie: string) => {
    const seen = answer({ headers: [...ARRIVED.headers, ['cookie', cookie]] });
    return complaint(predict(model(TO_A1), CASE, ask), ask, seen);
  };
  expect(complaintAboutCookie('user=jason;')).toBeUndefined();
  expect(complaintAboutCookie('user=jason')).toBe('its header cookie was "user=jason", not "user=jason;"');
});

describe('retries and time limits', () => {
  const retried = `retries: {attempts: 2, retryOn: 5xx, perTryTimeout: 1s}, ${TO_A1}`;
  const fail = (times: number): Ask['headers'] => [['x-backend', `fail=${times}`]];
  const slow: Ask['headers'] = [['x-backend', 'slow=1600']];
  const arrived = (headers: Ask['headers']) => ({ headers: [...ARRIVED.headers, ...headers] });

  test.each<[string, string, Ask['headers'], Observation, string | undefined]>([
    ['enough retries', retried, fail(2), answer(arrived(fail(2)), { attempts: 3 }), undefined],
    ['a retry too few', retried, fail(2), answer(arrived(fail(2)), { attempts: 2 }), 'asked 2 times, not 3'],
    ['no retry of 503 by default', TO_A1, fail(1), answer(arrived(fail(1)), { status: 503 }), undefined],
    ['a retry by default', TO_A1, fail(1), answer(arrived(fail(1)), { attempts: 2 }), 'was 200, not 503'],
    ['no answer in time', `timeout: 1s, ${TO_A1}`, slow, byEnvoy(504, { flags: 'UT', attempts: 1 }), undefined],
    ['an answer too late', `timeout: 1s, ${TO_A1}`, slow, answer(arrived(slow)), 'was 200, not 504'],
    ['several tries of which each is too slow', retried, slow, byEnvoy(504, { flags: 'UT', attempts: 3 }), undefined],
    ['fewer of them', retried, slow, byEnvoy(504, { flags: 'UT', attempts: 1 }), 'asked 1 times, not 3'],
  ])('%s', (_, rule, headers, seen, expected) => {
    const text = complaintAbout(rule, seen, headers);
    expected === undefined ? expect(text).toBeUndefined() : expect(text).toContain(expected);
  });
});

describe('gRPC', () => {
  const CALL: Ask['headers'] = [['content-type', 'application/grpc']];
  const LATE: Ask['headers'] = [...CALL, ['x-backend', 'slow=1600']];
  const limited = `timeout: 1s, ${TO_A1}`;
  const late = { headers: [...ARRIVED.headers, ...LATE, ['grpc-timeout', '1000m'] as const] };

  test.each<[string, string, Ask['headers'], Observation, string | undefined]>([
    ['its own word', TO_V9, CALL, byEnvoy(200, { flags: 'NC', grpcStatus: '14' }), undefined],
    [
      'another word',
      TO_V9,
      CALL,
      byEnvoy(200, { flags: 'NC', grpcStatus: '12' }),
      'was UNIMPLEMENTED, not UNAVAILABLE',
    ],
    ['no word', TO_V9, CALL, byEnvoy(200, { flags: 'NC' }), 'was missing, not UNAVAILABLE'],
    ['the word of HTTP', TO_V9, CALL, byEnvoy(503, { flags: 'NC' }), 'the status was 503, not 200'],
    ['a word that nobody asked for', TO_V9, [], byEnvoy(503, { flags: 'NC', grpcStatus: '14' }), 'not missing'],
    ['no answer in time', limited, LATE, byEnvoy(200, { flags: 'UT', grpcStatus: '14', attempts: 1 }), undefined],
    ['an answer too late', limited, LATE, answer(late), 'the status was 200, not 504'],
  ])('%s', (_, rule, headers, seen, expected) => {
    const text = complaintAbout(rule, seen, headers);
    expected === undefined ? expect(text).toBeUndefined() : expect(text).toContain(expected);
  });
});

describe('shares', () => {
  const split = (v1: number, v2: number) =>
    predict(
      model(
        `route: [{destination: {host: a, subset: v1}, weight: ${v1}}, {destination: {host: a, subset: v2}, weight: ${v2}}]`,
      ),
      CASE,
      ASK,
    );
  const seen = (ofV1: number, all: number) =>
    Array.from({ length: all }, (_, index) => answer(index < ofV1 ? {} : { workload: 'apps/a-v2' }));

  test('of several destinations there are some, of one there are none', () => {
    expect(hasShares(split(90, 10))).toBe(true);
    expect(hasShares(predict(model(TO_A1), CASE, ASK))).toBe(false);
    expect(
      hasShares(predict(model(`fault: {abort: {httpStatus: 500, percentage: {value: 5}}}, ${TO_A1}`), CASE, ASK)),
    ).toBe(true);
  });

  test.each([900, 870, 930])('%i of 1000 may well be 90%%', (count) => {
    expect(unlikelyShare(split(90, 10), ASK, seen(count, 1000))).toBeUndefined();
  });

  test.each([
    [500, 'of 1000 requests 500 went to a.apps.svc.cluster.local:80 v1, which gets 90%'],
    [1000, 'of 1000 requests 1000 went to a.apps.svc.cluster.local:80 v1, which gets 90%'],
    [0, 'of 1000 requests 0 went to a.apps.svc.cluster.local:80 v1, which gets 90%'],
  ])('%i of 1000 is not', (count, expected) => {
    const text = unlikelyShare(split(90, 10), ASK, seen(count, 1000));
    expect(text).toBe(expected);
  });
});
