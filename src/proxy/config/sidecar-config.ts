/*
 * The configuration of a workload's sidecar as plain data, as far as it is about requests that go out.
 */
import { placeIn } from '../../manifests/object';
import { type BytesChain, namesOf, rangesOf } from '../bytes-chains';
import { type TakenRule, whyTaken } from '../bytes-rules';
import type { Cluster } from '../cluster';
import { EVERY_ADDRESS } from '../gateway-merge';
import type { Sidecar } from '../sidecar';
import type { Listener, Refusal } from '../sidecar-refusal';
import { whyUnsettled } from '../unsettled';
import { clusterConfigs, clustersOfRoutes } from './cluster-config';
import { droppedRules } from './dropped-rules';
import {
  type ChainConfig,
  type ListenerConfig,
  type ProxyConfig,
  type RouteConfig,
  type Skipped,
  unknownConfig,
  type VirtualHostConfig,
} from './proxy-config';
import { ANY_REQUEST, skippedRules, sortedByName, virtualHostConfig, weighted } from './route-entry';

/** A listener with its place: a port, and the key of an address, where it is not for all addresses. */
interface Placed {
  readonly port: number;
  readonly key?: string;
  readonly listener: Listener;
  readonly refusal: Refusal | null;
}

export function sidecarConfig(sidecar: Sidecar): ProxyConfig {
  const { scope } = sidecar;
  if (scope.unknown !== undefined) {
    return unknownConfig(scope.unknown);
  }
  const ports = [...scope.servicePorts()].sort((a, b) => a - b);
  const placed = ports.flatMap((port) =>
    sidecar
      .listenersAt(port)
      .all()
      .map((each) => ({ port, ...each })),
  );
  const reading = placed.filter(({ listener }) => listener.http !== undefined);
  const catchAll = catchAllOf(scope.outboundMode);
  const whyOpen = (host: string) => (scope.firstUnsettled([host]) === undefined ? undefined : whyUnsettled(host));
  return {
    listeners: placed.map((each) => listenerConfig(each, sidecar)),
    // The listeners of a service with several addresses share one.
    routes: [...new Map(reading.map((each) => [routeName(each.listener, each.port), each])).values()].map((each) =>
      routeConfig(each, sidecar, catchAll),
    ),
    clusters: clusterConfigs(sidecar.clusters(), namedClusters(placed, sidecar), whyOpen),
    skipped: [
      ...[...new Set(reading.map(({ port }) => port))].flatMap((port) => {
        const { leftOut, virtualHosts } = sidecar.port(port);
        return skippedRules(`${port}`, [...virtualHosts.flatMap((host) => host.leftOut), ...leftOut]);
      }),
      ...ports.flatMap((port) =>
        sidecar
          .listenersAt(port)
          .taken()
          .map((taken) => takenRule(taken, port)),
      ),
      ...droppedRules(scope.virtualServices()),
    ],
  };
}

function listenerConfig({ key = EVERY_ADDRESS, listener, port, refusal }: Placed, sidecar: Sidecar): ListenerConfig {
  const routes = routeName(listener, port);
  const slash = key.indexOf('/');
  const address = slash < 0 ? key : undefined;
  return {
    name: address && `${address}_${port}`,
    address,
    port,
    service: slash < 0 ? undefined : key.slice(slash + 1),
    refused: refusal?.reason,
    chains: [
      ...listener.bytes.map((chain) => chainConfig(chain, port, sidecar)),
      ...(routes === undefined ? [] : [{ serverNames: [], prefixRanges: [], endsTls: false, routes, clusters: [] }]),
    ],
  };
}

function chainConfig(chain: BytesChain, port: number, sidecar: Sidecar): ChainConfig {
  const { owner, path, service } = chain;
  return {
    serverNames: namesOf(chain),
    prefixRanges: rangesOf(chain).map(({ text }) => text),
    endsTls: false,
    clusters: weighted(sidecar.clustersOfBytes(port, chain)),
    origin: placeIn((owner ?? service).object, path),
  };
}

/** Of the HTTP of a listener: the port that all share, or that of one service, whose port names no protocol. */
function routeName({ http }: Listener, port: number): string | undefined {
  return http === undefined || http === 'shared' ? http && `${port}` : `${http.host}:${port}`;
}

function routeConfig(
  { listener, port }: Placed,
  sidecar: Sidecar,
  catchAll: readonly VirtualHostConfig[],
): RouteConfig {
  const { hosts, virtualHosts } = sidecar.port(port);
  const { http } = listener;
  const name = routeName(listener, port) ?? '';
  if (http === undefined || http === 'shared') {
    return { name, virtualHosts: [...sortedByName(virtualHosts).map(virtualHostConfig), ...catchAll] };
  }
  // Whatever host a request is for, its connection has told the service.
  const own = hosts.get(http.host);
  return { name, virtualHosts: own === undefined ? [] : [{ ...virtualHostConfig(own), domains: ['*'] }] };
}

function takenRule({ by, rule }: TakenRule, port: number): Skipped {
  return { where: `port ${port}`, reason: whyTaken(by), origin: placeIn(rule.owner.object, rule.path) };
}

/** For hosts that the mesh does not know (`buildCatchAllVirtualHost`). */
function catchAllOf(mode: string): readonly VirtualHostConfig[] {
  const base = { match: ANY_REQUEST, text: 'every request', mirrors: [] };
  const host = { domains: ['*'], requireTls: false };
  switch (mode) {
    case 'ALLOW_ANY': {
      const clusters = [{ cluster: 'PassthroughCluster', weight: 100 }];
      return [{ ...host, name: 'allow_any', routes: [{ ...base, name: 'allow_any', clusters }] }];
    }
    case 'ALLOW_ANY_DYNAMIC_DNS': {
      const clusters = [{ cluster: 'AllowAnyDynamicDNSCluster', weight: 100 }];
      const name = 'allow_any_dynamic_dns';
      return [{ ...host, name, routes: [{ ...base, name, clusters }] }];
    }
    case 'REGISTRY_ONLY':
      return [
        {
          ...host,
          name: 'block_all',
          routes: [{ ...base, name: 'block_all', clusters: [], directResponse: { status: 502 } }],
        },
      ];
    default:
      return [];
  }
}

function namedClusters(placed: readonly Placed[], sidecar: Sidecar): readonly Cluster[] {
  const ofBytes = placed.flatMap(({ listener, port }) =>
    listener.bytes.flatMap((chain) => sidecar.clustersOfBytes(port, chain)),
  );
  const ports = new Set(placed.filter(({ listener }) => listener.http !== undefined).map(({ port }) => port));
  const routes = [...ports].flatMap((port) => sidecar.port(port).virtualHosts.flatMap((host) => host.routes));
  return [...ofBytes.map(({ cluster }) => cluster), ...clustersOfRoutes(routes)];
}
