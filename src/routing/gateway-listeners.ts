/*
 * The listeners of one gateway proxy, and the virtual hosts of each (`buildGatewayListeners`, `buildGatewayHTTPRouteConfig`).
 */
import { isPassthrough, type Server, servesHttp } from '../mesh/gateway';
import { type GatewayListener, type MergedGateways, mergeServers, routeNameOf } from '../mesh/gateway-merge';
import { hostsOverlap, intersectHosts } from '../mesh/hosts';
import type { EffectiveVirtualService, MeshModel } from '../mesh/model';
import type { L4Route } from '../mesh/virtual-service';
import { DomainTable } from './domain-table';
import type { GatewayProxies, GatewayProxy } from './gateway-proxies';
import {
  type CompiledRoute,
  compileRoutes,
  type LeftOut,
  type ListenerScope,
  type RoutesOfVirtualService,
  sortRoutes,
} from './routes';
import type { VirtualHost } from './virtual-host';

/** An HTTP connection manager: what reads requests and routes them. */
export interface HttpChain {
  readonly servers: readonly Server[];
  readonly hosts: DomainTable<VirtualHost>;
  /** VirtualServices that none of the virtual hosts contains, since none of their rules applies here; for the trace. */
  readonly unused: readonly LeftOut[];
}

/** What a listener does with a TLS connection for some names. */
export interface TlsChain {
  readonly server: Server;
  /** Requests are read: TLS ends here. */
  readonly http?: HttpChain;
  /** Bytes are forwarded unread. */
  readonly l4?: { readonly owner: EffectiveVirtualService; readonly route: L4Route };
}

/** One port of the proxy, ready for connections. */
export interface ProxyListener {
  readonly port: number;
  readonly bind: string;
  readonly servers: readonly Server[];
  readonly http?: HttpChain;
  /** Plain TCP; there can be only one. */
  readonly tcp?: TlsChain;
  /** TLS, by the name that the client asks for. */
  readonly tls: DomainTable<TlsChain>;
  /** Servers whose routes do not exist, so that they contribute nothing. */
  readonly idle: readonly Server[];
}

export class GatewayListeners {
  private readonly listeners = new Map<number, ProxyListener | undefined>();
  private readonly chains = new Map<string, HttpChain>();
  private readonly translated = new Map<number, number | undefined>();
  public readonly merged: MergedGateways;

  public constructor(
    private readonly model: MeshModel,
    private readonly proxies: GatewayProxies,
    public readonly proxy: GatewayProxy,
  ) {
    this.merged = mergeServers(proxies.gatewaysOf(proxy), (port) => [this.proxyPort(port) ?? port]);
  }

  /**
   * The proxy's listener for connections to `port` of its Service, or of the proxy itself where no Service is known; undefined
   * when nothing listens. A listener that has no filter chain is one that Istio leaves out.
   */
  public at(port: number): ProxyListener | undefined {
    if (!this.listeners.has(port)) {
      const target = this.isExposed(port) ? (this.proxyPort(port) ?? port) : undefined;
      this.listeners.set(port, target === undefined ? undefined : this.build(target));
    }
    return this.listeners.get(port);
  }

  /** All servers that ask for `port`, whether or not they got it. */
  public serversFor(port: number): readonly Server[] {
    return this.proxies
      .gatewaysOf(this.proxy)
      .flatMap((gateway) => gateway.servers)
      .filter((server) => server.port.number === port);
  }

  /** Whether clients reach the port at all: where Services in front of the proxy are known, one must have it. */
  public isExposed(port: number): boolean {
    const services = this.proxies.servicesOf(this.proxy);
    return services.length === 0 || services.some(({ ports }) => ports.some(({ number }) => number === port));
  }

  /** Whether the server has no routes, so that its port stays closed, whoever might reach it. */
  public isIdle(server: Server): boolean {
    const { number } = server.port;
    const listener = this.build(this.proxyPort(number) ?? number);
    return listener === undefined || listener.idle.includes(server);
  }

  /** The pod's port for a port of the Service in front of it (`resolvePorts`); undefined when no Service has the port. */
  private proxyPort(port: number): number | undefined {
    if (!this.translated.has(port)) {
      this.translated.set(port, this.translate(port));
    }
    return this.translated.get(port);
  }

  private translate(port: number): number | undefined {
    for (const { service } of this.proxies.servicesOf(this.proxy)) {
      const target = service?.ports.find(({ number }) => number === port)?.targetPort;
      if (typeof target === 'number') {
        return target;
      }
      if (target !== undefined) {
        return this.proxy.workload?.containerPorts.find(({ name }) => name === target)?.number;
      }
    }
    return undefined;
  }

  private build(port: number): ProxyListener | undefined {
    const candidates = this.merged.listeners.filter((listener) => listener.port === port);
    // A server that binds one address shares the port with those that bind all; which the client dials is not known.
    const listener = candidates.find(({ bind }) => bind === '') ?? candidates[0];
    return listener === undefined ? undefined : this.buildListener(listener);
  }

  private buildListener(listener: GatewayListener): ProxyListener | undefined {
    const http = listener.http && this.chain(listener.http.name, listener.http.servers);
    const tls = new DomainTable<TlsChain>();
    const idle: Server[] = [];
    let tcp: TlsChain | undefined;
    for (const server of listener.servers) {
      const added = server.tls === undefined ? this.tcpChain(server) : this.addTlsChains(server, tls);
      if (added === undefined) {
        idle.push(server);
      } else if (typeof added === 'object') {
        tcp ??= added;
      }
    }
    if (http === undefined && tcp === undefined && tls.size === 0) {
      return undefined;
    }
    const servers = [...(listener.http?.servers ?? []), ...listener.servers];
    return { port: listener.port, bind: listener.bind, servers, http, tcp, tls, idle };
  }

  /** Adds what a server with TLS answers to, by SNI; undefined when that is nothing. */
  private addTlsChains(server: Server, table: DomainTable<TlsChain>): true | undefined {
    const add = (names: readonly string[], chain: TlsChain) => {
      for (const name of names) {
        const domain = name.toLowerCase();
        if (table.get(domain) === undefined) {
          table.set(domain, chain);
        }
      }
    };
    const names = server.hosts.map(({ host }) => host);
    if (servesHttp(server)) {
      const routeName = routeNameOf(server, server.port.number) ?? '';
      add(names, { server, http: this.chain(routeName, this.merged.routes.get(routeName) ?? [server]) });
      return true;
    }
    if (!isPassthrough(server)) {
      const chain = this.tcpChain(server);
      if (chain === undefined) {
        return undefined;
      }
      add(names, chain);
      return true;
    }
    const chains = this.passthroughChains(server);
    for (const chain of chains) {
      add(chain.names, { server, l4: chain });
    }
    return chains.length > 0 || undefined;
  }

  /** The first tcp route for the server; of a VirtualService for any of its hosts, since TCP knows no hosts. */
  private tcpChain(server: Server): TlsChain | undefined {
    for (const owner of this.virtualServicesFor(server)) {
      const route = owner.tcp.find(
        (candidate) =>
          candidate.destinations.length > 0 &&
          (candidate.match.length === 0 || candidate.match.some((match) => appliesTo(match, server))),
      );
      if (route !== undefined) {
        return { server, l4: { owner, route } };
      }
    }
    return undefined;
  }

  private passthroughChains(server: Server): readonly {
    readonly owner: EffectiveVirtualService;
    readonly route: L4Route;
    readonly names: readonly string[];
  }[] {
    return this.virtualServicesFor(server).flatMap((owner) =>
      owner.tls
        .filter((route) => route.destinations.length > 0)
        .flatMap((route) =>
          route.match
            .filter((match) => appliesTo(match, server))
            .map((match) => ({ owner, route, names: match.sniHosts.length > 0 ? match.sniHosts : ['*'] })),
        ),
    );
  }

  private virtualServicesFor(server: Server): readonly EffectiveVirtualService[] {
    return this.model
      .virtualServicesFor(this.proxy.namespace, server.gateway.ref)
      .filter((owner) => sharesHost(server, owner));
  }

  private chain(name: string, servers: readonly Server[]): HttpChain {
    let chain = this.chains.get(name);
    if (chain === undefined) {
      chain = { servers, ...this.virtualHosts(servers) };
      this.chains.set(name, chain);
    }
    return chain;
  }

  private virtualHosts(servers: readonly Server[]): Omit<HttpChain, 'servers'> {
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
    return { hosts: builder.table(), unused: builder.unused };
  }

  private scope(server: Server, owner: EffectiveVirtualService): ListenerScope {
    const { model, proxy } = this;
    return {
      model,
      gateway: server.gateway.ref,
      proxyLabels: proxy.labels,
      proxyNamespace: proxy.namespace,
      port: server.port.number,
      isTls: server.tls !== undefined,
      lookupService: (host) => model.service(host, proxy.namespace, owner.object.namespace),
      clusterService: (host) => model.service(host, proxy.namespace),
      passesOn: false,
    };
  }
}

/** Collects the routes of each host. Istio translates a VirtualService once a Gateway and reuses the result on every server. */
class VirtualHostsBuilder {
  private readonly hosts = new Map<string, { routes: CompiledRoute[]; leftOut: LeftOut[]; requireTls: boolean }>();
  private readonly compiled = new Map<string, RoutesOfVirtualService>();
  public readonly unused: LeftOut[] = [];

  public add(
    server: Server,
    owner: EffectiveVirtualService,
    names: readonly string[],
    scope: () => ListenerScope,
  ): void {
    const key = `${server.gateway.ref} ${owner.object.namespace}/${owner.object.name}`;
    const { routes, leftOut } = this.compiled.get(key) ?? compileRoutes(owner, scope());
    this.compiled.set(key, { routes, leftOut });
    if (routes.length === 0) {
      this.unused.push(...leftOut);
      return;
    }
    for (const name of names) {
      const host = this.host(name);
      host.routes.push(...routes);
      host.leftOut.push(...leftOut);
      host.requireTls ||= server.tls?.httpsRedirect === true;
    }
  }

  /** A server that redirects does so for all its hosts, also for those without any route. */
  public redirect(server: Server): void {
    for (const { host, namespace } of server.hosts) {
      if (namespace === '*') {
        this.host(host).requireTls = true;
      }
    }
  }

  public table(): DomainTable<VirtualHost> {
    const table = new DomainTable<VirtualHost>();
    for (const [domain, { routes, leftOut, requireTls }] of this.hosts) {
      table.set(domain, { domain, routes: sortRoutes(routes), leftOut, requireTls });
    }
    return table;
  }

  private host(name: string) {
    const domain = name.toLowerCase();
    const known = this.hosts.get(domain) ?? { routes: [], leftOut: [], requireTls: false };
    this.hosts.set(domain, known);
    return known;
  }
}

/** The hosts of a server that VirtualServices of a namespace may use (`NamesForNamespace`). */
export function hostsFor(server: Server, namespace: string): readonly string[] {
  return server.hosts.filter((host) => host.namespace === '*' || host.namespace === namespace).map(({ host }) => host);
}

/** For TCP and TLS it is enough that a host of the VirtualService overlaps with one of the server's (`pickMatchingGatewayHosts`). */
function sharesHost(server: Server, owner: EffectiveVirtualService): boolean {
  const served = hostsFor(server, owner.object.namespace);
  return owner.hosts.some(({ resolved }) => served.some((host) => hostsOverlap(host, resolved)));
}

function appliesTo(match: L4Route['match'][number], server: Server): boolean {
  return (
    (match.port === 0 || match.port === server.port.number) &&
    (match.gateways.length === 0 || match.gateways.includes(server.gateway.ref))
  );
}
