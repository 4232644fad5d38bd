/*
 * What a sidecar does with the requests of its workload (`buildSidecarOutboundHTTPRouteConfig`). All HTTP services of one
 * port share one table of virtual hosts. Several VirtualServices for a host are not merged here: the first one has it.
 */
import { isIP } from 'node:net';
import { hostsOverlap, isWildcard, mostSpecific } from '../mesh/hosts';
import type { EffectiveVirtualService, MeshModel } from '../mesh/model';
import { MESH_GATEWAY, resolveHost } from '../mesh/naming';
import type { StringMap } from '../mesh/node';
import { isServiceVisible, type RegistryPort, type RegistryService } from '../mesh/registry';
import { DomainTable } from './domain-table';
import { CompiledRoute, compileRoutes, type LeftOut, type ListenerScope } from './routes';
import type { VirtualHost } from './virtual-host';

/** The virtual hosts of one port. */
export interface SidecarPort {
  readonly hosts: DomainTable<VirtualHost>;
  /** By the host of a service, for ports whose protocol Istio finds out by looking: these have a table to themselves. */
  readonly byService: ReadonlyMap<string, VirtualHost>;
  /** Whether some service speaks declared HTTP on the port, so that there is a table by host name at all. */
  readonly isShared: boolean;
  /** VirtualServices that lost a host to an earlier one, and rules that apply to no sidecar here; for the trace. */
  readonly leftOut: readonly LeftOut[];
}

export class Sidecar {
  private readonly ports = new Map<number, SidecarPort>();
  private readonly reached = new Map<string, RegistryService>();
  private readonly services: ReadonlyMap<string, RegistryService>;
  private readonly wildcardOwners: ReadonlyMap<string, EffectiveVirtualService>;
  private readonly byAddress: ReadonlyMap<string, RegistryService>;
  private readonly wildcardServices: ReadonlyMap<string, RegistryService>;

  public constructor(
    private readonly model: MeshModel,
    public readonly namespace: string,
    public readonly labels: StringMap,
  ) {
    this.services = visibleServices(model, namespace);
    this.wildcardServices = new Map([...this.services].filter(([host]) => isWildcard(host)));
    this.byAddress = new Map(
      [...this.services.values()].flatMap((service) => service.addresses.map((address) => [address, service])),
    );
    this.wildcardOwners = this.ownersByHost();
  }

  /** The service that the workload reaches when it connects to a host, as the cluster's DNS completes it. */
  public serviceAt(host: string): RegistryService | undefined {
    const known = this.reached.get(host);
    if (known !== undefined) {
      return known;
    }
    const found = this.resolve(host);
    if (found !== undefined) {
      this.reached.set(host, found);
    }
    return found;
  }

  private resolve(host: string): RegistryService | undefined {
    for (const name of this.completions(host)) {
      const found = this.services.get(name);
      if (found !== undefined) {
        return found;
      }
    }
    return this.byAddress.get(host) ?? mostSpecific(host, this.wildcardServices);
  }

  public port(port: number): SidecarPort {
    let built = this.ports.get(port);
    if (built === undefined) {
      built = this.build(port);
      this.ports.set(port, built);
    }
    return built;
  }

  /** `reviews`, `reviews.bookinfo` and `reviews.bookinfo.svc` stand for the name in full. */
  private completions(host: string): readonly string[] {
    const { clusterDomain } = this.model;
    const labels = host.split('.');
    const completed =
      labels.length === 1
        ? [resolveHost(host, this.namespace, clusterDomain)]
        : labels.length === 2
          ? [`${host}.svc.${clusterDomain}`]
          : labels.length === 3 && labels[2] === 'svc'
            ? [`${host}.${clusterDomain}`]
            : [];
    return [host, ...completed];
  }

  /** The VirtualService that has each service, wildcards included: the most specific host counts, and the earliest of equals. */
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
    for (const host of this.services.keys()) {
      const owner = mostSpecific(host, byHost);
      if (owner !== undefined) {
        owners.set(host, owner);
      }
    }
    return owners;
  }

  private virtualServices(): readonly EffectiveVirtualService[] {
    return this.model.virtualServicesFor(this.namespace, MESH_GATEWAY);
  }

  private build(port: number): SidecarPort {
    const onPort = new Map<string, { readonly service: RegistryService; readonly port: RegistryPort }>();
    for (const [host, service] of this.services) {
      const found = service.ports.find(({ number }) => number === port);
      if (found !== undefined) {
        onPort.set(host, { service, port: found });
      }
    }
    return new PortBuilder(this.model, this, port, onPort, this.wildcardOwners).build(this.virtualServices());
  }
}

class PortBuilder {
  private readonly hosts = new DomainTable<VirtualHost>();
  private readonly byService = new Map<string, VirtualHost>();
  private readonly leftOut: LeftOut[] = [];
  private readonly served = new Set<string>();
  private readonly scope: ListenerScope;
  private readonly wildcardHosts: readonly string[];
  /** ExternalName Services, by the host for which they stand. */
  private readonly aliases = new Map<string, RegistryService[]>();

  public constructor(
    model: MeshModel,
    private readonly sidecar: Sidecar,
    private readonly port: number,
    private readonly onPort: ReadonlyMap<string, { readonly service: RegistryService; readonly port: RegistryPort }>,
    private readonly wildcardOwners: ReadonlyMap<string, EffectiveVirtualService>,
  ) {
    this.scope = {
      model,
      gateway: MESH_GATEWAY,
      proxyLabels: sidecar.labels,
      proxyNamespace: sidecar.namespace,
      port,
      isTls: false,
      // Services that do not have the listener's port are not looked at, so their single port does not fill in for one.
      lookupService: (host) => {
        const found = onPort.get(host)?.service;
        return found && { ...found, ports: found.ports.filter(({ number }) => number === port) };
      },
    };
    this.wildcardHosts = [...onPort.keys()].filter(isWildcard);
    for (const { service } of onPort.values()) {
      const target = service.service?.externalName;
      if (target !== undefined) {
        this.aliases.set(target, [...(this.aliases.get(target) ?? []), service]);
      }
    }
  }

  public build(virtualServices: readonly EffectiveVirtualService[]): SidecarPort {
    for (const owner of virtualServices) {
      this.addVirtualService(owner);
    }
    for (const [host, { service, port }] of this.onPort) {
      if (!this.served.has(host) && isHttpOrSniffed(port) && service.service?.externalName === undefined) {
        this.addService(service, [CompiledRoute.ofService(service, this.scope)], []);
      }
    }
    const isShared = [...this.onPort.values()].some(({ port }) => port.protocol === 'HTTP');
    return { hosts: this.hosts, byService: this.byService, isShared, leftOut: this.leftOut };
  }

  private addVirtualService(owner: EffectiveVirtualService): void {
    const { foreign, services } = this.splitHosts(owner);
    // Only port 80 knows VirtualServices for hosts that are no service; elsewhere some host must be one.
    if (this.port !== 80 && !this.selects(owner)) {
      return;
    }
    const { routes, leftOut } = compileRoutes(owner, this.scope);
    if (routes.length === 0) {
      this.leftOut.push(...leftOut);
      return;
    }
    const reachable = services.filter(({ host }) => isHttpOrSniffed(this.onPort.get(host)?.port));
    if (reachable.length === 0 && this.port !== 80) {
      return;
    }
    for (const host of foreign) {
      this.addDomains(host, [host], routes, leftOut);
    }
    for (const service of reachable) {
      this.addService(service, routes, leftOut);
    }
  }

  /** The hosts of a VirtualService that are services on this port, and those that are not. */
  private splitHosts(owner: EffectiveVirtualService): {
    readonly foreign: readonly string[];
    readonly services: readonly RegistryService[];
  } {
    const foreign: string[] = [];
    const services: RegistryService[] = [];
    for (const { resolved } of owner.hosts) {
      if (!isWildcard(resolved)) {
        const found = this.onPort.get(resolved)?.service;
        if (found === undefined) {
          foreign.push(resolved);
        } else {
          services.push(found);
        }
        continue;
      }
      const covered = [...this.onPort.values()].filter(({ service }) => hostsOverlap(service.host, resolved));
      if (covered.length === 0) {
        foreign.push(resolved);
      }
      for (const { service } of covered) {
        if (this.wildcardOwners.get(service.host) === owner) {
          services.push(service);
        }
      }
    }
    return { foreign, services };
  }

  private selects(owner: EffectiveVirtualService): boolean {
    return owner.hosts.some(({ resolved }) => {
      if (this.onPort.has(resolved)) {
        return true;
      }
      const candidates = isWildcard(resolved) ? this.onPort.keys() : this.wildcardHosts;
      return [...candidates].some((host) => hostsOverlap(host, resolved));
    });
  }

  private addService(service: RegistryService, routes: readonly CompiledRoute[], leftOut: readonly LeftOut[]): void {
    this.served.add(service.host);
    const added = this.addDomains(service.host, this.domainsOf(service), routes, leftOut);
    if (added !== undefined && !this.byService.has(service.host)) {
      this.byService.set(service.host, added);
    }
  }

  /** The first to claim a name keeps it; the rest of an entry's names still count. */
  private addDomains(
    domain: string,
    names: readonly string[],
    routes: readonly CompiledRoute[],
    leftOut: readonly LeftOut[],
  ): VirtualHost | undefined {
    const free = names.map((name) => name.toLowerCase()).filter((name) => this.hosts.get(name) === undefined);
    if (free.length === 0) {
      this.leftOut.push(...lost(domain, routes));
      return undefined;
    }
    const host: VirtualHost = { domain, routes, leftOut, requireTls: false };
    for (const name of free) {
      this.hosts.set(name, host);
    }
    return host;
  }

  /** All names by which the workload may call a service (`generateVirtualHostDomains`). */
  private domainsOf(service: RegistryService): readonly string[] {
    const names = [service, ...(this.aliases.get(service.host) ?? [])].flatMap(
      ({ host, service: kubernetes, namespace }) => [
        host,
        // The same name, absolute.
        ...(isIP(host) === 0 ? [`${host}.`] : []),
        ...(kubernetes === undefined ? [] : shortNames(host, namespace, this.sidecar.namespace)),
      ],
    );
    const pods = service.service?.headless === true ? names.map((name) => `*.${name}`) : [];
    return [...names, ...pods, ...service.addresses];
  }
}

function lost(host: string, routes: readonly CompiledRoute[]): readonly LeftOut[] {
  return routes.flatMap(({ owner, rule, match }) =>
    owner === undefined || rule === undefined
      ? []
      : [
          {
            owner,
            rule,
            match,
            reason: `does not count inside the mesh: an earlier VirtualService has the host ${host}`,
          },
        ],
  );
}

function shortNames(host: string, namespace: string, viewer: string): readonly string[] {
  const svc = host.indexOf('.svc.');
  if (svc < 0) {
    return [];
  }
  const withNamespace = host.slice(0, svc);
  const names = [withNamespace, `${withNamespace}.svc`];
  return namespace === viewer ? [host.slice(0, host.indexOf('.')), ...names] : names;
}

function isHttpOrSniffed(port: RegistryPort | undefined): boolean {
  return port?.protocol === 'HTTP' || port?.protocol === 'AUTO';
}

/** The services by host; where several namespaces define one, the viewer's own counts. ExternalName Services are aliases. */
function visibleServices(model: MeshModel, viewer: string): ReadonlyMap<string, RegistryService> {
  const services = new Map<string, RegistryService>();
  for (const service of model.registry) {
    const known = services.get(service.host);
    if (
      isServiceVisible(service, viewer) &&
      (known === undefined || (service.namespace === viewer && known.namespace !== viewer))
    ) {
      services.set(service.host, service);
    }
  }
  return services;
}
