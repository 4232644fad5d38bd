/*
 * RE2 as Envoy uses it: whole values, no backtracking, and Istio's limit on length.
 */
import fc from 'fast-check';
import { complaintAboutRegex, quoteRegex, Re2 } from '../../src/syntax/re2';

describe('a match is one of the whole value', () => {
  test.each([
    ['.*Chrome.*', 'Mozilla/5.0 Chrome/140.0 Safari', true],
    ['Chrome', 'Mozilla/5.0 Chrome/140.0 Safari', false],
    ['Chrome', 'Chrome', true],
    ['^a$', 'a', true],
    ['a|ab', 'ab', true],
    ['a??', 'a', true],
    ['(?i)chrome', 'CHROME', true],
    ['.*', '', true],
    ['.', '\n', false],
    ['(?s).', '\n', true],
    ['a', 'a\n', false],
    ['\\pL+', 'é', true],
  ])('%s on %j: %p', (pattern, value, matches) => {
    expect(Re2.compile(pattern).fullMatch(value)).toBe(matches);
  });
});

test.each([
  '(?=a)',
  '(?!a)',
  '(?<=a)',
  '(?<!a)',
  '(a)\\1',
  '(?P=n)',
  '*',
  'a**',
  'a{1,2}{3}',
  '(',
  ')',
  '[',
  '[z-a]',
  'a{2,1}',
  'a{1001}',
  '\\',
])('RE2 refuses %s', (pattern) => {
  expect(complaintAboutRegex(pattern)).toContain("is not a regex that RE2, Envoy's engine, accepts (");
});

test.each(['a', 'a+?', '(?P<n>a)', '(?i)a', '[[:alpha:]]', '\\d{1,1000}', 'a|', '()', '\\Qa.b\\E'])(
  'RE2 accepts %s',
  (pattern) => {
    expect(complaintAboutRegex(pattern)).toBeUndefined();
  },
);

test('Istio refuses the empty one, and more than 1024 bytes', () => {
  expect(complaintAboutRegex('')).toContain('is empty');
  expect(complaintAboutRegex('a'.repeat(1024))).toBeUndefined();
  expect(complaintAboutRegex('a'.repeat(1025))).toContain('1025 bytes');
  expect(complaintAboutRegex('é'.repeat(512))).toBeUndefined();
  expect(complaintAboutRegex('é'.repeat(513))).toContain('1026 bytes');
});

test('what catastrophes are made of elsewhere is only a question here', () => {
  expect(Re2.compile('(a*)*b').fullMatch('a'.repeat(2000))).toBe(false);
});

test('a quoted text matches itself, and nothing else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (text, other) => {
      const quoted = Re2.compile(quoteRegex(text));
      expect(quoted.fullMatch(text)).toBe(true);
      expect(quoted.fullMatch(other)).toBe(text === other);
    }),
    { numRuns: 300 },
  );
});

test('a quoted text of special characters matches itself', () => {
  const special = fc.string({ unit: fc.constantFrom(...'\\.+*?()|[]{}^$-/#&,:=!<> aQE\t'), maxLength: 12 });
  fc.assert(
    fc.property(special, (text) => Re2.compile(quoteRegex(text)).fullMatch(text)),
    { numRuns: 300 },
  );
});
