import * as fc from 'fast-check';
import { isMap, isSeq, LineCounter, type Node, parseDocument, stringify } from 'yaml';
import { childPath, type Steps, stepsOf } from '../../src/manifests/path';
import { SourceLines } from '../../src/manifests/source-lines';

const TEXT = `# a comment
kind: One
---

kind: Two
metadata:
  labels: {a: x,
    b: y}
  annotations:
    "with/slash": z
spec:
  http:
    - match:
        - uri:
            prefix: /
      route: &route
        - destination: {host: a}
    -
      route: *route
  script: |
    not: here
    nor: here
  empty:
  items:
    -
`;

describe('the line', () => {
  const lines = new SourceLines(TEXT);

  test.each([
    [0, '', 2],
    [0, 'kind', 2],
    [1, '', 5],
    [1, 'kind', 5],
    [1, 'metadata.labels', 7],
    [1, 'metadata.labels.b', 8],
    [1, 'metadata.annotations["with/slash"]', 10],
    [1, 'spec.http[0].match[0].uri.prefix', 15],
    [1, 'spec.http[0].route[0].destination.host', 17],
    [1, 'spec.http[1]', 19],
    [1, 'spec.script', 20],
  ])('document %i, %s', (document, path, line) => {
    expect(lines.lineAt(document, stepsOf(path))).toBe(line);
  });

  test.each([
    ['a field that is missing', 'spec.http[0].match[0].headers.x', 14],
    ['an item that is missing', 'spec.http[7].match', 12],
    ['what an alias stands for', 'spec.http[1].route[0].destination', 19],
    ['what looks like a field in a text', 'spec.script.not', 20],
    ['an empty value', 'spec.empty.x', 23],
    ['an empty item', 'spec.items[0]', 24],
    ['a name that JavaScript knows', 'constructor', 5],
    ['a path that nobody can read', 'spec.http[0]..', 13],
  ])('of %s is that of the nearest thing around it', (_, path, line) => {
    expect(lines.lineAt(1, stepsOf(path))).toBe(line);
  });

  test('a document that is not there has none', () => {
    expect(lines.lineAt(2, [])).toBeUndefined();
  });
});

test('a path and its steps say the same', () => {
  const step = fc.oneof(fc.string(), fc.nat(), fc.constantFrom('spec', 'x-y', 'a.b', '"', '\\', '[0]', '__proto__'));
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const path = steps.reduce((text: string, key) => childPath(text, key), '');
      expect(stepsOf(path)).toEqual(steps);
    }),
    { seed: 1 },
  );
});

test('says of every part what another parser says, in YAML of all styles and in JSON', () => {
  const key = fc.oneof(fc.string(), fc.constantFrom('spec', 'a/b', 'x: y', '- z', '#', "'"));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, tie('text'), tie('list'), tie('map')),
    text: fc.oneof(key, fc.integer(), fc.boolean()),
    list: fc.array(tie('value'), { minLength: 1, maxLength: 4 }),
    map: fc.dictionary(key, tie('value'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  }));
  const write = [
    (object: unknown) => stringify(object),
    (object: unknown) => stringify(object, { lineWidth: 30, collectionStyle: 'flow' }),
    (object: unknown) => stringify(object, { indentSeq: false, defaultStringType: 'QUOTE_DOUBLE' }),
    (object: unknown) => JSON.stringify(object, undefined, '\t'),
    (object: unknown) => JSON.stringify(object),
  ];
  fc.assert(
    fc.property(
      fc.dictionary(key, value, { minKeys: 1, noNullPrototype: true }),
      fc.constantFrom(...write),
      (object, writeIt) => {
        const text = writeIt(object);
        const lines = new SourceLines(text);
        for (const [steps, line] of placesIn(text)) {
          expect([steps, lines.lineAt(0, steps)]).toEqual([steps, line]);
        }
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

/** Every part of a document with its line: of a field, that of its key. */
function placesIn(text: string): readonly (readonly [Steps, number])[] {
  const counter = new LineCounter();
  const places: (readonly [Steps, number])[] = [];
  const lineOf = (node: Node) => counter.linePos(node.range?.[0] ?? 0).line;
  const walk = (node: unknown, steps: Steps) => {
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const inner = [...steps, String((key as { readonly value: unknown }).value)];
        places.push([inner, lineOf(key as Node)]);
        walk(value, inner);
      }
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => {
        places.push([[...steps, index], lineOf(item as Node)]);
        walk(item, [...steps, index]);
      });
    }
  };
  walk(parseDocument(text, { lineCounter: counter }).contents, []);
  return places;
}
