/*
 * Which servers of a Gateway a VirtualService meets, and which of its routes such a server reads.
 */
import { type Gateway, isPassthrough, type Server, type ServerHost } from '../model/gateway';
import type { VirtualService } from '../model/virtual-service';
import { HostTable } from '../syntax/host-table';

export type RouteKind = 'http' | 'tls' | 'tcp';

/**
 * The one kind of routes that Istio reads for a server (`buildGatewayTCPBasedFilterChains`, `buildGatewayHTTPRouteConfig`);
 * 'none' for AUTO_PASSTHROUGH, which routes by SNI on its own. Undefined where the server is refused anyway.
 */
export function routesReadBy(server: Server): RouteKind | 'none' | undefined {
  const { protocol, tls } = server;
  switch (protocol) {
    case 'HTTP':
      return 'http';
    case 'TCP':
      return tls === undefined ? 'tcp' : undefined;
    case 'HTTPS':
    case 'TLS':
      if (tls === undefined) {
        return undefined;
      }
      if (isPassthrough(server)) {
        return tls.mode === 'AUTO_PASSTHROUGH' ? 'none' : 'tls';
      }
      return protocol === 'HTTPS' ? 'http' : 'tcp';
    default:
      return undefined;
  }
}

/** The servers of a gateway that serve one of the VirtualService's hosts. A gateway that is not given has none. */
export function serversFor(virtualService: VirtualService, gateway: Gateway | undefined): readonly Server[] {
  const { namespace } = virtualService.object;
  const serving = new Set<Server>();
  for (const { resolved } of gateway === undefined ? [] : virtualService.hosts) {
    for (const { server, served } of hostsOf(gateway as Gateway).overlapping(resolved)) {
      if (isOpenTo(served, namespace)) {
        serving.add(server);
      }
    }
  }
  return serving.size < 2 ? [...serving] : (gateway?.servers ?? []).filter((server) => serving.has(server));
}

/** The ports on which a gateway reads http rules of `namespace` for `host`. */
export function httpPortsFor(gateway: Gateway, host: string, namespace: string): readonly number[] {
  return gateway.servers
    .filter((server) => routesReadBy(server) === 'http' && serves(server, host, namespace))
    .map(({ port }) => port.number);
}

/** Whether one of the gateway's servers serves some name of `host` for a VirtualService of `namespace`. */
export function servesAnywhere(gateway: Gateway, host: string, namespace: string): boolean {
  return hostsOf(gateway)
    .overlapping(host)
    .some(({ served }) => isOpenTo(served, namespace));
}

/** The servers of a gateway with a host that stands for some of the names of `host`, for whichever namespace. */
export function serversOverlapping(gateway: Gateway, host: string): readonly Server[] {
  return hostsOf(gateway)
    .overlapping(host)
    .map(({ server }) => server);
}

/** Whether a server serves some name of `host` for a VirtualService of `namespace`. */
export function serves(server: Server, host: string, namespace: string): boolean {
  return hostsOfServer(server)
    .overlapping(host)
    .some((served) => isOpenTo(served, namespace));
}

interface Served {
  readonly server: Server;
  readonly served: ServerHost;
}

/** A gateway may have thousands of servers and hosts, and be asked for each. */
const tablesOfGateways = new WeakMap<Gateway, HostTable<Served>>();
const tablesOfServers = new WeakMap<Server, HostTable<ServerHost>>();

function hostsOf(gateway: Gateway): HostTable<Served> {
  let table = tablesOfGateways.get(gateway);
  if (table === undefined) {
    table = new HostTable();
    for (const server of gateway.servers) {
      for (const served of server.hosts) {
        table.add(served.host, { server, served });
      }
    }
    tablesOfGateways.set(gateway, table);
  }
  return table;
}

function hostsOfServer(server: Server): HostTable<ServerHost> {
  let table = tablesOfServers.get(server);
  if (table === undefined) {
    table = new HostTable();
    for (const served of server.hosts) {
      table.add(served.host, served);
    }
    tablesOfServers.set(server, table);
  }
  return table;
}

/** Whether VirtualServices of `namespace` may use the host. */
export function isOpenTo(host: ServerHost, namespace: string): boolean {
  return host.namespace === '*' || host.namespace === namespace;
}
