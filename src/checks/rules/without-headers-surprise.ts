/*
 * Conditions on the empty value, which are read as conditions on a missing one. withoutHeaders takes a missing header for one with the
 * empty value (since Istio 1.22), so a value or pattern that accepts '' also excludes every request without the header. headers and
 * queryParams do not: a pattern such as `|a` matches no request without the header.
 */

import type { HttpMatch, HttpRoute } from '../../model/http-route';
import { isPresence, type NamedMatch, type StringMatch } from '../../model/string-match';
import { headerSubject } from '../../predicate/match/header';
import { shown } from '../../predicate/match/value';
import { Predicate } from '../../predicate/predicate';
import { without } from '../../predicate/value-set';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import { type RuleTables, ruleTablesOf } from '../shared/rule-table';
import { writtenMatchesOf } from '../shared/written-matches';

export const withoutHeadersSurprise: Check = {
  id: 'without-headers-surprise',
  title: 'A condition that mixes up an empty value and a missing one',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const tables = ruleTablesOf(mesh);
    for (const { match } of writtenMatchesOf(mesh)) {
      for (const header of match.withoutHeaders) {
        examine(header, match, tables, report);
      }
    }
    for (const route of mesh.virtualServices.flatMap(({ http }) => http)) {
      for (const match of route.match) {
        examinePresent(match, route, tables, report);
      }
    }
  },
};

/** Patterns that allow the empty value beside others, in a rule that takes nothing without the header by another item. */
function examinePresent(match: HttpMatch, { match: siblings }: HttpRoute, tables: RuleTables, report: Report): void {
  const named = [
    ...match.headers.map((header) => [header, 'header'] as const),
    ...match.queryParams.map((parameter) => [parameter, 'query parameter'] as const),
  ];
  for (const [{ name, match: value }, what] of named) {
    const isTakenElsewhere = siblings.some((other) => !mentions(other, name) || excludes(other, name));
    if (value.kind === 'regex' && !isTakenElsewhere && asksForEmpty(value, tables)) {
      report({
        object: match.object,
        path: `${value.path}.regex`,
        message: `The pattern ${value.value} accepts the empty value, but a request without the ${what} ${name} has no value at all, and does not match.`,
        help:
          what === 'header'
            ? `To take requests without it as well, add an item to match with 'withoutHeaders: {${name}: {}}' in place of this condition.`
            : 'To take requests without it as well, add an item to match without this condition, in a rule after those for other values.',
      });
    }
  }
}

function mentions({ headers, queryParams }: HttpMatch, name: string): boolean {
  return [...headers, ...queryParams].some((other) => other.name.toLowerCase() === name.toLowerCase());
}

function excludes({ withoutHeaders }: HttpMatch, name: string): boolean {
  return withoutHeaders.some((other) => other.name.toLowerCase() === name.toLowerCase());
}

/** Whether the empty value is one of the alternatives, and not only what a `*` allows too. */
function asksForEmpty(value: StringMatch, { reader }: RuleTables): boolean {
  const atLeastOnce = { ...value, value: value.value.replace(/(?<!\\)\*/g, '+') };
  return reader.language(value)?.includes('') === true && reader.language(atLeastOnce)?.includes('') === true;
}

/** Whether no request at all passes such a condition. */
export function excludesEverything(match: StringMatch, { reader, solver }: RuleTables): boolean {
  const language = isPresence(match) ? undefined : reader.language(match);
  return language !== undefined && solver.isEmpty(Predicate.ALWAYS.and('header x', without(language)));
}

function examine({ name, match }: NamedMatch, { object }: HttpMatch, tables: RuleTables, report: Report): void {
  const language = isPresence(match) ? undefined : tables.reader.language(match);
  if (language === undefined || !headerSubject(name).startsWith('header ') || name.startsWith('@')) {
    return;
  }
  const value = `${match.kind} ${shown(match.value)}`;
  if (excludesEverything(match, tables)) {
    report({
      object,
      path: match.path,
      severity: Severity.ERROR,
      message: `No request fulfils this match: withoutHeaders takes a missing ${name} for an empty one, and ${value} accepts every value, the empty one included.`,
      help: `To ask that the header is absent, write 'withoutHeaders: {${name}: {}}'.`,
    });
  } else if (language.includes('')) {
    report({
      object,
      path: match.path,
      message: `withoutHeaders takes a missing ${name} for an empty one, which ${value} accepts: requests without the header do not match either, only those with another value.`,
      help:
        match.kind === 'regex'
          ? `Write the pattern so that it does not accept the empty value. If the header must be there, also write 'headers: {${name}: {}}'.`
          : `To ask that the header is absent, write '{}'; that it has a value, write 'headers: {${name}: {regex: .+}}'.`,
    });
  } else if (language.only === '*' || (match.kind === 'regex' && match.value === '\\*')) {
    report({
      object,
      path: match.path,
      message: `${value} excludes only the value '*' itself, a single asterisk, and no other.`,
      help: `To ask that the header is absent, write 'withoutHeaders: {${name}: {}}'.`,
    });
  }
}
