/*
 * All that a match asks of a request (`TranslateRouteMatch`). The fields of a match are listed here, and nowhere else.
 */
import type { HttpMatch } from '../../model/http-route';
import type { Condition } from './condition';
import { headerCondition, pseudoHeaderCondition, withoutHeaderCondition } from './header';
import { queryCondition } from './query';
import { isAnyPath, uriCondition } from './uri';
import { valueSign } from './value';

const KNOWN = new WeakMap<HttpMatch, readonly Condition[]>();

/** The conditions of a match, the path first: all must hold. Each match is compiled once. */
export function conditionsOf(match: HttpMatch): readonly Condition[] {
  let conditions = KNOWN.get(match);
  if (conditions === undefined) {
    conditions = compile(match);
    KNOWN.set(match, conditions);
  }
  return conditions;
}

/** As in `x-version = v2`. */
export function conditionInWords({ ignoresCase, value, words }: Condition): string {
  return `${words} ${valueSign(value)}${ignoresCase === true ? ', in any case' : ''}`;
}

function compile(match: HttpMatch): readonly Condition[] {
  const { uri, scheme, method, authority } = match;
  return [
    // `uri: {}` asks nothing, and Istio makes no condition of it.
    ...(uri === undefined || uri.kind === 'present' ? [] : [uriCondition(uri, match.ignoreUriCase)]),
    ...(scheme === undefined ? [] : [pseudoHeaderCondition('scheme', scheme)]),
    ...(method === undefined ? [] : [pseudoHeaderCondition('method', method)]),
    ...(authority === undefined ? [] : [pseudoHeaderCondition('authority', authority)]),
    ...match.headers.map(headerCondition),
    ...match.withoutHeaders.map(withoutHeaderCondition),
    ...match.queryParams.map(queryCondition),
  ];
}

/**
 * Whether Istio takes a match for one that every request fulfils (`IsCatchAllRoute`); it stops there and puts such a route
 * behind all others. Only these spellings count, not every match that is always true.
 */
export function isCatchAll(match: HttpMatch | undefined): boolean {
  return match === undefined || conditionsOf(match).every(({ field, value }) => field === 'uri' && isAnyPath(value));
}
