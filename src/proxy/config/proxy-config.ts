/*
 * What one proxy is configured to do, as plain data in Envoy's words: what `istioctl proxy-config` would show of it. It is made of the
 * objects from which `route` answers, and says nothing that these do not.
 *
 * Names, and the order of virtual hosts, routes and clusters of a route, are istiod's. Not claimed, and not here:
 * - what a proxy has whatever the manifests say: the listeners 15001, 15006, 15021 and 15090, and the clusters that are no service's;
 * - what a sidecar does with requests that come in;
 * - the order of listeners, of clusters, and of HTTP among the filter chains of a sidecar's listener; what takes the connections for
 *   which a sidecar's listener has no filter chain;
 * - filter chains and clusters of AUTO_PASSTHROUGH for subsets;
 * - TLS settings, load balancing, connection pools, headers that a route changes, statistics, filters, EnvoyFilters.
 * Weights are shares in percent, where istiod has them as they are written.
 */
import type { Place } from '../../manifests/object';
import type { InjectedFault } from '../fault';
import type { RetryPolicy } from '../retries';

export interface ProxyConfig {
  /** Why it is not worked out, where it is not; then there is nothing else. */
  readonly unknown?: string;
  readonly listeners: readonly ListenerConfig[];
  /** In the order in which the listeners ask for them. */
  readonly routes: readonly RouteConfig[];
  /** Those of all services that the proxy knows, then those that routes name and that do not exist. */
  readonly clusters: readonly ClusterConfig[];
  readonly skipped: readonly Skipped[];
}

/** @param why a sentence that begins with what the proxy is or asks for */
export function unknownConfig(why: string): ProxyConfig {
  return { unknown: why, listeners: [], routes: [], clusters: [], skipped: [] };
}

export interface ListenerConfig {
  /** Absent where the manifests do not contain the address. */
  readonly name?: string;
  readonly address?: string;
  readonly port: number;
  /** The service whose address it is, where the manifests do not contain it. Of a headless one there is a listener for each pod. */
  readonly service?: string;
  /** Why Envoy does not take it, and keeps what it had. */
  readonly refused?: string;
  readonly chains: readonly ChainConfig[];
}

/** What is done with some connections: requests are read by `routes`, or bytes are forwarded to `clusters`. */
export interface ChainConfig {
  /** Names of TLS (SNI) to which it is limited; empty for all connections. */
  readonly serverNames: readonly string[];
  /** Ranges of addresses to which it is limited; empty for all. */
  readonly prefixRanges: readonly string[];
  /** Whether TLS ends here. */
  readonly endsTls: boolean;
  /** Name of a route configuration. */
  readonly routes?: string;
  readonly clusters: readonly WeightedClusterConfig[];
  /** The server, the rule or the service that it comes from; absent for the HTTP of all services of a port. */
  readonly origin?: Place;
}

export interface RouteConfig {
  readonly name: string;
  readonly virtualHosts: readonly VirtualHostConfig[];
}

export interface VirtualHostConfig {
  readonly name: string;
  readonly domains: readonly string[];
  /** Whether plain HTTP is answered with a redirect to HTTPS before any route is tried. */
  readonly requireTls: boolean;
  readonly routes: readonly RouteEntry[];
}

/** One route. Without `redirect` and `directResponse`, it forwards. */
export interface RouteEntry {
  /** Empty where neither the rule nor the match has a name. */
  readonly name: string;
  readonly match: RouteMatchConfig;
  /** The match in words. */
  readonly text: string;
  readonly clusters: readonly WeightedClusterConfig[];
  readonly mirrors: readonly { readonly cluster: string; readonly percentage: number }[];
  readonly redirect?: RedirectConfig;
  readonly directResponse?: { readonly status: number; readonly body?: string };
  /** What takes the place of the part of the path that matched. */
  readonly prefixRewrite?: string;
  readonly regexRewrite?: { readonly pattern: string; readonly substitution: string };
  /** Absent where there is no limit. */
  readonly timeoutMillis?: number;
  /** Absent where nothing is tried again. */
  readonly retries?: RetryPolicy;
  readonly fault?: InjectedFault;
  /** Of redirects and direct responses, it does nothing. */
  readonly cors?: CorsConfig;
  /** The match, or the rule without one; absent for what Istio makes by itself. */
  readonly origin?: Place;
}

export interface CorsConfig {
  /** One of them is enough. */
  readonly allowOrigins: readonly ValueMatchConfig[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  /** Absent where the rule does not say. */
  readonly allowCredentials?: boolean;
  readonly maxAgeSeconds?: number;
  /** Whether preflights of origins that are not allowed go on to the destination. */
  readonly forwardNotMatchingPreflights: boolean;
}

export interface RouteMatchConfig {
  readonly path: ValueMatchConfig;
  readonly ignoreCase: boolean;
  /** By name, then `:method`, `:authority` and `:scheme`. */
  readonly headers: readonly NamedMatchConfig[];
  readonly queryParameters: readonly NamedMatchConfig[];
  /** Claims of a token, by the names that stand among the headers of the rule. */
  readonly claims: readonly NamedMatchConfig[];
}

export interface ValueMatchConfig {
  readonly kind: 'exact' | 'prefix' | 'regex' | 'present';
  /** Empty for `present`. */
  readonly value: string;
}

export interface NamedMatchConfig extends ValueMatchConfig {
  readonly name: string;
  /** Whether the route is for requests without it. */
  readonly invert: boolean;
}

export interface WeightedClusterConfig {
  /** Name of a cluster. */
  readonly cluster: string;
  /** In percent. */
  readonly weight: number;
  /** The authority that requests get here; istiod says it at the route where that is for all. */
  readonly hostRewrite?: string;
}

/** What of a request is replaced; what is absent stays. */
export interface RedirectConfig {
  /** Absent for a code that Envoy does not know. */
  readonly responseCode?: number;
  readonly schemeRedirect?: string;
  readonly hostRedirect?: string;
  readonly portRedirect?: number;
  /** With the slash in front, which Envoy adds. */
  readonly pathRedirect?: string;
  readonly prefixRewrite?: string;
}

export interface ClusterConfig {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly subset?: string;
  /** How endpoints are found; absent where there is no such cluster. */
  readonly type?: 'EDS' | 'STRICT_DNS' | 'LOGICAL_DNS' | 'ORIGINAL_DST';
  /** `missing` where a route names it and the proxy has none, `empty` without endpoints, `open` where manifests do not decide. */
  readonly state: 'usable' | 'missing' | 'empty' | 'open';
  /** Why it is so, or what the endpoints are; for people. */
  readonly text: string;
  /** Port of the endpoints, where it is known. */
  readonly targetPort?: number;
  /** The version of HTTP that is spoken there, `client` for that of the request; absent where nobody knows of requests. */
  readonly httpVersion?: '1.1' | '2' | 'client';
  readonly endpoints: readonly EndpointConfig[];
  /** Whether these are all. */
  readonly endpointsKnown: boolean;
  /** The service's port, or the subset of a DestinationRule. */
  readonly origin?: Place;
}

/** A workload, or an address that somebody wrote down. */
export interface EndpointConfig {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly replicas: number;
}

/** Something that is written, and that the proxy does not have. */
export interface Skipped {
  /** The listener or the route configuration in which it would be; absent where it would be in all. */
  readonly where?: string;
  readonly reason: string;
  readonly origin?: Place;
}
