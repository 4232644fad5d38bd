import fc from 'fast-check';
import { HostTable } from '../../src/syntax/host-table';
import { hostsOverlap, intersectHosts, isSubsetOf, mostSpecific } from '../../src/syntax/hosts';
import { closest } from '../../src/syntax/wording';

const host = fc
  .tuple(fc.constantFrom('', '', '*', '*.'), fc.array(fc.constantFrom('a', 'b', 'aa'), { maxLength: 4 }))
  .map(([star, labels]) => `${star}${labels.join('.')}`);
const hosts = fc.array(host, { maxLength: 8 });

test('the most specific entry is the longest that covers the host', () => {
  fc.assert(
    fc.property(host, hosts, (asked, known) => {
      const entries = new Map(known.map((one) => [one, one]));
      const covering = known.filter((one) => isSubsetOf(asked, one)).sort((a, b) => b.length - a.length);
      expect(mostSpecific(asked, entries)).toBe(entries.get(asked) ?? covering.find((one) => one.startsWith('*')));
    }),
  );
});

test('hosts in common are the narrower of each pair', () => {
  fc.assert(
    fc.property(hosts, hosts, (left, right) => {
      const pairs = left.flatMap((a) => right.flatMap((b) => (isSubsetOf(a, b) ? [a] : isSubsetOf(b, a) ? [b] : [])));
      expect(new Set(intersectHosts(left, right))).toEqual(new Set(pairs));
    }),
  );
});

test('an entry that is added later is found', () => {
  const entries = new Map([['*.a', 1]]);
  expect(mostSpecific('x.b', entries)).toBeUndefined();
  expect(mostSpecific('x.b', entries.set('*.b', 2))).toBe(2);
});

test('a long host costs as many look-ups as there are lengths of wildcards, and not one for each character', () => {
  class Counting extends Map<string, number> {
    public lookUps = 0;

    public override get(key: string): number | undefined {
      this.lookUps++;
      return super.get(key);
    }
  }
  const entries = new Counting([...['*.com', '*.org', '*.example.com', 'a']].map((key, index) => [key, index]));
  expect(mostSpecific(`${'a.'.repeat(8000)}com`, entries)).toBe(0);
  expect(entries.lookUps).toBeLessThanOrEqual(4);
});

test('words that are longer than any name are not compared', () => {
  expect(closest('a'.repeat(16_000), ['a'.repeat(15_999)])).toBeUndefined();
});

describe('a table of hosts', () => {
  const tableOf = (known: readonly string[]) => {
    const table = new HostTable<number>();
    for (const [index, one] of known.entries()) {
      table.add(one, index);
    }
    return table;
  };

  test('gives what comparing with each would give, in the order in which they came', () => {
    fc.assert(
      fc.property(host, hosts, fc.nat(4), (asked, known, most) => {
        const indices = [...known.keys()];
        const overlapping = indices.filter((index) => hostsOverlap(known[index], asked));
        const table = tableOf(known);
        expect(table.overlapping(asked)).toEqual(overlapping);
        expect(table.covering(asked)).toEqual(indices.filter((index) => isSubsetOf(asked, known[index])));
        expect(table.same(asked)).toEqual(indices.filter((index) => known[index] === asked));
        expect(table.overlapping(asked, most)).toHaveLength(Math.min(most, overlapping.length));
      }),
    );
  });

  test('does not look at all hosts for one of them', () => {
    const table = tableOf(Array.from({ length: 20_000 }, (_, index) => `h${index}.x${index}.example.com`));
    const endsWith = jest.spyOn(String.prototype, 'endsWith');
    const startsWith = jest.spyOn(String.prototype, 'startsWith');
    expect(table.overlapping('h7.x7.example.com')).toEqual([7]);
    expect(table.overlapping('*.x9.example.com')).toEqual([9]);
    expect(endsWith.mock.calls.length + startsWith.mock.calls.length).toBeLessThan(50);
    jest.restoreAllMocks();
  });
});
