/*
 * Answers that the proxy gives by itself.
 */
import {
  HeaderMatch,
  type HeaderRoutedMeshProps,
  IngressGateway,
  MethodMatch,
  PathMatch,
  type RedirectOptions,
  RequestMatch,
  type ResponseOptions,
  RouteOutcome,
  TrafficSource,
} from 'cdk8s-versioned-mesh';
import { refusalOf, testRefusals } from '../../support/refusal';
import { Routed } from '../../support/routed';

const old = PathMatch.under('/old');

function redirecting(options: RedirectOptions, match: RequestMatch = old): Routed {
  const made = new Routed();
  made.mesh.redirect(match, options);
  return made;
}

test.each<[RedirectOptions, number, string]>([
  [{ path: '/new' }, 302, 'http://apis.example.com/new'],
  [{ host: 'apis.example.org' }, 302, 'http://apis.example.org/old/a'],
  [{ scheme: 'https', status: 308 }, 308, 'https://apis.example.com/old/a'],
  [{ scheme: 'https', port: 8443, status: 301 }, 301, 'https://apis.example.com:8443/old/a'],
  [{ host: 'apis.example.org', path: '/', status: 307 }, 307, 'http://apis.example.org/'],
])('a redirect by %p', (options, status, location) => {
  const made = redirecting(options);
  made.manifests;
  expect(made.ask('/old/a')).toMatchObject({ outcome: RouteOutcome.REDIRECT, status, location });
});

test('the status is written, also where it is the default', () => {
  const [entry] = redirecting({ path: '/new', name: 'moved' }).entries();
  expect(entry).toEqual({
    name: 'moved',
    match: [{ uri: { regex: '/old(/.*)?' } }],
    redirect: { uri: '/new', redirectCode: 302 },
  });
});

test('a fixed answer', () => {
  const made = new Routed();
  const route = made.mesh.respond(PathMatch.exact('/robots.txt'), {
    status: 200,
    body: 'User-agent: *',
    name: 'robots',
  });
  made.manifests;
  expect(route.name).toBe('robots');
  expect(made.ask('/robots.txt')).toMatchObject({
    outcome: RouteOutcome.DIRECT_RESPONSE,
    status: 200,
    body: 'User-agent: *',
    ruleName: 'robots',
  });
});

test('all kinds of rules are tried in the order of the calls', () => {
  const made = new Routed();
  made.mesh.respond(PathMatch.exact('/a'), { status: 410 });
  made.mesh.route(made.v2, PathMatch.under('/a'));
  made.mesh.redirect(PathMatch.prefix('/a'), { path: '/b' });
  expect(made.ask('/a').status).toBe(410);
  expect(made.ask('/a/b').destinations[0].subset).toBe('v2');
  expect(made.ask('/ab').status).toBe(302);
});

test('for another service of the mesh, inside the mesh', () => {
  const made = new Routed();
  const reviews = made.another('reviews');
  made.mesh.addService(reviews.service, { defaultVersion: reviews.v1 });
  made.mesh.respond(PathMatch.exact('/gone'), { status: 410, service: reviews.service });
  expect(made.askInside('http://reviews/gone').status).toBe(410);
  expect(made.ask('/gone').status).toBeUndefined();
});

describe('a redirect of a service below folders', () => {
  function below(paths: string[], rewritePath: string, options: RedirectOptions, match: RequestMatch = old): Routed {
    const made = new Routed();
    const reviews = made.another('reviews');
    made.mesh.addService(reviews.service, { defaultVersion: reviews.v1, paths, rewritePath });
    made.mesh.redirect(match, { ...options, service: reviews.service });
    made.manifests;
    return made;
  }
  const toNew = { path: '/new' };
  const location = (made: Routed, path: string) => made.ask(path).location;

  test('leads to the path that the app sees, below the folder that was asked for', () => {
    const made = below(['/api/reviews', '/reviews'], '/', toNew);
    expect(location(made, '/api/reviews/old')).toBe('http://apis.example.com/api/reviews/new');
    expect(location(made, '/reviews/old')).toBe('http://apis.example.com/reviews/new');
    expect(made.askInside('http://reviews/old').location).toBe('http://reviews/new');
    const app = below(['/v2'], '/app', { path: '/app/new' }, PathMatch.exact('/app/old'));
    expect(location(app, '/v2/old')).toBe('http://apis.example.com/v2/new');
  });

  test('leads to the path as it stands where the app sees the whole one, or on another host', () => {
    const inside = new Routed();
    const cart = inside.another('cart');
    inside.mesh.addService(cart.service, { defaultVersion: cart.v1, paths: ['/cart'] });
    inside.mesh.redirect(PathMatch.under('/cart/old'), { ...toNew, service: cart.service });
    expect(location(inside, '/cart/old')).toBe('http://apis.example.com/new');
    const away = below(['/reviews'], '/', { ...toNew, host: 'example.org' });
    expect(location(away, '/reviews/old')).toBe('http://example.org/new');
  });

  test('is refused where the gateway leads no such path to the app', () => {
    expect(refusalOf(() => below(['/reviews'], '/old', toNew))).toContain(
      "redirect.options.path '/new' is for the app, which is reached below '/old' only",
    );
  });

  test('is refused where clients would go in circles', () => {
    expect(refusalOf(() => below(['/reviews'], '/', { path: '/old/a' }))).toContain('in circles');
  });
});

describe('in circles go clients who are led', () => {
  const { allOf, anyOf } = RequestMatch;
  const everything = PathMatch.under('/');
  const post = MethodMatch.exact('POST');
  const hosts = ['example.com', 'www.example.com'];
  const tls = { credentialName: 'cert' };
  type Props = Partial<HeaderRoutedMeshProps>;

  function led(match: RequestMatch, options: RedirectOptions, props: Props = {}, before?: (made: Routed) => void) {
    const made = new Routed(() => props);
    before?.(made);
    made.mesh.redirect(match, options);
  }

  test.each<[string, RequestMatch, RedirectOptions, Props?]>([
    ['to one of several paths', anyOf(PathMatch.exact('/a'), PathMatch.exact('/b')), { path: '/a' }],
    ['to a path that arrives as another', old, { path: '/new/../%6Fld' }],
    ['to one of several hosts', everything, { host: 'www.example.com' }, { hosts }],
    ['to HTTPS, where the same routes serve it', everything, { scheme: 'https' }, { gatewayOptions: { tls } }],
    ['to HTTP, where they do', everything, { scheme: 'http' }],
    ['to a port, where they do', everything, { port: 80 }],
    ['to a port inside the mesh', everything, { port: 80 }, { traffic: TrafficSource.MESH }],
    ['by GET from GET', MethodMatch.exact('GET', 'POST'), { path: '/done' }],
    ['by POST from POST', post, { path: '/done', status: 307 }],
  ])('%s', (...[, match, options, props]) => {
    expect(refusalOf(() => led(match, options, props))).toContain('in circles');
  });

  test('to a path that an earlier rule takes from some of them only', () => {
    const before = ({ mesh, v2 }: Routed) => mesh.route(v2, allOf(PathMatch.exact('/a'), HeaderMatch.present('x-a')));
    expect(refusalOf(() => led(everything, { path: '/a' }, {}, before))).toContain('in circles');
  });

  test.each<[string, RequestMatch, RedirectOptions, Props?]>([
    ['to another method', post, { path: '/done', status: 303 }],
    ['to GET, as browsers do it', post, { path: '/done' }],
    ['to HTTPS, where nothing serves it', everything, { scheme: 'https' }],
    ['to HTTP, where all is HTTPS', everything, { scheme: 'http', port: 8080 }, { gatewayOptions: { tls } }],
    ['from one host to the other', HeaderMatch.exact(':authority', 'example.com'), { host: hosts[1] }, { hosts }],
    ['to HTTPS, by what a proxy before says', HeaderMatch.exact('x-forwarded-proto', 'http'), { scheme: 'https' }],
    ['to a host of a wildcard, which may be of others', everything, { host: 'a.b.c' }, { hosts: ['*.b.c'] }],
  ])('not: %s', (...[, match, options, props]) => {
    expect(() => led(match, options, props)).not.toThrow();
  });

  test('not: to a path that an earlier rule takes', () => {
    const before = ({ mesh, v2 }: Routed) => mesh.route(v2, PathMatch.exact('/a'));
    expect(() => led(everything, { path: '/a' }, {}, before)).not.toThrow();
  });

  test('not: to a path that another service takes', () => {
    const before = (made: Routed) => {
      const login = made.another('login');
      made.mesh.addService(login.service, { defaultVersion: login.v1, paths: ['/login'] });
    };
    expect(() => led(everything, { path: '/login/start' }, {}, before)).not.toThrow();
  });

  test('not: to HTTPS, by a gateway of which nothing is known', () => {
    const made = new Routed((routed) => ({
      gateway: IngressGateway.fromGatewayName(routed.chart, 'public', 'public'),
    }));
    expect(() => made.mesh.redirect(everything, { scheme: 'https' })).not.toThrow();
  });

  test('to HTTPS, by a gateway that is shared and serves it', () => {
    const made = new Routed(({ chart }) => {
      const gateway = new IngressGateway(chart, 'public', { tls });
      gateway.addServer(['*.example.com']);
      return { gateway };
    });
    expect(refusalOf(() => made.mesh.redirect(everything, { scheme: 'https' }))).toContain('in circles');
  });
});

describe('refused are', () => {
  const redirect =
    (options: unknown, match: RequestMatch = old) =>
    () =>
      redirecting(options as RedirectOptions, match);
  const made = new Routed();
  const respond = (options: unknown) => () => made.mesh.respond(old, options as ResponseOptions);
  const inCircles = 'in circles';
  testRefusals([
    ['nowhere', redirect({}), 'host, path, scheme or port'],
    ['no match', redirect({ path: '/a' }, null as never), 'redirect: null is not a match'],
    ['a host that is none', redirect({ host: 'a b' }), "redirect.options.host 'a b'"],
    ['a host with a port', redirect({ host: 'a.b:80' }), "redirect.options.host 'a.b:80'"],
    ['a path that is none', redirect({ path: 'a' }), "redirect.options.path 'a'"],
    ['a scheme that is none', redirect({ scheme: 'ftp' }), "redirect.options.scheme 'ftp'", "'https'"],
    ['a port that is none', redirect({ port: 0 }), 'redirect.options.port 0', '65535'],
    ['a status that is none', redirect({ path: '/a', status: 300 }), 'redirect.options.status 300', '301, 302'],
    ['to itself', redirect({ path: '/old/a' }), inCircles],
    ['to itself, by a pattern', redirect({ path: '/ab' }, PathMatch.regex('/a.*')), inCircles],
    ['to itself, whatever the path', redirect({ path: '/a' }, HeaderMatch.present('x-a')), inCircles],
    ['to its own host', redirect({ host: 'apis.example.com' }), inCircles],
    ['no status', respond({ body: 'a' }), 'respond.options.status is missing'],
    ['the status of no answer', respond({ status: 199 }), 'respond.options.status 199', '200 to 599'],
    ['a body too long', respond({ status: 200, body: 'a'.repeat(1024 * 1024 + 1) }), '1048577 bytes'],
    ['a name that is empty', respond({ status: 200, name: '' }), "name '' is empty"],
    [
      'a service that is not routed',
      respond({ status: 200, service: made.another('other').service }),
      "'other'",
      'addService',
    ],
  ]);
});
