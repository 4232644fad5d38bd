import { putRows } from '../../conformance/numbers';

const PAGE = `before
<!-- numbers: written by the run -->
| proxy | requests |
| --- | --- |
| gateway | 1 |
| sidecar | 2 |
<!-- numbers: end -->
after
`;

test('a row of the same key is replaced, others stay', () => {
  expect(putRows(PAGE, 'numbers', 1, [['gateway', '30']])).toBe(PAGE.replace('| gateway | 1 |', '| gateway | 30 |'));
});

test('the first row of a key is added', () => {
  const page = PAGE.replace('| gateway | 1 |\n', '');
  expect(putRows(page, 'numbers', 1, [['gateway', '1']])).toBe(PAGE);
});

test('a page without the table is an error that says what to write', () => {
  expect(() => putRows('nothing', 'numbers', 1, [])).toThrow('put "<!-- numbers: written by the run -->"');
});
