/*
 * Headers that the proxy changes, and other web sites' scripts.
 */
import { Duration } from 'cdk8s';
import {
  type CorsPolicy,
  HeaderMatch,
  type HeaderModifier,
  MethodMatch,
  PathMatch,
  QueryMatch,
  RequestMatch,
} from 'cdk8s-versioned-mesh';
import { testRefusals } from '../../support/refusal';
import { Routed } from '../../support/routed';

const shop = 'https://shop.example.com';

test('headers are changed on the way there', () => {
  const made = new Routed(() => ({
    defaultRoute: { requestHeaders: { set: { 'x-a': '100%' }, add: { 'x-b': 'new' }, remove: ['x-c'] } },
  }));
  made.manifests;
  const [destination] = made.ask('/', { headers: { 'x-a': 'old', 'x-b': 'old', 'x-c': 'old' } }).destinations;
  expect(destination.request.headers).toMatchObject({ 'x-a': '100%', 'x-b': 'old,new' });
  expect(destination.request.headers).not.toHaveProperty('x-c');
});

test('what is a variable for Envoy is text for the user', () => {
  const responseHeaders = { add: { 'x-address': '%DOWNSTREAM_REMOTE_ADDRESS%' } };
  const [entry] = new Routed(() => ({ defaultRoute: { responseHeaders } })).entries();
  expect(entry.headers).toEqual({ response: { add: { 'x-address': '%%DOWNSTREAM_REMOTE_ADDRESS%%' } } });
});

test('a policy for scripts of other sites', () => {
  const corsPolicy: CorsPolicy = {
    allowOrigins: [shop, 'http://localhost:3000'],
    allowMethods: ['GET', 'PUT'],
    allowHeaders: ['content-type'],
    exposeHeaders: ['x-total'],
    maxAge: Duration.minutes(10),
    allowCredentials: true,
  };
  const [entry] = new Routed(() => ({ defaultRoute: { corsPolicy } })).entries();
  expect(entry.corsPolicy).toEqual({
    ...corsPolicy,
    allowOrigins: [{ exact: shop }, { exact: 'http://localhost:3000' }],
    maxAge: '600s',
  });
});

describe('a policy on a rule', () => {
  const corsPolicy = { allowOrigins: ['*'] };
  const other = { allowOrigins: [shop] };
  const path = PathMatch.under('/api');
  const beta = HeaderMatch.present('x-beta');
  const { allOf, anyOf } = RequestMatch;

  test.each<[string, RequestMatch]>([
    ['a header', beta],
    ['a cookie', HeaderMatch.cookie('a', 'b')],
    ['a header beside a path', allOf(path, beta)],
    ['a header or a path', anyOf(beta, path)],
    ['a method', MethodMatch.exact('GET', 'PUT')],
  ])('that asks about %s alone is refused at synthesis, since its preflights take the default route', (_, match) => {
    const made = new Routed();
    made.mesh.route(made.v2, match, { name: 'beta', corsPolicy });
    expect(() => made.manifests).toThrow(
      "the route 'beta' to version 'v2' of service 'apis' has a corsPolicy, and its preflights do not get there",
    );
    const different = new Routed(() => ({ defaultRoute: { corsPolicy: other } }));
    different.mesh.route(different.v2, match, { corsPolicy });
    expect(() => different.manifests).toThrow('whose policy is another');
    const same = new Routed(() => ({ defaultRoute: { corsPolicy } }));
    same.mesh.route(same.v2, match, { corsPolicy });
    expect(() => same.manifests).not.toThrow();
  });

  test.each<[string, RequestMatch]>([
    ['a path', path],
    ['a method that preflights have', allOf(path, MethodMatch.exact('GET', 'OPTIONS'))],
    ['the host', HeaderMatch.exact(':authority', 'apis.example.com')],
    ['a header that is not there', HeaderMatch.absent('x-beta')],
    ['a parameter', QueryMatch.present('a')],
  ])('that asks about %s answers its preflights itself', (_, match) => {
    const made = new Routed();
    made.mesh.route(made.v2, match, { corsPolicy });
    expect(() => made.manifests).not.toThrow();
  });

  test('leaves its preflights to another rule', () => {
    const made = new Routed();
    made.mesh.route(made.v2, allOf(PathMatch.exact('/api/a'), beta), { corsPolicy });
    expect(() => made.manifests).toThrow('corsPolicy');
    made.mesh.route(made.v1, path, { corsPolicy });
    expect(() => made.manifests).not.toThrow();
  });
});

describe('refused are', () => {
  const change = (requestHeaders: unknown) => () =>
    new Routed(() => ({ defaultRoute: { requestHeaders: requestHeaders as HeaderModifier } }));
  const cors = (given: object) => () =>
    new Routed(() => ({ defaultRoute: { corsPolicy: { allowOrigins: [shop], ...given } } }));
  const origin = (allowOrigin: string) => cors({ allowOrigins: [allowOrigin] });
  testRefusals([
    ['a name that is none', change({ set: { 'a b': 'c' } }), "requestHeaders.set: header 'a b' is not a header name"],
    ['a pseudo-header', change({ set: { ':path': '/' } }), "header ':path' is a pseudo-header"],
    ['the host', change({ set: { Host: 'a' } }), "header 'Host'", 'rewrite.host'],
    ['the host of HTTP/2', change({ remove: [':authority'] }), "header ':authority'", 'rewrite.host'],
    ['a key that cdk8s loses', change({ set: { constructor: 'a' } }), "header 'constructor'"],
    ['a name twice', change({ set: { 'x-a': '1', 'X-A': '2' } }), "header 'X-A' is there twice"],
    ['a value that is no text', change({ set: { 'x-a': 5 } }), "requestHeaders.set['x-a'] 5", 'quotes'],
    ['an empty value', change({ set: { 'x-a': '' } }), "the value of header 'x-a' is empty", 'remove'],
    ['a line break', change({ add: { 'x-a': 'b\r\nx-c: d' } }), "of header 'x-a' cannot be sent"],
    ['letters beyond ASCII', change({ add: { 'x-a': 'é' } }), "of header 'x-a' cannot be sent"],
    [
      'removing what is set',
      change({ set: { 'x-a': 'b' }, remove: ['X-A'] }),
      "header 'X-A' is both removed",
      'only set it',
    ],
    ['nothing', change({}), 'nothing is set, added or removed'],
    ['a map that is a list', change({ set: ['x-a'] }), 'requestHeaders.set (a list) is not a map'],
    ['no origin', cors({ allowOrigins: [] }), 'allowOrigins is empty'],
    ['origins not said', cors({ allowOrigins: undefined }), 'allowOrigins is missing'],
    ['an origin without scheme', origin('shop.example.com'), "allowOrigins 'shop.example.com' is not an origin"],
    ['an origin with a path', origin(`${shop}/`), `allowOrigins '${shop}/'`, 'without a path'],
    ['an origin with a wildcard', origin('https://*.example.com'), "allowOrigins 'https://*.example.com'"],
    ['credentials for all', cors({ allowOrigins: ['*'], allowCredentials: true }), "no '*'"],
    ['a method that is none', cors({ allowMethods: ['get'] }), "allowMethods 'get'", 'GET'],
    ['a header that is none', cors({ allowHeaders: ['a b'] }), "header 'a b'"],
    ['half a second', cors({ maxAge: Duration.millis(500) }), "maxAge '0.5 s'"],
  ]);
});
