/*
 * A pattern for one browser that also matches another one's user-agent: browsers name each other, and above all everybody
 * names Safari.
 *
 * Held against real user-agents (user-agents.ts). Said only of a pattern that names one browser, of a user-agent of another
 * engine, and only where such a request really comes to this rule: no earlier rule takes it, and no condition excludes it.
 */

import { perMesh } from '../../model/per-mesh';
import type { StringMatch } from '../../model/string-match';
import { Language } from '../../predicate/language';
import { headerSubject } from '../../predicate/match/header';
import { within } from '../../predicate/value-set';
import { listOf } from '../../syntax/wording';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import { type RuleMatch, type RuleTables, ruleTablesOf } from '../shared/rule-table';
import { actionInWords } from '../shared/rule-words';
import { BROWSER_WORDS, USER_AGENTS } from '../shared/user-agents';

const USER_AGENT = 'header user-agent';

export const regexMatchesTooMuch: Check = {
  id: 'regex-matches-too-much',
  title: 'A pattern for one browser that matches others',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const tables = ruleTablesOf(mesh);
    const told = new Set<string>();
    for (const { rules } of tables.tables) {
      const matches = rules.flatMap((rule) => rule.matches);
      matches.forEach((match, index) => {
        examine(
          match,
          () => matches.slice(0, index),
          tables,
          (observation) => {
            // A delegate may be used in several places.
            const key = `${observation.object.namespace}/${observation.object.name} ${observation.path}`;
            if (!told.has(key)) {
              told.add(key);
              report(observation);
            }
          },
        );
      });
    }
  },
};

const knownForeigners = perMesh(() => new Map<string, typeof USER_AGENTS>());

/** The user-agents that the pattern matches, of other browsers than the one it names. */
function foreignTo(pattern: StringMatch, word: string, { mesh, reader }: RuleTables): typeof USER_AGENTS {
  const known = knownForeigners(mesh);
  let foreign = known.get(pattern.value);
  if (foreign === undefined) {
    const family = BROWSER_WORDS.get(word.toLowerCase());
    const language = reader.language(pattern);
    foreign = USER_AGENTS.filter((agent) => agent.family !== family && language?.includes(agent.value));
    known.set(pattern.value, foreign);
  }
  return foreign;
}

function examine(one: RuleMatch, earlierOnes: () => readonly RuleMatch[], tables: RuleTables, report: Report): void {
  const header = one.match?.headers.find(
    ({ name, match }) => headerSubject(name) === USER_AGENT && match.kind === 'regex',
  );
  const word = header === undefined ? undefined : browserNamedBy(header.match.value);
  if (header === undefined || word === undefined) {
    return;
  }
  const earlier = earlierOnes().map(({ predicate }) => predicate);
  const reached = foreignTo(header.match, word, tables).filter(({ value }) => {
    const request = one.rule.table.universe.andAll(one.predicate).and(USER_AGENT, within(Language.exact(value)));
    return tables.solver.find(request, earlier).kind === 'found';
  });
  if (reached.length > 0) {
    report({
      object: one.object,
      path: `${header.match.path}.regex`,
      message: `The pattern ${header.match.value} names ${word}, but it also matches ${listOf([...new Set(reached.map(({ browser }) => browser))])}, which are ${actionInWords(one.rule.route)} as well: '${reached[0].value}'.`,
      help:
        word.toLowerCase() === 'safari'
          ? "Safari itself sends 'Version/' before it: write '.*Version/.* Safari/.*'. Or put a rule for '.*Chrome/.*' before this one."
          : 'Name what only that browser sends, or put a rule for the others before this one.',
    });
  }
}

/** The one browser that a pattern names; undefined where it names none or several. */
function browserNamedBy(pattern: string): string | undefined {
  const words = pattern.match(/[A-Za-z]+/g) ?? [];
  const named = words.filter((word) => BROWSER_WORDS.has(word.toLowerCase()));
  return new Set(named.map((word) => word.toLowerCase())).size === 1 && !pattern.includes('Version')
    ? named[0]
    : undefined;
}
