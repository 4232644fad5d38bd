import fc from 'fast-check';
import { intersectHosts, isSubsetOf, mostSpecific } from '../../src/syntax/hosts';
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
