/*
 * DestinationRule: the subsets of a host.
 */

import type { Node, StringMap } from '../manifests/node';
import type { MeshObject } from '../manifests/object';
import { type ByPort, readByPort } from './by-port';
import { type ClientTls, readClientTls } from './client-tls';
import { resolveHost } from './naming';
import { type HttpChoice, readHttpChoice } from './upstream-http';

export interface Subset {
  readonly object: MeshObject;
  readonly path: string;
  readonly name: string;
  readonly labels: StringMap;
  readonly http?: ByPort<HttpChoice>;
  readonly tls?: ByPort<ClientTls>;
}

export interface DestinationRule {
  readonly object: MeshObject;
  readonly writtenHost: string;
  readonly host: string;
  readonly exportTo: readonly string[];
  readonly subsets: readonly Subset[];
  readonly hasTrafficPolicy: boolean;
  readonly http?: ByPort<HttpChoice>;
  readonly tls?: ByPort<ClientTls>;
  /** Pods of its own namespace to which the rule is limited; absent for all. */
  readonly workloadSelector?: StringMap;
}

/** All DestinationRules that Istio merged for one host, as one client sees them. */
export interface MergedDestinationRule {
  readonly host: string;
  readonly rules: readonly DestinationRule[];
  readonly subsets: ReadonlyMap<string, Subset>;
  /** Those of the first rule with a traffic policy. */
  readonly http?: ByPort<HttpChoice>;
  readonly tls?: ByPort<ClientTls>;
  /** Whether it says anything of TLS, for whatever port or subset. */
  readonly hasTls: boolean;
}

export function readDestinationRule(object: MeshObject, clusterDomain: string): DestinationRule {
  const readTls = (settings: Node) => readClientTls(object, settings);
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
        http: readByPort(node.get('trafficPolicy'), readHttpChoice),
        tls: readByPort(node.get('trafficPolicy'), readTls),
      })),
    hasTrafficPolicy: spec.get('trafficPolicy').present,
    http: readByPort(spec.get('trafficPolicy'), readHttpChoice),
    tls: readByPort(spec.get('trafficPolicy'), readTls),
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
  const { http, tls } = rules.find(({ hasTrafficPolicy }) => hasTrafficPolicy) ?? {};
  const hasTls = [tls, ...[...subsets.values()].map((subset) => subset.tls)].some(
    (each) => each?.all !== undefined || [...(each?.byPort.values() ?? [])].some((setting) => setting !== undefined),
  );
  return { host: rules[0].host, rules, subsets, http, tls, hasTls };
}
