/*
 * Which DestinationRules are in force for a client, and how several for one host become one (`setDestinationRules`,
 * `mergeDestinationRule`, `PushContext.destinationRule`).
 */

import type { StringMap } from '../manifests/node';
import { inIstioOrder } from '../manifests/object';
import { mostSpecific } from '../syntax/hosts';
import { type DestinationRule, type MergedDestinationRule, mergeDestinationRules } from './destination-rule';
import { sameLabels, selects } from './workload';

/** Rules of one host that Istio has made into one. Who sees it, and for whom it is, only the first of them says. */
interface Kept {
  readonly exportTo: ReadonlySet<string>;
  readonly rules: DestinationRule[];
}

/** By host. */
type RulesByHost = Map<string, Kept[]>;

/** A client that asks. Without labels, rules for some workloads only do not count. */
interface RuleClient {
  readonly namespace: string;
  readonly labels?: StringMap;
}

const NO_RULES: ReadonlyMap<string, readonly Kept[]> = new Map();

export class DestinationRuleIndex {
  /** Those that clients of the same namespace find, by namespace. */
  private readonly atHome = new Map<string, RulesByHost>();
  /** Those for clients of other namespaces, by namespace of the rules. */
  private readonly exported = new Map<string, RulesByHost>();
  /** The root namespace's own; its others are meant as defaults for all. */
  private readonly ofRoot: RulesByHost = new Map();
  private readonly merged = new Map<Kept, MergedDestinationRule>();

  public constructor(
    rules: readonly DestinationRule[],
    private readonly rootNamespace: string,
    /** Whether what does not say to whom it is exported is for its own namespace. */
    isPrivateByDefault: boolean,
  ) {
    for (const rule of [...rules].sort(inRuleOrder)) {
      const exportTo = exportToOf(rule);
      const { namespace } = rule.object;
      if (exportTo.size === 0 || ['*', '.', namespace].some((scope) => exportTo.has(scope))) {
        add(of(this.atHome, namespace), rule, exportTo);
      }
      const isPrivate =
        exportTo.size === 0
          ? isPrivateByDefault
          : exportTo.size === 1 && (exportTo.has('.') || exportTo.has(namespace));
      if (!isPrivate) {
        add(of(this.exported, namespace), rule, exportTo);
      } else if (namespace === rootNamespace) {
        add(this.ofRoot, rule, exportTo);
      }
    }
  }

  /** Of the client's namespace, else exported by the service's namespace, else by the root namespace. */
  public find(host: string, serviceNamespace: string, client: RuleClient): MergedDestinationRule | undefined {
    const { namespace } = client;
    const home = namespace === this.rootNamespace ? this.ofRoot : (this.atHome.get(namespace) ?? NO_RULES);
    const kept =
      mostSpecific(host, home) ??
      this.exportedTo(namespace, host, serviceNamespace) ??
      this.exportedTo(namespace, host, this.rootNamespace) ??
      [];
    const chosen = choose(kept, client);
    return chosen && this.merge(chosen);
  }

  /** What is exported to the client among the rules of the most specific host; others that it sees do not stand in. */
  private exportedTo(client: string, host: string, owner: string): readonly Kept[] | undefined {
    const kept = mostSpecific(host, this.exported.get(owner) ?? NO_RULES) ?? [];
    const visible = kept.filter(({ exportTo }) => exportTo.size === 0 || exportTo.has('*') || exportTo.has(client));
    return visible.length === 0 ? undefined : visible;
  }

  private merge(kept: Kept): MergedDestinationRule {
    let merged = this.merged.get(kept);
    if (merged === undefined) {
      merged = mergeDestinationRules(kept.rules);
      this.merged.set(kept, merged);
    }
    return merged;
  }
}

/** Those for some workloads before those for all; then as everywhere. */
function inRuleOrder(a: DestinationRule, b: DestinationRule): number {
  const byScope = Number(a.workloadSelector === undefined) - Number(b.workloadSelector === undefined);
  return byScope || inIstioOrder(a.object, b.object);
}

/** A rule for some workloads only stays in its namespace. */
function exportToOf({ exportTo, workloadSelector }: DestinationRule): ReadonlySet<string> {
  return new Set(workloadSelector === undefined ? exportTo : ['.']);
}

/**
 * Adds a rule to all that are exported to the same namespaces, or to fewer of them, and that are for the same workloads. It
 * stands on its own too where the last one with which it was compared did not take it.
 */
function add(byHost: RulesByHost, rule: DestinationRule, exportTo: ReadonlySet<string>): void {
  const kept = byHost.get(rule.host) ?? [];
  byHost.set(rule.host, kept);
  let apart = true;
  for (const other of kept) {
    const includes = [...other.exportTo].every((scope) => exportTo.has(scope));
    const same = includes && other.exportTo.size === exportTo.size;
    const [selector, otherSelector] = [rule.workloadSelector, other.rules[0].workloadSelector];
    const isComparable = same || (includes && other.exportTo.size > 0);
    if (
      !isComparable ||
      (selector !== undefined && otherSelector !== undefined && !sameLabels(selector, otherSelector))
    ) {
      apart = true;
      continue;
    }
    apart = !same && (selector === undefined) !== (otherSelector === undefined);
    other.rules.push(rule);
  }
  if (apart) {
    kept.push({ exportTo, rules: [rule] });
  }
}

/** The first rule that is for the client's workload in particular, else the last of those for all. */
function choose(kept: readonly Kept[], { labels, namespace }: RuleClient): Kept | undefined {
  const particular = kept.find(({ rules: [{ object, workloadSelector }] }) => {
    return (
      workloadSelector !== undefined &&
      labels !== undefined &&
      object.namespace === namespace &&
      selects(workloadSelector, labels)
    );
  });
  return particular ?? kept.filter(({ rules }) => rules[0].workloadSelector === undefined).at(-1);
}

function of(byNamespace: Map<string, RulesByHost>, namespace: string): RulesByHost {
  const known = byNamespace.get(namespace) ?? new Map();
  byNamespace.set(namespace, known);
  return known;
}
