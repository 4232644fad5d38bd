/*
 * Held against Node's own `net`, which it stands in for.
 */
import * as net from 'node:net';
import fc from 'fast-check';
import { isIP, isIPv4, isIPv6 } from '../../src/syntax/ip-address';

test.each([
  ['10.0.0.1', 4],
  ['255.255.255.255', 4],
  ['256.0.0.1', 0],
  ['01.2.3.4', 0],
  ['1.2.3', 0],
  ['1.2.3.4.5', 0],
  ['::', 6],
  ['::1', 6],
  ['2001:db8::7', 6],
  ['1:2:3:4:5:6:7:8', 6],
  ['1:2:3:4:5:6:7::', 6],
  ['1:2:3:4::5:6:7:8', 0],
  ['1::2::3', 0],
  ['::ffff:192.0.2.1', 6],
  ['192.0.2.1::', 0],
  ['1:2:3:4:5:6:7:192.0.2.1', 0],
  ['fe80::1%eth0', 6],
  ['fe80::1%', 0],
  ['fe80::1%a%b', 0],
  [':::', 0],
  [':1', 0],
  ['', 0],
])('%j: %p', (text, version) => {
  expect({ isIPv4: isIPv4(text), isIPv6: isIPv6(text), isIP: isIP(text) }).toEqual({
    isIPv4: version === 4,
    isIPv6: version === 6,
    isIP: version !== 0,
  });
});

test("says of every text what Node's net says", () => {
  const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended());
  const character = fc.constantFrom(...'0129afAFgx.:%-/ \n');
  // An address in which a character was added or taken out is the text most easily mistaken for one.
  const nearly = fc
    .tuple(address, fc.nat(40), fc.nat(2), fc.array(character, { maxLength: 3 }))
    .map(([text, at, less, more]) => text.slice(0, at) + more.join('') + text.slice(at + less));
  const group = fc.constantFrom('', '0', 'ffff', '10000', '1.2.3.4', 'g');
  const groups = fc.array(group, { maxLength: 9 }).map((parts) => parts.join(':'));
  const any = fc.oneof(address, nearly, groups, fc.string({ unit: character }));
  fc.assert(
    fc.property(any, (text) => {
      expect([text, isIPv4(text), isIPv6(text)]).toEqual([text, net.isIPv4(text), net.isIPv6(text)]);
    }),
    { numRuns: 5_000 },
  );
});
