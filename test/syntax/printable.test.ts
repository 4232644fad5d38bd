import { printable, printableJson, shortened } from '../../src/syntax/printable';

test('nothing that moves the cursor, hides text or turns it around', () => {
  expect(printable('a\u001b[2J\nb\u202ec\u2028')).toBe('a\\u001b[2J\\u000ab\\u202ec\\u2028');
});

test.each([
  ['::error::pwned', '\\u003a:error::pwned'],
  ['  ::set-output name=a::b', '  \\u003a:set-output name=a::b'],
  ['a ##vso[task.complete result=Succeeded;]x', 'a \\u0023#vso[task.complete result=Succeeded;]x'],
  ['##[error]a', '\\u0023#[error]a'],
  ["###teamcity[buildStop comment='a']", "#\\u0023#teamcity[buildStop comment='a']"],
])('no order to a build server: %s', (text, expected) => {
  expect(printable(text)).toBe(expected);
});

test.each(['::1', '::ffff:10.0.0.1 and fe80::1', 'a ::error::b', '## a heading [1]', '#[a]'])(
  'what only looks like one stays: %s',
  (text) => {
    expect(printable(text)).toBe(text);
  },
);

test('JSON says the same in its own escapes', () => {
  const value = { name: '##vso[x]y', other: 'a\u202eb\u007f\u009b', lines: ['\n', 'ä'] };
  const text = printableJson(value);
  expect(text).not.toMatch(/##vso|[\u202e\u007f\u009b]/);
  expect(text).toContain('ä');
  expect(JSON.parse(text)).toEqual(value);
});

describe('length', () => {
  test('a long word is cut, and says how long it was', () => {
    const text = shortened(`Service ${'x'.repeat(16_000)} is gone.`);
    expect(text).toBe(`Service ${'x'.repeat(300)}… (16000 characters) is gone.`);
  });

  test('a long text is cut', () => {
    expect(shortened('word '.repeat(10_000)).length).toBeLessThan(4100);
    expect(printable('\n'.repeat(100_000)).length).toBeLessThan(25_000);
  });

  test('half a character is not shown', () => {
    expect(shortened('🚀'.repeat(5000).replace(/^/, 'x'))).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
  });
});
