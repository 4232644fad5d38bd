/*
 * withoutHeaders that excludes more than it seems to. It takes a missing header for one with the empty value (since Istio 1.22),
 * so a value or pattern that accepts '' also excludes every request without the header.
 */

import type { HttpMatch } from '../../model/http-route';
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
  title: 'withoutHeaders that excludes requests without the header',
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
  },
};

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
