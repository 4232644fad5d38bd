/*
 * The http rules of every VirtualService as predicates, in the order in which a proxy tries them; made once for all checks.
 */

import type { MeshObject } from '../../manifests/object';
import type { HttpMatch, HttpRoute } from '../../model/http-route';
import type { EffectiveVirtualService, MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { perMesh } from '../../model/per-mesh';
import { MatchReader } from '../../predicate/http-match';
import { Language } from '../../predicate/language';
import { isConfigTime } from '../../predicate/match/origin';
import { HOLDS, opaque, Predicate, type Subject } from '../../predicate/predicate';
import { Solver } from '../../predicate/solver';
import { within } from '../../predicate/value-set';
import { rulePorts } from '../../proxy/rule-ports';
import { isWildcard } from '../../syntax/hosts';
import { quoteRegex } from '../../syntax/re2';
import type { Report } from '../check';
import { Severity } from '../finding';
import { damageIn, isWithin } from './unreadable';

/** One item of a rule's `match`; of a rule that has none, the rule itself. */
export interface RuleMatch {
  readonly rule: Rule;
  readonly object: MeshObject;
  readonly path: string;
  readonly match?: HttpMatch;
  readonly predicate: Predicate;
}

export interface Rule {
  readonly table: RuleTable;
  readonly route: HttpRoute;
  readonly matches: readonly RuleMatch[];
}

export interface RuleTable {
  readonly virtualService: EffectiveVirtualService;
  /** What holds for every request that comes to this table at all. */
  readonly universe: Predicate;
  readonly rules: readonly Rule[];
}

export class RuleTables {
  public readonly solver = new Solver();
  public readonly reader = new MatchReader();
  public readonly tables: readonly RuleTable[];

  private readonly actions = new Map<HttpRoute, string>();
  private readonly unfinished = new Set<MeshObject>();

  public constructor(public readonly mesh: MeshModel) {
    this.tables = mesh.effectiveVirtualServices.map((virtualService) => tableOf(mesh, virtualService, this.reader));
  }

  /** What `ask` finds out about a table. Where its rules are too dear to compare, that is said, once for each VirtualService. */
  public examine<T>({ virtualService: { object } }: RuleTable, report: Report, ask: () => T): T {
    const { answer, isComplete } = this.solver.bounded(ask);
    if (!isComplete && !this.unfinished.has(object)) {
      this.unfinished.add(object);
      report({
        object,
        path: 'spec.http',
        severity: Severity.INFO,
        istio: [],
        kiali: [],
        message:
          'Not all rules of this VirtualService could be compared: its patterns are too many or too large, so the comparison stopped after a fixed number of steps. The checks may have missed a rule that no request reaches, or a request that no rule takes.',
        help: "Where possible, write 'exact' or 'prefix' instead of a regex, or put alternatives into fewer, simpler patterns.",
      });
    }
    return answer;
  }

  /** Equal for rules that do the same with a request. */
  public actionOf(route: HttpRoute): string {
    let action = this.actions.get(route);
    if (action === undefined) {
      action = JSON.stringify(route, (key, value) => {
        if (NOT_ACTION.has(key)) {
          return undefined;
        }
        return value instanceof Map ? [...value] : value;
      });
      this.actions.set(route, action);
    }
    return action;
  }
}

/** Fields of a rule that say where it stands and what it matches, not what it does. */
const NOT_ACTION = new Set(['path', 'object', 'index', 'name', 'match', 'writtenHost']);

export const ruleTablesOf = perMesh((mesh) => new RuleTables(mesh));

function tableOf(mesh: MeshModel, virtualService: EffectiveVirtualService, reader: MatchReader): RuleTable {
  const rules: Rule[] = [];
  const table = { virtualService, rules, universe: Predicate.ALWAYS };
  for (const route of virtualService.http) {
    const matches: RuleMatch[] = [];
    const rule = { table, route, matches };
    matches.push(...matchesOf(mesh, rule, reader));
    rules.push(rule);
  }
  table.universe = universeOf(mesh, virtualService, rules, reader);
  return table;
}

/** A match that cannot be read all through is one that may hold or not, and so is what is left of one that cannot be read at all. */
function matchesOf(mesh: MeshModel, rule: Rule, reader: MatchReader): readonly RuleMatch[] {
  const { object, path, match } = rule.route;
  const damage = damageIn(mesh, object, `${path}.match`);
  const lost = damage.filter((place) => !match.some((one) => isWithin(place, one.path)));
  const whole = { rule, object, path };
  if (match.length + lost.length === 0) {
    return [{ ...whole, predicate: Predicate.ALWAYS }];
  }
  const read = match.map((one) => ({
    rule,
    object: one.object,
    path: one.path,
    match: one,
    predicate: predicateOf(mesh, one, reader),
  }));
  return [
    ...read,
    ...lost.map((place) => ({ ...whole, predicate: Predicate.ALWAYS.and(opaque(`${object.name} ${place}`), HOLDS) })),
  ];
}

function predicateOf(mesh: MeshModel, match: HttpMatch, reader: MatchReader): Predicate {
  const known = reader.predicate(match);
  const [place] = damageIn(mesh, match.object, match.path);
  return place === undefined ? known : known.and(opaque(`${match.object.name} ${place}`), HOLDS);
}

function universeOf(
  mesh: MeshModel,
  virtualService: EffectiveVirtualService,
  rules: readonly Rule[],
  reader: MatchReader,
): Predicate {
  const { boundTo, hosts } = virtualService;
  const ports = asksFor('port', rules) ? portsOf(mesh, virtualService) : undefined;
  const anyPort = Predicate.ALWAYS.and('gateway', reader.oneOf(boundTo));
  const gateways = ports === undefined ? anyPort : anyPort.and('port', reader.oneOf(ports.map(String)));
  if (!asksFor('authority', rules)) {
    return gateways;
  }
  // Inside the mesh, a service is also called by its short names and its addresses.
  const names = boundTo.includes(MESH_GATEWAY) ? undefined : hostLanguage(hosts.map(({ resolved }) => resolved));
  return names === undefined ? gateways : gateways.and('authority', within(names));
}

/** Undefined where not all are known. */
function portsOf(mesh: MeshModel, virtualService: EffectiveVirtualService): readonly number[] | undefined {
  const ports = virtualService.boundTo.map((ref) => rulePorts(mesh, virtualService, ref));
  return ports.some((each) => each === undefined || each.length === 0)
    ? undefined
    : [...new Set(ports.flatMap((each) => each ?? []))];
}

function asksFor(subject: Subject, rules: readonly Rule[]): boolean {
  return rules.some(({ matches }) => matches.some(({ predicate }) => predicate.sets.has(subject)));
}

/** Above this many, hosts are not looked at one by one. */
const MAX_HOSTS = 20;

/** What a client can send as the authority to reach one of the hosts on a gateway: in any case, with or without a port. */
function hostLanguage(hosts: readonly string[]): Language | undefined {
  if (hosts.length === 0 || hosts.length > MAX_HOSTS || hosts.includes('*')) {
    return undefined;
  }
  const names = hosts.map((host) => (isWildcard(host) ? `.+${quoteRegex(host.slice(1))}` : quoteRegex(host)));
  return Language.regex(`(?i:${names.join('|')})\\.?(?::[0-9]+)?`);
}

/** What a match asks of the request itself, whatever proxy gets it. */
export function requestPredicateOf(match: HttpMatch, { mesh, reader }: RuleTables): Predicate {
  return predicateOf(mesh, match, reader).dropping(isConfigTime);
}
