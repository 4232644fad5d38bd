/*
 * A sidecar: what the proxy of one workload knows of the mesh. Its parts are made port by port, when the first request for a
 * port is asked about.
 */
import { mostSpecific } from '../mesh/hosts';
import { importedServices, mergedByHost } from '../mesh/imported-services';
import type { EffectiveVirtualService, MeshModel } from '../mesh/model';
import { MESH_GATEWAY } from '../mesh/naming';
import type { StringMap } from '../mesh/node';
import type { RegistryService } from '../mesh/registry';
import type { ClusterScope } from './action';
import { type Dialled, SidecarDns } from './sidecar-dns';
import { SidecarListeners } from './sidecar-listeners';
import { buildSidecarPort, type SidecarPort } from './sidecar-port';

export class Sidecar {
  /** In Istio's order; several of one namespace may share a host. */
  public readonly services: readonly RegistryService[];
  private readonly clusters: ReadonlyMap<string, RegistryService>;
  private readonly dns: SidecarDns;
  private readonly owners: ReadonlyMap<string, EffectiveVirtualService>;
  private readonly dialled = new Map<string, Dialled>();
  private readonly ports = new Map<number, SidecarPort>();
  private readonly listeners = new Map<number, SidecarListeners>();

  public constructor(
    public readonly model: MeshModel,
    public readonly namespace: string,
    public readonly labels: StringMap,
  ) {
    this.services = importedServices(model.registry, namespace);
    this.clusters = mergedByHost(this.services);
    this.dns = new SidecarDns(model, this);
    this.owners = this.ownersByHost();
  }

  /** Where a connection to a host goes. */
  public dial(host: string): Dialled {
    let found = this.dialled.get(host);
    if (found === undefined) {
      found = this.dns.dial(host);
      // Names that nothing answers to are without number, so they are not kept.
      if (found.service !== undefined) {
        this.dialled.set(host, found);
      }
    }
    return found;
  }

  /** The virtual hosts of a port. */
  public port(port: number): SidecarPort {
    let built = this.ports.get(port);
    if (built === undefined) {
      built = buildSidecarPort(this, port);
      this.ports.set(port, built);
    }
    return built;
  }

  public listenersAt(port: number): SidecarListeners {
    let built = this.listeners.get(port);
    if (built === undefined) {
      built = new SidecarListeners(this, port);
      this.listeners.set(port, built);
    }
    return built;
  }

  public virtualServices(): readonly EffectiveVirtualService[] {
    return this.model.virtualServicesFor(this.namespace, MESH_GATEWAY);
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
      port,
      isTls: false,
      passesOn: true,
      clusterService: (host) => this.clusterService(host),
    };
  }

  /**
   * The service for which there are clusters under a host. A destination of a rule is one even where its own namespace may not
   * call it.
   */
  public clusterService(host: string): RegistryService | undefined {
    return (
      this.clusters.get(host) ??
      this.model.registry.find((service) => service.host === host && service.namespace === this.namespace)
    );
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
