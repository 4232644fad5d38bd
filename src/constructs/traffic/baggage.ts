/*
 * The header `baggage` (W3C Baggage): members `key=value`, separated by ',', each with optional properties after ';'.
 */
import { quoteRegex } from '../../syntax/re2';
import { utf8 } from '../../syntax/utf8';

/** One member; the value as an app sees it, not encoded. */
export interface BaggageMember {
  readonly key: string;
  readonly value: string;
}

/** Characters that nobody encodes. */
const UNRESERVED = /[A-Za-z0-9._~-]/;
/** Characters that may stand in a value as they are, but for '%'. */
const OCTET = /[\x21\x23\x24\x26-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]/;

/** The member as it is written into the header. */
export function writeBaggage({ key, value }: BaggageMember): string {
  return `${key}=${encodeURIComponent(value)}`;
}

/** The pattern of the headers with that member, whatever of its value the sender encodes. */
export function baggageRegex({ key, value }: BaggageMember): string {
  const encoded = [...utf8(value)].map(bytePattern).join('');
  return `(.*,)?\\s*${quoteRegex(key)}\\s*=\\s*${encoded}\\s*([,;].*)?`;
}

function bytePattern(byte: number): string {
  const character = String.fromCharCode(byte);
  if (UNRESERVED.test(character)) {
    return quoteRegex(character);
  }
  const hex = byte
    .toString(16)
    .padStart(2, '0')
    .replace(/[a-f]/g, (digit) => `[${digit.toUpperCase()}${digit}]`);
  return OCTET.test(character) ? `(?:${quoteRegex(character)}|%${hex})` : `%${hex}`;
}
