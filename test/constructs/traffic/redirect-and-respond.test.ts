/*
 * Answers that the proxy gives by itself.
 */
import {
  HeaderMatch,
  PathMatch,
  type RedirectOptions,
  type RequestMatch,
  type ResponseOptions,
  RouteOutcome,
} from 'cdk8s-versioned-mesh';
import { testRefusals } from '../../support/refusal';
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
    ['no match', redirect({ path: '/a' }, null as never), 'redirect: null is no match'],
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
