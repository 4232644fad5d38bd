import { printable } from '../../src/syntax/printable';

test('control characters, changes of direction and ends of lines become visible', () => {
  expect(printable('a\u001b[31m\r\u202eb\nc\u2028 – ü 漢')).toBe('a\\u001b[31m\\u000d\\u202eb\\u000ac\\u2028 – ü 漢');
});
