/*
 * The virtual hosts of one port of a sidecar (`BuildSidecarOutboundVirtualHosts`). All HTTP services of a port share one table.
 * Several VirtualServices for a host are not merged here: the first one has it.
 */

import { nameOf } from '../manifests/object';
import type { EffectiveVirtualService } from '../model/model';
import { MESH_GATEWAY } from '../model/naming';
import { isHttpOrSniffed, type RegistryPort, type RegistryService } from '../model/registry';
import { hostsOverlap, isWildcard } from '../syntax/hosts';
import { DomainTable } from './domain-table';
import { type LeftOut, type ListenerScope, Route, routesOf } from './routes';
import { PORT_OF_UNKNOWN_HOSTS } from './rule-ports';
import { otherNames } from './sidecar-names';
import type { SidecarScope } from './sidecar-scope';
import { type VirtualHost, virtualHostName } from './virtual-host';

export interface SidecarPort {
  readonly hosts: DomainTable<VirtualHost>;
  /** What is in the table. */
  readonly virtualHosts: readonly VirtualHost[];
  /** VirtualServices that lost a host to an earlier one, and rules that apply to no sidecar here; for the trace. */
  readonly leftOut: readonly LeftOut[];
  /** Names that several hosts without rules have; absent without such. */
  readonly contested?: DomainTable<Contest>;
  /** Routes for which Envoy refuses the table. */
  readonly unusable: readonly Route[];
}

/** A name that leads to one virtual host or another by chance. */
export interface Contest {
  /** The one to which it leads in the table. */
  readonly host: VirtualHost;
  readonly reason: string;
}

export function buildSidecarPort(sidecar: SidecarScope, port: number): SidecarPort {
  return new PortBuilder(sidecar, port).build();
}

/** A service, with no other port than the listener's. */
interface OnPort {
  readonly service: RegistryService;
  readonly port: RegistryPort;
  /** Its host as written; here it is in lower case. */
  readonly writtenHost: string;
}

/** What becomes a virtual host: names of a VirtualService's that are no services, and services. */
interface Entry {
  readonly foreign: readonly string[];
  readonly services: readonly RegistryService[];
  readonly routes: readonly Route[];
  readonly leftOut: readonly LeftOut[];
}

class PortBuilder {
  private readonly hosts = new DomainTable<VirtualHost>();
  private readonly virtualHosts: VirtualHost[] = [];
  private readonly leftOut: LeftOut[] = [];
  private contested?: DomainTable<Contest>;
  private readonly unusable = new Set<Route>();
  /** By host, in lower case. */
  private readonly onPort = new Map<string, OnPort>();
  private readonly scope: ListenerScope;
  private readonly wildcardHosts: readonly string[];

  public constructor(
    private readonly sidecar: SidecarScope,
    private readonly port: number,
  ) {
    for (const service of sidecar.servicesOn(port)) {
      const found = service.ports.find(({ number }) => number === port);
      if (found !== undefined) {
        const host = service.host.toLowerCase();
        const onlyPort = { ...service, host, ports: [found] };
        this.onPort.set(host, { service: onlyPort, port: found, writtenHost: service.host });
      }
    }
    this.scope = {
      ...sidecar.clusterScope(port),
      gateway: MESH_GATEWAY,
      // Services that do not have the listener's port are not looked at, so their single port does not fill in for one.
      lookupService: (host) => this.onPort.get(host)?.service,
    };
    this.wildcardHosts = [...this.onPort.keys()].filter(isWildcard);
  }

  public build(): SidecarPort {
    const entries = this.sidecar.virtualServices().flatMap((owner) => this.entryOf(owner));
    const served = new Set(entries.flatMap(({ services }) => services));
    for (const { service, port } of this.onPort.values()) {
      if (!served.has(service) && isHttpOrSniffed(port) && service.service?.externalName === undefined) {
        const routes = [Route.ofService(service, this.scope)];
        entries.push({ foreign: [], services: [service], routes, leftOut: [] });
      }
    }
    const known = new Set(entries.flatMap(({ services }) => services.map(({ host }) => host)));
    const taken = new Set<string>();
    for (const { foreign, services, routes, leftOut } of entries) {
      for (const host of foreign) {
        this.addHost(host.toLowerCase(), [host], taken, routes, leftOut);
      }
      for (const service of services) {
        this.addHost(service.host, this.domainsOf(service, known), taken, routes, leftOut);
      }
    }
    const { contested, hosts, leftOut, unusable, virtualHosts } = this;
    return { hosts, virtualHosts, leftOut, contested, unusable: [...unusable] };
  }

  private entryOf(owner: EffectiveVirtualService): readonly Entry[] {
    // Only this port knows VirtualServices for hosts that are no service; elsewhere some host must be one.
    if (this.port !== PORT_OF_UNKNOWN_HOSTS && !this.selects(owner)) {
      return [];
    }
    const { routes, leftOut } = routesOf(owner, this.scope);
    if (routes.length === 0) {
      this.leftOut.push(...leftOut);
      return [];
    }
    const { foreign, services } = this.splitHosts(owner);
    const reachable = services.filter(({ ports }) => isHttpOrSniffed(ports[0]));
    return reachable.length === 0 && this.port !== PORT_OF_UNKNOWN_HOSTS
      ? []
      : [{ foreign, services: reachable, routes, leftOut }];
  }

  /** The hosts of a VirtualService that are services on this port, and those that are not. */
  private splitHosts(owner: EffectiveVirtualService): Pick<Entry, 'foreign' | 'services'> {
    const foreign: string[] = [];
    const services: RegistryService[] = [];
    const names = owner.hosts.map(({ resolved }) => resolved.toLowerCase());
    for (const name of names.filter((each) => !isWildcard(each))) {
      const found = this.onPort.get(name)?.service;
      if (found === undefined) {
        foreign.push(name);
      } else {
        services.push(found);
      }
    }
    for (const name of names.filter(isWildcard)) {
      const covered = [...this.onPort.values()].filter(({ service }) => hostsOverlap(service.host, name));
      if (covered.length === 0) {
        foreign.push(name);
      }
      for (const { service } of covered) {
        if (this.sidecar.ownerOf(service.host) === owner) {
          services.push(service);
        }
      }
    }
    return { foreign, services };
  }

  private selects(owner: EffectiveVirtualService): boolean {
    return owner.hosts.some(({ resolved }) => {
      const name = resolved.toLowerCase();
      if (this.onPort.has(name)) {
        return true;
      }
      const candidates = isWildcard(name) ? this.onPort.keys() : this.wildcardHosts;
      return [...candidates].some((host) => hostsOverlap(host, name));
    });
  }

  /** The first to claim a name keeps it; the rest of an entry's names still count, but not a second time for one host. */
  private addHost(
    domain: string,
    names: readonly string[],
    taken: Set<string>,
    routes: readonly Route[],
    leftOut: readonly LeftOut[],
  ): void {
    const all = taken.has(domain) ? [] : [...new Set(names.map((name) => name.toLowerCase()))];
    const free = all.filter((name) => this.isFree(name, domain, routes));
    taken.add(domain);
    if (free.length === 0) {
      const winner = this.hosts.get(domain);
      this.leftOut.push(...lost(domain, routes, winner));
      if (routes[0]?.origin !== undefined) {
        winner?.rivals?.push(routes);
      }
      return;
    }
    const name = virtualHostName(domain, this.port);
    const host: VirtualHost = { name, domain, domains: free, routes, leftOut, rivals: [], requireTls: false };
    this.virtualHosts.push(host);
    for (const route of routes.filter(({ isUnusable }) => isUnusable)) {
      this.unusable.add(route);
    }
    for (const name of free) {
      this.hosts.set(name, host);
    }
  }

  /** Istio takes hosts without rules in any order (`BuildSidecarVirtualHostWrapper`). */
  private isFree(name: string, domain: string, [route]: readonly Route[]): boolean {
    const host = this.hosts.get(name);
    if (host !== undefined && route.origin === undefined && host.routes[0].origin === undefined) {
      const reason = `${host.domain} and ${domain} have ${name} in common, and Istio says nothing about which of them it leads to`;
      this.contested ??= new DomainTable();
      this.contested.set(name, { host, reason });
    }
    return host === undefined;
  }

  /**
   * All names by which the workload may call a service (`generateVirtualHostDomains`). What is short for it is not, where it is
   * another service's name in full.
   */
  private domainsOf(service: RegistryService, known: ReadonlySet<string>): readonly string[] {
    const { namespace, model } = this.sidecar;
    const writtenHost = this.onPort.get(service.host)?.writtenHost ?? service.host;
    const aliases = this.sidecar.aliasesOf(writtenHost, service.namespace);
    const all = [service, ...aliases].map(({ host }) => [host, ...otherNames(host, namespace, model.clusterDomain)]);
    const names = all.flatMap(([host, ...others]) => [host, ...others.filter((name) => !known.has(name))]);
    const pods = service.service?.headless === true ? all.flat().map((name) => `*.${name}`) : [];
    return [...names, ...pods, ...service.addresses];
  }
}

/** @param winner the virtual host that has the host */
function lost(host: string, routes: readonly Route[], winner: VirtualHost | undefined): readonly LeftOut[] {
  const first = winner?.routes[0]?.origin?.owner;
  const who = first === undefined ? 'another host has' : `${nameOf(first.object)} comes first and has`;
  const reason = `does not count inside the mesh: ${who} the name ${host}`;
  const lostTo = first && { host, winner: first };
  return routes.flatMap(({ origin }) => (origin === undefined ? [] : [{ ...origin, reason, lostTo }]));
}
