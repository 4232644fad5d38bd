/*
 * Matches of every kind.
 */
import type { Random } from '../random';
import {
  HEADER_NAMES,
  HEADER_VALUES,
  HOSTS,
  METHODS,
  PATH_REGEXES,
  PATHS,
  QUERY_NAMES,
  QUERY_VALUES,
  REGEXES,
} from './vocabulary';

export interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly regex?: string;
}

export interface Match {
  readonly uri?: StringMatch;
  readonly ignoreUriCase?: boolean;
  readonly headers?: { readonly [name: string]: StringMatch };
  readonly withoutHeaders?: { readonly [name: string]: StringMatch };
  readonly queryParams?: { readonly [name: string]: StringMatch };
  readonly method?: StringMatch;
  readonly authority?: StringMatch;
  readonly scheme?: StringMatch;
  readonly port?: number;
  readonly gateways?: readonly string[];
  readonly sourceLabels?: { readonly [name: string]: string };
  readonly sourceNamespace?: string;
}

/** @param gateways names that the VirtualService's rules may use */
export function makeMatch(random: Random, gateways: readonly string[]): Match {
  const parts: readonly (readonly [number, () => Match])[] = [
    [6, () => ({ uri: makePath(random), ...(random.chance(0.15) ? { ignoreUriCase: true } : {}) })],
    [6, () => ({ headers: makeHeaders(random) })],
    [2, () => ({ withoutHeaders: makeHeaders(random) })],
    [
      2,
      () => ({ queryParams: { [random.pick(QUERY_NAMES)]: makeString(random, QUERY_VALUES, ['[0-9]+', '.*', 'v.']) } }),
    ],
    [1, () => ({ method: makeString(random, METHODS, ['GET|HEAD', 'P.*']) })],
    [
      1,
      () => ({
        authority: makeString(random, [...HOSTS, 'a.example.com:80', 'a.example.com:8080'], ['a\\..*', '.*:8080']),
      }),
    ],
    [0.4, () => ({ scheme: makeString(random, ['http', 'https'], ['http.?']) })],
    [0.6, () => ({ port: random.pick([80, 8080, 9000]) })],
    [0.6, () => ({ gateways: random.some([...gateways, 'mesh', 'missing'], random.integer(1, 2)) })],
    [0.4, () => ({ sourceLabels: { istio: random.pick(['ingressgateway', 'other']) } })],
    [0.3, () => ({ sourceNamespace: random.pick(['istio-system', 'apps']) })],
  ];
  const count = random.weighted([
    [6, () => 1],
    [3, () => 2],
    [1, () => 3],
    [0.5, () => 0],
  ]);
  let match: Match = {};
  for (let made = 0; made < count; made++) {
    match = { ...match, ...random.weighted(parts) };
  }
  return match;
}

function makePath(random: Random): StringMatch {
  return random.weighted<StringMatch>([
    [3, () => ({ exact: random.pick(PATHS) })],
    [5, () => ({ prefix: random.pick(PATHS) })],
    [2, () => ({ regex: random.pick(PATH_REGEXES) })],
  ]);
}

function makeHeaders(random: Random): { readonly [name: string]: StringMatch } {
  const names = random.some(HEADER_NAMES, random.chance(0.8) ? 1 : 2);
  return Object.fromEntries(
    names.map((name) => [
      random.chance(0.1) ? name.toUpperCase() : name,
      random.chance(0.15) ? {} : makeString(random, HEADER_VALUES, REGEXES),
    ]),
  );
}

function makeString(random: Random, values: readonly string[], regexes: readonly string[]): StringMatch {
  return random.weighted<StringMatch>([
    [4, () => ({ exact: random.pick(values) })],
    [3, () => ({ prefix: prefixOf(random, random.pick(values.filter((value) => value !== ''))) })],
    [3, () => ({ regex: random.pick(regexes.filter((regex) => regex !== '')) })],
  ]);
}

function prefixOf(random: Random, value: string): string {
  return random.chance(0.5) ? value : value.slice(0, random.integer(1, Math.max(1, value.length)));
}
