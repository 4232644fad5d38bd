/*
 * IPv4 addresses and ranges of them (CIDR), as ServiceEntries and the matches of tcp and tls routes contain them.
 */
import { isIPv4 } from 'node:net';

/** A range of addresses. */
export interface Cidr {
  readonly text: string;
  readonly base: number;
  /** Length of the prefix, from 0 to 32. */
  readonly bits: number;
}

/** Whether this is written as a range. */
export function isRange(text: string): boolean {
  return text.includes('/');
}

/** An address or range; undefined when it is none of IPv4. */
export function parseCidr(text: string): Cidr | undefined {
  const [address, length = '32'] = text.split('/');
  const bits = Number(length);
  return isIPv4(address) && Number.isInteger(bits) && bits >= 0 && bits <= 32
    ? { text, base: toNumber(address), bits }
    : undefined;
}

/** Whether there are addresses in both; of two such ranges, the one with more bits is part of the other. */
export function overlap(a: Cidr, b: Cidr): boolean {
  const size = 2 ** (32 - Math.min(a.bits, b.bits));
  return Math.floor(a.base / size) === Math.floor(b.base / size);
}

/** The same text for the same range, however its address is written. */
export function rangeKey({ base, bits }: Cidr): string {
  return `${Math.floor(base / 2 ** (32 - bits))}/${bits}`;
}

function toNumber(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}
