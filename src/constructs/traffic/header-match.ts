import { complaintAboutHeaderName, HEADER_NAME, HEADER_VALUE } from '../../syntax/names';
import { complaintAboutRegex, complaintAboutRegexLength, quoteRegex } from '../../syntax/re2';
import { isWritableKey } from '../objects/check-argument';
import { show } from '../objects/refuse';
import { baggageRegex } from './baggage';
import type { HeaderCondition } from './condition';
import { RequestMatch } from './request-match';

export const COOKIE_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** The cookie-octets of RFC 6265. */
const COOKIE_VALUE = /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*$/;

/**
 * What a rule asks of a header. Names are compared without regard to case, values with it. Where a header is repeated, Envoy
 * 1.40 asks for one value that matches; releases before, and all for headers such as `user-agent` and `accept`, compare the
 * values joined by ','.
 */
export class HeaderMatch {
  /**
   * The value is exactly `value`.
   *
   * @param name The name of the header.
   * @param value The whole value, case-sensitive, not empty.
   * @throws Error when the name or the value is not one.
   */
  public static exact(name: string, value: string): RequestMatch {
    return HeaderMatch.on('exact', name, { exact: literal('exact', name, value) });
  }

  /**
   * The value begins with `prefix`.
   *
   * @param name The name of the header.
   * @param prefix The beginning, case-sensitive, not empty.
   * @throws Error when the name or the prefix is not one.
   */
  public static prefix(name: string, prefix: string): RequestMatch {
    return HeaderMatch.on('prefix', name, { prefix: literal('prefix', name, prefix) });
  }

  /**
   * The value contains `text`.
   *
   * @param name The name of the header.
   * @param text The text to find, case-sensitive, not empty; no character in it is special.
   * @throws Error when the name or the text is not one, or the text is too long.
   */
  public static contains(name: string, text: string): RequestMatch {
    const regex = `.*${quoteRegex(literal('contains', name, text))}.*`;
    return HeaderMatch.on('contains', name, { regex: checkedLength('contains', name, regex) });
  }

  /**
   * The whole value matches an RE2 regular expression, as Envoy does it: `Chrome` matches the value `Chrome` only, and what
   * merely contains it is `.*Chrome.*`.
   *
   * @param name The name of the header.
   * @param pattern At most 1024 bytes of RE2: no lookahead, lookbehind or backreference.
   * @throws Error when the name is not one, when RE2 or Istio refuses the pattern, or when it can only have been meant
   * otherwise: a pattern without any special character, or words that no user agent or cookie header consists of.
   */
  public static regex(name: string, pattern: string): RequestMatch {
    const match = HeaderMatch.on('regex', name, { regex: checkedRegex('regex', name, pattern) });
    questionSubstring(name, pattern);
    return match;
  }

  /**
   * The header is there, whatever its value, even an empty one.
   *
   * @param name The name of the header.
   * @throws Error when the name is not one.
   */
  public static present(name: string): RequestMatch {
    return HeaderMatch.on('present', name, { present: true });
  }

  /**
   * The header is not there.
   *
   * @param name The name of the header.
   * @throws Error when the name is not one.
   */
  public static absent(name: string): RequestMatch {
    return HeaderMatch.on('absent', name, { present: true }, true);
  }

  /**
   * The request carries a cookie of that name and value, among whatever others.
   *
   * @param name The name of the cookie, case-sensitive.
   * @param value The whole value, case-sensitive.
   * @throws Error when the name or value is not one, by RFC 6265.
   */
  public static cookie(name: string, value: string): RequestMatch {
    if (typeof name !== 'string' || !COOKIE_NAME.test(name)) {
      throw new Error(
        `HeaderMatch.cookie: ${show(name)} is not the name of a cookie: letters, digits and !#$%&'*+-.^_\`|~.`,
      );
    }
    if (typeof value !== 'string' || !COOKIE_VALUE.test(value)) {
      throw new Error(
        `HeaderMatch.cookie: ${show(value)} is not the value of a cookie, which has no space, quote, ',', ';' or '\\'; encode it as the app does.`,
      );
    }
    const regex = `(.*;\\s*)?${quoteRegex(`${name}=${value}`)}(\\s*;.*)?`;
    return HeaderMatch.on('cookie', 'cookie', { regex: checkedLength('cookie', 'cookie', regex) });
  }

  /**
   * The header `baggage` (W3C Baggage) has a member of that key and value, among whatever others and with whatever properties.
   *
   * @param key The key, case-sensitive.
   * @param value The whole value as apps see it, case-sensitive. On the wire it is percent-encoded, and matches whatever of it
   * the sender encodes: `a/b` as `a/b` and as `a%2Fb`.
   * @throws Error when the key or value is not one, or the value is too long.
   */
  public static baggage(key: string, value: string): RequestMatch {
    if (typeof key !== 'string' || !HEADER_NAME.test(key)) {
      throw new Error(
        `HeaderMatch.baggage: ${show(key)} is not the key of a baggage member: letters, digits and !#$%&'*+-.^_\`|~.`,
      );
    }
    if (typeof value !== 'string' || /\p{Surrogate}/u.test(value)) {
      throw new Error(
        `HeaderMatch.baggage: ${show(value)} is not the value of a baggage member, which is text; write it as apps see it.`,
      );
    }
    const baggage = { key, value };
    checkedLength('baggage', 'baggage', baggageRegex(baggage));
    return HeaderMatch.on('baggage', 'baggage', { baggage });
  }

  private static on(factory: string, name: string, match: HeaderCondition['match'], negated = false): RequestMatch {
    const complaint = typeof name === 'string' ? complaintAboutHeaderName(name) : 'is not a string';
    if (complaint !== undefined) {
      throw new Error(`HeaderMatch.${factory}: header ${show(name)} ${complaint}.`);
    }
    if (!isWritableKey(name.toLowerCase())) {
      throw new Error(
        `HeaderMatch.${factory}: header '${name}' is a key that cdk8s cannot write; choose another header.`,
      );
    }
    if (name.toLowerCase() === 'host') {
      throw new Error(
        `HeaderMatch.${factory}: header '${name}' is never seen by a route, since Envoy turns it into ':authority'; write ':authority'.`,
      );
    }
    return RequestMatch._on({ on: 'header', name, match, negated });
  }

  private constructor() {}
}

function literal(factory: string, name: string, value: string): string {
  if (typeof value !== 'string' || value === '') {
    throw new Error(
      `HeaderMatch.${factory}: the value for header ${show(name)} is empty; to ask only whether the header is there, write HeaderMatch.present or HeaderMatch.absent.`,
    );
  }
  // A part of a value may begin or end with a space; a whole value arrives without.
  const whole = factory === 'contains' ? `|${value}|` : factory === 'prefix' ? `${value}|` : value;
  if (!HEADER_VALUE.test(whole)) {
    throw new Error(
      `HeaderMatch.${factory}: the value ${show(value)} for header ${show(name)} can never arrive: HTTP carries printable ASCII, and takes away spaces at the ends.`,
    );
  }
  return value;
}

function checkedRegex(factory: string, name: string, pattern: string): string {
  return unless(factory, name, pattern, typeof pattern === 'string' ? complaintAboutRegex(pattern) : 'is not a string');
}

/** For what is made of quoted text. */
function checkedLength(factory: string, name: string, pattern: string): string {
  return unless(factory, name, pattern, complaintAboutRegexLength(pattern));
}

function unless(factory: string, name: string, pattern: string, complaint: string | undefined): string {
  if (complaint !== undefined) {
    throw new Error(`HeaderMatch.${factory}: the pattern ${show(pattern)} for header ${show(name)} ${complaint}.`);
  }
  return pattern;
}

/** Refuses a pattern that, matched against the whole value, cannot be what its author wanted. */
function questionSubstring(name: string, pattern: string): void {
  const { anyCase, words } = wordsOf(pattern);
  const contains =
    words.includes('|') || anyCase
      ? `HeaderMatch.regex('${name}', '${anyCase}.*${words.includes('|') ? `(${words})` : words}.*')`
      : `HeaderMatch.contains('${name}', '${words}')`;
  if (/^[\w /=-]+$/.test(pattern)) {
    throw new Error(
      `HeaderMatch.regex: the pattern ${show(pattern)} for header '${name}' has no special character, and a regex is matched against the whole value; write ${contains} or HeaderMatch.exact('${name}', '${words}').`,
    );
  }
  if (/^(user-agent|cookie)$/i.test(name) && /^[A-Za-z| ]+$/.test(words)) {
    throw new Error(
      `HeaderMatch.regex: the pattern ${show(pattern)} is matched against the whole value, and no ${name} header consists of that alone; write ${contains}.`,
    );
  }
}

/** The pattern without what stands around its words: `(?i)^(?:Chrome|Edg)$` is about `Chrome|Edg`. */
function wordsOf(pattern: string): { anyCase: string; words: string } {
  const anyCase = pattern.startsWith('(?i)') ? '(?i)' : '';
  const bare = pattern.slice(anyCase.length).replace(/^\^|\$$/g, '');
  return { anyCase, words: bare.replace(/^\((?:\?:)?([^()]*)\)$/, '$1') };
}
