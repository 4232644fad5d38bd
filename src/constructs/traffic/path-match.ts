import { complaintAboutRegex } from '../../syntax/re2';
import { show } from '../objects/refuse';
import { underRegex } from './condition';
import { RequestMatch } from './request-match';
import { complaintAboutBeginning, complaintAboutMatchedPath } from './sent-path';

const PRINTABLE_ASCII = /^[\x21-\x7e]+$/;

/**
 * What a rule asks of the path of a request, without its query. Case-sensitive.
 */
export class PathMatch {
  /**
   * The path is exactly `path`.
   *
   * @param path The path, beginning with '/'.
   * @throws Error when it is not a path, or not in the form in which paths arrive: Envoy resolves `..` and decodes `%61`.
   */
  public static exact(path: string): RequestMatch {
    return RequestMatch._on({ on: 'path', match: { exact: checked('exact', path) } });
  }

  /**
   * The path begins with `prefix`, letter by letter, as in Istio: `/api` matches `/apix` too. For whole segments write `under`.
   *
   * @param prefix The beginning, beginning with '/'.
   * @throws Error when it is not a path, or not in the form in which paths arrive: Envoy resolves `..` and decodes `%61`.
   */
  public static prefix(prefix: string): RequestMatch {
    return RequestMatch._on({ on: 'path', match: { prefix: checked('prefix', prefix) } });
  }

  /**
   * The path is `path` or below it: `/api` matches `/api` and `/api/users`, and not `/apix`.
   *
   * @param path The path, beginning with '/'; one '/' at the end makes no difference.
   * @throws Error when it is not a path, or not in the form in which paths arrive: Envoy resolves `..` and decodes `%61`.
   */
  public static under(path: string): RequestMatch {
    const folder = checked('under', path).replace(/\/$/, '');
    checkedRegex('under', underRegex(folder));
    return RequestMatch._on({ on: 'path', match: { under: folder } });
  }

  /**
   * The whole path matches an RE2 regular expression.
   *
   * @param pattern At most 1024 bytes of RE2: no lookahead, lookbehind or backreference.
   * @throws Error when RE2 or Istio refuses the pattern.
   */
  public static regex(pattern: string): RequestMatch {
    return RequestMatch._on({ on: 'path', match: { regex: checkedRegex('regex', pattern) } });
  }

  private constructor() {}
}

function checked(factory: string, path: string): string {
  if (typeof path !== 'string' || !/^\/[^\s?#]*$/.test(path)) {
    throw new Error(
      `PathMatch.${factory}: ${show(path)} is not a path; write one that begins with '/', without a query, as in /api.`,
    );
  }
  if (!PRINTABLE_ASCII.test(path)) {
    throw new Error(
      `PathMatch.${factory}: ${show(path)} can never arrive, since a path is ASCII on its way; write it percent-encoded, as in /caf%C3%A9.`,
    );
  }
  const complaint = factory === 'prefix' ? complaintAboutBeginning(path) : complaintAboutMatchedPath(path);
  if (complaint !== undefined) {
    throw new Error(`PathMatch.${factory}: ${show(path)} ${complaint}.`);
  }
  return path;
}

function checkedRegex(factory: string, pattern: string): string {
  const complaint = typeof pattern === 'string' ? complaintAboutRegex(pattern) : 'is not a string';
  if (complaint !== undefined) {
    throw new Error(`PathMatch.${factory}: the pattern ${show(pattern)} ${complaint}.`);
  }
  return pattern;
}
