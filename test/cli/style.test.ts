import { printable, wantsColors } from '../../src/cli/style';

test.each([
  ['a terminal', {}, true, true],
  ['a pipe', {}, false, false],
  ['NO_COLOR on a terminal', { NO_COLOR: '1' }, true, false],
  ['an empty NO_COLOR', { NO_COLOR: '' }, true, true],
  ['FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, false, true],
  ['FORCE_COLOR=0 on a terminal', { FORCE_COLOR: '0' }, true, false],
  ['a dumb terminal', { TERM: 'dumb' }, true, false],
])('colours on %s', (_name, env, isTerminal, expected) => {
  expect(wantsColors(env, isTerminal)).toBe(expected);
});

test('control characters and changes of direction become visible, lines stay lines', () => {
  expect(printable('a\u001b[31m\r\u202eb\nc – ü 漢')).toBe('a\\u001b[31m\\u000d\\u202eb\nc – ü 漢');
});
