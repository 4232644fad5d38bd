import { append, groupBy } from '../../src/syntax/grouping';

test('items are grouped by key, each group in the order of the items', () => {
  expect([...groupBy(['b1', 'a1', 'b2'], (item) => item[0])]).toEqual([
    ['b', ['b1', 'b2']],
    ['a', ['a1']],
  ]);
  expect([...groupBy([], String)]).toEqual([]);
});

test('an item is added to the list under its key, which may be anything', () => {
  const lists = new Map<object | undefined, number[]>([[undefined, [1]]]);
  const key = {};
  append(lists, undefined, 2);
  append(lists, key, 3);
  expect([...lists]).toEqual([
    [undefined, [1, 2]],
    [key, [3]],
  ]);
});
