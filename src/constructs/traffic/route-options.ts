/*
 * What a route does with a request beside choosing a version.
 */
import type { Duration } from 'cdk8s';
import type { ServiceVersion } from '../workload/service-version';
import type { VersionedService } from '../workload/versioned-service';

/**
 * A share of the requests for one version.
 */
export interface TrafficTarget {
  /**
   * The version.
   */
  readonly version: ServiceVersion;

  /**
   * Its share in percent, from 0 to 100, with at most three decimals, as in 0.1. What the targets of a route leave stays with
   * the route's own version.
   */
  readonly percent: number;
}

/**
 * Where a browser sends a cookie.
 */
export enum SameSite {
  /** With requests from the same site, and when a user follows a link to it. */
  LAX = 'Lax',

  /** With requests from the same site only. */
  STRICT = 'Strict',

  /** With every request; asks for `secure: true`. */
  NONE = 'None',
}

/**
 * Keeps a user on the version that the shares drew, by a cookie. Envoy draws anew for every request, and Istio has no field to
 * change that; so the response sets a cookie, and rules for its values come before the shares.
 *
 * The cookie of the route's own version carries the other shares, so that the next step of a rollout draws its users again. Those of
 * the other versions stay there for as long as there is a share for it; at 0 percent they are drawn again at once.
 *
 * Acts at the gateway only: inside the mesh nobody keeps cookies. Not for shares that somebody else sets in the cluster, as an
 * Argo Rollout does: the rules for the cookie are written for the shares that are known here.
 */
export interface SessionAffinity {
  /**
   * How long the cookie lives, in whole seconds.
   */
  readonly maxAge: Duration;

  /**
   * The name of the cookie. Two routes of a mesh that draw by different shares need two names, or users of one would arrive at
   * the other as already drawn.
   *
   * @default - the name of the service, and '-version'
   */
  readonly cookieName?: string;

  /**
   * The path below which the cookie is sent.
   *
   * @default '/'
   */
  readonly path?: string;

  /**
   * The domain that the cookie is sent to.
   *
   * @default - the host of the request only
   */
  readonly domain?: string;

  /**
   * Whether the cookie is sent by HTTPS only. Has to be true for `SameSite.NONE`, and for names that begin with `__Host-`,
   * `__Secure-` or `__Http-`: browsers throw away such a cookie without it.
   *
   * @default - true where the gateway is made here, serves all hosts of the mesh by HTTPS, and does nothing but redirect there
   * what comes by HTTP; else false
   */
  readonly secure?: boolean;

  /**
   * Whether other sites can have it sent.
   *
   * @default SameSite.LAX
   */
  readonly sameSite?: SameSite;
}

/**
 * When Envoy tries a request again.
 */
export enum RetryOn {
  /** No connection came about: the app saw nothing of the request. */
  CONNECT_FAILURE = 'connect-failure',

  /** The app refused the stream before it looked at it (HTTP/2). */
  REFUSED_STREAM = 'refused-stream',

  /** The connection ended before the headers of the request were sent: the app saw nothing of it. */
  RESET_BEFORE_REQUEST = 'reset-before-request',

  /** The connection ended before a response came, or a try took longer than `perTryTimeout`: the app may have carried the request out. */
  RESET = 'reset',

  /** A response with status 502, 503 or 504, or none in time: the app may have carried the request out. */
  GATEWAY_ERROR = 'gateway-error',

  /** A response with a status from 500 on, or none in time: the app may have carried the request out. */
  SERVER_ERROR = '5xx',

  /** A response with status 409: the app may have carried the request out. */
  RETRIABLE_4XX = 'retriable-4xx',

  /** The gRPC status CANCELLED: the app may have carried the request out. */
  CANCELLED = 'cancelled',

  /** The gRPC status UNAVAILABLE: the app may have carried the request out. */
  UNAVAILABLE = 'unavailable',
}

/**
 * How often a request is tried again that failed.
 */
export interface RetryOptions {
  /**
   * How often at the most, beside the first try. 0 ends the retries that Istio makes unasked: two.
   */
  readonly attempts: number;

  /**
   * How long one try may take, in whole milliseconds, less than `timeout`. Asks for one of RESET, GATEWAY_ERROR and
   * SERVER_ERROR in `on`: a try that takes longer counts as these only.
   *
   * @default - as long as the whole request
   */
  readonly perTryTimeout?: Duration;

  /**
   * What is tried again.
   *
   * @default [RetryOn.CONNECT_FAILURE, RetryOn.REFUSED_STREAM]
   */
  readonly on?: RetryOn[];
}

/**
 * What becomes of the request's path and host before the app sees them.
 */
export interface RewriteOptions {
  /**
   * What takes the place of the path that the rule matches by PathMatch.exact or PathMatch.under; of the latter only the part
   * that it names, in whole segments: under '/old', '/new' makes '/new/a' of '/old/a'.
   *
   * @default - the path stays
   */
  readonly path?: string;

  /**
   * The host that the app sees.
   *
   * @default - the host stays
   */
  readonly host?: string;
}

/**
 * Headers that a proxy sets, adds and removes.
 */
export interface HeaderModifier {
  /**
   * Headers to set, in place of what is there.
   *
   * @default - none
   */
  readonly set?: { readonly [name: string]: string };

  /**
   * Headers to add to what is there.
   *
   * @default - none
   */
  readonly add?: { readonly [name: string]: string };

  /**
   * Headers to remove.
   *
   * @default - none
   */
  readonly remove?: string[];
}

/**
 * Which other web sites' scripts may ask (CORS). The sidecar or gateway answers their preflights itself.
 *
 * A preflight carries none of the headers that rules ask for, so it takes the default route: give that the same policy.
 */
export interface CorsPolicy {
  /**
   * The origins, as in `https://shop.example.com`, or `*` for any.
   */
  readonly allowOrigins: string[];

  /**
   * The methods, as in GET.
   *
   * @default - those that need no preflight: GET, HEAD, POST
   */
  readonly allowMethods?: string[];

  /**
   * The request headers that a script may set.
   *
   * @default - those that need no preflight
   */
  readonly allowHeaders?: string[];

  /**
   * The response headers that a script may read.
   *
   * @default - those that every script may read
   */
  readonly exposeHeaders?: string[];

  /**
   * How long a browser may keep the answer to a preflight, in whole seconds.
   *
   * @default - the browser's own
   */
  readonly maxAge?: Duration;

  /**
   * Whether the request may carry cookies.
   *
   * @default false
   */
  readonly allowCredentials?: boolean;
}

/**
 * A delay before requests are sent on.
 */
export interface FaultDelay {
  /**
   * How long, in whole milliseconds.
   */
  readonly duration: Duration;

  /**
   * The share of the requests that it strikes, in percent, with at most three decimals.
   *
   * @default 100
   */
  readonly percent?: number;
}

/**
 * A refusal in place of an answer.
 */
export interface FaultAbort {
  /**
   * The status, from 200 to 599.
   */
  readonly status: number;

  /**
   * The share of the requests that it strikes, in percent, with at most three decimals.
   *
   * @default 100
   */
  readonly percent?: number;
}

/**
 * A failure on purpose, to see how callers bear it. Excludes `timeout` and `retries` of the same route, which Envoy does not
 * apply to it.
 */
export interface FaultInjection {
  /**
   * A delay.
   *
   * @default - none
   */
  readonly delay?: FaultDelay;

  /**
   * A refusal.
   *
   * @default - none
   */
  readonly abort?: FaultAbort;
}

/**
 * What a default route does beside leading to its version.
 */
export interface DefaultRouteOptions {
  /**
   * The name of the route, for Envoy's logs and statistics.
   *
   * @default - none
   */
  readonly name?: string;

  /**
   * Shares for other versions of the same service. The rest stays with the route's own version. All are written, those of 0
   * percent, too: the first state of a rollout, and what Argo Rollouts looks for.
   *
   * @default - all requests to the route's own version
   */
  readonly split?: TrafficTarget[];

  /**
   * Keeps a user on the version that the shares drew.
   *
   * @default - each request is drawn anew
   */
  readonly sessionAffinity?: SessionAffinity;

  /**
   * A version that gets a copy of a share of the requests; its answers are thrown away. The copies are carried out, too, so
   * the rule has to match methods that change nothing (GET, HEAD, OPTIONS), or be `idempotent`.
   *
   * @default - no copies
   */
  readonly mirror?: TrafficTarget;

  /**
   * How long a request may take, retries included, in whole milliseconds.
   *
   * @default - without end
   */
  readonly timeout?: Duration;

  /**
   * How often a request is tried again that failed.
   *
   * @default - Istio's own: twice, where the app did not see the request or answered the gRPC status UNAVAILABLE or CANCELLED
   */
  readonly retries?: RetryOptions;

  /**
   * What becomes of the path and the host. The path only in rules, which match it; a default route matches none.
   *
   * @default - they stay
   */
  readonly rewrite?: RewriteOptions;

  /**
   * Changes to the headers of the request, after the route is chosen.
   *
   * @default - none
   */
  readonly requestHeaders?: HeaderModifier;

  /**
   * Changes to the headers of the response.
   *
   * @default - none
   */
  readonly responseHeaders?: HeaderModifier;

  /**
   * Which other web sites' scripts may ask.
   *
   * @default - the app's own affair
   */
  readonly corsPolicy?: CorsPolicy;

  /**
   * Whether every request of the route may be carried out twice. Without it, mirrors, and retries after the app may have seen
   * a request, need a rule for GET, HEAD or OPTIONS.
   *
   * @default false
   */
  readonly idempotent?: boolean;
}

/**
 * What a rule does beside leading to its version.
 */
export interface RouteOptions extends DefaultRouteOptions {
  /**
   * A failure on purpose.
   *
   * @default - none
   */
  readonly fault?: FaultInjection;
}

/**
 * Where a redirect leads. What is left out stays as the client asked it.
 */
export interface RedirectOptions {
  /**
   * The name of the route, for Envoy's logs and statistics.
   *
   * @default - none
   */
  readonly name?: string;

  /**
   * The service whose rule it is, where the mesh routes several.
   *
   * @default - the mesh's own
   */
  readonly service?: VersionedService;

  /**
   * The host, in place of the request's with its port.
   *
   * @default - the request's
   */
  readonly host?: string;

  /**
   * The path, in place of the whole one. The query stays. In a rule of a service with `rewritePath` it is the path as the app
   * sees it, unless `host` is there, too.
   *
   * @default - the request's
   */
  readonly path?: string;

  /**
   * The scheme: `http` or `https`.
   *
   * @default - the request's
   */
  readonly scheme?: string;

  /**
   * The port.
   *
   * @default - the usual one with `host`, or where `scheme` replaces another whose usual port the request has; else the
   * request's: at port 8080, `scheme: 'https'` alone leads to `https://…:8080`
   */
  readonly port?: number;

  /**
   * The status: 301, 302, 303, 307 or 308.
   *
   * @default 302
   */
  readonly status?: number;
}

/**
 * A fixed answer.
 */
export interface ResponseOptions {
  /**
   * The name of the route, for Envoy's logs and statistics.
   *
   * @default - none
   */
  readonly name?: string;

  /**
   * The service whose rule it is, where the mesh routes several.
   *
   * @default - the mesh's own
   */
  readonly service?: VersionedService;

  /**
   * The status, from 200 to 599.
   */
  readonly status: number;

  /**
   * The body, as text.
   *
   * @default - an empty one
   */
  readonly body?: string;
}
