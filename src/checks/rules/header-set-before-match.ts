/*
 * A rule that sets a request header to a value for which another rule of the same VirtualService matches. Headers are set after
 * the rule is chosen, on the way out, so that the proxy does not choose again.
 *
 * Said only where the rule that sets the header does not look at it, and some request of it, if it came with the header, would be
 * taken by the other rule and sent elsewhere. A value that goes to the same version is what a header that travels down a call
 * chain looks like.
 */

import { childPath } from '../../manifests/path';
import type { HttpRoute, WeightedDestination } from '../../model/http-route';
import { isPresence } from '../../model/string-match';
import type { MatchReader } from '../../predicate/http-match';
import { Language } from '../../predicate/language';
import { headerSubject } from '../../predicate/match/header';
import type { Subject } from '../../predicate/predicate';
import { within } from '../../predicate/value-set';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import { type Rule, type RuleMatch, type RuleTable, type RuleTables, ruleTablesOf } from '../shared/rule-table';
import { actionInWords, placeOf } from '../shared/rule-words';

export const headerSetBeforeMatch: Check = {
  id: 'header-set-before-match',
  title: 'A header that is set too late to be matched',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const tables = ruleTablesOf(mesh);
    // The rules of a delegate stand in every table that takes it in.
    const told = new Set<string>();
    for (const table of tables.tables) {
      for (const late of tables.examine(table, report, () => lateHeaders(table, tables))) {
        const { object } = late.rule.route;
        const place = `${object.namespace}/${object.name} ${late.written.path}`;
        if (!told.has(place)) {
          told.add(place);
          reportLate(late, report);
        }
      }
    }
  },
};

interface WrittenHeader {
  readonly path: string;
  readonly name: string;
  readonly value: string;
}

/** A header that `rule` sets, and `missed` would match. */
interface LateHeader {
  readonly rule: Rule;
  readonly written: WrittenHeader;
  readonly missed: Rule;
}

function lateHeaders(table: RuleTable, tables: RuleTables): readonly LateHeader[] {
  return table.rules.flatMap((rule) =>
    headersSetBy(rule.route).flatMap((written) => {
      const missed = missedRule(rule, written, tables);
      return missed === undefined ? [] : [{ rule, written, missed }];
    }),
  );
}

/** Headers that every request of the rule gets. */
function headersSetBy({ headers, destinations }: HttpRoute): readonly WrittenHeader[] {
  const operations = [headers, ...(destinations.length === 1 ? [destinations[0].headers] : [])];
  return operations.flatMap((one) =>
    one === undefined
      ? []
      : [...entries(`${one.path}.request.set`, one.requestSet), ...entries(`${one.path}.request.add`, one.requestAdd)],
  );
}

function entries(path: string, map: ReadonlyMap<string, string>): readonly WrittenHeader[] {
  return [...map].map(([name, value]) => ({ path: childPath(path, name), name, value }));
}

/** The rule that sends some request of `rule` elsewhere if it comes with the header. */
function missedRule(rule: Rule, { name, value }: WrittenHeader, { solver, reader }: RuleTables): Rule | undefined {
  const subject = headerSubject(name);
  const { rules, universe } = rule.table;
  if (asks(rule, subject)) {
    return undefined;
  }
  const header = within(Language.exact(value));
  const requests = rule.matches.map(({ predicate }) => universe.andAll(predicate).and(subject, header));
  const place = rules.indexOf(rule);
  const neverHere = rules.slice(0, place).filter((earlier) => !asks(earlier, subject));
  return rules.find((other, index) => {
    const matches = other.matches.filter((match) => asksForValue(match, subject, value, reader));
    if (matches.length === 0 || targets(other.route) === targets(rule.route)) {
      return false;
    }
    const earlier = rules.slice(0, index).filter((one) => one !== rule);
    const taken = [...neverHere, ...earlier].flatMap((one) => one.matches.map(({ predicate }) => predicate));
    return requests.some((request) =>
      matches.some(({ predicate }) => solver.find(request.andAll(predicate), taken).kind === 'found'),
    );
  });
}

function asks({ matches }: Rule, subject: Subject): boolean {
  return matches.some(({ predicate }) => predicate.sets.has(subject));
}

function asksForValue({ match }: RuleMatch, subject: Subject, value: string, reader: MatchReader): boolean {
  return (match?.headers ?? []).some(
    ({ name, match }) =>
      headerSubject(name) === subject && !isPresence(match) && reader.language(match)?.includes(value) === true,
  );
}

function targets({ destinations, redirect, directResponse }: HttpRoute): string {
  const hosts = destinations.map(({ destination: { host, subset } }: WeightedDestination) => [host, subset]);
  return JSON.stringify([hosts, redirect, directResponse]);
}

function reportLate({ rule: { route }, written: { path, name, value }, missed }: LateHeader, report: Report): void {
  const other = placeOf(missed.route, route.object);
  report({
    object: route.object,
    path,
    message: `${name} is set to ${value} after this rule has been chosen, so ${other}, which matches ${name} for that value, never sees it: the request is ${actionInWords(route)}, not ${actionInWords(missed.route)}.`,
    help: `Let this rule send the request itself where ${other} does, or set ${name} one hop earlier: in the client, or in the VirtualService of the service before.`,
  });
}
