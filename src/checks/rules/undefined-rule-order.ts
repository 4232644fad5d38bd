/*
 * VirtualServices that share a host on a gateway. Istio puts their rules into one list, the older VirtualService first, so that
 * where two rules overlap, the time at which the objects were created decides: not the same in two clusters, nor after a restore.
 *
 * A warning, one for each two VirtualServices, with a request that both would take and treat differently. Rules for all
 * requests go behind the others in any case, so they only clash with each other. Nothing is said where the time of creation of
 * both is given, as in what `kubectl get` prints.
 */

import { nameOf } from '../../manifests/object';
import type { EffectiveVirtualService, MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { meetAsEquals } from '../../model/precedence';
import { isCatchAll } from '../../predicate/match/conditions';
import type { Example } from '../../predicate/solver';
import { httpPortsFor } from '../../proxy/bound-servers';
import type { Check } from '../check';
import { Severity } from '../finding';
import { HostIndex } from '../shared/host-index';
import { type RuleMatch, type RuleTable, type RuleTables, ruleTablesOf } from '../shared/rule-table';
import { actionInWords, exampleInWords, matchInWords } from '../shared/rule-words';

interface TableEntry {
  readonly table: RuleTable;
  readonly virtualService: EffectiveVirtualService;
}

interface Clash {
  readonly one: RuleMatch;
  readonly other: RuleMatch;
  readonly example: Example;
}

/** So many pairs of matches are compared for one VirtualService, and in all. */
const MAX_PAIRS = 300;
const MAX_PAIRS_IN_ALL = 50_000;

export const undefinedRuleOrder: Check = {
  id: 'undefined-rule-order',
  title: 'Rules whose order depends on which object is older',
  severity: Severity.WARNING,
  istio: [],
  kiali: ['KIA1106'],
  run(mesh, report) {
    const tables = ruleTablesOf(mesh);
    const index = new HostIndex<TableEntry>();
    let leftInAll = MAX_PAIRS_IN_ALL;
    for (const table of tables.tables) {
      const entry = { table, virtualService: table.virtualService };
      const most = Math.min(MAX_PAIRS, leftInAll);
      const budget = { left: most };
      for (const earlier of sharing(mesh, entry, index)) {
        if (budget.left <= 0) {
          break;
        }
        const clash = tables.examine(table, report, () => clashOf(earlier.table, table, tables, budget));
        if (clash !== undefined && meetAsEquals(earlier.virtualService, table.virtualService)) {
          const { object } = table.virtualService;
          const { one, other, example } = clash;
          report({
            object,
            path: other.rule.route.object === object ? other.path : 'spec.http',
            message: `${nameOf(one.object)} has the same host on the same gateway, and its rule ${one.path} (${matchInWords(one.match)}) overlaps with this one (${matchInWords(other.match)}). The rule of the older object wins, so a request like ${exampleInWords(example, table.virtualService)} is ${actionInWords(one.rule.route)}, or ${actionInWords(other.rule.route)}; the manifests do not say which.`,
            help: 'Put the rules into one VirtualService, which keeps them in the written order, or make the matches exclude each other.',
          });
        }
      }
      leftInAll -= most - Math.max(0, budget.left);
      index.add(entry);
    }
  },
};

/** The VirtualServices before this one that share a host with it on some gateway. */
function sharing(mesh: MeshModel, { virtualService }: TableEntry, index: HostIndex<TableEntry>): readonly TableEntry[] {
  const found = virtualService.boundTo
    .filter((ref) => ref !== MESH_GATEWAY)
    .flatMap((ref) => virtualService.hosts.flatMap(({ resolved }) => index.same(ref, resolved).slice(0, MAX_PAIRS)));
  return [...new Set(found)].filter(
    (other) =>
      (virtualService.object.created === undefined || other.virtualService.object.created === undefined) &&
      gatewaysOfBoth(mesh, virtualService, other.virtualService).length > 0,
  );
}

/** The gateways that put the rules of both into one list: those that serve one host to both on one port. */
function gatewaysOfBoth(
  mesh: MeshModel,
  one: EffectiveVirtualService,
  other: EffectiveVirtualService,
): readonly string[] {
  const shared = one.hosts.flatMap((host) =>
    other.hosts
      .filter(({ resolved }) => resolved.toLowerCase() === host.resolved.toLowerCase())
      .map(({ resolved }) => [host.resolved, resolved]),
  );
  return one.boundTo.filter((ref) => {
    if (ref === MESH_GATEWAY || !other.boundTo.includes(ref)) {
      return false;
    }
    const gateway = mesh.gateway(ref);
    return (
      gateway === undefined ||
      shared.some(([first, second]) => {
        const ports = httpPortsFor(gateway, second, other.object.namespace);
        return httpPortsFor(gateway, first, one.object.namespace).some((port) => ports.includes(port));
      })
    );
  });
}

/** Two rules that would treat one request differently. */
function clashOf(a: RuleTable, b: RuleTable, tables: RuleTables, budget: { left: number }): Clash | undefined {
  const shared = gatewaysOfBoth(tables.mesh, a.virtualService, b.virtualService);
  for (const other of b.rules.flatMap(({ matches }) => matches)) {
    for (const one of a.rules.flatMap(({ matches }) => matches)) {
      if (budget.left-- <= 0) {
        return undefined;
      }
      if (
        isCatchAll(one.match) !== isCatchAll(other.match) ||
        tables.actionOf(one.rule.route) === tables.actionOf(other.rule.route)
      ) {
        continue;
      }
      const both = a.universe
        .andAll(b.universe)
        .andAll(one.predicate)
        .andAll(other.predicate)
        .and('gateway', tables.reader.oneOf(shared));
      const answer = tables.solver.find(both);
      if (answer.kind === 'found') {
        return { one, other, example: answer.example };
      }
    }
  }
  return undefined;
}
