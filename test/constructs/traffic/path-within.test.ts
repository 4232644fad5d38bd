/*
 * What a rule asks of a path, put for a gateway that has the service below a folder: the same paths, for all of them.
 */
import { PathMatch } from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import type { PathCondition } from '../../../src/constructs/traffic/condition';
import { toHttpMatch } from '../../../src/constructs/traffic/http-match';
import { pathBoth, pathWithin } from '../../../src/constructs/traffic/path-within';
import { Re2 } from '../../../src/syntax/re2';
import { refusalOf } from '../../support/refusal';

const { exact, prefix, under, regex } = PathMatch;

describe('the service sees its own paths', () => {
  test.each<[string, PathCondition | undefined, object | 'never']>([
    ['all', undefined, { regex: '/api(/.*)?' }],
    ['exact', of(exact('/x')), { exact: '/api/x' }],
    ['the first page', of(exact('/')), { regex: '/api/?' }],
    ['a beginning', of(prefix('/x')), { prefix: '/api/x' }],
    ['any beginning', of(prefix('/')), { regex: '/api(/.*)?' }],
    ['a folder', of(under('/x/')), { regex: '/api/x(/.*)?' }],
    ['the folder of all', of(under('/')), { regex: '/api(/.*)?' }],
    ['a pattern', of(regex('/v[12]/.*')), { regex: '/api/v[12]/.*' }],
    ['a pattern with anchors', of(regex('^/a|^/b$')), { regex: '/api/(?:a|b$)' }],
    ['a pattern that takes the first page', of(regex('/.*')), { regex: '/api(?:/.*)?' }],
    ['a pattern without a beginning', of(regex('.*\\.png')), { regex: '/api/.*\\.png' }],
    ['a pattern that takes no path', of(regex('x.*')), 'never'],
  ])('%s', (_what, condition, words) => {
    expect(wordsOf(pathWithin('/api', condition))).toEqual(words);
    expect(wordsOf(pathWithin('/api/', condition))).toEqual(words);
  });
});

describe('the service sees the whole path', () => {
  test.each<[string, PathCondition | undefined, object | 'never']>([
    ['all', undefined, { regex: '/api(/.*)?' }],
    ['the folder', of(exact('/api')), { exact: '/api' }],
    ['below it', of(exact('/api/x')), { exact: '/api/x' }],
    ['beside it', of(exact('/apix')), 'never'],
    ['a beginning of it', of(prefix('/ap')), { regex: '/api(/.*)?' }],
    ['a beginning that is longer', of(prefix('/api/x')), { prefix: '/api/x' }],
    ['a beginning beside it', of(prefix('/apix')), 'never'],
    ['a folder around it', of(under('/')), { regex: '/api(/.*)?' }],
    ['a folder in it', of(under('/api/x')), { regex: '/api/x(/.*)?' }],
    ['a folder beside it', of(under('/apix')), 'never'],
    ['a pattern in it', of(regex('/api/v[12]')), { regex: '/api/v[12]' }],
    ['a pattern around it', of(regex('.*')), { regex: '/api(?:/.*)?' }],
    ['a pattern of it alone', of(regex('/ap.')), { exact: '/api' }],
    ['a pattern beside it', of(regex('/apix.*')), 'never'],
  ])('%s', (_what, condition, words) => {
    expect(wordsOf(pathBoth('/api', condition))).toEqual(words);
  });
});

test('below the folder of all, everything stays', () => {
  for (const condition of [exact('/'), prefix('/x'), under('/x'), regex('^.*x')].map(of)) {
    expect(pathWithin('/', condition)).toEqual(condition);
    expect(pathBoth('/', condition)).toEqual(condition);
  }
});

test.each(['\\b/a', '(?:^/a)', '/{2}a', '((?i)/a)', '/a(?i)b|/c', '\\Q/a\\E'])('%s is refused', (pattern) => {
  const message = refusalOf(() => pathWithin('/api', of(regex(pattern))));
  expect(message).toContain(`'${pattern}'`);
  expect(message).toMatch(/begin it with the text of the path, as in .*\.$/);
});

test('a pattern that becomes too long is refused', () => {
  const long = of(under(`/${'a'.repeat(1000)}`));
  expect(refusalOf(() => pathWithin(`/${'b'.repeat(20)}`, long))).toContain('1024');
});

/** Few segments, so that one path is often below another. */
const segment = fc.constantFrom('', 'a', 'ab', 'a.b', 'b', 'A');
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`);
const atom = fc.constantFrom('/', 'a', 'b', '\\.', '.', '[^a]', '[/a]', '[^]/]', '\\w', '\\x2f', '|', '/a', '/ab');
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '+?', '{1,2}');
const { sequence } = fc.letrec<{ item: string; sequence: string }>((tie) => ({
  item: fc
    .tuple(
      fc.oneof(
        { depthSize: 'small' },
        { weight: 4, arbitrary: atom },
        fc
          .tuple(fc.constantFrom('(', '(?:', '(?i:', '(?P<n>'), tie('sequence'))
          .map(([open, inner]) => `${open}${inner})`),
      ),
      quantifier,
    )
    .map((parts) => parts.join('')),
  sequence: fc.array(tie('item'), { minLength: 1, maxLength: 4 }).map((items) => items.join('')),
}));
const pattern = fc
  .tuple(fc.constantFrom('', '', '^', '(?i)', '(?i)^'), sequence, fc.constantFrom('', '', '$', '\\z'))
  .map((parts) => parts.join(''));
const condition = fc.oneof(
  fc.tuple(fc.constantFrom(exact, prefix, under), path).map(([factory, value]) => of(factory(value))),
  pattern.filter((written) => isPattern(written)).map((written) => of(regex(written))),
);

test.each([
  ['its own paths', pathWithin, (folder: string, own: string) => own.slice(folder.length) || '/'],
  ['whole paths', pathBoth, (_folder: string, whole: string) => whole],
] as const)('for all paths and patterns: %s', (_what, put, seen) => {
  let judged = 0;
  fc.assert(
    fc.property(path, condition, fc.array(path, { minLength: 3, maxLength: 10 }), (written, asked, paths) => {
      const folder = written.replace(/\/$/, '');
      const result = resultOf(() => put(written, asked));
      fc.pre(result !== undefined);
      judged++;
      for (const whole of [
        ...paths,
        folder || '/',
        ...paths.map((below) => folder + below),
        ...paths.map((beside) => folder + beside.slice(1)),
      ]) {
        if (!whole.startsWith('/')) {
          continue;
        }
        const isBelow = whole === folder || whole.startsWith(`${folder}/`);
        const expected = isBelow && takes(asked, seen(folder, whole));
        expect([whole, result, takes(result as PathCondition | 'never', whole)]).toEqual([whole, result, expected]);
      }
    }),
    { numRuns: 300 },
  );
  expect(judged).toBeGreaterThanOrEqual(300);
});

function of(match: ReturnType<typeof exact>): PathCondition {
  return match._alternatives()[0][0] as PathCondition;
}

function wordsOf(condition: PathCondition | 'never'): unknown {
  return condition === 'never' ? condition : toHttpMatch([condition]).uri;
}

/** What Envoy makes of it. */
function takes(condition: PathCondition | 'never', whole: string): boolean {
  const words = (condition === 'never' ? { regex: 'x' } : wordsOf(condition)) as { [kind: string]: string };
  return words.exact !== undefined
    ? whole === words.exact
    : words.prefix !== undefined
      ? whole.startsWith(words.prefix)
      : Re2.compile(words.regex).fullMatch(whole);
}

function isPattern(written: string): boolean {
  try {
    return regex(written) !== undefined;
  } catch {
    return false;
  }
}

/** Undefined when the pattern is too involved; refused by a sentence. */
function resultOf(act: () => PathCondition | 'never'): PathCondition | 'never' | undefined {
  try {
    return act();
  } catch {
    expect(refusalOf(act)).toMatch(/^the pattern .*\.$/);
    return undefined;
  }
}
