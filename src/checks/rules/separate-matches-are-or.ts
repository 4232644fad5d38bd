/*
 * Two items of one rule's `match`, about different things, of which one makes the other superfluous. Items are alternatives; a
 * dash too many turns "the header and the path" into "the header, or the path".
 *
 * Only where one item takes all requests of the other, so that it certainly has no effect, and only where they have no part of
 * the request in common: items about the same thing are alternatives by their nature.
 */

import type { HttpMatch, HttpRoute } from '../../model/http-route';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import { type RuleTables, requestPredicateOf, ruleTablesOf } from '../shared/rule-table';
import { matchInWords } from '../shared/rule-words';

/** A rule with more matches than this is a list of alternatives. */
const MAX_MATCHES = 20;

export const separateMatchesAreOr: Check = {
  id: 'separate-matches-are-or',
  title: 'Alternatives that look like one condition',
  severity: Severity.WARNING,
  istio: ['IST0131'],
  kiali: [],
  run(mesh, report) {
    const tables = ruleTablesOf(mesh);
    for (const { http } of mesh.virtualServices) {
      for (const route of http.filter(({ match }) => match.length > 1 && match.length <= MAX_MATCHES)) {
        examine(route, tables, report);
      }
    }
  },
};

function examine({ match: matches }: HttpRoute, tables: RuleTables, report: Report): void {
  for (const narrow of matches) {
    const wide = matches.find((other) => other !== narrow && isSwallowed(narrow, other, tables));
    if (wide !== undefined) {
      report({
        object: narrow.object,
        path: narrow.path,
        message: `The items of match are alternatives, and ${wide.path} (${matchInWords(wide)}) alone matches every request of both, so this item (${matchInWords(narrow)}) changes nothing.`,
        help: `If both are to hold together, make them one item: put the fields of ${wide.path} into ${narrow.path}, and remove its dash. Otherwise remove this item.`,
      });
    }
  }
}

/** Whether `wide` asks something, other than `narrow` does, that every request fulfils. */
function isSwallowed(narrow: HttpMatch, wide: HttpMatch, tables: RuleTables): boolean {
  const fields = fieldsOf(wide);
  if (fields.length === 0 || fields.some((field) => fieldsOf(narrow).includes(field)) || !samePlace(narrow, wide)) {
    return false;
  }
  const predicate = requestPredicateOf(narrow, tables);
  return predicate.sets.size > 0 && tables.solver.implies(predicate, requestPredicateOf(wide, tables));
}

function fieldsOf(match: HttpMatch): readonly string[] {
  const single = (['uri', 'scheme', 'method', 'authority'] as const).filter((field) => match[field] !== undefined);
  const maps = (['headers', 'withoutHeaders', 'queryParams'] as const).filter((field) => match[field].length > 0);
  return [...single, ...maps];
}

/** Matches for different ports, gateways or sources are alternatives by their nature, too. */
function samePlace(one: HttpMatch, other: HttpMatch): boolean {
  const placeOf = ({ port, gateways, sourceLabels, sourceNamespace }: HttpMatch) =>
    JSON.stringify([port, gateways, [...sourceLabels], sourceNamespace]);
  return placeOf(one) === placeOf(other);
}
