import { Yaml } from 'cdk8s';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { parse } from 'yaml';
import { complaintAboutText } from '../../src/syntax/yaml-text';

/** Characters of which YAML makes something. */
const special = fc.string({
  unit: fc.constantFrom(...' \n\t\r#:-?,[]{}&*!|>\'"%@`ab017oOxXeE+_.=~<\\\u0085\u2028\u00a0\ufeff\0'),
});
const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), special);

test('text that is accepted is read back as it was, as YAML 1.1 and as YAML 1.2, as a value and as a key', () => {
  fc.assert(
    fc.property(texts, (text) => {
      fc.pre(complaintAboutText(text) === undefined);
      const written = Yaml.stringify({ value: text, list: [text], map: { [`k${text}`]: 'after' } });
      const bytes = Buffer.from(written, 'utf8').toString('utf8');
      for (const read of [load(bytes), parse(bytes, { version: '1.1' }), parse(bytes, { version: '1.2' })]) {
        expect(read).toEqual({ value: text, list: [text], map: { [`k${text}`]: 'after' } });
      }
    }),
    { numRuns: 2000 },
  );
});

test.each([
  '',
  '1',
  '017',
  '0x1f',
  '0b11',
  '1_000',
  '1e3',
  '.5',
  'true',
  'null',
  '2001-01-01',
  '~',
  '0o',
  '0o8',
  'o17',
])('%j is written such that all read text', (text) => {
  expect(complaintAboutText(text)).toBeUndefined();
});

/** As go-yaml, which kubectl reads with, was seen to read them. */
test.each(['0o17', '-0o7', '+0O17', '0o1_7', '0O17', '0B11', '0X1F', '1e5_0', '6e_1', '0o_7', '0b-1', '0o-1'])(
  '%j is read as a number by kubectl',
  (text) => {
    expect(complaintAboutText(text)).toMatch(/kubectl reads a number from it; write something that is no number/);
  },
);

test.each([
  ['a\u0085b', 'U+0085'],
  ['\u007f', 'U+007F'],
  ['a\u2028', 'U+2028'],
  ['\u2029b', 'U+2029'],
  ['\ud800', 'U+D800'],
  ['a\udfffb', 'U+DFFF'],
  ['\uffff', 'U+FFFF'],
])('%j cannot be read', (text, character) => {
  expect(complaintAboutText(text)).toContain(`contains ${character}`);
});

test('a pair of surrogates is a character as any other', () => {
  expect(complaintAboutText('\u{1f600}')).toBeUndefined();
});

test('lines that begin with a tab cannot be read', () => {
  expect(complaintAboutText('\ta\nb')).toContain('begins with a tab');
  expect(complaintAboutText('\ta')).toBeUndefined();
  expect(complaintAboutText('a\n\tb\n')).toBeUndefined();
});
