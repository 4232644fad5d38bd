/*
 * All Gateways that apply to one proxy become one set of listeners (`mergeGateways`, pilot/pkg/model/gateway.go). Servers on
 * the same port are combined where both are plain HTTP or both use TLS; of any others the first wins, and Istio silently leaves
 * out the rest.
 */
import { type Gateway, isPassthrough, type Server, servesHttp } from '../model/gateway';
import type { PortProtocol } from '../model/port-protocol';

/** A server that opens nothing because another one was first. */
export interface SkippedServer {
  readonly server: Server;
  /** The port of the proxy. */
  readonly port: number;
  /** The server that it lost to. */
  readonly winner: Server;
  readonly reason: string;
}

/** What one route configuration of Envoy is made of: the servers that share it. */
interface RouteGroup {
  readonly name: string;
  readonly servers: readonly Server[];
}

/** What a proxy does on one port and address. */
export interface GatewayListener {
  readonly port: number;
  /** Empty for every address. */
  readonly bind: string;
  /** Plain HTTP: a route configuration for all who connect. There are two where one server binds all addresses in so many words. */
  readonly http: readonly RouteGroup[];
  /** Otherwise one filter chain (or none) a server. */
  readonly servers: readonly Server[];
}

export interface MergedGateways {
  /** In the order in which the ports were first asked for. A listener may still turn out to be empty. */
  readonly listeners: readonly GatewayListener[];
  /** The servers of each route configuration, by its name. */
  readonly routes: ReadonlyMap<string, readonly Server[]>;
  readonly skipped: readonly SkippedServer[];
}

/** The ports of the proxy that stand for a server's port: the targetPorts of its Services, or the port itself. */
type ResolvePorts = (port: number) => readonly number[];

/** Name of the route configuration of an HTTP server; undefined for servers that have none (`gatewayRDSRouteName`). */
export function routeNameOf(server: Server, port: number): string | undefined {
  const bind = server.bind === '' ? '' : `.${server.bind}`;
  if (server.protocol === 'HTTP') {
    return `http.${port}${bind}`;
  }
  if (server.protocol === 'HTTPS' && !isPassthrough(server)) {
    const { object } = server.gateway;
    return `https.${server.port.number}.${server.port.name}.${object.name}.${object.namespace}${bind}`;
  }
  return undefined;
}

export function mergeServers(gateways: readonly Gateway[], resolvePorts: ResolvePorts): MergedGateways {
  const merger = new Merger();
  for (const gateway of gateways) {
    for (const server of gateway.servers) {
      for (const port of resolvePorts(server.port.number)) {
        merger.add(server, port);
      }
    }
  }
  return merger.result();
}

/** What a server without `bind` binds. */
export const EVERY_ADDRESS = '0.0.0.0';

/** Servers that end up in one Envoy listener with the same protocol word; Istio keys them by the word as written. */
interface Group {
  readonly port: number;
  readonly protocol?: PortProtocol;
  readonly bind: string;
  readonly servers: Server[];
  readonly routeName?: string;
}

class Merger {
  private readonly groups = new Map<string, Group>();
  private readonly routes = new Map<string, Server[]>();
  private readonly skipped: SkippedServer[] = [];
  /** The first server of each port. */
  private readonly first = new Map<number, Server>();
  /** The group of each port whose first server uses no TLS. */
  private readonly plain = new Map<number, Group>();
  private readonly tlsHosts = new Map<string, Server>();

  public add(server: Server, port: number): void {
    const duplicate = this.hostTaken(server, port);
    if (duplicate !== undefined) {
      this.skip(server, port, duplicate.winner, `host ${duplicate.host} is already served with TLS on port ${port}`);
      return;
    }
    const winner = this.first.get(port);
    if (winner === undefined) {
      this.addFirst(server, port);
    } else if (this.plain.has(port)) {
      this.addToPlain(server, port, winner);
    } else if (isPlain(server)) {
      this.addPlain(server, port);
    } else {
      this.addToTls(server, port);
    }
  }

  public result(): MergedGateways {
    const listeners = new Map<string, { port: number; bind: string; http: RouteGroup[]; servers: Server[] }>();
    for (const group of this.groups.values()) {
      // A listener's name has its address, and Istio makes one of all servers for which that is the same.
      const bind = group.bind === EVERY_ADDRESS ? '' : group.bind;
      const key = `${bind}_${group.port}`;
      const listener = listeners.get(key) ?? { port: group.port, bind, http: [], servers: [] };
      listeners.set(key, listener);
      if (group.protocol === 'HTTP' && group.routeName !== undefined) {
        listener.http.push({ name: group.routeName, servers: this.routes.get(group.routeName) ?? group.servers });
      } else {
        listener.servers.push(...group.servers);
      }
    }
    return { listeners: [...listeners.values()], routes: this.routes, skipped: this.skipped };
  }

  /** Envoy refuses two filter chains for one SNI, so Istio drops the later server whole. */
  private hostTaken(server: Server, port: number): { readonly host: string; readonly winner: Server } | undefined {
    if (server.tls === undefined) {
      return undefined;
    }
    const keys = server.hosts.map((host) => ({ host: host.host, key: `${port} ${server.bind} ${tlsHostKey(host)}` }));
    for (const { host, key } of keys) {
      const winner = this.tlsHosts.get(key);
      if (winner !== undefined) {
        return { host, winner };
      }
    }
    for (const { key } of keys) {
      this.tlsHosts.set(key, server);
    }
    return undefined;
  }

  private addFirst(server: Server, port: number): void {
    this.first.set(port, server);
    this.addPlain(server, port);
  }

  private addPlain(server: Server, port: number): void {
    const routeName = routeNameOf(server, port);
    const group = this.group(server, port, routeName);
    group.servers.push(server);
    if (isPlain(server)) {
      this.plain.set(port, group);
    }
    if (servesHttp(server) && routeName !== undefined) {
      this.routes.set(routeName, [server]);
    }
  }

  private addToPlain(server: Server, port: number, winner: Server): void {
    const current = this.plain.get(port);
    const routeName = routeNameOf(server, port);
    const sameBind = current?.bind === server.bind;
    if (sameBind && (server.protocol !== 'HTTP' || current?.protocol !== 'HTTP')) {
      this.skip(
        server,
        port,
        winner,
        winner.port.protocol === server.port.protocol
          ? `port ${port} is already used with protocol ${winner.port.protocol}, and only servers of plain HTTP share a port`
          : `port ${port} is already used with protocol ${winner.port.protocol}, which cannot share a port with ${server.port.protocol}`,
      );
      return;
    }
    (sameBind && current !== undefined ? current : this.group(server, port, routeName)).servers.push(server);
    if (routeName !== undefined) {
      this.routes.set(routeName, [...(this.routes.get(routeName) ?? []), server]);
    }
  }

  private addToTls(server: Server, port: number): void {
    const routeName = routeNameOf(server, port);
    if (servesHttp(server) && routeName !== undefined) {
      const taken = this.routes.get(routeName);
      if (taken !== undefined) {
        this.skip(server, port, taken[0], `the name of its port, ${server.port.name}, is already used on port ${port}`);
        return;
      }
      this.routes.set(routeName, [server]);
    }
    this.group(server, port, routeName).servers.push(server);
  }

  private group(server: Server, port: number, routeName: string | undefined): Group {
    const key = `${port} ${server.port.protocol} ${server.bind}`;
    let group = this.groups.get(key);
    if (group === undefined) {
      group = { port, protocol: server.protocol, bind: server.bind, servers: [], routeName };
      this.groups.set(key, group);
    }
    return group;
  }

  private skip(server: Server, port: number, winner: Server, reason: string): void {
    this.skipped.push({ server, port, winner, reason });
  }
}

/** A server with TLS settings on a port for plain HTTP is one that redirects to HTTPS (`gateway.IsTLSServer`). */
function isPlain(server: Server): boolean {
  return server.tls === undefined || server.protocol === 'HTTP';
}

/** Istio compares the hosts with their namespace, where one is named. */
function tlsHostKey(host: { readonly namespace: string; readonly host: string }): string {
  return host.namespace === '*' ? host.host : `${host.namespace}/${host.host}`;
}
