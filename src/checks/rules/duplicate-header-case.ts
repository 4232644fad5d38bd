/*
 * One header twice in a match, in different case. Header names are case-insensitive, so that both conditions are about the same
 * header and both must hold. Where they cannot both hold, rule-never-matches says so.
 */
import type { NamedMatch } from '../../model/string-match';
import type { Check } from '../check';
import { Severity } from '../finding';
import { requestPredicateOf, ruleTablesOf } from '../shared/rule-table';
import { writtenMatchesOf } from '../shared/written-matches';

export const duplicateHeaderCase: Check = {
  id: 'duplicate-header-case',
  title: 'One header twice in a match',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const tables = ruleTablesOf(mesh);
    for (const { match } of writtenMatchesOf(mesh)) {
      for (const field of ['headers', 'withoutHeaders'] as const) {
        for (const [first, second] of duplicates(match[field])) {
          if (tables.solver.isEmpty(requestPredicateOf(match, tables))) {
            continue;
          }
          report({
            object: match.object,
            path: second.match.path,
            message: `${second.name} is the same header as ${first.name}, since header names are case-insensitive. Both conditions must hold for its value, or each for some value if a request sends the header more than once.`,
            help:
              field === 'headers'
                ? `Keep one of the two, written '${second.name.toLowerCase()}'. To accept either value, make two matches of it, or one regex.`
                : `Keep one of the two, written '${second.name.toLowerCase()}'. To exclude both values, write one regex.`,
          });
        }
      }
    }
  },
};

function duplicates(named: readonly NamedMatch[]): readonly (readonly [NamedMatch, NamedMatch])[] {
  const seen = new Map<string, NamedMatch>();
  return named.flatMap((one) => {
    const key = one.name.toLowerCase();
    const first = seen.get(key);
    seen.set(key, first ?? one);
    return first === undefined ? [] : [[first, one] as const];
  });
}
