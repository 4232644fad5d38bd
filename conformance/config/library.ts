/*
 * Reads what the library says to a proxy: its ProxyConfig, in the shape that is compared.
 */
import { Mesh } from '../../src/mesh';
import type {
  ChainConfig,
  ClusterConfig,
  CorsConfig,
  EndpointConfig,
  ListenerConfig,
  NamedMatchConfig,
  ProxyConfig,
  RouteEntry,
  RouteMatchConfig,
  VirtualHostConfig,
  WeightedClusterConfig,
} from '../../src/proxy/config/proxy-config';
import type { InjectedFault } from '../../src/proxy/fault';
import { OutboundTrafficPolicy } from '../../src/proxy/outbound-traffic-policy';
import type { RetryPolicy } from '../../src/proxy/retries';
import { type Cluster as Kubernetes, keyOf } from '../cluster';
import type { Manifest, MeshCase } from '../manifest';
import { workloadName } from '../observation';
import {
  type ChainFacts,
  type ClusterFacts,
  type CorsFacts,
  chainName,
  type Facts,
  type FaultFacts,
  type ForwardFacts,
  type ListenerFacts,
  type MatchFacts,
  named,
  percent,
  type RetryFacts,
  type RouteConfigFacts,
  type RouteFacts,
  sorted,
  type VirtualHostFacts,
  type WeightedFacts,
} from './facts';

/** What the library says to the proxy of a mesh. */
export function proxyConfigOf(
  { manifests, outboundTrafficPolicy, proxy }: MeshCase,
  kubernetes: Kubernetes,
): ProxyConfig {
  const mesh = Mesh.fromManifests(
    manifests.map((each) => withAddress(each, kubernetes)),
    { outboundTrafficPolicy: outboundTrafficPolicy && OutboundTrafficPolicy[outboundTrafficPolicy] },
  );
  const { gateway, sidecar } = proxy;
  const [{ _config }] = mesh.proxyConfigurations(
    sidecar === undefined
      ? { gatewayLabels: gateway?.labels, gatewayNamespace: gateway?.namespace }
      : { from: `mesh:${sidecar.namespace}/${sidecar.workload}` },
  );
  return _config;
}

/** As the API server gives it back: in the configuration, addresses are names. */
function withAddress(manifest: Manifest, { addresses }: Kubernetes): Manifest {
  const clusterIP = manifest.kind === 'Service' ? addresses.get(keyOf(manifest)) : undefined;
  return clusterIP === undefined ? manifest : { ...manifest, spec: { ...(manifest.spec as object), clusterIP } };
}

export interface Claimed {
  readonly facts: Facts;
  /** Paths of facts about which the library says nothing for sure. */
  readonly open: readonly string[];
}

/** @param kubernetes which knows the addresses of pods */
export function factsOfLibrary({ clusters, listeners, routes }: ProxyConfig, kubernetes: Kubernetes): Claimed {
  const existing = clusters.filter(({ state }) => state !== 'missing');
  const standing = listeners.flatMap((each) => placed(each, kubernetes));
  const asked = new Set(standing.flatMap(({ chains }) => chains.map((chain) => chain.routes)));
  const wanted = routes.filter(({ name }) => asked.has(name));
  return {
    facts: {
      listeners: named(standing, ({ name }) => name ?? '', listenerFacts),
      routes: named(
        wanted,
        ({ name }) => name,
        ({ virtualHosts }) => routeConfigFacts(virtualHosts),
      ),
      clusters: named(existing, ({ name }) => name, clusterFacts),
    },
    open: existing.flatMap(openOfCluster),
  };
}

function openOfCluster({
  endpoints,
  endpointsKnown,
  httpVersion,
  name,
  state,
  targetPort,
  type,
}: ClusterConfig): readonly string[] {
  const path = `clusters / ${name}`;
  const isElsewhere = type !== 'ORIGINAL_DST' && !endpointsKnown;
  return [
    ...(state === 'open' ? [path] : []),
    ...(httpVersion === undefined ? [`${path} / httpVersion`] : []),
    ...(isElsewhere ? [`${path} / endpoints`, `${path} / ports`] : []),
    ...(endpoints.length > 0 && targetPort === undefined ? [`${path} / ports`] : []),
  ];
}

/** A Service without address has a listener for each of its pods. */
function placed(listener: ListenerConfig, kubernetes: Kubernetes): readonly ListenerConfig[] {
  const { port, service } = listener;
  return service === undefined
    ? [listener]
    : kubernetes.podsWithPort(service, port).map(({ ip }) => ({ ...listener, address: ip, name: `${ip}_${port}` }));
}

function listenerFacts({ address = '', chains, port }: ListenerConfig): ListenerFacts {
  return { address, port, filterChains: named(chains, nameOfChain, chainFacts) };
}

function nameOfChain({ endsTls, prefixRanges, routes, serverNames }: ChainConfig): string {
  const ranges = prefixRanges.map((range) => (range.includes('/') ? range : `${range}/32`));
  return chainName({ endsTls, routeConfig: routes }, serverNames, ranges);
}

function chainFacts({ clusters, endsTls, routes }: ChainConfig): ChainFacts {
  return { endsTls, routeConfig: routes, clusters: clusters.map(weightedFacts) };
}

function weightedFacts({ cluster, hostRewrite, weight }: WeightedClusterConfig): WeightedFacts {
  return { name: cluster, weight: percent(weight, 100), hostRewrite };
}

function routeConfigFacts(virtualHosts: readonly VirtualHostConfig[]): RouteConfigFacts {
  return {
    order: virtualHosts.map(({ name }) => name),
    virtualHosts: named(virtualHosts, ({ name }) => name, virtualHostFacts),
  };
}

function virtualHostFacts({ domains, requireTls, routes }: VirtualHostConfig): VirtualHostFacts {
  return { domains: sorted(domains), requireTls, routes: routes.map(routeFacts) };
}

function routeFacts(entry: RouteEntry): RouteFacts {
  const { cors, directResponse, fault, match, name, redirect } = entry;
  return {
    name,
    match: matchFacts(match),
    redirect:
      redirect?.responseCode === undefined
        ? undefined
        : {
            status: redirect.responseCode,
            scheme: redirect.schemeRedirect,
            host: redirect.hostRedirect,
            port: redirect.portRedirect,
            path: redirect.pathRedirect,
            prefix: redirect.prefixRewrite,
          },
    directResponse: directResponse && { status: directResponse.status, body: directResponse.body ?? '' },
    forward: redirect === undefined && directResponse === undefined ? forwardFacts(entry) : undefined,
    fault: fault && faultFacts(fault),
    cors: cors && corsFacts(cors),
  };
}

function matchFacts({ headers, ignoreCase, path, queryParameters }: RouteMatchConfig): MatchFacts {
  return {
    path: `${path.kind} ${path.value}`,
    ignoresCase: ignoreCase,
    headers: headers.map(headerText),
    queryParameters: sorted(queryParameters.map(matcherText)),
  };
}

/** Of what a request must not have, Istio says that a missing header counts as an empty one. */
function headerText(header: NamedMatchConfig): string {
  const text = matcherText({ ...header, name: header.name.toLowerCase() });
  return header.invert ? `not ${text}${header.kind === 'present' ? '' : ' (empty where missing)'}` : text;
}

function matcherText({ kind, name, value }: NamedMatchConfig): string {
  return kind === 'present' ? `${name} present` : `${name} ${kind} ${value}`;
}

function forwardFacts({
  clusters,
  mirrors,
  prefixRewrite,
  regexRewrite,
  retries,
  timeoutMillis,
}: RouteEntry): ForwardFacts {
  return {
    clusters: clusters.map(weightedFacts),
    mirrors: mirrors.map(({ cluster, percentage }) => ({ name: cluster, percentage })),
    prefixRewrite,
    regexRewrite: regexRewrite && `${regexRewrite.pattern} → ${regexRewrite.substitution}`,
    timeoutMillis,
    retries: retries && retryFacts(retries),
  };
}

function retryFacts({ attempts, perTryTimeoutMillis, retryOn }: RetryPolicy): RetryFacts {
  return { attempts, on: sorted([...new Set(retryOn.split(','))]), perTryMillis: perTryTimeoutMillis || undefined };
}

function corsFacts(cors: CorsConfig): CorsFacts {
  return {
    origins: cors.allowOrigins.map(({ kind, value }) => `${kind} ${value}`),
    methods: cors.allowMethods.join(','),
    headers: cors.allowHeaders.join(','),
    exposes: cors.exposeHeaders.join(','),
    credentials: cors.allowCredentials,
    maxAge: cors.maxAgeSeconds === undefined ? undefined : `${cors.maxAgeSeconds}`,
    forwardsOthers: cors.forwardNotMatchingPreflights,
  };
}

function faultFacts({
  abortGrpcStatus,
  abortPercentage,
  abortStatus,
  delayMillis,
  delayPercentage,
}: InjectedFault): FaultFacts {
  return {
    abortStatus: abortGrpcStatus === undefined ? abortStatus : undefined,
    abortGrpcStatus,
    abortPercentage,
    delayMillis,
    delayPercentage,
  };
}

function clusterFacts({ endpoints, httpVersion, targetPort, type }: ClusterConfig): ClusterFacts {
  const isPassedOn = type === 'ORIGINAL_DST';
  const names = isPassedOn ? [] : endpointNames(endpoints);
  return {
    type: type ?? 'none',
    httpVersion,
    endpoints: sorted(names),
    ports: targetPort !== undefined && (isPassedOn || names.length > 0) ? [targetPort] : [],
  };
}

/** A workload once for each pod, an address that is written down once. */
function endpointNames(endpoints: readonly EndpointConfig[]): readonly string[] {
  const [pods, written] = [true, false].map((isWorkload) =>
    endpoints.filter(({ kind }) => (kind === 'Deployment') === isWorkload),
  );
  return [
    ...pods.flatMap((workload) => new Array<string>(workload.replicas).fill(workloadName(workload))),
    ...new Set(written.map(workloadName)),
  ];
}
