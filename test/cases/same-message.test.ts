import { sameMessage } from '../../src/cases/same-message';

test.each([
  [{ uri: '/a' }, { uri: '/a' }, true],
  [{ uri: '/a' }, { uri: '/b' }, false],
  [{ uri: '/a', code: 0, host: '', on: false, list: [], map: {} }, { uri: '/a' }, true],
  [{ uri: '/a', code: 301 }, { uri: '/a' }, false],
  [[{ a: 1 }, { b: 2 }], [{ b: 2 }, { a: 1 }], false],
  [[1], [1, 2], false],
  [[], undefined, true],
  [{ 0: 'a' }, ['a'], false],
  ['80', 80, false],
])('%j and %j: %s', (a, b, expected) => {
  expect(sameMessage(a, b)).toBe(expected);
  expect(sameMessage(b, a)).toBe(expected);
});

test('what contains itself, as YAML can make it, comes to an end', () => {
  const cyclic = () => {
    const value: { self?: object; twin?: object } = {};
    return Object.assign(value, { self: value, twin: value });
  };
  expect(sameMessage(cyclic(), cyclic())).toBe(false);
});
