/*
 * Matches as the constructs offer them, whole trees of them.
 */
import { HeaderMatch, MethodMatch, PathMatch, QueryMatch, RequestMatch, SourceMatch } from '../../src';
import type { Random } from '../random';
import { CLIENT } from './sidecars';

const HEADERS = ['x-version', 'X-User', 'user-agent', 'accept'];
const VALUES = ['v1', 'v2', 'beta', 'jason', 'Mozilla/5.0 Chrome/140.0', 'v1 v2', 'a%b', 'a.b|c'];
const PATHS = ['/', '/api', '/api/v1', '/api/v1/users', '/static', '/a.b', '/p0', '/p1/x', '/inner'];
const REGEXES = ['v[0-9]', '(v1)|(beta)', '.+', '[a-z]+', 'v1|v2', '(?i)v.*'];
const PATH_REGEXES = ['/api.*', '/api/v[0-9]+', '/[^/]*', '.*/users', '/(api|static)(/.*)?', '/.+', '/p0/[a-z]+'];

export interface Matches {
  /** How many levels of `allOf`, `anyOf` and `not` there may be. */
  readonly depth: number;
  /** Whether callers are known: sidecars know them, gateways do not. */
  readonly isInside: boolean;
}

export function anyMatch(random: Random, { depth, isInside }: Matches): RequestMatch {
  const header = () => random.pick(HEADERS);
  const value = () => random.pick(VALUES);
  const inner = () => anyMatch(random, { depth: depth - 1, isInside });
  return random.weighted<RequestMatch>([
    [4, () => HeaderMatch.exact(header(), value())],
    [2, () => HeaderMatch.prefix(header(), random.pick(['v', 'b', 'Moz', 'a.']))],
    [2, () => HeaderMatch.contains(header(), random.pick(['1', 'Chrome', 'eta', '.b|']))],
    [2, () => HeaderMatch.regex(header(), random.pick(REGEXES))],
    [1, () => HeaderMatch.present(header())],
    [1, () => HeaderMatch.absent(header())],
    [2, () => HeaderMatch.cookie(random.pick(['user', 'group']), random.pick(['jason', 'a.b', 'beta']))],
    [2, () => HeaderMatch.baggage(random.pick(['user', 'lane']), random.pick(['jason', 'beta', 'a b', 'ü;,']))],
    [3, () => PathMatch.under(random.pick(PATHS))],
    [2, () => PathMatch.exact(random.pick(PATHS))],
    [1, () => PathMatch.prefix(random.pick(PATHS))],
    [1, () => PathMatch.regex(random.pick(PATH_REGEXES))],
    [2, () => MethodMatch.exact(...random.some(['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS'], random.integer(1, 3)))],
    [1, () => QueryMatch.exact(random.pick(['v', 'user']), random.pick(['1', '2', 'v1']))],
    [1, () => QueryMatch.present(random.pick(['v', 'user']))],
    [1, () => QueryMatch.regex('v', '[0-9]+')],
    [isInside ? 2 : 0, () => SourceMatch.labels({ app: random.pick([CLIENT, CLIENT, 'other']) })],
    [isInside ? 2 : 0, () => SourceMatch.namespace(random.pick(['shop', 'shop', 'apps']))],
    [depth > 0 ? 4 : 0, () => RequestMatch.allOf(inner(), inner())],
    [depth > 0 ? 4 : 0, () => RequestMatch.anyOf(inner(), inner())],
    [depth > 0 ? 3 : 0, () => RequestMatch.not(negatable(random))],
  ]);
}

/** Istio can negate conditions on headers, and nothing else. */
function negatable(random: Random): RequestMatch {
  const header = () => random.pick(HEADERS);
  const one = () =>
    random.weighted<RequestMatch>([
      [2, () => HeaderMatch.exact(header(), random.pick(VALUES))],
      [1, () => HeaderMatch.contains(header(), '1')],
      [1, () => HeaderMatch.regex(header(), random.pick(REGEXES))],
      [1, () => HeaderMatch.present(header())],
      [1, () => HeaderMatch.cookie('user', 'jason')],
      [1, () => HeaderMatch.baggage('user', 'jason')],
    ]);
  return random.chance(0.3) ? RequestMatch.anyOf(one(), one()) : one();
}
