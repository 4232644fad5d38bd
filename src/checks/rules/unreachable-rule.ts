/*
 * Rules and matches that no request reaches, because earlier ones take every request that they match. Decided by implication
 * between predicates (predicate/solver.ts), of one earlier match or of several together.
 *
 * A rule without any reachable match is an error, unless those that take its requests do the same with them. A rule that a
 * delegate brings into several VirtualServices is dead only where it is dead in all of them. What matches nothing by itself is
 * left to rule-never-matches. Of the items of one match, which are alternatives, one that an earlier item takes whole is said
 * only where it has a condition of its own, which then decides nothing; where they have no part of the request in common,
 * separate-matches-are-or says so.
 */

import { EarlierPredicates } from '../../predicate/earlier';
import { conditionsOf } from '../../predicate/match/conditions';
import type { Solver } from '../../predicate/solver';
import { append } from '../../syntax/grouping';
import { listOf } from '../../syntax/wording';
import type { Check, Observation, Report } from '../check';
import { Severity } from '../finding';
import { type Rule, type RuleMatch, type RuleTable, type RuleTables, ruleTablesOf } from '../shared/rule-table';
import { actionInWords, matchInWords, placeOf } from '../shared/rule-words';

interface DeadMatch {
  readonly match: RuleMatch;
  /** The matches that together take every request of it; one of its own rule is alone. */
  readonly by: readonly RuleMatch[];
}

/** A rule with more matches than this is a list of alternatives. */
const MAX_SIBLINGS = 20;

export const unreachableRule: Check = {
  id: 'unreachable-rule',
  title: 'Rules that no request reaches',
  severity: Severity.ERROR,
  istio: ['IST0130'],
  kiali: [],
  run(mesh, report) {
    const tables = ruleTablesOf(mesh);
    const verdicts = new Map<string, { rule: Rule; dead: readonly DeadMatch[] }[]>();
    for (const table of tables.tables) {
      for (const verdict of tables.examine(table, report, () => examine(table, tables))) {
        const { object, path } = verdict.rule.route;
        append(verdicts, `${object.namespace}/${object.name} ${path}`, verdict);
      }
    }
    for (const places of verdicts.values()) {
      const isDeadInAll = (match: RuleMatch) =>
        places.every(({ dead }) => dead.some((other) => other.match.path === match.path));
      reportRule(
        places[0].rule,
        places[0].dead.filter(({ match }) => isDeadInAll(match)),
        tables,
        report,
      );
    }
  },
};

/** For every rule, which of its matches earlier rules leave nothing to. */
function examine(table: RuleTable, { solver }: RuleTables): readonly { rule: Rule; dead: readonly DeadMatch[] }[] {
  const earlier = new EarlierPredicates<RuleMatch>();
  return table.rules.map((rule) => {
    const dead: DeadMatch[] = [];
    for (const match of rule.matches) {
      const predicate = table.universe.andAll(match.predicate);
      const by = solver.isEmpty(predicate)
        ? undefined
        : (solver.coveredBy(predicate, earlier.candidates(predicate)) ?? siblingThatTakes(match, rule, solver));
      if (by !== undefined) {
        dead.push({ match, by });
      }
    }
    for (const match of rule.matches) {
      earlier.add(match, match.predicate);
    }
    return { rule, dead };
  });
}

/** The earlier item of the same match that takes every request of one, where that has a condition of its own beside a common one. */
function siblingThatTakes(one: RuleMatch, { matches }: Rule, solver: Solver): readonly RuleMatch[] | undefined {
  const own = partsOf(one);
  const takers = matches.length > MAX_SIBLINGS ? [] : matches.slice(0, matches.indexOf(one));
  const taker = takers.find((other) => {
    const common = partsOf(other);
    return (
      [...common].some((part) => own.has(part)) &&
      [...own].some((part) => !common.has(part)) &&
      solver.implies(one.predicate, other.predicate)
    );
  });
  return taker && [taker];
}

/** The parts of a request that a match asks about. */
function partsOf({ match }: RuleMatch): ReadonlySet<string> {
  const conditions = match === undefined ? [] : conditionsOf(match);
  return new Set(conditions.map(({ field, name }) => `${field} ${name.toLowerCase()}`));
}

function reportRule(rule: Rule, dead: readonly DeadMatch[], tables: RuleTables, report: Report): void {
  if (dead.length === 0) {
    return;
  }
  const isAlive = (match: RuleMatch) =>
    !dead.some((one) => one.match === match) && !tables.solver.isEmpty(rule.table.universe.andAll(match.predicate));
  const { route } = rule;
  const harmless = dead.every(({ by }) =>
    by.every((one) => tables.actionOf(one.rule.route) === tables.actionOf(route)),
  );
  if (!rule.matches.some(isAlive)) {
    const by = [...new Set(dead.flatMap((one) => one.by))];
    const what = listOf(
      rule.matches.map(({ match }) => matchInWords(match)),
      'or',
      3,
    );
    report({
      object: route.object,
      path: route.path,
      severity: harmless ? Severity.WARNING : Severity.ERROR,
      message: `No request reaches this rule: the requests that it matches (${what}) are taken first by ${takersInWords(by, route.object)}. The first rule that matches wins, so nothing is ever ${actionInWords(route)} here${harmless ? '; the earlier rule does the same with the requests' : ''}.`,
      help: harmless ? 'Remove this rule; nothing changes without it.' : remedy(rule, by),
    });
    return;
  }
  for (const { match, by } of dead) {
    if (by[0].rule === match.rule) {
      report({
        object: match.object,
        path: match.path,
        severity: Severity.WARNING,
        istio: ['IST0131'],
        ...wordsForItem(match, by[0]),
      });
      continue;
    }
    report({
      object: match.object,
      path: match.path,
      severity: harmless ? Severity.INFO : Severity.WARNING,
      istio: ['IST0131'],
      message: `This match of the rule has no effect: the requests that it matches (${matchInWords(match.match)}) are taken first by ${takersInWords(by, match.object)}. The rule's other matches still work.`,
      help: harmless ? 'Remove this match; nothing changes without it.' : remedy(rule, by),
    });
  }
}

function wordsForItem({ match, object }: RuleMatch, by: RuleMatch): Pick<Observation, 'message' | 'help'> {
  return {
    message: `The items of match are alternatives, and ${placeOf(by, object)} (${matchInWords(by.match)}) matches every request of this one (${matchInWords(match)}): the further conditions of this one have no effect.`,
    help: `If requests must meet the further conditions, make ${by.path} narrower. Otherwise remove this item.`,
  };
}

function takersInWords(by: readonly RuleMatch[], home: object): string {
  const places = by.map(
    (one) => `${placeOf(one, home)} (${matchInWords(one.match)}), where it is ${actionInWords(one.rule.route)}`,
  );
  return listOf(places, 'and', 4);
}

function remedy({ route }: Rule, by: readonly RuleMatch[]): string {
  const first = by[0].rule.route;
  const whole = first.object === route.object ? `${route.path} in front of ${first.path}` : 'this rule in front of it';
  return `Put the narrower rule first: move ${whole}. If the requests go where they should, remove this one.`;
}
