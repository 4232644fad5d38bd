/*
 * `queryParams`: the first value of a query parameter, not decoded (Envoy's `QueryParameterMatcher`).
 */
import { isPresence, type NamedMatch } from '../../model/string-match';
import type { Condition } from './condition';
import { setsWith } from './header';
import { valueTest } from './value';

export function queryCondition({ name, match }: NamedMatch): Condition {
  const test = isPresence(match) ? () => true : valueTest(match);
  return {
    field: 'queryParams',
    name,
    value: match,
    words: `query parameter ${name}`,
    actual: (request) => request.queryParameter(name),
    test: (request) => {
      const value = request.queryParameter(name);
      return value !== undefined && test(value);
    },
    sets: (languages) => setsWith(`query ${name}`, match, languages),
  };
}
