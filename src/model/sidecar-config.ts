/*
 * Sidecar: which services and VirtualServices the proxies of some workloads know, and what they do with all else.
 */

import type { StringMap } from '../manifests/node';
import type { MeshObject } from '../manifests/object';
import { hostsOverlap, isSubsetOf, isWildcard } from '../syntax/hosts';
import { selects } from './workload';

export interface SidecarConfig {
  readonly object: MeshObject;
  /** Pods of its own namespace to which it is limited; absent for all. */
  readonly workloadSelector?: StringMap;
  /** What is imported, as `namespace/host`; absent when nothing is written, which imports all. */
  readonly egressHosts?: readonly string[];
  /** Whether some egress listener has a port, an address or a way of capture of its own. */
  readonly hasOwnListeners: boolean;
  /** What it says about unknown hosts: a mode of Istio's; absent for what the whole mesh does. */
  readonly outboundMode?: string;
  /** Whether unknown hosts go to a proxy that it names. */
  readonly hasEgressProxy: boolean;
}

export function readSidecarConfig(object: MeshObject): SidecarConfig {
  const spec = object.node.get('spec');
  const selector = spec.get('workloadSelector');
  const egress = spec.get('egress').maps();
  const policy = spec.get('outboundTrafficPolicy');
  return {
    object,
    workloadSelector: selector.present ? selector.get('labels').stringMap() : undefined,
    egressHosts: egress.length === 0 ? undefined : egress.flatMap((listener) => listener.get('hosts').strings()),
    hasOwnListeners: egress.some((listener) =>
      ['port', 'bind', 'captureMode'].some((key) => listener.get(key).present),
    ),
    outboundMode: policy.present ? (policy.get('mode').text() ?? 'REGISTRY_ONLY') : undefined,
    hasEgressProxy: policy.get('egressProxy').present,
  };
}

/**
 * The one in force for a workload: one that selects it, else its namespace's, else the root namespace's; the oldest of each.
 *
 * @param configs in Istio's order
 */
export function sidecarConfigFor(
  configs: readonly SidecarConfig[],
  namespace: string,
  labels: StringMap,
  rootNamespace: string,
): SidecarConfig | undefined {
  const own = configs.filter(({ object }) => object.namespace === namespace);
  const forAll = (each: SidecarConfig) => each.workloadSelector === undefined;
  return (
    own.find(({ workloadSelector }) => workloadSelector !== undefined && selects(workloadSelector, labels)) ??
    own.find(forAll) ??
    configs.find((each) => each.object.namespace === rootNamespace && forAll(each))
  );
}

/** Host patterns of one namespace, or of all. */
interface Imports {
  readonly hosts: string[];
  readonly excluded: string[];
}

const ANY_NAMESPACE = '*';

/** What the egress hosts of a Sidecar import (`convertIstioListenerToWrapper`). */
export class EgressImports {
  /** Whether each pattern is one host of one namespace, which Istio looks up in place of going through all services. */
  public readonly isExact: boolean;
  private readonly byNamespace = new Map<string, Imports>();

  /** @param namespace that of the workload, for which `.` stands */
  public constructor(egressHosts: readonly string[], namespace: string) {
    for (const written of egressHosts) {
      const [scope, host, ...more] = written.split('/');
      if (host !== undefined && more.length === 0) {
        const isExclusion = scope.startsWith('~');
        const named = isExclusion ? scope.slice(1) || ANY_NAMESPACE : scope;
        const imports = this.of(named === '.' ? namespace : named);
        (isExclusion ? imports.excluded : imports.hosts).push(host);
      }
    }
    this.isExact = [...this.byNamespace].every(
      ([scope, { hosts }]) => hosts.length === 0 || (scope !== ANY_NAMESPACE && !hosts.some(isWildcard)),
    );
  }

  public hasService(host: string, namespace: string): boolean {
    return !this.isExcluded(host, namespace) && this.matching(namespace, (pattern) => isSubsetOf(host, pattern));
  }

  /** Another name of an imported service is imported by the same patterns, not by those of its own namespace. */
  public hasAlias(alias: string, host: string, namespace: string): boolean {
    const patterns = [namespace, ANY_NAMESPACE].map((scope) => this.byNamespace.get(scope)?.hosts ?? []);
    const importing = patterns.find((each) => each.some((pattern) => isSubsetOf(host, pattern)));
    return importing?.some((pattern) => isSubsetOf(alias, pattern)) ?? false;
  }

  /** A VirtualService is imported by any of its hosts, where a pattern and the host need only overlap. */
  public hasVirtualService(hosts: readonly string[], namespace: string): boolean {
    return hosts.some(
      (host) => !this.isExcluded(host, namespace) && this.matching(namespace, (pattern) => hostsOverlap(pattern, host)),
    );
  }

  private matching(namespace: string, accepts: (pattern: string) => boolean): boolean {
    return [namespace, ANY_NAMESPACE].some((scope) => this.byNamespace.get(scope)?.hosts.some(accepts));
  }

  private isExcluded(host: string, namespace: string): boolean {
    return [namespace, ANY_NAMESPACE].some((scope) =>
      this.byNamespace.get(scope)?.excluded.some((pattern) => isSubsetOf(host, pattern)),
    );
  }

  private of(namespace: string): Imports {
    const known = this.byNamespace.get(namespace) ?? { hosts: [], excluded: [] };
    this.byNamespace.set(namespace, known);
    return known;
  }
}
