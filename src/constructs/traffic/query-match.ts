import { complaintAboutRegex } from '../../syntax/re2';
import { isWritableKey } from '../objects/check-argument';
import { show } from '../objects/refuse';
import type { StringMatch } from './condition';
import { RequestMatch } from './request-match';

/** What can stand between '?', '&' and '='. */
const NAME = /^[\x21\x22\x24\x25\x27-\x3c\x3e-\x7e]+$/;
/** What can stand between '=' and '&'. */
const VALUE = /^[\x21\x22\x24\x25\x27-\x7e]*$/;

/**
 * What a rule asks of a parameter of the query, as in `/search?q=shoes`. Envoy compares names and values as they were sent,
 * with regard to case and percent-encoded: `q=red+shoes` and `q=red%20shoes` are two values. Of several parameters of one name
 * the first counts.
 */
export class QueryMatch {
  /**
   * The value is exactly `value`.
   *
   * @param name The name of the parameter.
   * @param value The whole value; the empty one is that of `?name=` and of `?name`.
   * @throws Error when the name or the value can never arrive: when it was not percent-encoded.
   */
  public static exact(name: string, value: string): RequestMatch {
    if (typeof value !== 'string' || !VALUE.test(value)) {
      throw new Error(
        `QueryMatch.exact: the value ${show(value)} for query parameter ${show(name)} ${cannotArrive(value, 'a%20b')}`,
      );
    }
    return QueryMatch.on('exact', name, { exact: value });
  }

  /**
   * The whole value matches an RE2 regular expression.
   *
   * @param name The name of the parameter.
   * @param pattern At most 1024 bytes of RE2: no lookahead, lookbehind or backreference.
   * @throws Error when the name can never arrive, or RE2 or Istio refuses the pattern.
   */
  public static regex(name: string, pattern: string): RequestMatch {
    const complaint = typeof pattern === 'string' ? complaintAboutRegex(pattern) : 'is not a string';
    if (complaint !== undefined) {
      throw new Error(`QueryMatch.regex: the pattern ${show(pattern)} for query parameter ${show(name)} ${complaint}.`);
    }
    return QueryMatch.on('regex', name, { regex: pattern });
  }

  /**
   * The parameter is there, whatever its value, even an empty one.
   *
   * @param name The name of the parameter.
   * @throws Error when the name can never arrive.
   */
  public static present(name: string): RequestMatch {
    return QueryMatch.on('present', name, { present: true });
  }

  private static on(factory: string, name: string, match: StringMatch): RequestMatch {
    if (name === '') {
      throw new Error(`QueryMatch.${factory}: the name of the query parameter is empty; write one, as in 'version'.`);
    }
    if (typeof name !== 'string' || !NAME.test(name)) {
      throw new Error(`QueryMatch.${factory}: query parameter ${show(name)} ${cannotArrive(name, 'a%5Bb%5D')}`);
    }
    if (!isWritableKey(name)) {
      throw new Error(
        `QueryMatch.${factory}: query parameter '${name}' is a key that cdk8s cannot write; choose another name.`,
      );
    }
    return RequestMatch._on({ on: 'query', name, match });
  }

  private constructor() {}
}

function cannotArrive(text: string, example: string): string {
  return typeof text === 'string'
    ? `can never arrive, since it is compared as it is sent; write it percent-encoded, as in ${example}.`
    : 'is not a string; put it in quotes.';
}
