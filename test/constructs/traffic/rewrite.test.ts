/*
 * The path and the host that the app sees.
 */
import { HeaderMatch, PathMatch, RequestMatch, type RewriteOptions } from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import { testRefusals } from '../../support/refusal';
import { Routed, seen } from '../../support/routed';

function rewriting(match: RequestMatch, rewrite: RewriteOptions): Routed {
  const made = new Routed();
  made.mesh.route(made.v2, match, { rewrite });
  return made;
}

test.each<[string, RequestMatch, string, string, string]>([
  ['a whole path', PathMatch.exact('/old'), '/new', '/old', '/new'],
  ['a folder', PathMatch.under('/old'), '/new', '/old', '/new'],
  ['what is below a folder', PathMatch.under('/old'), '/new', '/old/a/b', '/new/a/b'],
  ['a folder and what follows', PathMatch.under('/old'), '/new/', '/old/a', '/new/a'],
  ['a folder away', PathMatch.under('/old'), '/', '/old', '/'],
  ['a folder away, and its slash', PathMatch.under('/old'), '/', '/old/', '/'],
  ['a folder away, and not what is below it', PathMatch.under('/old'), '/', '/old/a?b=/old', '/a?b=/old'],
  ['characters that mean something in a regex', PathMatch.under('/a.b(c)'), '/\\1', '/a.b(c)/d', '/\\1/d'],
])('%s', (_, match, path, asked, expected) => {
  const made = rewriting(match, { path });
  made.manifests;
  expect(seen(made.ask(asked))).toBe(expected);
});

test('not what is called alike', () => {
  const made = rewriting(PathMatch.under('/old'), { path: '/new' });
  expect(seen(made.ask('/older'))).toBe('/older');
});

test('all paths below a folder', () => {
  const made = rewriting(RequestMatch.allOf(HeaderMatch.present('x-a'), PathMatch.under('/')), { path: '/new' });
  made.manifests;
  expect(seen(made.ask('/a', { headers: { 'x-a': '' } }))).toBe('/new/a');
});

test('the host', () => {
  const made = rewriting(HeaderMatch.present('x-a'), { host: 'apis.internal' });
  made.manifests;
  const [destination] = made.ask('/', { headers: { 'x-a': '' } }).destinations;
  expect(destination.request.authority).toBe('apis.internal');
});

test('of alternatives that ask about the same path', () => {
  const either = RequestMatch.anyOf(HeaderMatch.present('x-a'), HeaderMatch.present('x-b'));
  const made = rewriting(RequestMatch.allOf(either, PathMatch.under('/old')), { path: '/' });
  expect(seen(made.ask('/old/x', { headers: { 'x-b': '' } }))).toBe('/x');
});

test('any folder becomes any other, by whole segments', () => {
  const segments = fc.array(fc.stringMatching(/^[a-z.()+$]{1,3}$/), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(segments, segments, segments, (from, to, rest) => {
      const [old, next, below] = [from, to, rest].map((path) => `/${path.join('/')}`);
      fc.pre(![old, next, below].some((path) => /\/\.\.?(\/|$)/.test(path)));
      const made = rewriting(PathMatch.under(old), { path: next });
      expect(seen(made.ask(old))).toBe(next);
      expect(seen(made.ask(old + below))).toBe(next + below);
    }),
    { numRuns: 20 },
  );
});

describe('refused are', () => {
  const rule = (match: RequestMatch, rewrite: RewriteOptions) => () => rewriting(match, rewrite);
  const prefix = PathMatch.prefix('/old');
  const remedy = "PathMatch.under('/old')";
  testRefusals([
    ['a path where none is matched', rule(HeaderMatch.present('x-a'), { path: '/new' }), "rewrite.path '/new'", remedy],
    ['a path for a prefix', rule(prefix, { path: '/new' }), "rewrite.path '/new'", remedy],
    ['a path for a pattern', rule(PathMatch.regex('/a.*'), { path: '/new' }), remedy],
    [
      'a path for several',
      rule(RequestMatch.anyOf(PathMatch.exact('/a'), PathMatch.exact('/b')), { path: '/new' }),
      'in all alternatives alike',
    ],
    [
      'a path on the default route',
      () => new Routed(() => ({ defaultRoute: { rewrite: { path: '/a' } } })),
      'a default route matches none',
      "route(version, PathMatch.under('/'), …)",
      'rewritePath of addService',
    ],
    ['no path', rule(PathMatch.exact('/a'), { path: 'new' }), "rewrite.path 'new' is not a path"],
    ['a path with a query', rule(PathMatch.exact('/a'), { path: '/a?b' }), "rewrite.path '/a?b'"],
    ['a path beyond ASCII', rule(PathMatch.exact('/a'), { path: '/é' }), "rewrite.path '/é'"],
    ['a host that is none', rule(PathMatch.exact('/a'), { host: 'a b' }), "rewrite.host 'a b'"],
    ['nothing', rule(PathMatch.exact('/a'), {}), 'neither path nor host'],
  ]);
});
