/*
 * Requests that no rule takes, and that get 404, where that is hardly meant: the same request with a certain header or query
 * parameter is routed. A VirtualService that serves some paths and no others is left alone.
 *
 * Only where it is certain that the rules leave something: an example is worked out (predicate/solver.ts). It is looked for
 * only where some rule of the VirtualService is in force at all, for otherwise a sidecar does without the VirtualService. On a
 * gateway the rules of all VirtualServices that share the host count; of such as are not given, the message says so.
 */

import type { EffectiveVirtualService } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { Language } from '../../predicate/language';
import type { Predicate, Subject } from '../../predicate/predicate';
import type { Example } from '../../predicate/solver';
import { within } from '../../predicate/value-set';
import { dataPlaneOf } from '../../proxy/data-plane';
import { httpReadersOf } from '../../proxy/rule-ports';
import { isWildcard } from '../../syntax/hosts';
import { quoteRegex } from '../../syntax/re2';
import type { Check } from '../check';
import { Severity } from '../finding';
import { HostIndex } from '../shared/host-index';
import { type RuleTable, type RuleTables, ruleTablesOf } from '../shared/rule-table';
import { exampleInWords } from '../shared/rule-words';
import { isServedUnread } from '../shared/served-unread';

interface TableEntry {
  readonly table: RuleTable;
  readonly virtualService: EffectiveVirtualService;
}

/** With more VirtualServices than this on one gateway and host, nothing is said. */
const MAX_SHARING = 100;

export const noDefaultRoute: Check = {
  id: 'no-default-route',
  title: 'Requests that no rule takes',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const tables = ruleTablesOf(mesh);
    const index = new HostIndex(tables.tables.map((table) => ({ table, virtualService: table.virtualService })));
    for (const table of tables.tables) {
      const besides = (ref: string) => dataPlaneOf(mesh).gateways.besides(ref);
      const found = tables.examine(table, report, () => escaped(table, tables, index, besides));
      if (found !== undefined) {
        const { virtualService } = table;
        const onGateway = virtualService.boundTo.some((ref) => ref !== MESH_GATEWAY);
        report({
          object: virtualService.object,
          path: 'spec.http',
          message: `No rule takes a request like ${exampleInWords(found, virtualService)}: it gets 404${
            onGateway ? ', unless a VirtualService that is not among the manifests serves the same host' : ''
          }.`,
          help: 'Add a last rule without match, which sends everything else to the default version.',
        });
      }
    }
  },
};

/** A request that a rule would take if it had a certain header, and that no rule takes as it is. */
function escaped(
  table: RuleTable,
  { mesh, reader, solver }: RuleTables,
  index: HostIndex<TableEntry>,
  besides: (ref: string) => readonly string[],
): Example | undefined {
  const { virtualService, rules } = table;
  const own = rules.flatMap(({ matches }) => matches);
  if (!own.some(({ predicate }) => [...predicate.sets.keys()].some(isOptional)) || own.some(isAlways)) {
    return undefined;
  }
  const gateways = virtualService.boundTo.filter((ref) => ref !== MESH_GATEWAY);
  if (gateways.some((ref) => virtualService.hosts.some(({ resolved }) => isServedUnread(mesh, ref, resolved)))) {
    return undefined;
  }
  const shared = gateways
    .flatMap((ref) => besides(ref))
    .flatMap((ref) =>
      virtualService.hosts.flatMap(({ resolved }) => index.overlapping(ref, resolved, 2 * MAX_SHARING)),
    );
  const others = [...new Set(shared.map((entry) => entry.table))].filter((other) => other !== table);
  if (others.length > MAX_SHARING) {
    return undefined;
  }
  const all = [...own, ...others.flatMap((other) => other.rules.flatMap(({ matches }) => matches))];
  const predicates = all.map(({ predicate }) => predicate);
  // Where it is not known which ports there are, an example on a port that no rule names is none: nobody may open it.
  const unknownPort = !table.universe.sets.has('port') && predicates.some(({ sets }) => sets.has('port'));
  const asked = new Set<string>();
  const readers = reader.oneOf(httpReadersOf(mesh, virtualService));
  for (const { predicate } of own) {
    const wider = predicate.dropping(isOptional);
    const key = wider.conditions.map(([subject, set]) => `${subject} ${set.key}`).join('\n');
    if (asked.has(key)) {
      continue;
    }
    asked.add(key);
    if (wider.sets.size < predicate.sets.size && !(unknownPort && !wider.sets.has('port'))) {
      const answer = solver.find(placed(table, wider).and('gateway', readers), predicates);
      if (answer.kind === 'found') {
        return answer.example;
      }
    }
  }
  return undefined;
}

function isAlways({ predicate }: { readonly predicate: Predicate }): boolean {
  return predicate.sets.size === 0;
}

/** What a client may leave out of a request. */
function isOptional(subject: Subject): boolean {
  return /^(?:opaque )?(?:header (?!:)|query |@)/.test(subject);
}

/** Where the authority matters, requests for the first host of the table: one of them is example enough. */
function placed({ universe, virtualService }: RuleTable, predicate: Predicate): Predicate {
  const whole = universe.andAll(predicate);
  const { resolved } = virtualService.hosts[0];
  const authority = isWildcard(resolved)
    ? Language.regex(`[a-z0-9.-]+${quoteRegex(resolved.slice(1))}`)
    : Language.exact(resolved);
  return whole.sets.has('authority') && authority !== undefined ? whole.and('authority', within(authority)) : whole;
}
