/*
 * What the proxy of one workload knows of the mesh: services, VirtualServices and names, by its namespace, its labels and the
 * Sidecar object in force.
 */

import type { StringMap } from '../manifests/node';
import { refOf } from '../manifests/object';
import { type Destination, type HttpMatch, mirrorsOf } from '../model/http-route';
import { firstByName, importedServices, inferredService, mergedByHost } from '../model/imported-services';
import type { EffectiveVirtualService, MeshModel } from '../model/model';
import { MESH_GATEWAY } from '../model/naming';
import type { RegistryService } from '../model/registry';
import { EgressImports, type SidecarConfig, sidecarConfigFor } from '../model/sidecar-config';
import { HostTable } from '../syntax/host-table';
import { isWildcard, mostSpecific } from '../syntax/hosts';
import type { ClusterScope } from './cluster';
import { isUnusable } from './redirect';
import { aliasesByTarget, otherNames } from './sidecar-names';
import { unsettledHosts } from './unsettled';

export class SidecarScope {
  /** The Sidecar object in force, if there is one. */
  public readonly config?: SidecarConfig;
  /** Why its configuration is not worked out, where it is not. */
  public readonly unknown?: string;
  /** In Istio's order; several of one namespace may share a host. */
  public readonly services: readonly RegistryService[];
  private readonly imports?: EgressImports;
  private readonly clusters: ReadonlyMap<string, RegistryService>;
  private readonly owners: ReadonlyMap<string, EffectiveVirtualService>;
  private destinations?: Map<string, ReadonlySet<number>>;
  private aliases?: ReadonlyMap<string, readonly RegistryService[]>;
  private ruledHosts?: HostTable<EffectiveVirtualService>;
  private imported?: readonly EffectiveVirtualService[];
  private readonly unsettled: ReadonlyMap<string, string>;
  private doubtfulHosts?: boolean;
  private doubtfulRules?: boolean;
  private byPort?: ReadonlyMap<number, readonly RegistryService[]>;

  public constructor(
    public readonly model: MeshModel,
    public readonly namespace: string,
    public readonly labels: StringMap,
  ) {
    this.config = sidecarConfigFor(model.sidecarConfigs, namespace, labels, model.rootNamespace);
    this.unknown = whyUnknown(this.config);
    const hosts = this.config?.egressHosts;
    this.imports = hosts === undefined ? undefined : new EgressImports(hosts, namespace);
    const isImported = (host: string, owner: string) => this.isImported(host, owner);
    const all = importedServices(model.registry, namespace, isImported);
    this.services =
      this.imports?.isExact === true ? importedServices(firstByName(model.registry), namespace, isImported) : all;
    this.clusters = mergedByHost(this.services);
    this.owners = this.ownersByHost();
    this.unsettled = new Map(unsettledHosts(all).map((host) => [host.toLowerCase(), host]));
  }

  /** What it does with requests to unknown hosts: a mode of Istio's. */
  public get outboundMode(): string {
    return this.config?.outboundMode ?? this.model.outboundMode;
  }

  /** Whether some host is short for more than itself. */
  public get hasDoubtfulHosts(): boolean {
    this.doubtfulHosts ??=
      this.services.some(({ host }) => isWildcard(host)) ||
      this.virtualServices().some(({ hosts }) => hosts.some(({ resolved }) => isWildcard(resolved)));
    return this.doubtfulHosts;
  }

  /** Whether Envoy does not know what to do by some rule. */
  public get hasDoubtfulRules(): boolean {
    this.doubtfulRules ??= this.virtualServices().some(({ http }) => http.some(isUnusable));
    return this.doubtfulRules;
  }

  /** Whether every host means one thing. */
  public get isSettled(): boolean {
    return this.unsettled.size === 0;
  }

  /** Of some hosts, the first that means different things by chance. */
  public firstUnsettled(hosts: readonly string[]): string | undefined {
    const found = hosts.map((host) => mostSpecific(host.toLowerCase().replace(/\.$/, ''), this.unsettled));
    return found.find((host) => host !== undefined);
  }

  /** Every port that a service has here. */
  public servicePorts(): readonly number[] {
    return [...this.servicesByPort().keys()];
  }

  public servicesOn(port: number): readonly RegistryService[] {
    return this.servicesByPort().get(port) ?? [];
  }

  /** Whether a service on a port speaks gRPC-Web; whose requests Istio then translates depends on which comes first. */
  public speaksGrpcWeb(port: number): boolean {
    return this.servicesOn(port).some(({ ports }) => ports.some(({ grpcWeb, number }) => grpcWeb && number === port));
  }

  public virtualServices(): readonly EffectiveVirtualService[] {
    this.imported ??= this.model.virtualServicesFor(this.namespace, MESH_GATEWAY).filter(({ hosts, object }) => {
      const names = hosts.map(({ resolved }) => resolved);
      return this.imports?.hasVirtualService(names, object.namespace) ?? true;
    });
    return this.imported;
  }

  /** Those that speak for some of the names of a host, in the same order. */
  public virtualServicesOver(host: string): readonly EffectiveVirtualService[] {
    if (this.ruledHosts === undefined) {
      this.ruledHosts = new HostTable();
      for (const owner of this.virtualServices()) {
        for (const { resolved } of owner.hosts) {
          this.ruledHosts.add(resolved, owner);
        }
      }
    }
    return [...new Set(this.ruledHosts.overlapping(host))];
  }

  /** The ExternalName Services by whose names a service is known here. */
  public aliasesOf(host: string, namespace: string): readonly RegistryService[] {
    this.aliases ??= aliasesByTarget(this.model.registry);
    const all = this.aliases.get(host) ?? [];
    return all.filter((alias) => this.imports?.hasAlias(alias.host, host, namespace) ?? true);
  }

  /** Their names, and what is short for them. */
  public aliasNames({ host, namespace }: RegistryService): readonly string[] {
    const { clusterDomain } = this.model;
    return this.aliasesOf(host, namespace).flatMap((alias) => [
      alias.host,
      ...otherNames(alias.host, this.namespace, clusterDomain),
    ]);
  }

  private isImported(host: string, namespace: string): boolean {
    return this.imports?.hasService(host, namespace) ?? true;
  }

  /** The VirtualService that has a service, wildcards included: the most specific host counts, and the earliest of equals. */
  public ownerOf(host: string): EffectiveVirtualService | undefined {
    return this.owners.get(host);
  }

  /** How destinations of routes on a port are looked up. */
  public clusterScope(port: number): Omit<ClusterScope, 'lookupService'> {
    return {
      model: this.model,
      proxyNamespace: this.namespace,
      proxyLabels: this.labels,
      port,
      isTls: false,
      passesOn: true,
      clusterService: (host) => this.clusterService(host),
    };
  }

  /** The service for which there are clusters under a host. The destination of a rule is one even where it is not imported. */
  public clusterService(host: string): RegistryService | undefined {
    const imported = this.clusters.get(host);
    const ports = this.destinationPorts(host);
    if (imported?.service !== undefined || ports === undefined) {
      return imported;
    }
    const inferred = onPorts(inferredService(firstByName(this.model.servicesOf(host)), this.namespace), ports);
    // A Service takes the host from a ServiceEntry once a rule names it.
    return imported === undefined || inferred?.service !== undefined ? inferred : imported;
  }

  /** All services for which there are clusters. */
  public clusterServices(): readonly RegistryService[] {
    const hosts = new Set([...this.clusters.keys(), ...this.destinationHosts().keys()]);
    return [...hosts].flatMap((host) => this.clusterService(host) ?? []);
  }

  /** The ports at which rules known here send requests or copies to a host, 0 where one names none; absent without such rules. */
  private destinationPorts(host: string): ReadonlySet<number> | undefined {
    return this.destinationHosts().get(host);
  }

  private destinationHosts(): ReadonlyMap<string, ReadonlySet<number>> {
    if (this.destinations === undefined) {
      this.destinations = new Map();
      for (const { destination } of this.virtualServices().flatMap((owner) => destinationsOf(owner, this.namespace))) {
        const { port = 0 } = destination;
        this.destinations.set(destination.host, new Set([...(this.destinations.get(destination.host) ?? []), port]));
      }
    }
    return this.destinations;
  }

  private servicesByPort(): ReadonlyMap<number, readonly RegistryService[]> {
    if (this.byPort === undefined) {
      const byPort = new Map<number, RegistryService[]>();
      for (const service of this.services) {
        for (const port of new Set(service.ports.map(({ number }) => number))) {
          const others = byPort.get(port);
          if (others === undefined) {
            byPort.set(port, [service]);
          } else {
            others.push(service);
          }
        }
      }
      this.byPort = byPort;
    }
    return this.byPort;
  }

  private ownersByHost(): ReadonlyMap<string, EffectiveVirtualService> {
    const byHost = new Map<string, EffectiveVirtualService>();
    for (const owner of this.virtualServices()) {
      for (const { resolved } of owner.hosts) {
        if (!byHost.has(resolved)) {
          byHost.set(resolved, owner);
        }
      }
    }
    const owners = new Map<string, EffectiveVirtualService>();
    for (const { host } of this.services) {
      const owner = mostSpecific(host, byHost);
      if (owner !== undefined) {
        owners.set(host, owner);
      }
    }
    return owners;
  }
}

/** Those that count for a namespace (`virtualServiceDestinationsFilteredBySourceNamespace`). Mirrors do, even where they get nothing. */
function destinationsOf(
  { http, tcp, tls }: EffectiveVirtualService,
  namespace: string,
): readonly { readonly destination: Destination }[] {
  const counted = http.filter(({ match }) => mayBeFrom(match, namespace));
  return [...[...counted, ...tcp, ...tls].flatMap(({ destinations }) => destinations), ...counted.flatMap(mirrorsOf)];
}

/** Whether no match of a rule names a namespace, or one names this. */
function mayBeFrom(matches: readonly HttpMatch[], namespace: string): boolean {
  const named = matches.map(({ sourceNamespace }) => sourceNamespace).filter((each) => each !== '');
  return named.length === 0 || named.includes(namespace);
}

/** A service as far as rules name its ports; undefined where they name none of them (`serviceMatchingVirtualServicePorts`). */
function onPorts(service: RegistryService | undefined, named: ReadonlySet<number>): RegistryService | undefined {
  const ports = service?.ports.filter(({ number }) => named.has(0) || named.has(number)) ?? [];
  if (service === undefined || ports.length === service.ports.length) {
    return service;
  }
  return ports.length === 0 ? undefined : { ...service, ports };
}

function whyUnknown(config: SidecarConfig | undefined): string | undefined {
  if (config === undefined || !(config.hasOwnListeners || config.hasEgressProxy)) {
    return undefined;
  }
  const what = config.hasOwnListeners ? 'egress listeners of its own' : 'an egress proxy';
  return `Sidecar ${refOf(config.object)} has ${what}, and what these do is not worked out here`;
}
