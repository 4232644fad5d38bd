/*
 * DestinationRule: the subsets of a host, and how several rules for one host become one.
 */
import { resolveHost } from './naming';
import type { StringMap } from './node';
import type { MeshObject } from './object';

export interface Subset {
  readonly object: MeshObject;
  readonly path: string;
  readonly name: string;
  readonly labels: StringMap;
}

export interface DestinationRule {
  readonly object: MeshObject;
  readonly writtenHost: string;
  readonly host: string;
  readonly exportTo: readonly string[];
  readonly subsets: readonly Subset[];
  readonly hasTrafficPolicy: boolean;
  /** Pods of its own namespace to which the rule is limited; empty for all. */
  readonly workloadSelector: StringMap;
}

/** All DestinationRules that Istio merged for one host, as one client sees them. */
export interface MergedDestinationRule {
  readonly host: string;
  readonly rules: readonly DestinationRule[];
  readonly subsets: ReadonlyMap<string, Subset>;
}

export function readDestinationRule(object: MeshObject, clusterDomain: string): DestinationRule {
  const spec = object.node.get('spec');
  const writtenHost = spec.get('host').string() ?? '';
  return {
    object,
    writtenHost,
    host: resolveHost(writtenHost, object.namespace, clusterDomain),
    exportTo: spec.get('exportTo').strings(),
    subsets: spec
      .get('subsets')
      .maps()
      .map((node) => ({
        object,
        path: node.path,
        name: node.get('name').string() ?? '',
        labels: node.get('labels').stringMap(),
      })),
    hasTrafficPolicy: spec.get('trafficPolicy').present,
    workloadSelector: spec.get('workloadSelector').get('matchLabels').stringMap(),
  };
}

interface Kept {
  readonly exportTo: ReadonlySet<string>;
  readonly rules: DestinationRule[];
}

/**
 * Of the rules of one host, in Istio's order, those in force for a client. Istio merges a rule into those that are exported to
 * the same namespaces or to fewer of them, keeps it apart from the others, and the last kept one that the client sees counts.
 * Whether it is kept apart is decided by the last one it was compared with (`mergeDestinationRule`).
 */
export function rulesInForce(
  rules: readonly DestinationRule[],
  isVisible: (rule: DestinationRule) => boolean,
): readonly DestinationRule[] | undefined {
  const kept: Kept[] = [];
  for (const rule of rules) {
    const exportTo = new Set(rule.exportTo);
    let apart = true;
    for (const other of kept) {
      const includes = [...other.exportTo].every((scope) => exportTo.has(scope));
      apart = !(includes && other.exportTo.size === exportTo.size);
      if (!apart || (includes && other.exportTo.size > 0)) {
        other.rules.push(rule);
      }
    }
    if (apart) {
      kept.push({ exportTo, rules: [rule] });
    }
  }
  return kept.filter((each) => isVisible(each.rules[0])).at(-1)?.rules;
}

/** Rules of one host, in Istio's order, as one: the first subset of a name counts. */
export function mergeDestinationRules(rules: readonly DestinationRule[]): MergedDestinationRule {
  const subsets = new Map<string, Subset>();
  for (const subset of rules.flatMap((rule) => rule.subsets)) {
    if (!subsets.has(subset.name)) {
      subsets.set(subset.name, subset);
    }
  }
  return { host: rules[0].host, rules, subsets };
}
