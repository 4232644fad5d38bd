import { show } from '../objects/refuse';
import { RequestMatch } from './request-match';

/**
 * What a rule asks of the method of a request.
 */
export class MethodMatch {
  /**
   * The method is `method`.
   *
   * @param method The method, as in GET; methods are case-sensitive.
   * @throws Error when it is not one, or not in capitals.
   */
  public static exact(method: string): RequestMatch {
    if (typeof method !== 'string' || !/^[A-Z]+(-[A-Z]+)*$/.test(method)) {
      const upper = typeof method === 'string' && /^[a-z]+$/i.test(method) ? `; write '${method.toUpperCase()}'` : '';
      throw new Error(`MethodMatch.exact: ${show(method)} is not an HTTP method, which is in capitals${upper}.`);
    }
    return RequestMatch._on({ on: 'method', method });
  }

  private constructor() {}
}
