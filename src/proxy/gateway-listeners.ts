/*
 * The listeners of one gateway proxy, and the virtual hosts of each (`buildGatewayListeners`, `buildGatewayHTTPRouteConfig`).
 */
import { isPassthrough, type Server, servesHttp } from '../model/gateway';
import { mergedByHost, visibleServices } from '../model/imported-services';
import type { EffectiveVirtualService, MeshModel } from '../model/model';
import type { RegistryService } from '../model/registry';
import { isMatchFor, type L4Route } from '../model/virtual-service';
import { intersectHosts, isSubsetOf } from '../syntax/hosts';
import { isOpenTo, serves } from './bound-servers';
import {
  type ClusterScope,
  clustersOfBytes,
  clustersOfService,
  type ServiceCluster,
  type WeightedCluster,
} from './cluster';
import { type FilterChain, FilterChains, type HttpChain } from './filter-chains';
import { type GatewayListener, type MergedGateways, mergeServers, routeNameOf } from './gateway-merge';
import { GatewayPorts } from './gateway-ports';
import type { GatewayProxies, GatewayProxy } from './gateway-proxies';
import { VirtualHostsBuilder } from './gateway-virtual-hosts';
import type { ListenerScope } from './routes';

/** One port of the proxy, ready for connections. */
export interface ProxyListener {
  readonly port: number;
  /** The address; empty for every one. */
  readonly bind: string;
  readonly servers: readonly Server[];
  readonly chains: FilterChains;
  /** Servers whose routes do not exist, so that they contribute nothing. */
  readonly idle: readonly Server[];
}

interface IdleServer {
  readonly port: number;
  readonly bind: string;
  readonly server: Server;
}

export class GatewayListeners {
  private readonly listeners = new Map<number, ProxyListener | undefined>();
  private readonly chains = new Map<string, HttpChain>();
  private readonly ports: GatewayPorts;
  public readonly merged: MergedGateways;

  public constructor(
    private readonly model: MeshModel,
    private readonly proxies: GatewayProxies,
    public readonly proxy: GatewayProxy,
  ) {
    this.ports = new GatewayPorts(proxy, proxies.servicesOf(proxy));
    this.merged = mergeServers(proxies.gatewaysOf(proxy), (port) => [this.ports.opened(port)]);
  }

  /**
   * The proxy's listener for connections to `port` of its Service, or of the proxy itself where no Service is known; undefined
   * when nothing listens. A listener that has no filter chain is one that Istio leaves out.
   */
  public at(port: number): ProxyListener | undefined {
    if (!this.listeners.has(port)) {
      const target = this.ports.arrival(port);
      this.listeners.set(port, target === undefined ? undefined : this.build(target));
    }
    return this.listeners.get(port);
  }

  /** All listeners, on every port and address. */
  public all(): readonly ProxyListener[] {
    return this.merged.listeners
      .map((listener) => this.buildListener(listener))
      .filter((listener) => listener !== undefined);
  }

  /** Servers without a route of the kind that they read, on every port and address. */
  public idle(): readonly IdleServer[] {
    const all = this.all();
    return this.merged.listeners.flatMap(({ port, bind, servers }) => {
      const built = all.find((listener) => listener.port === port && listener.bind === bind);
      return (built?.idle ?? servers).map((server) => ({ port, bind, server }));
    });
  }

  /** All servers that ask for `port`, whether or not they got it. */
  public serversFor(port: number): readonly Server[] {
    return this.proxies
      .gatewaysOf(this.proxy)
      .flatMap((gateway) => gateway.servers)
      .filter((server) => server.port.number === port);
  }

  /** Whether clients reach the port at all. */
  public isExposed(port: number): boolean {
    return this.ports.isExposed(port);
  }

  /** Whether the server has no routes, so that its port stays closed, whoever might reach it. */
  public isIdle(server: Server): boolean {
    const listener = this.build(this.ports.opened(server.port.number));
    return listener === undefined || listener.idle.includes(server);
  }

  /** The clusters to which a tcp or tls route of a server leads. */
  public clustersOfBytes(server: Server, { destinations }: L4Route): readonly WeightedCluster[] {
    return clustersOfBytes(destinations, this.clusterScope(server.port.number));
  }

  /** Every cluster of a service that the proxy has. */
  public clusters(): readonly ServiceCluster[] {
    return this.services().flatMap((service) => clustersOfService(service, this.clusterScope(0)));
  }

  private services(): readonly RegistryService[] {
    return [...mergedByHost(visibleServices(this.model.registry, this.proxy.namespace)).values()];
  }

  /** Of bytes, Istio asks for the host alone, and not first in the rule's namespace (`buildOutboundNetworkFilters`). */
  private clusterScope(port: number): ClusterScope {
    const { model, proxy } = this;
    const find = (host: string) => model.service(host, proxy.namespace);
    return {
      model,
      proxyNamespace: proxy.namespace,
      proxyLabels: proxy.labels,
      port,
      isTls: true,
      lookupService: find,
      clusterService: find,
      passesOn: false,
    };
  }

  private build(port: number): ProxyListener | undefined {
    const candidates = this.merged.listeners.filter((listener) => listener.port === port);
    // A server that binds one address shares the port with those that bind all; which the client dials is not known.
    const listener = candidates.find(({ bind }) => bind === '') ?? candidates[0];
    return listener === undefined ? undefined : this.buildListener(listener);
  }

  private buildListener(listener: GatewayListener): ProxyListener | undefined {
    const chains = new FilterChains();
    for (const { name, servers } of listener.http) {
      chains.add([], { server: servers[0], endsTls: false, http: () => this.chain(name, servers) });
    }
    const idle: Server[] = [];
    const passedThrough = new Set<string>();
    for (const server of listener.servers) {
      if (!this.addChains(server, chains, passedThrough)) {
        idle.push(server);
      }
    }
    if (chains.isEmpty) {
      return undefined;
    }
    const servers = [...listener.http.flatMap((group) => group.servers), ...listener.servers];
    return { port: listener.port, bind: listener.bind, servers, chains, idle };
  }

  /** Adds what a server other than one of plain HTTP does; false when that is nothing. */
  private addChains(server: Server, chains: FilterChains, passedThrough: Set<string>): boolean {
    if (server.tls?.mode === 'AUTO_PASSTHROUGH') {
      return this.addForeignChains(server, chains);
    }
    if (isPassthrough(server)) {
      return this.addPassthroughChains(server, chains, passedThrough);
    }
    const names = server.tls === undefined ? [] : [...new Set(server.hosts.map(({ host }) => host))];
    const endsTls = server.tls !== undefined;
    if (servesHttp(server)) {
      const routeName = routeNameOf(server, server.port.number) ?? '';
      chains.add(names, {
        server,
        endsTls,
        http: () => this.chain(routeName, this.merged.routes.get(routeName) ?? [server]),
      });
      return true;
    }
    const l4 = this.tcpRoute(server);
    if (l4 !== undefined) {
      chains.add(names, { server, endsTls, l4 });
    }
    return l4 !== undefined;
  }

  /** For clients of the mesh in other clusters, which name a cluster of Envoy's (`builtAutoPassthroughFilterChains`). */
  private addForeignChains(server: Server, chains: FilterChains): boolean {
    const services = this.services().filter(
      (service) => !isExternal(service) && server.hosts.some((served) => isSubsetOf(service.host, served.host)),
    );
    const ports = services.flatMap((service) => service.ports.map((port) => ({ service, port })));
    const forTcp = ports.filter(({ port }) => port.protocol !== 'UDP');
    for (const { service, port } of forTcp) {
      chains.addForeign(`outbound_.${port.number}_._.${service.host}`, server, service);
    }
    return forTcp.length > 0;
  }

  /** A chain for each match of a tls route, unless it names somebody who has one already (`CheckDuplicates`). */
  private addPassthroughChains(server: Server, chains: FilterChains, taken: Set<string>): boolean {
    const matches = this.virtualServicesFor(server).flatMap((owner) =>
      owner.tls
        .filter((route) => route.destinations.length > 0)
        .flatMap((route) => route.match.map((match) => ({ owner, route, match }))),
    );
    let isUsed = false;
    for (const { owner, route, match } of matches.filter((each) => appliesTo(each.match, server))) {
      if (!match.sniHosts.some((name) => taken.has(name))) {
        for (const name of match.sniHosts) {
          taken.add(name);
        }
        chains.add(match.sniHosts, { server, endsTls: false, l4: { owner, route } });
        isUsed = true;
      }
    }
    return isUsed;
  }

  /** The first tcp route for the server; of a VirtualService for any of its hosts, since TCP knows no hosts. */
  private tcpRoute(server: Server): FilterChain['l4'] {
    for (const owner of this.virtualServicesFor(server)) {
      const route = owner.tcp.find(
        (candidate) =>
          candidate.destinations.length > 0 &&
          (candidate.match.length === 0 || candidate.match.some((match) => appliesTo(match, server))),
      );
      if (route !== undefined) {
        return { owner, route };
      }
    }
    return undefined;
  }

  private virtualServicesFor(server: Server): readonly EffectiveVirtualService[] {
    return this.model
      .virtualServicesFor(this.proxy.namespace, server.gateway.ref)
      .filter((owner) => sharesHost(server, owner));
  }

  private chain(name: string, servers: readonly Server[]): HttpChain {
    let chain = this.chains.get(name);
    if (chain === undefined) {
      chain = { routeName: name, servers, ...this.virtualHosts(servers) };
      this.chains.set(name, chain);
    }
    return chain;
  }

  private virtualHosts(servers: readonly Server[]): Omit<HttpChain, 'routeName' | 'servers'> {
    const builder = new VirtualHostsBuilder();
    for (const server of servers) {
      for (const owner of this.model.virtualServicesFor(this.proxy.namespace, server.gateway.ref)) {
        const names = intersectHosts(
          hostsFor(server, owner.object.namespace),
          owner.hosts.map(({ resolved }) => resolved),
        );
        if (names.length > 0) {
          builder.add(server, owner, names, () => this.scope(server, owner));
        }
      }
      if (server.tls?.httpsRedirect === true) {
        builder.redirect(server);
      }
    }
    return { ...builder.build(), unused: builder.unused, unusable: builder.unusable };
  }

  private scope(server: Server, owner: EffectiveVirtualService): ListenerScope {
    const { model, proxy } = this;
    return {
      ...this.clusterScope(server.port.number),
      gateway: server.gateway.ref,
      isTls: server.tls !== undefined,
      lookupService: (host) => model.service(host, proxy.namespace, owner.object.namespace),
    };
  }
}

/** The hosts of a server that VirtualServices of a namespace may use (`NamesForNamespace`). */
function hostsFor(server: Server, namespace: string): readonly string[] {
  return server.hosts.filter((host) => isOpenTo(host, namespace)).map(({ host }) => host);
}

/** Whether what stands behind a service is not part of the mesh, for all that Istio knows. */
function isExternal({ entry, service }: RegistryService): boolean {
  return service?.externalName !== undefined || entry?.isInternal === false;
}

/** For TCP and TLS it is enough that a host of the VirtualService overlaps with one of the server's (`pickMatchingGatewayHosts`). */
function sharesHost(server: Server, owner: EffectiveVirtualService): boolean {
  return owner.hosts.some(({ resolved }) => serves(server, resolved, owner.object.namespace));
}

function appliesTo(match: L4Route['match'][number], { gateway, port }: Server): boolean {
  return isMatchFor(match, gateway.ref, port.number);
}
