/*
 * The resources of many proxies as one configuration for one Envoy. Each proxy keeps its listeners, virtual hosts, routes,
 * clusters and endpoints; only names get a prefix, and addresses become ones of the loopback interface.
 */
import { ID_HEADER } from './backend';
import type { Certificate } from './certificate';
import type { EnvoyJson, Resources } from './control-plane';
import { type Certificates, withCertificate } from './envoy-tls';

/** Where in this process an address of some mesh is served. */
export interface Addresses {
  /** The loopback port that stands for a port of a proxy. */
  listenerPort(proxy: number, port: number): number;
  /** The loopback port that stands for a port which a proxy's app dials, at whatever address. */
  dialledPort(proxy: number, port: number): number;
  /** The loopback address at which an endpoint of a mesh is served. */
  endpoint(proxy: number, address: string, port: number): SocketAddress;
}

export interface SocketAddress {
  readonly address: string;
  readonly portValue: number;
}

export const LISTENER = 'type.googleapis.com/envoy.config.listener.v3.Listener';
export const CLUSTER = 'type.googleapis.com/envoy.config.cluster.v3.Cluster';
export const HTTP_MANAGER =
  'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';

export interface EnvoyConfig {
  readonly listeners: readonly EnvoyJson[];
  readonly clusters: readonly EnvoyJson[];
}

/**
 * What leaves the pods of proxies, and what enters those of gateways.
 *
 * @param certificateOf for a proxy where it speaks TLS
 * @param certificates for servers whose Gateway names one of these Secrets
 */
export function combine(
  proxies: readonly (Resources | undefined)[],
  addresses: Addresses,
  certificateOf: (proxy: number) => Certificate,
  certificates?: Certificates,
): EnvoyConfig {
  const listeners: EnvoyJson[] = [];
  const clusters: EnvoyJson[] = [];
  for (const [index, resources] of proxies.entries()) {
    const context = { index, addresses, certificate: certificateOf(index), certificates };
    const outbound = (resources?.listeners ?? []).filter(isOutbound).filter(hasPort);
    listeners.push(...outbound.map((listener) => adaptListener(listener, context)));
    const others = (resources?.clusters ?? []).filter((cluster) => !isInboundCluster(cluster));
    clusters.push(...others.map((cluster) => adaptCluster(cluster, context)));
  }
  return { listeners, clusters };
}

export interface ProxyContext {
  readonly index: number;
  readonly certificate: Certificate;
  readonly certificates?: Certificates;
}

interface Context extends ProxyContext {
  readonly addresses: Addresses;
}

/** Where iptables sends all connections that leave a pod. */
export const OUTBOUND_PORT = 15001;

function isOutbound({ trafficDirection }: EnvoyJson): boolean {
  return trafficDirection !== 'INBOUND';
}

/** Istio makes a listener without a port where a Service's targetPort names none of the proxy's; nobody can connect to it. */
function hasPort({ address }: EnvoyJson): boolean {
  return (address as EnvoyJson).socketAddress !== undefined;
}

function adaptListener(listener: EnvoyJson, context: Context): EnvoyJson {
  const adapted = rewrite(listener, context) as EnvoyJson;
  const { socketAddress } = adapted.address as { socketAddress: { address: string; portValue: number } };
  // A sidecar's listeners that open no port get their connections from the outbound one, by the address that was dialled.
  const isDialled = adapted.bindToPort === false;
  return {
    '@type': LISTENER,
    ...adapted,
    name: `${context.index} ${String(listener.name)}`,
    address: {
      socketAddress: {
        address: isDialled ? socketAddress.address : '127.0.0.1',
        portValue: isDialled
          ? context.addresses.dialledPort(context.index, socketAddress.portValue)
          : context.addresses.listenerPort(context.index, socketAddress.portValue),
      },
    },
    additionalAddresses: undefined,
    ...(adapted.useOriginalDst === true ? { listenerFilters: [DIALLED_ADDRESS, ...otherFilters(adapted)] } : {}),
  };
}

/** In place of iptables, the client says in a PROXY protocol header which address it dialled. */
const DIALLED_ADDRESS = {
  name: 'envoy.filters.listener.proxy_protocol',
  typedConfig: { '@type': 'type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol' },
};

/** What such a client sends first: from which address it connects, and to which address and port of the mesh. */
export function dialledHeader(from: string, address: string, port: number): string {
  return `PROXY TCP4 ${from} ${address} 40000 ${port}\r\n`;
}

/** Without the one that asks iptables. */
export function otherFilters({ listenerFilters }: EnvoyJson): readonly EnvoyJson[] {
  const filters = Array.isArray(listenerFilters) ? (listenerFilters as EnvoyJson[]) : [];
  return filters.filter(({ name }) => name !== 'envoy.filters.listener.original_dst');
}

function adaptCluster(cluster: EnvoyJson, context: Context): EnvoyJson {
  const adapted = rewrite(cluster, context) as EnvoyJson;
  const name = `${context.index} ${String(cluster.name)}`;
  const discovery =
    cluster.type === 'ORIGINAL_DST'
      ? { originalDstLbConfig: dialled(adapted.originalDstLbConfig, context) }
      : { type: 'STATIC', loadAssignment: withBackends(adapted.loadAssignment, context) };
  return {
    '@type': CLUSTER,
    ...adapted,
    ...discovery,
    ...NOT_FOR_STATIC,
    name,
  };
}

/** What says how a name is resolved; here, none is. */
const NOT_FOR_STATIC = {
  dnsLookupFamily: undefined,
  dnsRefreshRate: undefined,
  dnsJitter: undefined,
  respectDnsTtl: undefined,
  typedDnsResolverConfig: undefined,
};

/** A sidecar passes a connection on to the address that was dialled, at another port if the cluster says so. */
function dialled(config: unknown, { index, addresses }: Context): unknown {
  const override = isMap(config) ? config.upstreamPortOverride : undefined;
  return typeof override === 'number' ? { upstreamPortOverride: addresses.dialledPort(index, override) } : undefined;
}

/** Endpoints at any address become backends of this process. */
function withBackends(value: unknown, context: Context): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => withBackends(each, context));
  }
  if (!isMap(value)) {
    return value;
  }
  const { address, portValue } = value;
  if (typeof address === 'string' && typeof portValue === 'number') {
    return context.addresses.endpoint(context.index, address, portValue);
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withBackends(each, context)]));
}

/**
 * Cluster names get the proxy's prefix wherever they stand; access logs go; certificates are there; local replies tell why
 * they were given.
 */
export function rewrite(value: unknown, context: ProxyContext): unknown {
  if (typeof value === 'string') {
    return isClusterName(value) ? `${context.index} ${value}` : value;
  }
  if (Array.isArray(value)) {
    return value.map((each) => rewrite(each, context));
  }
  if (!isMap(value)) {
    return value;
  }
  const entries = Object.entries(value).filter(([key]) => key !== 'accessLog');
  const rewritten = Object.fromEntries(entries.map(([key, each]) => [key, rewrite(each, context)]));
  if (isMap(rewritten.commonTlsContext)) {
    return {
      ...rewritten,
      commonTlsContext: withCertificate(rewritten.commonTlsContext, context.certificate, context.certificates),
    };
  }
  return value['@type'] === HTTP_MANAGER
    ? { ...rewritten, routeConfig: tellingRoute(rewritten.routeConfig), localReplyConfig: TELL_FLAGS }
    : rewritten;
}

/** The header in which Envoy says which of its routes answered. */
export const ROUTE_HEADER = 'x-conformance-route';

const TELL_ROUTE = {
  header: { key: ROUTE_HEADER, value: '%ROUTE_NAME%' },
  appendAction: 'OVERWRITE_IF_EXISTS_OR_ADD',
};

function tellingRoute(routes: unknown): unknown {
  return isMap(routes) ? { ...routes, responseHeadersToAdd: [TELL_ROUTE] } : routes;
}

function isClusterName(text: string): boolean {
  return (
    text.startsWith('outbound|') || text === 'PassthroughCluster' || text === 'BlackHoleCluster' || isInbound(text)
  );
}

/** Whether it is one to which a sidecar passes on what arrives at its pod. */
export function isInboundCluster({ name }: EnvoyJson): boolean {
  return isInbound(String(name));
}

function isInbound(name: string): boolean {
  return name.startsWith('inbound|') || name === 'InboundPassthroughCluster';
}

/** The header in which Envoy says why it answered by itself. */
export const FLAGS_HEADER = 'x-conformance-flags';

/** The header in which it says the same in words, as in `rbac_access_denied_matched_policy[none]`. */
export const DETAILS_HEADER = 'x-conformance-details';

const TELL_FLAGS = {
  mappers: [
    {
      filter: {
        statusCodeFilter: {
          comparison: { op: 'GE', value: { defaultValue: 0, runtimeKey: 'conformance.any_status' } },
        },
      },
      headersToAdd: [
        { header: { key: FLAGS_HEADER, value: '%RESPONSE_FLAGS%' } },
        { header: { key: DETAILS_HEADER, value: '%RESPONSE_CODE_DETAILS%' } },
        { header: { key: ID_HEADER, value: '%REQ(X-REQUEST-ID)%' } },
        TELL_ROUTE,
      ],
    },
  ],
};

function isMap(value: unknown): value is EnvoyJson {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
