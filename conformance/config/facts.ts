/*
 * What of a proxy's configuration is compared: one shape for what istiod says and for what the library says. The keys stand in the
 * paths by which differences are reported. What is not here is not compared; claims.ts says what that is.
 */

export interface Facts {
  readonly listeners: Named<ListenerFacts>;
  readonly routes: Named<RouteConfigFacts>;
  readonly clusters: Named<ClusterFacts>;
}

export interface Named<T> {
  readonly [name: string]: T;
}

export interface ListenerFacts {
  readonly address: string;
  readonly port: number;
  /** By what they do and the connections that they are for, as in `HTTP over TLS for a.example.com`: their order means nothing. */
  readonly filterChains: Named<ChainFacts>;
}

export interface ChainFacts {
  readonly endsTls: boolean;
  /** Name of the route configuration by which it reads HTTP; otherwise it forwards bytes. */
  readonly routeConfig?: string;
  readonly clusters: readonly WeightedFacts[];
}

export interface WeightedFacts {
  readonly name: string;
  /** In percent. */
  readonly weight: number;
  readonly hostRewrite?: string;
}

export interface RouteConfigFacts {
  /** The names of its virtual hosts. */
  readonly order: readonly string[];
  readonly virtualHosts: Named<VirtualHostFacts>;
}

export interface VirtualHostFacts {
  /** Sorted, in lower case. */
  readonly domains: readonly string[];
  readonly requireTls: boolean;
  readonly routes: readonly RouteFacts[];
}

export interface RouteFacts {
  readonly name: string;
  readonly match: MatchFacts;
  readonly redirect?: RedirectFacts;
  readonly directResponse?: { readonly status: number; readonly body: string };
  readonly forward?: ForwardFacts;
  readonly fault?: FaultFacts;
  readonly cors?: CorsFacts;
}

export interface MatchFacts {
  /** As in `prefix /api`. */
  readonly path: string;
  readonly ignoresCase: boolean;
  /** As in `x-version exact v2`, those that must not hold with `not` in front. */
  readonly headers: readonly string[];
  /** Sorted: Istio has them in any order. */
  readonly queryParameters: readonly string[];
}

export interface RedirectFacts {
  readonly status: number;
  readonly scheme?: string;
  readonly host?: string;
  readonly port?: number;
  readonly path?: string;
  readonly prefix?: string;
}

export interface ForwardFacts {
  readonly clusters: readonly WeightedFacts[];
  readonly mirrors: readonly { readonly name: string; readonly percentage: number }[];
  readonly prefixRewrite?: string;
  readonly regexRewrite?: string;
  readonly timeoutMillis?: number;
  readonly retries?: RetryFacts;
}

export interface RetryFacts {
  readonly attempts: number;
  /** Conditions and status codes, sorted. */
  readonly on: readonly string[];
  readonly perTryMillis?: number;
}

export interface FaultFacts {
  readonly abortStatus?: number;
  readonly abortGrpcStatus?: string;
  readonly abortPercentage: number;
  readonly delayMillis?: number;
  readonly delayPercentage: number;
}

export interface CorsFacts {
  /** As in `exact https://a.example.com`. */
  readonly origins: readonly string[];
  /** What it allows, each joined by ','. */
  readonly methods: string;
  readonly headers: string;
  readonly exposes: string;
  readonly credentials?: boolean;
  readonly maxAge?: string;
  readonly forwardsOthers: boolean;
}

export interface ClusterFacts {
  readonly type: string;
  /** Version of HTTP that is spoken to it, or `client` for that of the request. */
  readonly httpVersion?: string;
  /** Where requests end, as in `apps/web-v1`, sorted; a workload is there once for each pod. */
  readonly endpoints: readonly string[];
  /** The ports at which they do, or at which connections go on to the address that was dialled. */
  readonly ports: readonly number[];
}

/** By name. Of equal names, later ones get a number. */
export function named<T, F>(items: readonly T[], nameOf: (item: T) => string, factsOf: (item: T) => F): Named<F> {
  const facts = new Map<string, F>();
  for (const item of items) {
    const name = nameOf(item);
    let free = name;
    for (let number = 2; facts.has(free); number++) {
      free = `${name} (${number})`;
    }
    facts.set(free, factsOf(item));
  }
  return Object.fromEntries(facts);
}

/** A share of a whole in percent, without what divisions leave behind the comma. */
export function percent(part: number, whole: number): number {
  return Number(((part * 100) / whole).toFixed(6));
}

/**
 * What a filter chain is called here.
 *
 * @param serverNames names of TLS
 * @param prefixRanges ranges of addresses
 */
export function chainName(
  { endsTls, routeConfig }: Pick<ChainFacts, 'endsTls' | 'routeConfig'>,
  serverNames: readonly string[],
  prefixRanges: readonly string[],
): string {
  const limits = [...sorted(serverNames.map((name) => name.toLowerCase())), ...sorted(prefixRanges)];
  const what = `${routeConfig === undefined ? 'bytes' : 'HTTP'}${endsTls ? ' over TLS' : ''}`;
  return `${what} for ${limits.join(', ') || 'all'}`;
}

export function sorted(texts: readonly string[]): readonly string[] {
  return [...texts].sort();
}
