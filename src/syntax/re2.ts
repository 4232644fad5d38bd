/*
 * RE2, the regular expressions of Envoy and so of every `regex` in an Istio match.
 *
 * Envoy asks for a match of the whole value (RE2::FullMatch), and Istio's webhook refuses a pattern that Go's regexp
 * package, a sibling of RE2, does not parse. Both the write side and the read side ask here, so that they never disagree.
 */
import type { RE2JS } from 're2js';
import { utf8 } from './utf8';

/** The longest regex, in UTF-8 bytes, that Istio's webhook accepts in a StringMatch (`pkg/config/validation`). */
const MAX_REGEX_BYTES = 1024;

/** A compiled RE2 pattern that is matched against whole values, in time linear in their length. */
export class Re2 {
  /** Compiles `pattern`. Throws an Error whose message is RE2's own complaint when it is not a valid RE2 pattern. */
  public static compile(pattern: string): Re2 {
    // Loaded on first use: a chart without a regex should not pay for an engine.
    const { RE2JS } = require('re2js') as typeof import('re2js');
    return new Re2(RE2JS.compile(pattern));
  }

  private constructor(private readonly engine: RE2JS) {}

  /** Whether the pattern matches all of `value`, as RE2::FullMatch does. */
  public fullMatch(value: string): boolean {
    return this.engine.testExact(value);
  }
}

/** What is wrong with `pattern` as a regex of Istio's, as the end of a sentence; undefined when nothing is. */
export function complaintAboutRegex(pattern: string): string | undefined {
  if (pattern === '') {
    return 'is empty, and Istio refuses an empty regex; to ask only that it is there, use present';
  }
  const tooLong = complaintAboutRegexLength(pattern);
  if (tooLong !== undefined) {
    return tooLong;
  }
  try {
    Re2.compile(pattern);
    return undefined;
  } catch (error) {
    const reason = (error as Error).message.replace(/^error parsing regexp: /, '');
    return `is not a regex that RE2, Envoy's engine, accepts (${reason}); RE2 has no lookahead, lookbehind or backreference`;
  }
}

/** The same for a pattern that is valid by construction, made of quoted text: all that can be wrong is its length. */
export function complaintAboutRegexLength(pattern: string): string | undefined {
  const bytes = utf8(pattern).length;
  return bytes > MAX_REGEX_BYTES
    ? `is ${bytes} bytes long, and Istio refuses a regex of more than ${MAX_REGEX_BYTES}; split it into several rules`
    : undefined;
}

/** `text` as a pattern that matches exactly that text. */
export function quoteRegex(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
