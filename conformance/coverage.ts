/*
 * What the compared requests were like, in counts.
 */
import { keyOf } from './cluster';
import { speechOf } from './coverage-speech';
import type { Compared } from './differences';
import type { Match } from './generate/matches';
import type { Manifest, MeshCase } from './manifest';

/** Counts of one kind, such as of outcomes. */
type Counts = Map<string, number>;

export class Coverage {
  private readonly kinds = new Map<string, Counts>();

  public add({ manifests }: MeshCase, compared: readonly Compared[]): void {
    const virtualServices = manifests.filter(({ kind }) => kind === 'VirtualService');
    const rules = new Map(virtualServices.map((manifest) => [keyOf(manifest), manifest]));
    for (const each of compared) {
      this.count('outcome', [each.decision.outcome]);
      this.count('match', matchKinds(each, rules));
      this.count('rule', actionsOf(each, rules));
      this.count('connection', [connectionOf(each)]);
      this.count('speech', speechOf(each, manifests));
      this.count('besides', besides(each));
    }
  }

  /** Of each kind its counts, the greatest first. */
  public entries(): readonly (readonly [kind: string, counts: string])[] {
    return [...this.kinds].map(([kind, counts]) => {
      const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
      return [kind, sorted.map(([name, count]) => `${name} ${count.toLocaleString('en')}`).join(', ')];
    });
  }

  private count(kind: string, names: readonly string[]): void {
    const counts = this.kinds.get(kind) ?? new Map<string, number>();
    this.kinds.set(kind, counts);
    for (const name of names) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
}

interface Rule {
  readonly name?: string;
  readonly match?: readonly Match[];
  readonly route?: readonly { readonly headers?: { readonly response?: object } }[];
  readonly [action: string]: unknown;
}

/** The rule that decided, where one did. */
function ruleOf({ decision }: Compared, rules: ReadonlyMap<string, Manifest>): Rule | undefined {
  const { ruleObject, ruleIndex } = decision;
  if (ruleObject === undefined || ruleIndex === undefined) {
    return undefined;
  }
  const spec = rules.get(keyOf({ metadata: ruleObject }))?.spec as { http?: readonly Rule[] } | undefined;
  return spec?.http?.[ruleIndex] ?? {};
}

/** The kinds of conditions in the rule that decided. */
function matchKinds(compared: Compared, rules: ReadonlyMap<string, Manifest>): readonly string[] {
  const rule = ruleOf(compared, rules);
  if (rule === undefined) {
    return [];
  }
  const kinds = (rule.match ?? []).flatMap((match) => Object.entries(match).flatMap(kindsOfField));
  return kinds.length === 0 ? ['no condition'] : [...new Set(kinds)];
}

/** What the rule that decided does. */
function actionsOf(compared: Compared, rules: ReadonlyMap<string, Manifest>): readonly string[] {
  const { name = '', match = [], route = [], ...actions } = ruleOf(compared, rules) ?? {};
  const done = Object.entries(actions).filter(([, value]) => value !== undefined);
  return [
    ...done.map(([action]) => action),
    ...(route.length > 1 ? ['shares'] : []),
    ...(JSON.stringify(route).toLowerCase().includes('set-cookie') ? ['cookie for a share'] : []),
    ...(JSON.stringify(match).includes('-version=') ? ['stays by its cookie'] : []),
    ...(name.startsWith('lane-') ? [name.endsWith('-entry') ? 'entry of a lane' : 'lane'] : []),
  ];
}

const BY_NAME = new Set(['headers', 'withoutHeaders', 'queryParams']);

function kindsOfField([field, value]: [string, unknown]): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [field];
  }
  if (BY_NAME.has(field)) {
    return Object.values(value).map((each: object) => `${field} ${Object.keys(each)[0] ?? 'present'}`);
  }
  return field === 'sourceLabels' ? [field] : [`${field} ${Object.keys(value)[0] ?? 'present'}`];
}

function connectionOf({ ask, decision, seen }: Compared): string {
  const received = seen.kind === 'http' ? seen.received : undefined;
  const end = decision.outcome === 'TCP_FORWARD' ? ' as bytes' : received?.sni === undefined ? '' : ' to TLS';
  return `${ask.scheme}${end}`;
}

function besides({ ask, decision, seen }: Compared): readonly string[] {
  if (seen.kind !== 'http') {
    return [];
  }
  return [
    ...(decision.destinations.length > 1 ? ['weighted'] : []),
    ...(decision.outcome === 'TCP_FORWARD' && decision.virtualService !== undefined ? ['by a rule for bytes'] : []),
    ...((seen.attempts ?? 0) > 1 ? ['retried'] : []),
    ...(seen.status === 504 ? ['timed out'] : []),
    ...((seen.copies?.length ?? 0) > 0 ? ['mirrored'] : []),
    ...(ask.scheme === 'https' && !ask.authority.toLowerCase().startsWith(ask.connectHost) ? ['host unlike SNI'] : []),
  ];
}
