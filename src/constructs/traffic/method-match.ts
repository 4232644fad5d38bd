import { complaintAboutRegexLength } from '../../syntax/re2';
import { show } from '../objects/refuse';
import { RequestMatch } from './request-match';

/**
 * What a rule asks of the method of a request.
 */
export class MethodMatch {
  /**
   * The method is one of `methods`.
   *
   * @param methods At least one, as in GET; methods are case-sensitive.
   * @throws Error when there is none, or one is not a method, not in capitals, or named twice.
   */
  public static exact(...methods: string[]): RequestMatch {
    if (methods.length === 0) {
      throw new Error("MethodMatch.exact: there is no method; write at least one, as in MethodMatch.exact('GET').");
    }
    for (const [index, method] of methods.entries()) {
      if (typeof method !== 'string' || !/^[A-Z]+(-[A-Z]+)*$/.test(method)) {
        throw new Error(
          `MethodMatch.exact: ${show(method)} is not an HTTP method, which is in capitals${advice(method)}.`,
        );
      }
      if (methods.indexOf(method) < index) {
        throw new Error(`MethodMatch.exact: method ${show(method)} is named twice; name each once.`);
      }
    }
    const complaint = complaintAboutRegexLength(methods.join('|'));
    if (complaint !== undefined) {
      throw new Error(`MethodMatch.exact: the list of methods ${complaint}.`);
    }
    return RequestMatch._on({ on: 'method', methods });
  }

  private constructor() {}
}

/** What to write instead, for callers with or without types. */
function advice(method: string): string {
  if (Array.isArray(method)) {
    return "; pass methods one by one, as in MethodMatch.exact('GET', 'HEAD')";
  }
  if (typeof method !== 'string') {
    return '';
  }
  if (/^[a-z]+$/i.test(method)) {
    return `; write '${method.toUpperCase()}'`;
  }
  return /^[A-Z]+([|, ]+[A-Z]+)+$/.test(method)
    ? `; write MethodMatch.exact('${method.split(/[|, ]+/).join("', '")}')`
    : '';
}
