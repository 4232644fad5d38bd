/*
 * DestinationRule: the subsets of a host.
 */

import type { StringMap } from '../manifests/node';
import type { MeshObject } from '../manifests/object';
import { resolveHost } from './naming';
import { type HttpPolicy, readHttpPolicy } from './upstream-http';

export interface Subset {
  readonly object: MeshObject;
  readonly path: string;
  readonly name: string;
  readonly labels: StringMap;
  readonly http?: HttpPolicy;
}

export interface DestinationRule {
  readonly object: MeshObject;
  readonly writtenHost: string;
  readonly host: string;
  readonly exportTo: readonly string[];
  readonly subsets: readonly Subset[];
  readonly hasTrafficPolicy: boolean;
  readonly http?: HttpPolicy;
  /** Pods of its own namespace to which the rule is limited; absent for all. */
  readonly workloadSelector?: StringMap;
}

/** All DestinationRules that Istio merged for one host, as one client sees them. */
export interface MergedDestinationRule {
  readonly host: string;
  readonly rules: readonly DestinationRule[];
  readonly subsets: ReadonlyMap<string, Subset>;
  /** That of the first rule with a traffic policy. */
  readonly http?: HttpPolicy;
}

export function readDestinationRule(object: MeshObject, clusterDomain: string): DestinationRule {
  const spec = object.node.get('spec');
  const selector = spec.get('workloadSelector');
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
        http: readHttpPolicy(node.get('trafficPolicy')),
      })),
    hasTrafficPolicy: spec.get('trafficPolicy').present,
    http: readHttpPolicy(spec.get('trafficPolicy')),
    workloadSelector: selector.present ? selector.get('matchLabels').stringMap() : undefined,
  };
}

/** Rules of one host, in Istio's order, as one: the first subset of a name counts. */
export function mergeDestinationRules(rules: readonly DestinationRule[]): MergedDestinationRule {
  const subsets = new Map<string, Subset>();
  for (const subset of rules.flatMap((rule) => rule.subsets)) {
    if (!subsets.has(subset.name)) {
      subsets.set(subset.name, subset);
    }
  }
  return { host: rules[0].host, rules, subsets, http: rules.find(({ http }) => http !== undefined)?.http };
}
