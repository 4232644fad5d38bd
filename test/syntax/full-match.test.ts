import fc from 'fast-check';
import { compileFullMatch } from '../../src/syntax/full-match';
import { Re2 } from '../../src/syntax/re2';
import { compileRegexRewrite } from '../../src/syntax/regex-rewrite';

/** What `compile` makes of it, or that it refuses it. */
function outcome<T>(compile: () => T): T | 'refused' {
  try {
    return compile();
  } catch {
    return 'refused';
  }
}

test('the short cuts for simple patterns never differ from RE2', () => {
  const piece = fc.constantFrom(
    '.*',
    '.',
    '*',
    'a',
    'b',
    '\\',
    '\\.',
    '\\$',
    '\\\\',
    '^',
    '$',
    '(a|b)',
    '[ab]',
    '\n',
    '_',
    ' ',
  );
  const pattern = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''));
  const value = fc.array(fc.constantFrom('a', 'b', '.', '$', '\\', '^', '\n', '*', ' '), { maxLength: 6 });
  fc.assert(
    fc.property(pattern, value, (pattern, characters) => {
      const text = characters.join('');
      const quick = outcome(() => compileFullMatch(pattern)(text));
      expect(quick).toBe(outcome(() => Re2.compile(pattern).fullMatch(text)));
    }),
    { numRuns: 3_000, seed: 42 },
  );
});

test.each([
  ['every match is replaced', 'a', 'b', 'aXa', 'bXb'],
  ['groups by number', '^/([^/]*)/(.*)$', '/\\2/\\1', '/x/y/z', '/y/z/x'],
  ['the whole match', '[0-9]+', '<\\0>', 'a12b', 'a<12>b'],
  ['a group that took no part is empty', '(a)|(b)', '[\\2]', 'ab', '[][b]'],
  ['a backslash', 'a', '\\\\', 'a', '\\'],
  ['an empty match stands between characters', 'x*', '-', 'ab', '-a-b-'],
  ['nothing, where it names a group that the pattern does not have', '(a)', '\\2', 'aa', 'aa'],
  ['up to a backslash that stands before nothing known', 'a', 'b\\dc', 'aa', 'bb'],
  ['no empty match right behind another match', 'a*', '-', 'ba', '-b-'],
])('a rewrite: %s', (_, pattern, replacement, text, expected) => {
  expect(compileRegexRewrite(pattern, replacement)(text)).toBe(expected);
});
