/*
 * Reads what istiod says to a proxy, by the names of Envoy's API. Written from that API and not from src/proxy, which is what is held
 * against it.
 */
import type { Cluster as Kubernetes } from '../cluster';
import type { Resources } from '../control-plane';
import { nameOfCode } from '../grpc-status';
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
  type RedirectFacts,
  type RetryFacts,
  type RouteConfigFacts,
  type RouteFacts,
  sorted,
  type VirtualHostFacts,
  type WeightedFacts,
} from './facts';

/** @param kubernetes which tells what stands at an address */
export function factsOfIstiod({ clusters, listeners }: Resources, kubernetes: Kubernetes): Facts {
  const ofServices = ((clusters ?? []) as unknown as Cluster[]).filter(({ name }) => name.startsWith('outbound|'));
  const outbound = ((listeners ?? []) as unknown as Listener[]).filter(isOfServices);
  const routes = outbound.flatMap(chainsOf).flatMap((chain) => managerOf(chain)?.routeConfig ?? []);
  const once = new Map(routes.map((config) => [config.name, config]));
  return {
    listeners: named(outbound, ({ name }) => name, listenerFacts),
    routes: named([...once.values()], ({ name }) => name, routeConfigFacts),
    clusters: named(
      ofServices,
      ({ name }) => name,
      (cluster) => clusterFacts(cluster, kubernetes),
    ),
  };
}

/** Not the one to which iptables leads, and none that opens no port: Istio makes such where `targetPort` names none of the pod's. */
function isOfServices({ address, trafficDirection, useOriginalDst }: Listener): boolean {
  return trafficDirection !== 'INBOUND' && useOriginalDst !== true && address?.socketAddress !== undefined;
}

interface Listener {
  readonly name: string;
  readonly address?: Address;
  readonly trafficDirection?: string;
  readonly useOriginalDst?: boolean;
  readonly filterChains?: readonly FilterChain[];
  readonly defaultFilterChain?: FilterChain;
}

interface Address {
  readonly socketAddress?: { readonly address: string; readonly portValue: number };
  readonly pipe?: { readonly path: string };
}

interface FilterChain {
  readonly name?: string;
  readonly filterChainMatch?: {
    readonly serverNames?: readonly string[];
    readonly prefixRanges?: readonly { readonly addressPrefix: string; readonly prefixLen?: number }[];
  };
  readonly transportSocket?: object;
  readonly filters?: readonly { readonly typedConfig: HttpManager | TcpProxy }[];
}

interface HttpManager {
  readonly '@type': string;
  readonly routeConfig: RouteConfig;
}

interface TcpProxy extends Clusters {
  readonly '@type': string;
}

interface Clusters {
  readonly cluster?: string;
  readonly weightedClusters?: { readonly clusters: readonly (WeightedCluster & HeaderChanges)[] };
}

interface WeightedCluster {
  readonly name: string;
  readonly weight?: number;
  readonly hostRewriteLiteral?: string;
}

/** A chain without conditions is the default one. Where there is none, Istio gives one for what nobody asked for; it is not compared. */
function chainsOf({ defaultFilterChain, filterChains = [] }: Listener): readonly FilterChain[] {
  const chains = filterChains.filter((chain) => !isForeignSubset(chain));
  return defaultFilterChain === undefined || defaultFilterChain.name === 'PassthroughFilterChain'
    ? chains
    : [...chains, defaultFilterChain];
}

/** Of a subset, for clients in other clusters, which name a cluster: `outbound_.80_.v1_.web.apps.svc.cluster.local`. */
function isForeignSubset({ filterChainMatch }: FilterChain): boolean {
  return filterChainMatch?.serverNames?.some((name) => /^outbound_\.\d+_\.[^_]/.test(name)) ?? false;
}

function listenerFacts(listener: Listener): ListenerFacts {
  const { address, portValue } = listener.address?.socketAddress ?? { address: '', portValue: 0 };
  return { address, port: portValue, filterChains: named(chainsOf(listener), nameOfChain, chainFacts) };
}

function managerOf({ filters = [] }: FilterChain): HttpManager | undefined {
  return filters
    .map(({ typedConfig }) => typedConfig)
    .find((config): config is HttpManager => config['@type'].endsWith('.HttpConnectionManager'));
}

function nameOfChain(chain: FilterChain): string {
  const { prefixRanges = [], serverNames = [] } = chain.filterChainMatch ?? {};
  const ranges = prefixRanges.map(({ addressPrefix, prefixLen = 0 }) => `${addressPrefix}/${prefixLen}`);
  return chainName(chainFacts(chain), serverNames, ranges);
}

function chainFacts(chain: FilterChain): ChainFacts {
  const proxy = chain.filters
    ?.map(({ typedConfig }) => typedConfig)
    .find((config): config is TcpProxy => config['@type'].endsWith('.TcpProxy'));
  return {
    endsTls: chain.transportSocket !== undefined,
    routeConfig: managerOf(chain)?.routeConfig.name,
    clusters: proxy === undefined ? [] : weightedFacts(proxy),
  };
}

/** @param authority that the route gives to all, which counts before those of its clusters */
function weightedFacts({ cluster, weightedClusters }: Clusters, authority?: string): readonly WeightedFacts[] {
  if (weightedClusters === undefined) {
    return cluster === undefined ? [] : [{ name: cluster, weight: 100, hostRewrite: authority }];
  }
  const total = weightedClusters.clusters.reduce((sum, { weight = 0 }) => sum + weight, 0);
  return weightedClusters.clusters.map(({ hostRewriteLiteral, name, weight = 0 }) => ({
    name,
    weight: percent(weight, total),
    hostRewrite: authority ?? hostRewriteLiteral,
  }));
}

interface RouteConfig {
  readonly name: string;
  readonly virtualHosts?: readonly VirtualHost[];
}

interface VirtualHost {
  readonly name: string;
  readonly domains: readonly string[];
  readonly requireTls?: string;
  readonly routes?: readonly Route[];
}

function routeConfigFacts({ virtualHosts = [] }: RouteConfig): RouteConfigFacts {
  return {
    order: virtualHosts.map(({ name }) => name),
    virtualHosts: named(virtualHosts, ({ name }) => name, virtualHostFacts),
  };
}

function virtualHostFacts({ domains, requireTls = 'NONE', routes = [] }: VirtualHost): VirtualHostFacts {
  return { domains: sorted(domains), requireTls: requireTls !== 'NONE', routes: routes.map(routeFacts) };
}

interface HeaderChanges {
  readonly requestHeadersToAdd?: readonly HeaderToAdd[];
  readonly requestHeadersToRemove?: readonly string[];
  readonly responseHeadersToAdd?: readonly HeaderToAdd[];
  readonly responseHeadersToRemove?: readonly string[];
}

interface HeaderToAdd {
  readonly header: { readonly key: string; readonly value?: string };
  readonly appendAction?: string;
}

interface Route extends HeaderChanges {
  readonly name?: string;
  readonly match: RouteMatch;
  readonly route?: RouteAction;
  readonly redirect?: RedirectAction;
  readonly directResponse?: DirectResponse;
  readonly typedPerFilterConfig?: {
    readonly 'envoy.filters.http.fault'?: Fault;
    readonly 'envoy.filters.http.cors'?: Cors;
  };
}

interface DirectResponse {
  readonly status: number;
  readonly body?: { readonly inlineString?: string; readonly inlineBytes?: string };
}

/** A route without any action is one whose action Istio could not write: a redirect with a code that Envoy does not know. */
function routeFacts({ directResponse, match, name = '', redirect, route, typedPerFilterConfig }: Route): RouteFacts {
  return {
    name,
    match: matchFacts(match),
    redirect: redirect && redirectFacts(redirect),
    directResponse: directResponse && { status: directResponse.status, body: bodyOf(directResponse) },
    forward: route && forwardFacts(route),
    fault: faultFacts(typedPerFilterConfig?.['envoy.filters.http.fault']),
    cors: corsFacts(typedPerFilterConfig?.['envoy.filters.http.cors']),
  };
}

function bodyOf({ body }: DirectResponse): string {
  return body?.inlineString ?? Buffer.from(body?.inlineBytes ?? '', 'base64').toString();
}

interface RouteMatch {
  readonly prefix?: string;
  readonly path?: string;
  readonly pathSeparatedPrefix?: string;
  readonly safeRegex?: { readonly regex?: string };
  readonly caseSensitive?: boolean;
  readonly headers?: readonly HeaderMatcher[];
  readonly queryParameters?: readonly Matcher[];
}

interface Matcher {
  readonly name: string;
  readonly presentMatch?: boolean;
  readonly stringMatch?: StringMatch;
}

interface StringMatch {
  readonly exact?: string;
  readonly prefix?: string;
  readonly safeRegex?: { readonly regex?: string };
}

interface HeaderMatcher extends Matcher {
  readonly invertMatch?: boolean;
  readonly treatMissingHeaderAsEmpty?: boolean;
}

function matchFacts(match: RouteMatch): MatchFacts {
  const { caseSensitive = true, headers = [], path, queryParameters = [] } = match;
  return {
    path: path !== undefined ? `exact ${path}` : stringText(match),
    // Of a regex it has no effect.
    ignoresCase: !caseSensitive && match.safeRegex === undefined,
    headers: headers.map(headerText),
    queryParameters: sorted(queryParameters.map(matcherText)),
  };
}

/** Without `treatMissingHeaderAsEmpty`, a header that has to be unlike something would have to be there. */
function headerText(header: HeaderMatcher): string {
  const { invertMatch = false, treatMissingHeaderAsEmpty = false } = header;
  const text = matcherText({ ...header, name: header.name.toLowerCase() });
  return `${invertMatch ? 'not ' : ''}${text}${treatMissingHeaderAsEmpty ? ' (empty where missing)' : ''}`;
}

function matcherText({ name, presentMatch, stringMatch }: Matcher): string {
  return `${name} ${presentMatch === true ? 'present' : stringText(stringMatch ?? {})}`;
}

function stringText({ exact, prefix, safeRegex }: StringMatch): string {
  return exact !== undefined
    ? `exact ${exact}`
    : prefix !== undefined
      ? `prefix ${prefix}`
      : `regex ${safeRegex?.regex}`;
}

interface RedirectAction {
  readonly responseCode?: string;
  readonly schemeRedirect?: string;
  readonly hostRedirect?: string;
  readonly portRedirect?: number;
  readonly pathRedirect?: string;
  readonly prefixRewrite?: string;
}

const REDIRECT_STATUS: { readonly [code: string]: number } = {
  MOVED_PERMANENTLY: 301,
  FOUND: 302,
  SEE_OTHER: 303,
  TEMPORARY_REDIRECT: 307,
  PERMANENT_REDIRECT: 308,
};

function redirectFacts(action: RedirectAction): RedirectFacts {
  const { hostRedirect, pathRedirect, portRedirect, prefixRewrite, responseCode, schemeRedirect } = action;
  return {
    status: REDIRECT_STATUS[responseCode ?? 'MOVED_PERMANENTLY'],
    scheme: schemeRedirect || undefined,
    host: hostRedirect || undefined,
    port: portRedirect || undefined,
    path: pathRedirect ? pathRedirect.replace(/^\/?/, '/') : undefined,
    prefix: prefixRewrite || undefined,
  };
}

interface RouteAction extends Clusters {
  readonly hostRewriteLiteral?: string;
  readonly prefixRewrite?: string;
  readonly regexRewrite?: { readonly pattern: { readonly regex?: string }; readonly substitution?: string };
  readonly timeout?: string;
  readonly retryPolicy?: RetryPolicy;
  readonly requestMirrorPolicies?: readonly MirrorPolicy[];
}

interface MirrorPolicy {
  readonly cluster: string;
  readonly runtimeFraction?: { readonly defaultValue: Fraction };
}

interface Fraction {
  readonly numerator?: number;
  readonly denominator?: string;
}

function forwardFacts(action: RouteAction): ForwardFacts {
  const { hostRewriteLiteral, prefixRewrite, regexRewrite, requestMirrorPolicies = [], retryPolicy, timeout } = action;
  return {
    clusters: weightedFacts(action, hostRewriteLiteral),
    mirrors: requestMirrorPolicies.map(({ cluster, runtimeFraction }) => ({
      name: cluster,
      percentage: runtimeFraction === undefined ? 100 : percentOf(runtimeFraction.defaultValue),
    })),
    prefixRewrite,
    regexRewrite: regexRewrite && `${regexRewrite.pattern.regex} → ${regexRewrite.substitution ?? ''}`,
    timeoutMillis: millis(timeout) || undefined,
    retries: retryPolicy && retryFacts(retryPolicy),
  };
}

const DENOMINATORS: { readonly [name: string]: number } = { HUNDRED: 100, TEN_THOUSAND: 10_000, MILLION: 1_000_000 };

function percentOf({ denominator = 'HUNDRED', numerator = 0 }: Fraction): number {
  return percent(numerator, DENOMINATORS[denominator]);
}

/** A duration as JSON has it: `7.500s`. */
function millis(duration: string | undefined): number | undefined {
  return duration === undefined ? undefined : Math.round(Number.parseFloat(duration) * 1000);
}

interface RetryPolicy {
  readonly numRetries?: number;
  readonly retryOn?: string;
  readonly retriableStatusCodes?: readonly number[];
  readonly perTryTimeout?: string;
}

function retryFacts({
  numRetries = 1,
  perTryTimeout,
  retriableStatusCodes = [],
  retryOn = '',
}: RetryPolicy): RetryFacts {
  const on = [...retryOn.split(','), ...retriableStatusCodes.map(String)].filter((each) => each !== '');
  return { attempts: numRetries, on: sorted([...new Set(on)]), perTryMillis: millis(perTryTimeout) || undefined };
}

interface Cors {
  readonly allowOriginStringMatch?: readonly {
    readonly exact?: string;
    readonly prefix?: string;
    readonly safeRegex?: { readonly regex?: string };
  }[];
  readonly allowMethods?: string;
  readonly allowHeaders?: string;
  readonly exposeHeaders?: string;
  readonly allowCredentials?: boolean;
  readonly maxAge?: string;
  readonly forwardNotMatchingPreflights?: boolean;
}

function corsFacts(cors: Cors | undefined): CorsFacts | undefined {
  return (
    cors && {
      origins: (cors.allowOriginStringMatch ?? []).map(({ exact, prefix, safeRegex }) =>
        safeRegex !== undefined
          ? `regex ${safeRegex.regex ?? ''}`
          : prefix !== undefined
            ? `prefix ${prefix}`
            : `exact ${exact ?? ''}`,
      ),
      methods: cors.allowMethods ?? '',
      headers: cors.allowHeaders ?? '',
      exposes: cors.exposeHeaders ?? '',
      credentials: cors.allowCredentials,
      maxAge: cors.maxAge || undefined,
      forwardsOthers: cors.forwardNotMatchingPreflights ?? true,
    }
  );
}

interface Fault {
  readonly abort?: { readonly httpStatus?: number; readonly grpcStatus?: number; readonly percentage?: Fraction };
  readonly delay?: { readonly fixedDelay?: string; readonly percentage?: Fraction };
}

/** What strikes nobody is none. */
function faultFacts(fault: Fault | undefined): FaultFacts | undefined {
  const abortPercentage = percentOf(fault?.abort?.percentage ?? {});
  const delayPercentage = percentOf(fault?.delay?.percentage ?? {});
  const { grpcStatus, httpStatus } = abortPercentage > 0 ? (fault?.abort ?? {}) : {};
  return abortPercentage + delayPercentage === 0
    ? undefined
    : {
        abortStatus: httpStatus,
        abortGrpcStatus: grpcStatus === undefined ? undefined : nameOfCode(grpcStatus),
        abortPercentage,
        delayMillis: delayPercentage > 0 ? millis(fault?.delay?.fixedDelay) : undefined,
        delayPercentage,
      };
}

interface Cluster {
  readonly name: string;
  readonly type?: string;
  readonly loadAssignment?: { readonly endpoints?: readonly { readonly lbEndpoints?: readonly LbEndpoint[] }[] };
  readonly originalDstLbConfig?: { readonly upstreamPortOverride?: number };
  readonly typedExtensionProtocolOptions?: { readonly [name: string]: HttpProtocolOptions };
}

interface LbEndpoint {
  readonly endpoint: { readonly address: Address };
}

interface HttpProtocolOptions {
  readonly explicitHttpConfig?: { readonly http2ProtocolOptions?: object };
  readonly useDownstreamProtocolConfig?: object;
}

/** xds/ has written the endpoints into the clusters that would fetch them, and made these static; Istio makes no others so. */
function clusterFacts(cluster: Cluster, kubernetes: Kubernetes): ClusterFacts {
  const { loadAssignment, originalDstLbConfig, type = 'STATIC', typedExtensionProtocolOptions = {} } = cluster;
  const options = typedExtensionProtocolOptions['envoy.extensions.upstreams.http.v3.HttpProtocolOptions'];
  const endpoints = (loadAssignment?.endpoints ?? []).flatMap(({ lbEndpoints = [] }) => lbEndpoints);
  const addresses = endpoints.map(({ endpoint }) => endpoint.address);
  // A ServiceEntry with two addresses has all its endpoints twice.
  const places = new Set(addresses.map(({ pipe, socketAddress }) => socketAddress?.address ?? `unix://${pipe?.path}`));
  const ports = addresses.flatMap(({ socketAddress }) => socketAddress?.portValue ?? []);
  return {
    type: type === 'STATIC' ? 'EDS' : type,
    httpVersion:
      options?.useDownstreamProtocolConfig !== undefined
        ? 'client'
        : options?.explicitHttpConfig?.http2ProtocolOptions !== undefined
          ? '2'
          : '1.1',
    endpoints: sorted([...places].map((place) => kubernetes.nameOf(place))),
    ports: [...new Set([originalDstLbConfig?.upstreamPortOverride ?? [], ...ports].flat())].sort((a, b) => a - b),
  };
}
