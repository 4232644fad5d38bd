/*
 * `uri`: the path, without the query.
 */
import type { StringMatch } from '../../model/string-match';
import { HOLDS, opaque } from '../predicate';
import { within } from '../value-set';
import type { Condition } from './condition';
import { valueTest } from './value';

export function uriCondition(value: StringMatch, ignoreCase: boolean): Condition {
  const fold = ignoreCase && value.kind !== 'regex';
  const test = valueTest(fold ? { ...value, value: value.value.toLowerCase() } : value);
  return {
    field: 'uri',
    name: 'uri',
    value,
    words: 'path',
    ignoresCase: fold,
    actual: ({ path }) => path,
    test: ({ path }) => path !== undefined && test(fold ? path.toLowerCase() : path),
    sets: (languages) => {
      if (isAnyPath(value)) {
        return [];
      }
      const language = languages.language(value, ignoreCase);
      return language === undefined ? [[opaque(`uri ${value.value}`), HOLDS]] : [['uri', within(language)]];
    },
  };
}

/** Whether every path fulfils it, by one of the spellings that Istio knows as such (`IsCatchAllRoute`). */
export function isAnyPath({ kind, value }: StringMatch): boolean {
  return kind === 'present' || (kind === 'prefix' && value === '/') || (kind === 'regex' && value === '.*');
}
