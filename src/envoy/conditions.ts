/*
 * The conditions of a match, compiled: what Istio translates a match to (`TranslateRouteMatch`), decided as Envoy decides it
 * (`HeaderUtility`, `PathMatcher`, `QueryParameterMatcher`).
 */

import type { HttpMatch } from '../model/http-route';
import { isPresence, type NamedMatch, type StringMatch } from '../model/string-match';
import { compileFullMatch } from '../syntax/full-match';
import type { ParsedRequest } from './parsed-request';

/** One thing that a request must fulfil. */
export interface Condition {
  test(request: ParsedRequest): boolean;
  /** For people: `user-agent ~ .*Chrome.*`. */
  readonly text: string;
}

type ValueTest = (value: string) => boolean;

/** The conditions of a match, the path first: all must hold. */
export function compileMatch(match: HttpMatch): readonly Condition[] {
  return [
    ...(match.uri === undefined || match.uri.kind === 'present' ? [] : [pathCondition(match.uri, match.ignoreUriCase)]),
    ...named(match.headers, (name, value) => headerCondition(name, value, false)),
    ...named(match.withoutHeaders, (name, value) => headerCondition(name, value, true)),
    ...pseudoHeader(':method', match.method),
    ...pseudoHeader(':authority', match.authority),
    ...pseudoHeader(':scheme', match.scheme),
    ...named(match.queryParams, queryCondition),
  ];
}

/**
 * Whether Istio takes a match for one that every request fulfils (`IsCatchAllRoute`); it stops there and puts such a route
 * behind all others. Only these spellings count, not every match that is always true.
 */
export function isCatchAll(match: HttpMatch | undefined): boolean {
  if (match === undefined) {
    return true;
  }
  const { uri, headers, withoutHeaders, queryParams, method, authority, scheme } = match;
  const anyPath =
    uri === undefined ||
    uri.kind === 'present' ||
    (uri.kind === 'prefix' && uri.value === '/') ||
    (uri.kind === 'regex' && uri.value === '.*');
  const noHeaders = headers.length + withoutHeaders.length + queryParams.length === 0;
  return anyPath && noHeaders && method === undefined && authority === undefined && scheme === undefined;
}

function pathCondition(uri: StringMatch, ignoreCase: boolean): Condition {
  const fold = ignoreCase && uri.kind !== 'regex';
  const test = compileValue(fold ? { ...uri, value: uri.value.toLowerCase() } : uri);
  return {
    text: `path ${describe(uri)}${fold ? ', in any case' : ''}`,
    test: ({ path }) => path !== undefined && test(fold ? path.toLowerCase() : path),
  };
}

/** Envoy compares header names in lower case. */
function headerCondition(written: string, match: StringMatch, without: boolean): Condition {
  const name = written.toLowerCase();
  const text = `${without ? 'not ' : ''}${name} ${describe(match)}`;
  if (isPresence(match)) {
    return { text, test: (request) => (request.header(name) !== undefined) !== without };
  }
  const testOne = compileValue(match);
  const test = (request: ParsedRequest, value: string) => request.separateValues(name)?.some(testOne) ?? testOne(value);
  // To withoutHeaders a missing header is one with the empty value.
  return without
    ? { text, test: (request) => !test(request, request.header(name) ?? '') }
    : {
        text,
        test: (request) => {
          const value = request.header(name);
          return value !== undefined && test(request, value);
        },
      };
}

function pseudoHeader(name: string, match: StringMatch | undefined): readonly Condition[] {
  return match === undefined ? [] : [headerCondition(name, match, false)];
}

function queryCondition(name: string, match: StringMatch): Condition {
  const text = `query parameter ${name} ${describe(match)}`;
  const test = isPresence(match) ? () => true : compileValue(match);
  return {
    text,
    test: (request) => {
      const value = request.queryParameter(name);
      return value !== undefined && test(value);
    },
  };
}

function named(
  matches: readonly NamedMatch[],
  compile: (name: string, match: StringMatch) => Condition,
): readonly Condition[] {
  return matches.map(({ name, match }) => compile(name, match));
}

function compileValue({ kind, value }: StringMatch): ValueTest {
  switch (kind) {
    case 'exact':
      return (actual) => actual === value;
    case 'prefix':
      return (actual) => actual.startsWith(value);
    case 'regex':
      return compileRegex(value);
    default:
      return () => true;
  }
}

/** A regex that RE2 refuses matches nothing here. In a cluster it cannot occur: the webhook refuses the object. */
function compileRegex(pattern: string): ValueTest {
  try {
    return compileFullMatch(pattern);
  } catch {
    return () => false;
  }
}

function describe(match: StringMatch): string {
  if (isPresence(match)) {
    return 'is present';
  }
  switch (match.kind) {
    case 'exact':
      return `= ${match.value === '' ? "''" : match.value}`;
    case 'prefix':
      return `begins with ${match.value}`;
    default:
      return `~ ${match.value}`;
  }
}
