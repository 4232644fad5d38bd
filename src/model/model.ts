/*
 * The mesh as Istio's control plane would see it: typed objects, and indexes by the names under which they refer to each
 * other. Built once from manifests; nothing in it changes afterwards. Routing and the checks stand on this.
 */

import { Alternatives } from '../manifests/alternatives';
import { flattenLists, type RawManifest } from '../manifests/manifest-list';
import type { StringMap } from '../manifests/node';
import { inIstioOrder, type MeshObject, readObject } from '../manifests/object';
import { type Duplicate, duplicatesIn, withoutReplaced } from '../manifests/same-object';
import type { Unreadable } from '../manifests/unreadable';
import { append, groupBy } from '../syntax/grouping';
import { assumedGateways } from './assumed-gateways';
import { type DroppedRoute, mergeDelegates } from './delegates';
import { type DestinationRule, type MergedDestinationRule, readDestinationRule } from './destination-rule';
import { DestinationRuleIndex } from './destination-rule-index';
import { EndpointIndex, isEndpointSlice, readEndpointSlice, WorkloadIndex } from './endpoints';
import { type Gateway, readGateway } from './gateway';
import { mergedByHost, visibleServices } from './imported-services';
import { type EntryVisibility, entryVisibilityIn, isDiscovered, type MeshConfig, readMeshConfig } from './mesh-config';
import { Precedence } from './precedence';
import { readVirtualService } from './read-virtual-service';
import { fromService, fromServiceEntry, isServiceVisible, type RegistryService } from './registry';
import { readService, type Service } from './service';
import { readServiceEntry, readWorkloadEntry, type ServiceEntry } from './service-entry';
import { readSidecarConfig, type SidecarConfig } from './sidecar-config';
import type { VirtualService } from './virtual-service';
import { isWorkload, readWorkload, type Workload } from './workload';

/** What the manifests do not say about the cluster they are for. */
export interface ModelOptions {
  /** Namespace of objects that name none. @default 'default' */
  readonly defaultNamespace?: string;
  /** Istio's root namespace. @default that of MeshConfig, or 'istio-system' */
  readonly rootNamespace?: string;
  /** DNS domain of the cluster. @default 'cluster.local' */
  readonly clusterDomain?: string;
  /** What sidecars do with hosts that the mesh does not know: a mode of Istio's. @default that of MeshConfig, or 'ALLOW_ANY' */
  readonly outboundTrafficPolicy?: string;
  /** Whether Gateways that are named and missing are taken for there. @default false */
  readonly assumeGateways?: boolean;
  /** Of alternatives, everything together, and of what they define more than once the first. @default the first of them alone */
  readonly mixed?: boolean;
}

/** A VirtualService as Istio uses it: its delegates merged in. */
export interface EffectiveVirtualService extends VirtualService {
  /** Rules that were written and are left out. */
  readonly dropped: readonly DroppedRoute[];
}

const ISTIO_NETWORKING = 'networking.istio.io';
const ISTIO_KINDS = ['Gateway', 'VirtualService', 'DestinationRule', 'ServiceEntry', 'Sidecar', 'WorkloadEntry'];

export class MeshModel {
  public readonly defaultNamespace: string;
  public readonly rootNamespace: string;
  public readonly clusterDomain: string;
  public readonly meshConfig: MeshConfig;
  /** What sidecars do with hosts that the mesh does not know: a mode of Istio's. */
  public readonly outboundMode: string;
  /** Namespaces with objects into which istiod does not look (`discoverySelectors`), and so knows of nothing in them but pods' proxies. */
  public readonly unseenNamespaces: ReadonlySet<string>;
  /** Those of which that depends on labels that are not given; they are taken for seen. */
  public readonly doubtfulNamespaces: ReadonlySet<string>;

  /** Every object, of known kind or not, in the order given. */
  public readonly objects: readonly MeshObject[];
  /** Manifests that define an object once more. Everything below knows only the last one of each, which the cluster keeps. */
  public readonly duplicates: readonly Duplicate[];
  /** Places that define the same objects, of which a cluster gets one. Everything below knows only the first of them. */
  public readonly alternatives?: Alternatives;
  /** What is no Kubernetes object: no map, or one without a kind. */
  public readonly ignored: readonly RawManifest[];
  public readonly services: readonly Service[];
  /** Without those that another of them made: of a Deployment, its ReplicaSet and its Pods, the Deployment alone. */
  public readonly workloads: readonly Workload[];
  /** Those that are not among the manifests. */
  public readonly assumedGateways: readonly Gateway[];
  /** In Istio's order. */
  public readonly gateways: readonly Gateway[];
  /** Every VirtualService as written, delegates included, in Istio's order. */
  public readonly virtualServices: readonly VirtualService[];
  /** Those that have hosts, with their delegates merged in, in Istio's order. */
  public readonly effectiveVirtualServices: readonly EffectiveVirtualService[];
  /** In Istio's order. */
  public readonly destinationRules: readonly DestinationRule[];
  public readonly serviceEntries: readonly ServiceEntry[];
  /** In Istio's order. */
  public readonly sidecarConfigs: readonly SidecarConfig[];
  /** Namespace objects by name. A namespace need not have one to be used. */
  public readonly namespaces: ReadonlyMap<string, MeshObject>;
  /** Namespaces that the manifests contain, or anything in them. */
  public readonly givenNamespaces: ReadonlySet<string>;
  /** Hosts of Services and ServiceEntries. */
  public readonly registry: readonly RegistryService[];
  public readonly workloadIndex: WorkloadIndex;
  public readonly endpoints: EndpointIndex;

  private readonly workloadsByRef: ReadonlyMap<string, readonly Workload[]>;
  private readonly byKind: ReadonlyMap<string, readonly MeshObject[]>;
  private readonly registryByHost: ReadonlyMap<string, readonly RegistryService[]>;
  private readonly gatewaysByRef: ReadonlyMap<string, Gateway>;
  private readonly virtualServicesByGateway: ReadonlyMap<string, Precedence<EffectiveVirtualService>>;
  private readonly rules: DestinationRuleIndex;

  public constructor(
    manifests: readonly RawManifest[],
    public readonly options: ModelOptions = {},
    /** Files, and documents in them, that could not be read. */
    public readonly unreadable: readonly Unreadable[] = [],
  ) {
    this.defaultNamespace = options.defaultNamespace ?? 'default';
    this.clusterDomain = options.clusterDomain ?? 'cluster.local';
    const objects: MeshObject[] = [];
    const ignored: RawManifest[] = [];
    for (const { raw, source } of flattenLists(manifests)) {
      const object = readObject(raw, source, this.defaultNamespace);
      if (object === undefined) {
        ignored.push({ raw, source });
      } else {
        objects.push(object);
      }
    }
    this.objects = objects;
    this.ignored = ignored;
    const alternatives = Alternatives.among(duplicatesIn(objects));
    const chosen = objects.filter((object) =>
      options.mixed ? !alternatives?.definesAgain(object) : (alternatives?.isChosen(object, 0) ?? true),
    );
    this.alternatives = alternatives;
    this.duplicates = duplicatesIn(chosen);
    const applied = withoutReplaced(chosen, this.duplicates);
    this.meshConfig = readMeshConfig(applied);
    const { exportTo } = this.meshConfig;
    this.rootNamespace = options.rootNamespace ?? this.meshConfig.rootNamespace ?? 'istio-system';
    this.outboundMode = options.outboundTrafficPolicy ?? this.meshConfig.outboundMode ?? 'ALLOW_ANY';
    this.byKind = groupBy(applied, (object) => object.kind);
    this.namespaces = new Map(
      this.ofKind('Namespace')
        .filter(({ group }) => group === '')
        .map((object) => [object.name, object]),
    );

    this.unseenNamespaces = this.namespacesWhere(false);
    this.doubtfulNamespaces = this.namespacesWhere('unknown');
    const seen = this.unseenNamespaces.size === 0 ? applied : applied.filter((object) => this.isSeen(object));

    this.services = this.coreKind('Service').map(readService);
    const podMakers = applied.filter(isWorkload);
    this.workloads = withoutOwned(podMakers).map(readWorkload);
    this.workloadsByRef = groupBy(this.workloads, ({ object }) => `${object.namespace}/${object.name}`);
    this.virtualServices = this.istioKind('VirtualService').map((object) =>
      readVirtualService(object, this.clusterDomain, exportTo.virtualServices),
    );
    const given = this.istioKind('Gateway').map(readGateway);
    this.assumedGateways = options.assumeGateways ? assumedGateways(this.virtualServices, given) : [];
    this.gateways = [...given, ...this.assumedGateways];
    this.destinationRules = this.istioKind('DestinationRule').map((object) =>
      readDestinationRule(object, this.clusterDomain),
    );
    this.serviceEntries = this.istioKind('ServiceEntry').map(readServiceEntry);
    this.sidecarConfigs = this.istioKind('Sidecar').map(readSidecarConfig);
    this.givenNamespaces = new Set([...this.namespaces.keys(), ...objects.map(({ namespace }) => namespace)]);

    this.effectiveVirtualServices = this.mergeVirtualServices();
    this.registry = [
      ...this.services.map((service) => fromService(service, this.clusterDomain, exportTo.services)),
      ...this.serviceEntries.flatMap((entry) =>
        fromServiceEntry(entry, exportTo.services, this.visibilityOfEntries(entry.object.namespace)),
      ),
    ];
    this.workloadIndex = new WorkloadIndex(this.workloads);
    this.endpoints = new EndpointIndex(
      this.workloadIndex,
      podMakers.filter(({ kind }) => kind === 'Pod').map(readWorkload),
      seen.filter(isEndpointSlice).map(readEndpointSlice),
      this.istioKind('WorkloadEntry').map(readWorkloadEntry),
    );
    this.registryByHost = groupBy(this.registry, (service) => service.host);
    this.gatewaysByRef = new Map(this.gateways.map((gateway) => [gateway.ref, gateway]));
    this.virtualServicesByGateway = this.indexByGateway();
    this.rules = new DestinationRuleIndex(
      this.destinationRules,
      this.rootNamespace,
      exportTo.destinationRules.includes('.'),
    );
    for (const { problems } of objects) {
      Object.freeze(problems);
    }
  }

  /** All objects of a kind, known or not; of one that is defined more than once, the last. */
  public ofKind(kind: string): readonly MeshObject[] {
    return this.byKind.get(kind) ?? [];
  }

  /** The Gateway called `namespace/name`. */
  public gateway(ref: string): Gateway | undefined {
    return this.gatewaysByRef.get(ref);
  }

  /** The workload of this name, of whatever kind; the Deployment first where several kinds share the name. */
  public workload(namespace: string, name: string): Workload | undefined {
    const found = this.workloadsByRef.get(`${namespace}/${name}`);
    return found?.find(({ object }) => object.kind === 'Deployment') ?? found?.[0];
  }

  /**
   * The registry's service of exactly this host, as a proxy in `viewer` sees it that imports all it may (a gateway does): that
   * of the namespace `preferred`, if it may see it, else the first, with the ports of other ServiceEntries of its namespace.
   */
  public service(host: string, viewer: string, preferred?: string): RegistryService | undefined {
    const definitions = this.servicesOf(host);
    // Services come before ServiceEntries here, and both are in Istio's order.
    const own = definitions.find(({ namespace }) => namespace === preferred);
    return own !== undefined && isServiceVisible(own, viewer)
      ? own
      : mergedByHost(visibleServices(definitions, viewer)).get(host);
  }

  /** Every Service and ServiceEntry of exactly this host, whoever may see it. Several ServiceEntries may share one. */
  public servicesOf(host: string): readonly RegistryService[] {
    return this.registryByHost.get(host) ?? [];
  }

  /** All that define the host of a service in its namespace: itself, and perhaps other ServiceEntries or a Service. */
  public definitionsOf({ host, namespace }: RegistryService): readonly RegistryService[] {
    return this.servicesOf(host).filter((service) => service.namespace === namespace);
  }

  /**
   * The VirtualServices that a proxy in `viewer` uses on a gateway (`namespace/name`, or `mesh`), in the order in which Istio
   * lets them speak: private, exported to the namespace, public; each by age, name, namespace (`VirtualServicesForGateway`).
   */
  public virtualServicesFor(viewer: string, gateway: string): readonly EffectiveVirtualService[] {
    return this.virtualServicesByGateway.get(gateway)?.inOrderFor(viewer) ?? [];
  }

  /**
   * The DestinationRule in force for requests from a workload in `viewer` to a service; several of one host merged.
   *
   * @param labels the workload's; where they are not given, rules for some workloads only do not count
   */
  public destinationRule(
    host: string,
    serviceNamespace: string,
    viewer: string,
    labels?: StringMap,
  ): MergedDestinationRule | undefined {
    return this.rules.find(host, serviceNamespace, { namespace: viewer, labels });
  }

  private isSeen({ namespace }: MeshObject): boolean {
    return !this.unseenNamespaces.has(namespace);
  }

  private namespacesWhere(answer: ReturnType<typeof isDiscovered>): ReadonlySet<string> {
    const { discovery } = this.meshConfig;
    if (discovery.length === 0) {
      return new Set();
    }
    const looked = [...this.ofKind('Service'), ...ISTIO_KINDS.flatMap((kind) => this.ofKind(kind))];
    const names = new Set(looked.map(({ namespace }) => namespace));
    return new Set(
      [...names].sort().filter((name) => isDiscovered(discovery, name, this.namespaces.get(name)) === answer),
    );
  }

  private visibilityOfEntries(namespace: string): EntryVisibility {
    return entryVisibilityIn(this.meshConfig, namespace, this.namespaces.get(namespace)?.labels);
  }

  private mergeVirtualServices(): readonly EffectiveVirtualService[] {
    const byRef = new Map(
      this.virtualServices.map((service) => [`${service.object.namespace}/${service.object.name}`, service]),
    );
    return this.virtualServices
      .filter((service) => service.hosts.length > 0)
      .map((service) => ({ ...service, ...mergeDelegates(service, (ref) => byRef.get(ref)) }));
  }

  private indexByGateway(): ReadonlyMap<string, Precedence<EffectiveVirtualService>> {
    const index = new Map<string, EffectiveVirtualService[]>();
    for (const service of this.effectiveVirtualServices) {
      for (const gateway of service.boundTo) {
        append(index, gateway, service);
      }
    }
    return new Map([...index].map(([gateway, all]) => [gateway, new Precedence(all)]));
  }

  private coreKind(kind: string): readonly MeshObject[] {
    return this.ofKind(kind).filter((object) => object.group === '' && this.isSeen(object));
  }

  private istioKind(kind: string): readonly MeshObject[] {
    return this.ofKind(kind)
      .filter((object) => object.group === ISTIO_NETWORKING && this.isSeen(object))
      .sort(inIstioOrder);
  }
}

/** A dump of a cluster contains a Deployment, its ReplicaSets and their Pods, which are the same pods up to three times. */
function withoutOwned(objects: readonly MeshObject[]): readonly MeshObject[] {
  const known = new Set(objects.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`));
  return objects.filter((object) => !ownersOf(object).some((owner) => known.has(owner)));
}

function ownersOf({ node, namespace, labels }: MeshObject): readonly string[] {
  const owners = node.get('metadata').get('ownerReferences').maps();
  // A Deployment names its ReplicaSets by this hash, so it can be told from a Pod even where the ReplicaSet is not there.
  const hash = `-${labels.get('pod-template-hash') ?? ''}`;
  return owners.flatMap((owner) => {
    const kind = owner.get('kind').string() ?? '';
    const name = owner.get('name').string() ?? '';
    const itself = `${kind} ${namespace}/${name}`;
    return kind === 'ReplicaSet' && name.endsWith(hash)
      ? [itself, `Deployment ${namespace}/${name.slice(0, -hash.length)}`]
      : [itself];
  });
}
