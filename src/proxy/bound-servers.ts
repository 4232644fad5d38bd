/*
 * Which servers of a Gateway a VirtualService meets, and which of its routes such a server reads.
 */
import { type Gateway, isPassthrough, type Server, type ServerHost } from '../model/gateway';
import type { VirtualService } from '../model/virtual-service';
import { groupBy } from '../syntax/grouping';
import { hostsOverlap, isWildcard } from '../syntax/hosts';

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
  return (gateway?.servers ?? []).filter((server) =>
    virtualService.hosts.some(({ resolved }) => serves(server, resolved, virtualService.object.namespace)),
  );
}

/** The ports on which a gateway reads http rules of `namespace` for `host`. */
export function httpPortsFor(gateway: Gateway, host: string, namespace: string): readonly number[] {
  return gateway.servers
    .filter((server) => routesReadBy(server) === 'http' && serves(server, host, namespace))
    .map(({ port }) => port.number);
}

/** Whether a server serves some name of `host` for a VirtualService of `namespace`. */
export function serves(server: Server, host: string, namespace: string): boolean {
  return overlappingHosts(server, host).some((served) => isOpenTo(served, namespace));
}

/** The server's hosts that stand for some of the names of `host`. */
function overlappingHosts(server: Server, host: string): readonly ServerHost[] {
  if (isWildcard(host)) {
    return server.hosts.filter((served) => hostsOverlap(served.host, host));
  }
  let index = hostIndexes.get(server);
  if (index === undefined) {
    const exact = groupBy(server.hosts, (served) => served.host);
    index = { exact, wildcards: server.hosts.filter((served) => isWildcard(served.host)) };
    hostIndexes.set(server, index);
  }
  const same = index.exact.get(host) ?? [];
  return [...same, ...index.wildcards.filter((served) => hostsOverlap(served.host, host))];
}

/** A server may have thousands of hosts, and be asked for each. */
const hostIndexes = new WeakMap<
  Server,
  { readonly exact: ReadonlyMap<string, readonly ServerHost[]>; readonly wildcards: readonly ServerHost[] }
>();

/** Whether VirtualServices of `namespace` may use the host. */
export function isOpenTo(host: ServerHost, namespace: string): boolean {
  return host.namespace === '*' || host.namespace === namespace;
}
