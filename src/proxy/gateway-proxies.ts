/*
 * Which gateway proxies there are. A Gateway object applies to pods by label; where the manifests do not contain these pods,
 * the labels that the two usual installations give them are assumed.
 */

import { EMPTY_MAP, type StringMap } from '../manifests/node';
import type { Gateway } from '../model/gateway';
import { isGatewayWorkload } from '../model/gateway-pods';
import type { MeshModel } from '../model/model';
import type { RegistryService } from '../model/registry';
import { sameLabels, selects, type Workload } from '../model/workload';
import { groupBy } from '../syntax/grouping';
import { labelsOf } from '../syntax/wording';

export interface GatewayProxy {
  readonly labels: StringMap;
  readonly namespace: string;
  /** The pods, where the manifests contain them. */
  readonly workload?: Workload;
  /** For people. */
  readonly name: string;
}

/** Pods of a gateway, as a request or a question gives them. */
interface GatewayDescription {
  readonly gatewayLabels?: { readonly [key: string]: string };
  readonly gatewayNamespace?: string;
}

export class GatewayProxies {
  /** Workloads that are gateways beyond doubt: Istio's proxy is a container of their own. */
  public readonly pods: readonly Workload[];
  /** The proxies to which some Gateway applies. */
  public readonly all: readonly GatewayProxy[];

  /** Each is found by one of its labels; by '' if it has none. */
  private readonly byLabel: ReadonlyMap<string, readonly { readonly gateway: Gateway; readonly rank: number }[]>;
  private bare?: readonly GatewayProxy[];
  /** By selector. */
  private readonly mixed = new Map<string, readonly string[]>();
  private readonly described = new Map<string, readonly GatewayProxy[]>();

  public constructor(private readonly model: MeshModel) {
    this.pods = model.workloads.filter(isGatewayWorkload);
    this.byLabel = groupBy(
      model.gateways.map((gateway, rank) => ({ gateway, rank })),
      ({ gateway }) => labelsOf(new Map([...gateway.selector].slice(0, 1))),
    );
    const selective = model.gateways.filter((gateway) => gateway.selector.size > 0);
    const found = model.workloads
      .filter((workload) => selective.some((gateway) => selects(gateway.selector, workload.podLabels)))
      .map((workload) => this.ofWorkload(workload));
    const orphans = selective.filter((gateway) => !found.some(({ labels }) => selects(gateway.selector, labels)));
    const assumed = this.assume(orphans);
    const proxies = [...found, ...assumed];
    this.all = proxies.length > 0 || model.gateways.length === 0 ? proxies : [this.ofLabels(EMPTY_MAP)];
  }

  /** The proxies that somebody means who gives labels of pods, their namespace, both or nothing. */
  public meantBy({ gatewayLabels, gatewayNamespace }: GatewayDescription): readonly GatewayProxy[] {
    if (gatewayLabels == null && gatewayNamespace == null) {
      return this.all;
    }
    const key = JSON.stringify([gatewayLabels, gatewayNamespace]);
    let found = this.described.get(key);
    if (found === undefined) {
      found = this.describe(gatewayLabels ?? undefined, gatewayNamespace ?? undefined);
      this.described.set(key, found);
    }
    return found;
  }

  private describe(
    labels: GatewayDescription['gatewayLabels'],
    namespace: string | undefined,
  ): readonly GatewayProxy[] {
    const known = this.all.filter(
      (proxy) => proxy.workload !== undefined && proxy.namespace === (namespace ?? proxy.namespace),
    );
    if (labels !== undefined) {
      const map: StringMap = new Map(Object.entries(labels));
      return [known.find((proxy) => sameLabels(proxy.labels, map)) ?? this.ofLabels(map, namespace)];
    }
    return known.length > 0 ? known : this.all.map((proxy) => this.ofLabels(proxy.labels, namespace));
  }

  /** For each selector that a Gateway has, pods with no other labels: what is so for them is so whatever the Gateway's pods are. */
  public get ofSelectors(): readonly GatewayProxy[] {
    this.bare ??= [
      ...new Map(
        this.model.gateways.map(({ selector }) => [labelsOf(new Map([...selector].sort())), this.ofLabels(selector)]),
      ).values(),
    ];
    return this.bare;
  }

  /** The Gateways that apply to a proxy, in Istio's order. One without selector applies to all. */
  public gatewaysOf({ labels }: GatewayProxy): readonly Gateway[] {
    const keys = ['', ...[...labels].map((label) => labelsOf(new Map([label])))];
    return keys
      .flatMap((key) => this.byLabel.get(key) ?? [])
      .filter(({ gateway }) => selects(gateway.selector, labels))
      .sort((a, b) => a.rank - b.rank)
      .map(({ gateway }) => gateway);
  }

  /** The Gateways, by name, that some pod may have together with one, itself included: Istio mixes their servers. */
  public besides(ref: string): readonly string[] {
    const gateway = this.model.gateway(ref);
    if (gateway === undefined) {
      return [ref];
    }
    const key = labelsOf(gateway.selector);
    let refs = this.mixed.get(key);
    if (refs === undefined) {
      refs = this.model.gateways.filter(({ selector }) => agree(selector, gateway.selector)).map((other) => other.ref);
      this.mixed.set(key, refs);
    }
    return refs;
  }

  /** The proxies to which a Gateway applies. */
  public of({ selector }: Gateway): readonly GatewayProxy[] {
    return this.all.filter(({ labels }) => selects(selector, labels));
  }

  /** Of the workloads that are gateways, those to which a Gateway applies. */
  public podsOf({ selector }: Gateway): readonly Workload[] {
    return this.pods.filter(({ podLabels }) => selects(selector, podLabels));
  }

  /** The Services in front of a proxy's pods. */
  public servicesOf(proxy: GatewayProxy): readonly RegistryService[] {
    return this.model.registry.filter(
      ({ service, namespace }) =>
        service?.selector !== undefined && namespace === proxy.namespace && selects(service.selector, proxy.labels),
    );
  }

  /** A proxy with exactly these labels. */
  public ofLabels(labels: StringMap, namespace: string = this.model.rootNamespace): GatewayProxy {
    const text = labelsOf(labels);
    return { labels, namespace, name: text === '' ? 'any gateway pod' : `pods labelled ${text}` };
  }

  private ofWorkload(workload: Workload): GatewayProxy {
    const { kind, namespace, name } = workload.object;
    return { labels: workload.podLabels, namespace, workload, name: `${kind} ${namespace}/${name}` };
  }

  /** Gateways whose pods are elsewhere, by the labels that these pods must have. */
  private assume(gateways: readonly Gateway[]): readonly GatewayProxy[] {
    const byLabels = new Map<string, GatewayProxy>();
    for (const { selector } of gateways) {
      const labels = usualLabels(selector);
      const key = JSON.stringify([...labels].sort());
      if (!byLabels.has(key)) {
        byLabels.set(key, this.ofLabels(labels));
      }
    }
    return [...byLabels.values()];
  }
}

/** Whether some pod may have the labels of both. */
export function agree(one: StringMap, other: StringMap): boolean {
  return [...one].every(([key, value]) => (other.get(key) ?? value) === value);
}

/**
 * The labels of gateway pods that a selector stands for. Both istioctl and the Helm chart give `app` and `istio` together, the
 * latter without the prefix `istio-`, so that a selector with one of them means the same pods as one with the other.
 */
function usualLabels(selector: StringMap): StringMap {
  const labels = new Map(selector);
  const app = selector.get('app');
  const istio = selector.get('istio');
  if (app !== undefined && istio === undefined) {
    labels.set('istio', app.replace(/^istio-/, ''));
  } else if (istio !== undefined && app === undefined) {
    labels.set('app', `istio-${istio}`);
  }
  return labels;
}
