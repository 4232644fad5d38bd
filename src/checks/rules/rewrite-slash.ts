/*
 * A rewrite of a prefix that leaves a path with two slashes, or one too few. Envoy replaces the prefix by `rewrite.uri` as it
 * is written, and adds and removes no slash.
 *
 * Said only where a request comes by that match with more of a path behind the prefix: no earlier rule or item takes it.
 */
import { Language } from '../../predicate/language';
import { within } from '../../predicate/value-set';
import { type PathRewrite, pathRewrite } from '../../proxy/forwarding';
import { quoteRegex } from '../../syntax/re2';
import type { Check } from '../check';
import { Severity } from '../finding';
import { type RuleMatch, type RuleTables, ruleTablesOf } from '../shared/rule-table';

type PrefixRewrite = Extract<PathRewrite, { kind: 'prefix' }>;

export const rewriteSlash: Check = {
  id: 'rewrite-slash',
  title: 'A rewrite that doubles a slash, or loses one',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const tables = ruleTablesOf(mesh);
    // A delegate may be used in several places.
    const told = new Set<string>();
    for (const table of tables.tables) {
      const matches = table.rules.flatMap((rule) => rule.matches);
      for (const [index, match] of matches.entries()) {
        const { route } = match.rule;
        const rewrite = prefixRewriteOf(match);
        const key = `${match.object.namespace}/${match.object.name} ${match.path}`;
        if (rewrite === undefined || rewrite.path.endsWith('/') === rewrite.prefix.endsWith('/') || told.has(key)) {
          continue;
        }
        const earlier = () => matches.slice(0, index);
        if (tables.examine(table, report, () => isReached(match, rewrite, earlier(), tables))) {
          told.add(key);
          report({ object: route.object, path: `${route.rewrite?.path}.uri`, ...wordsFor(rewrite) });
        }
      }
    }
  },
};

function prefixRewriteOf({ rule: { route }, match }: RuleMatch): PrefixRewrite | undefined {
  const rewrite = route.destinations.length === 0 ? undefined : pathRewrite(route, match);
  return rewrite?.kind === 'prefix' ? rewrite : undefined;
}

/** Whether a request whose path goes on behind the prefix comes by this match. */
function isReached(
  one: RuleMatch,
  { prefix }: PrefixRewrite,
  earlier: readonly RuleMatch[],
  { solver }: RuleTables,
): boolean {
  const longer = Language.regex(`${quoteRegex(prefix.replace(/\/$/, ''))}/[^/].*`);
  const request = one.rule.table.universe.andAll(one.predicate);
  return (
    longer !== undefined &&
    solver.find(
      request.and('uri', within(longer)),
      earlier.map(({ predicate }) => predicate),
    ).kind === 'found'
  );
}

function wordsFor({ prefix, path }: PrefixRewrite): { readonly message: string; readonly help: string } {
  const doubles = path.endsWith('/');
  const becomes = (rest: string) => `'${prefix}${rest}' becomes '${path}${rest}'`;
  const outcome = doubles ? `${becomes('/a')}, and ${becomes('a')}` : becomes('a');
  const regex = `'uriRegexRewrite: {match: "^${quoteRegex(prefix)}/?(.*)$", rewrite: "/\\\\1"}'`;
  return {
    message: `The rewrite replaces the prefix '${prefix}' by '${path}' and changes no other slash: ${outcome}.`,
    help: !doubles
      ? `Write 'uri: ${path}/', so that both end in '/'.`
      : path === '/'
        ? `Match the prefix '${prefix}/' in a match item before this one, or write ${regex}.`
        : `Write 'uri: ${path.slice(0, -1)}', so that neither ends in '/'.`,
  };
}
