/*
 * The configuration of a sidecar, made port by port when somebody asks.
 */
import type { BytesChain } from './bytes-chains';
import {
  type ClusterScope,
  clustersOfBytes,
  clustersOfService,
  type ServiceCluster,
  type WeightedCluster,
} from './cluster';
import { type Dialled, SidecarDns } from './sidecar-dns';
import { SidecarListeners } from './sidecar-listeners';
import { buildSidecarPort, type SidecarPort } from './sidecar-port';
import type { Refusal } from './sidecar-refusal';
import type { SidecarScope } from './sidecar-scope';

export class Sidecar {
  private readonly dns: SidecarDns;
  private readonly dialled = new Map<string, Dialled>();
  private readonly ports = new Map<number, SidecarPort>();
  private readonly listeners = new Map<number, SidecarListeners>();

  /** @param scope what it knows of the mesh */
  public constructor(public readonly scope: SidecarScope) {
    this.dns = new SidecarDns(scope);
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
      built = buildSidecarPort(this.scope, port);
      this.ports.set(port, built);
    }
    return built;
  }

  /** The clusters to which a filter chain of a port leads. */
  public clustersOfBytes(port: number, { destinations }: BytesChain): readonly WeightedCluster[] {
    return clustersOfBytes(destinations, this.clusterScope(port));
  }

  /** Every cluster of a service that the proxy has. */
  public clusters(): readonly ServiceCluster[] {
    return this.scope.clusterServices().flatMap((service) => clustersOfService(service, this.clusterScope(0)));
  }

  private clusterScope(port: number): ClusterScope {
    const { scope } = this;
    return { ...scope.clusterScope(port), lookupService: (host) => scope.clusterService(host) };
  }

  /** Why Envoy does not take some of the listeners; none where it is not known what they are. */
  public refusals(): readonly Refusal[] {
    const { isSettled, unknown } = this.scope;
    return unknown !== undefined || !isSettled
      ? []
      : this.scope.servicePorts().flatMap((port) => this.listenersAt(port).refusals());
  }

  /** The listeners of a port. */
  public listenersAt(port: number): SidecarListeners {
    let built = this.listeners.get(port);
    if (built === undefined) {
      built = new SidecarListeners(this.scope, port, () => this.port(port));
      this.listeners.set(port, built);
    }
    return built;
  }
}
