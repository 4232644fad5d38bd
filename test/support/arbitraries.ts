/*
 * What a user may write, and what nobody would but somebody does.
 */
import fc from 'fast-check';

/** Texts that a program trips over. */
export const HOSTILE: readonly string[] = [
  '',
  ' ',
  '\n',
  'a\n',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'null',
  'true',
  '0',
  '-',
  '.',
  '..',
  '/',
  'a/b',
  '*',
  '🚀',
  'ß',
  'naïve',
  '名前',
  '\u0000',
  '\ud800',
  '\u202e',
  "'",
  '"',
  '$(A)',
  '{{ a }}',
  '%s',
  'Service',
  'Deployment',
  'Resource',
  'x'.repeat(63),
  'x'.repeat(64),
  'x'.repeat(300),
];

const CHARACTERS = [...'aaabbz09', '-', '.', '_', 'A', '/', ' ', 'ä'];

/** Texts that are nearly names: many are, many are not by one character. */
export const nearlyNames: fc.Arbitrary<string> = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(...CHARACTERS), maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', '-', '.'), minLength: 60, maxLength: 66 }) },
);

/** Names for the most part, so that what is made of several has a chance to be made; hostile texts now and then. */
export const names: fc.Arbitrary<string> = fc.oneof(
  { weight: 30, arbitrary: fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/) },
  { weight: 1, arbitrary: nearlyNames },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
);

/** Objects with up to three of `props`; with all of them, one would nearly always be wrong. */
export function few<T>(props: { [K in keyof T]?: fc.Arbitrary<NonNullable<T[K]>> }): fc.Arbitrary<Partial<T>> {
  const keys = Object.keys(props);
  return fc
    .subarray(keys, { maxLength: Math.min(3, keys.length) })
    .chain((keys) =>
      fc.record(Object.fromEntries(keys.map((key) => [key, props[key as keyof T] as fc.Arbitrary<unknown>]))),
    ) as fc.Arbitrary<Partial<T>>;
}
