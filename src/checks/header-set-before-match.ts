/*
 * A rule that sets a request header to a value for which another rule of the same VirtualService matches. Headers are set after
 * the rule is chosen, on the way out, so that the proxy does not choose again.
 *
 * Said only where the rule that sets the header does not look at it, and the one that matches sends the request elsewhere: a
 * value that goes to the same version is what a header that travels down a call chain looks like. So is a header that the
 * VirtualService itself says apps are to pass on: the rules for it are for the hops that follow.
 */
import type { HttpRoute, WeightedDestination } from '../mesh/http-route';
import { childPath } from '../mesh/path';
import { isPresence } from '../mesh/string-match';
import { headersListed, PROPAGATED_HEADERS } from '../syntax/propagated-headers';
import type { Check, Report } from './check';
import { Severity } from './finding';
import { headerSubject } from './predicate/http-match';
import { type RuleTables, ruleTablesOf } from './shared/rule-table';
import { actionInWords } from './shared/rule-words';

export const headerSetBeforeMatch: Check = {
  id: 'header-set-before-match',
  title: 'A header that is set too late to be matched',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const tables = ruleTablesOf(mesh);
    for (const { http } of mesh.virtualServices) {
      for (const route of http) {
        for (const written of headersSetBy(route).filter(({ name }) => !travels(route, name))) {
          examine(route, written, http, tables, report);
        }
      }
    }
  },
};

/** HeaderRoutedMesh annotates its VirtualServices with the keys of lanes. */
function travels({ object }: HttpRoute, name: string): boolean {
  return headersListed(object.annotations.get(PROPAGATED_HEADERS)).includes(name.toLowerCase());
}

interface WrittenHeader {
  readonly path: string;
  readonly name: string;
  readonly value: string;
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

function examine(
  route: HttpRoute,
  { path, name, value }: WrittenHeader,
  http: readonly HttpRoute[],
  tables: RuleTables,
  report: Report,
): void {
  if (matchesOn(route, name).length > 0) {
    return;
  }
  const late = http.find(
    (other) =>
      other !== route &&
      targets(other) !== targets(route) &&
      matchesOn(other, name).some(
        (match) => !isPresence(match) && tables.reader.language(match)?.includes(value) === true,
      ),
  );
  if (late !== undefined) {
    report({
      object: route.object,
      path,
      message: `${name} is set to ${value} after this rule has been chosen, so ${late.path}, which matches ${name} for that value, never sees it: the request is ${actionInWords(route)}, not ${actionInWords(late)}.`,
      help: `Let this rule send the request itself where ${late.path} does, or set ${name} one hop earlier: in the client, or in the VirtualService of the service before.`,
    });
  }
}

function matchesOn({ match }: HttpRoute, name: string) {
  const subject = headerSubject(name);
  return match.flatMap(({ headers }) =>
    headers.filter((header) => headerSubject(header.name) === subject).map((header) => header.match),
  );
}

function targets({ destinations, redirect, directResponse }: HttpRoute): string {
  const hosts = destinations.map(({ destination: { host, subset } }: WeightedDestination) => [host, subset]);
  return JSON.stringify([hosts, redirect, directResponse]);
}
