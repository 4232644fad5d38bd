/*
 * That the regexes behind `contains`, `cookie` and `under` match what their names say, and nothing else: for all values.
 */

import { HeaderMatch, MethodMatch, PathMatch, QueryMatch, RequestMatch, SourceMatch } from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import { toHttpMatch } from '../../../src/constructs/traffic/http-match';
import { Re2 } from '../../../src/syntax/re2';
import { HOSTILE } from '../../support/arbitraries';
import { refusalOf } from '../../support/refusal';

const RUNS = { numRuns: 100 };

const printable = (maxLength: number) =>
  fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength });
/** Few characters, so that one value often contains another. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', ' ', '\\', '(', '|'), maxLength: 8 }),
  printable(12),
);
const cookieName = fc.stringMatching(/^[ab$.*+|^]{1,3}$/);
const cookieValue = fc.stringMatching(/^[ab$.*+?()[\]{}|^=]{0,3}$/);
/** In the form in which it arrives: without dot segments. */
const path = fc.stringMatching(/^(\/[ab.*+()]{0,2}){1,3}$/).filter((text) => !/\/\.{1,2}(\/|$)/.test(text));

test('contains: the values that contain the text', () => {
  fc.assert(
    fc.property(text, text, text, (before, needle, after) => {
      fc.pre(needle !== '');
      const regex = regexOf(HeaderMatch.contains('x-a', needle));
      expect(regex.fullMatch(before + needle + after)).toBe(true);
      expect(regex.fullMatch(before + after)).toBe((before + after).includes(needle));
      expect(regex.fullMatch(after)).toBe(after.includes(needle));
    }),
    RUNS,
  );
});

test('cookie: the headers with that cookie, wherever it stands, with and without spaces', () => {
  const others = fc.array(fc.tuple(cookieName, cookieValue), { maxLength: 3 });
  fc.assert(
    fc.property(
      others,
      cookieName,
      cookieValue,
      others,
      fc.constantFrom('; ', ';', ' ; '),
      (left, name, value, right, separator) => {
        const header = [...left, [name, value], ...right].map(([key, content]) => `${key}=${content}`).join(separator);
        expect(regexOf(HeaderMatch.cookie(name, value)).fullMatch(header)).toBe(true);
      },
    ),
    RUNS,
  );
});

test('cookie: no header without it', () => {
  const cookies = fc.array(fc.tuple(cookieName, cookieValue), { maxLength: 4 });
  fc.assert(
    fc.property(cookies, cookieName, cookieValue, (all, name, value) => {
      const header = all.map(([key, content]) => `${key}=${content}`).join('; ');
      const there = header.split('; ').includes(`${name}=${value}`);
      expect(regexOf(HeaderMatch.cookie(name, value)).fullMatch(header)).toBe(there);
    }),
    RUNS,
  );
});

test.each(['group=beta2', 'xgroup=beta', 'group=', 'group', 'a=group=beta', 'Group=beta', 'group=Beta', ''])(
  'cookie group=beta is not in %j',
  (header) => {
    expect(regexOf(HeaderMatch.cookie('group', 'beta')).fullMatch(header)).toBe(false);
  },
);

test('under: the path and what is below it, by whole segments', () => {
  fc.assert(
    fc.property(path, path, (folder, other) => {
      const regex = regexOf(PathMatch.under(folder));
      const root = folder.replace(/\/$/, '');
      expect(regex.fullMatch(other)).toBe(other === root || other.startsWith(`${root}/`));
      expect(regex.fullMatch(root + other)).toBe(true);
      expect(regex.fullMatch(`${root}x`)).toBe(false);
    }),
    RUNS,
  );
});

test.each([
  ['/', ['/', '/a', '/a/b'], []],
  ['/api', ['/api', '/api/', '/api/users'], ['/', '/ap', '/apix', '/API', '/v1/api']],
  ['/api/', ['/api', '/api/', '/api/users'], ['/apix']],
])('under %s', (folder, within, without) => {
  const regex = regexOf(PathMatch.under(folder));
  expect(within.filter((path) => !regex.fullMatch(path))).toEqual([]);
  expect(without.filter((path) => regex.fullMatch(path))).toEqual([]);
});

describe('whatever goes into a factory, a match comes out or a sentence', () => {
  const anything = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 20 }), fc.anything());
  const factories: [string, (one: never, other: never) => RequestMatch][] = [
    ['exact', HeaderMatch.exact],
    ['prefix', HeaderMatch.prefix],
    ['contains', HeaderMatch.contains],
    ['regex', HeaderMatch.regex],
    ['cookie', HeaderMatch.cookie],
    ['present', HeaderMatch.present],
    ['absent', HeaderMatch.absent],
    ['path exact', PathMatch.exact],
    ['path prefix', PathMatch.prefix],
    ['path under', PathMatch.under],
    ['path regex', PathMatch.regex],
    ['method', MethodMatch.exact],
    ['baggage', HeaderMatch.baggage],
    ['query exact', QueryMatch.exact],
    ['query regex', QueryMatch.regex],
    ['query present', QueryMatch.present],
    ['source labels', SourceMatch.labels],
    ['source namespace', SourceMatch.namespace],
    ['all of', RequestMatch.allOf],
    ['any of', RequestMatch.anyOf],
    ['not', RequestMatch.not],
  ];

  test.each(factories)('%s', (_name, factory) => {
    resultOrRefusal(() => factory(undefined as never, undefined as never));
    fc.assert(
      fc.property(anything, anything, (one, other) => {
        for (const [first, second] of [
          [one, other],
          ['x-a', other],
          [one, 'a'],
        ]) {
          resultOrRefusal(() => factory(first as never, second as never));
        }
      }),
      // The last cannot even be shown in a message.
      { ...RUNS, examples: [[{ toString: [] }, '']] },
    );
  });
});

function regexOf(match: RequestMatch): Re2 {
  const [words] = match._alternatives().map(toHttpMatch);
  const compared = (words.uri ?? Object.values(words.headers ?? {})[0]) as { regex: string };
  return Re2.compile(compared.regex);
}

/** Fails on anything but a match and a sentence. */
function resultOrRefusal(act: () => unknown): void {
  try {
    expect(act()).toBeInstanceOf(RequestMatch);
  } catch {
    expect(refusalOf(act)).toMatch(/^(Header|Path|Method|Query|Source|Request)Match\.\w+: .*\.$/s);
  }
}
