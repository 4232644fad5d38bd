/*
 * The configuration of a gateway's proxy as plain data.
 */
import { placeIn } from '../../manifests/object';
import type { Gateway, Server } from '../../model/gateway';
import type { EffectiveVirtualService } from '../../model/model';
import { listOf } from '../../syntax/wording';
import { serversFor } from '../bound-servers';
import type { Cluster } from '../cluster';
import type { DataPlane } from '../data-plane';
import type { ForeignChain, HttpChain, NamedChain } from '../filter-chains';
import type { GatewayListeners, ProxyListener } from '../gateway-listeners';
import { EVERY_ADDRESS } from '../gateway-merge';
import type { GatewayProxy } from '../gateway-proxies';
import { whyIdle, whyRefused, whySkipped } from '../gateway-refusal';
import { readsWhat, unreadRoutes } from '../unread-routes';
import { isUnsettled, whyUnsettled } from '../unsettled';
import { type VirtualHost, virtualHostName } from '../virtual-host';
import { clusterConfigs, clustersOfRoutes } from './cluster-config';
import { droppedRules } from './dropped-rules';
import type { ChainConfig, ListenerConfig, ProxyConfig, RouteConfig, Skipped } from './proxy-config';
import { skippedRules, sortedByName, virtualHostConfig, weighted } from './route-entry';

export function gatewayConfig(plane: DataPlane, proxy: GatewayProxy): ProxyConfig {
  const { model } = plane;
  const listeners = plane.listenersOf(proxy);
  const bound = boundTo(plane, proxy);
  const all = listeners.all();
  const http = new Map(
    all
      .flatMap(({ chains }) => chains.all.flatMap(({ chain }) => chain.http?.() ?? []))
      .map((chain) => [chain.routeName, chain]),
  );
  const whyOpen = (host: string) => (isUnsettled(host, proxy.namespace, model) ? whyUnsettled(host) : undefined);
  return {
    listeners: all.map((listener) => listenerConfig(listener, listeners)),
    routes: [...http.values()].map(routeConfig),
    clusters: clusterConfigs(listeners.clusters(), namedClusters(all, [...http.values()], listeners), whyOpen),
    skipped: [
      ...skippedServers(listeners),
      ...[...http.values()].flatMap(({ routeName, unused, virtualHosts }) =>
        skippedRules(routeName, [...virtualHosts.flatMap(({ leftOut }) => leftOut), ...unused]),
      ),
      ...unservedHosts(bound),
      ...unread(bound),
      ...droppedRules(bound.map(({ owner }) => owner)),
    ],
  };
}

/** A VirtualService on a Gateway of the proxy. */
interface Bound {
  readonly gateway: Gateway;
  readonly owner: EffectiveVirtualService;
}

function boundTo({ gateways, model }: DataPlane, proxy: GatewayProxy): readonly Bound[] {
  return gateways
    .gatewaysOf(proxy)
    .flatMap((gateway) => model.virtualServicesFor(proxy.namespace, gateway.ref).map((owner) => ({ gateway, owner })));
}

function unservedHosts(bound: readonly Bound[]): readonly Skipped[] {
  return bound
    .filter(({ gateway, owner }) => serversFor(owner, gateway).length === 0)
    .map(({ gateway, owner }) => ({
      reason: `no server of Gateway ${gateway.ref} has one of its hosts, or is open to its namespace`,
      origin: placeIn(owner.object, 'spec.hosts'),
    }));
}

function unread(bound: readonly Bound[]): readonly Skipped[] {
  return bound.flatMap(({ gateway, owner }) =>
    unreadRoutes(owner, gateway).map(({ object, path, servers }) => ({
      reason: `is not read: for the servers of Gateway ${gateway.ref} that have its hosts, Istio reads ${listOf([...new Set(servers.map(readsWhat))])}`,
      origin: placeIn(object, path),
    })),
  );
}

function listenerName(bind: string, port: number): string {
  return `${bind || EVERY_ADDRESS}_${port}`;
}

function listenerConfig(listener: ProxyListener, listeners: GatewayListeners): ListenerConfig {
  const { chains, port } = listener;
  const address = listener.bind || EVERY_ADDRESS;
  const refusal = whyRefused(listener);
  return {
    name: listenerName(listener.bind, port),
    address,
    port,
    refused: refusal?.reason,
    chains: [...chains.all.map((chain) => chainConfig(chain, listeners)), ...chains.allForeign.map(foreignChainConfig)],
  };
}

function chainConfig({ chain, names }: NamedChain, listeners: GatewayListeners): ChainConfig {
  const { endsTls, http, l4, server } = chain;
  return {
    serverNames: endsTls ? [...names].sort() : names,
    prefixRanges: [],
    endsTls,
    routes: http?.().routeName,
    clusters: l4 === undefined ? [] : weighted(listeners.clustersOfBytes(server, l4.route)),
    origin: l4 === undefined ? placeOf(server) : placeIn(l4.owner.object, l4.route.path),
  };
}

function foreignChainConfig({ name, server }: ForeignChain): ChainConfig {
  const clusters = [{ cluster: name, weight: 100 }];
  return { serverNames: [name], prefixRanges: [], endsTls: false, clusters, origin: placeOf(server) };
}

function routeConfig({ routeName, servers, virtualHosts }: HttpChain): RouteConfig {
  const name = virtualHostName('blackhole', servers[0].port.number);
  return {
    name: routeName,
    virtualHosts:
      virtualHosts.length === 0
        ? [{ name, domains: ['*'], requireTls: false, routes: [] }]
        : sortedByName(collapsed(virtualHosts)).map(virtualHostConfig),
  };
}

/** Hosts with the very same routes become one, with the name of the most specific of them (`collapseDuplicateRoutes`). */
function collapsed(hosts: readonly VirtualHost[]): readonly VirtualHost[] {
  const numbers = new Map<unknown, number>();
  const numberOf = (route: unknown) => {
    numbers.set(route, numbers.get(route) ?? numbers.size);
    return numbers.get(route);
  };
  const result = new Map<string, VirtualHost>();
  const known = new Map<string, VirtualHost>();
  for (const host of [...hosts].sort((a, b) => bySpecificity(a.domain, b.domain))) {
    const key = host.routes.map(numberOf).join();
    const other = known.get(key);
    const joined = other !== undefined && other.requireTls === host.requireTls;
    const made = joined ? { ...other, domains: [...other.domains, ...host.domains] } : host;
    known.set(key, made);
    result.set(made.domain, made);
  }
  return [...result.values()];
}

/** Names before wildcards, the longer first (`MoreSpecific`). */
function bySpecificity(a: string, b: string): number {
  const wildcards = Number(a.startsWith('*')) - Number(b.startsWith('*'));
  return wildcards || b.length - a.length || (a < b ? -1 : 1);
}

function namedClusters(
  all: readonly ProxyListener[],
  http: readonly HttpChain[],
  listeners: GatewayListeners,
): readonly Cluster[] {
  const ofBytes = all.flatMap(({ chains }) =>
    chains.all.flatMap(({ chain: { l4, server } }) =>
      l4 === undefined ? [] : listeners.clustersOfBytes(server, l4.route),
    ),
  );
  const routes = http.flatMap(({ virtualHosts }) => virtualHosts.flatMap((host) => host.routes));
  return [...ofBytes.map(({ cluster }) => cluster), ...clustersOfRoutes(routes)];
}

function skippedServers(listeners: GatewayListeners): readonly Skipped[] {
  const lost = listeners.merged.skipped.map((skipped) => ({
    server: skipped.server,
    bind: skipped.server.bind,
    port: skipped.port,
    reason: whySkipped(skipped),
  }));
  const idle = listeners.idle().map((each) => ({ ...each, reason: whyIdle(each.server) }));
  return [...lost, ...idle].map(({ bind, port, reason, server }) => ({
    where: listenerName(bind, port),
    reason,
    origin: placeOf(server),
  }));
}

function placeOf({ gateway, path }: Server) {
  return placeIn(gateway.object, path);
}
