/*
 * `headers`, `withoutHeaders`, and the fields that are pseudo-headers: `method`, `authority` and `scheme` (Envoy's
 * `HeaderUtility`). Envoy compares the names of headers in lower case.
 */
import { isPresence, type NamedMatch, type StringMatch } from '../../model/string-match';
import { HOLDS, HOLDS_NOT, opaque, type Subject } from '../predicate';
import { ABSENT, PRESENT, within, without } from '../value-set';
import { claimSets, isClaim } from './claim';
import type { Condition, Languages, RequestView } from './condition';
import { valueTest } from './value';

export function headerCondition({ name, match }: NamedMatch): Condition {
  const key = name.toLowerCase();
  return {
    field: 'headers',
    name,
    value: match,
    words: key,
    actual: (request) => request.header(key),
    test: headerTest(key, match),
    sets: (languages) =>
      isClaim(name) ? claimSets(name, match, HOLDS) : setsWith(headerSubject(name), match, languages),
  };
}

export function withoutHeaderCondition({ name, match }: NamedMatch): Condition {
  const key = name.toLowerCase();
  return {
    field: 'withoutHeaders',
    name,
    value: match,
    words: `not ${key}`,
    actual: (request) => request.header(key),
    test: withoutHeaderTest(key, match),
    sets: (languages) =>
      isClaim(name) ? claimSets(name, match, HOLDS_NOT) : setsWithout(headerSubject(name), match, languages),
  };
}

/** Every request has a method and so on, so that asking only whether there is one asks nothing. */
export function pseudoHeaderCondition(field: 'method' | 'authority' | 'scheme', match: StringMatch): Condition {
  const key = `:${field}`;
  return {
    field,
    name: field,
    value: match,
    words: key,
    actual: (request) => request.header(key),
    test: headerTest(key, match),
    sets: (languages) => {
      if (match.kind === 'present') {
        return [];
      }
      const language = languages.language(match);
      return language === undefined ? [[opaque(`${field} ${match.value}`), HOLDS]] : [[field, within(language)]];
    },
  };
}

/** The part of the request that a header is: the pseudo-headers are fields, and Envoy looks up `host` as `:authority`. */
export function headerSubject(written: string): Subject {
  const name = written.toLowerCase();
  switch (name) {
    case ':method':
    case ':scheme':
    case ':authority':
      return name.slice(1);
    case 'host':
      return 'authority';
    default:
      return `header ${name}`;
  }
}

function headerTest(name: string, match: StringMatch): (request: RequestView) => boolean {
  if (isPresence(match)) {
    return (request) => request.header(name) !== undefined;
  }
  const test = valueTest(match);
  return (request) => {
    const value = request.header(name);
    return value !== undefined && holdsForOne(request, name, value, test);
  };
}

/** A missing header is one with the empty value. */
function withoutHeaderTest(name: string, match: StringMatch): (request: RequestView) => boolean {
  if (isPresence(match)) {
    return (request) => request.header(name) === undefined;
  }
  const test = valueTest(match);
  return (request) => !holdsForOne(request, name, request.header(name) ?? '', test);
}

/** Of a header that is there several times, one value is enough. */
function holdsForOne(request: RequestView, name: string, value: string, test: (value: string) => boolean): boolean {
  const values = request.separateValues(name);
  return values === undefined ? test(value) : values.some(test);
}

/** Of what may be missing. */
export function setsWith(subject: Subject, match: StringMatch, languages: Languages): ReturnType<Condition['sets']> {
  if (isPresence(match)) {
    return [[subject, PRESENT]];
  }
  const language = languages.language(match);
  return language === undefined
    ? [
        [subject, PRESENT],
        [opaque(`${subject} ${match.value}`), HOLDS],
      ]
    : [[subject, within(language)]];
}

function setsWithout(subject: Subject, match: StringMatch, languages: Languages): ReturnType<Condition['sets']> {
  if (isPresence(match)) {
    return [[subject, ABSENT]];
  }
  const language = languages.language(match);
  return [language === undefined ? [opaque(`${subject} ${match.value}`), HOLDS_NOT] : [subject, without(language)]];
}
