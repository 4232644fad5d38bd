/*
 * Valid manifests with one value of each replaced by something that nobody should write there.
 */

export type Path = readonly (string | number)[];

/** A map that contains itself, as an alias can make one. */
const ENDLESS: { [key: string]: unknown } = { a: 1 };
ENDLESS.self = ENDLESS;
ENDLESS.list = [ENDLESS];

/** A thousand maps in each other. */
function deep(): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < 1000; level++) {
    value = level % 2 === 0 ? { a: value } : [value];
  }
  return value;
}

/** By a name for the report of a failure. */
export const HOSTILE_VALUES: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['undefined', undefined],
  ['null', null],
  ['true', true],
  ['zero', 0],
  ['negative', -1],
  ['fraction', 1.5],
  ['huge', 1e26],
  ['infinite', Number.POSITIVE_INFINITY],
  ['not a number', Number.NaN],
  ['2^53', 2 ** 53],
  ['a date', new Date(0)],
  ['empty text', ''],
  ['space', ' '],
  ['line break', 'a\nb'],
  ['NUL', '\u0000'],
  ['half a character', '\ud800'],
  ['order', '::error::a'],
  ['star', '*'],
  ['star and dot', '*.'],
  ['dot', '.'],
  ['tilde', '~'],
  ['slash', '/'],
  ['colon', ':'],
  ['minus', '-'],
  ['group', '\\1\\9\\0\\'],
  ['open parenthesis', '(?P<a>['],
  ['greedy', '(.*)*(.*)*'],
  ['percent', '%zz%'],
  ['braces', '{a=**}/{b'],
  ['URL', 'http://[::1'],
  ['address range', '10.0.0.0/99'],
  ['number as text', '0x1F'],
  ['duration', '9999999999999h'],
  ['__proto__', '__proto__'],
  ['toString', 'toString'],
  ['long', 'a'.repeat(2000)],
  ['long host', 'a.'.repeat(1000)],
  ['empty list', []],
  ['list of null', [null]],
  ['list of list', [[]]],
  ['list of map', [{}]],
  ['list of text', ['text']],
  ['list of number', [1e26]],
  ['list of {toString}', [{ toString: 'x' }]],
  ['empty map', {}],
  ['{toString}', { toString: 'x', valueOf: 1, toJSON: 'x' }],
  ['{__proto__}', JSON.parse('{"__proto__": {"a": 1}, "constructor": 1, "hasOwnProperty": 1, "length": 3}')],
  ['map of null', { a: null, exact: null, prefix: null, regex: null }],
  ['map of maps', { exact: {}, prefix: {}, regex: {}, host: {}, number: {}, name: {} }],
  ['empty key', { '': 'x' }],
  ['endless', ENDLESS],
  ['deep', deep()],
]);

/** Every place in the value, the whole one first. */
export function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (value === null || typeof value !== 'object') {
    return [path];
  }
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))];
}

/** A copy of `value` in which something else stands at `path`. What is beside the path is not copied. */
export function replaced(value: unknown, path: Path, by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) {
    return by;
  }
  const inner = replaced((value as { [key: string]: unknown })[key], rest, by);
  return Array.isArray(value)
    ? value.map((item, index) => (index === Number(key) ? inner : item))
    : { ...(value as object), [key]: inner };
}
