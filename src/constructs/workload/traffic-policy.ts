/*
 * How callers treat a service: which of its pods they ask, how many requests at once, and when they give one up.
 */
import type { Duration } from 'cdk8s';
import { duration, list, made, number, Struct, text } from '../objects/struct';
import { LoadBalancer } from './load-balancer';

/**
 * When a pod that answers badly gets no requests for a while. Each caller's proxy counts for itself, and of each version for
 * itself.
 */
export interface OutlierDetection {
  /**
   * How many responses with a status from 500 on in a row eject a pod; lost and refused connections and timeouts count as
   * such. 0 counts none.
   *
   * @default 5
   */
  readonly consecutive5xxErrors?: number;

  /**
   * How many responses 502, 503 or 504 in a row eject a pod; lost and refused connections and timeouts count as such. Less
   * than `consecutive5xxErrors`, which counts them too. 0 counts none.
   *
   * @default 0
   */
  readonly consecutiveGatewayErrors?: number;

  /**
   * How often the proxy looks whether a pod may come back, in whole milliseconds.
   *
   * @default Duration.seconds(10)
   */
  readonly interval?: Duration;

  /**
   * How long the first ejection lasts, in whole milliseconds. The second of the same pod lasts twice as long, and so on, up to
   * five minutes or this, whichever is longer.
   *
   * @default Duration.seconds(30)
   */
  readonly baseEjectionTime?: Duration;

  /**
   * How many of a version's pods may be ejected at once, in percent from 1 to 100. What makes less than one pod ejects none
   * (Envoy 1.28, Istio 1.20 and later): 10, the default of Istio, needs ten pods.
   *
   * @default 50: one of two pods
   */
  readonly maxEjectionPercent?: number;

  /**
   * Below which share of healthy pods all are asked again, the ejected ones too, in percent from 0 to 100. 0: never; where all
   * pods are ejected, callers get a 503.
   *
   * @default 0
   */
  readonly minHealthPercent?: number;
}

/**
 * How many connections and requests each caller's proxy has under way at once to a version. What exceeds it gets a 503 at
 * once. Limits are from 1 on: Istio takes 0 for none.
 */
export interface ConnectionPool {
  /**
   * TCP connections. Those of HTTP/2 carry many requests at once, so there `maxRequests` limits.
   *
   * @default - no limit
   */
  readonly maxConnections?: number;

  /**
   * How long a connection may take to come about, in whole milliseconds.
   *
   * @default - as the mesh has it: 10 seconds unless it was set up otherwise
   */
  readonly connectTimeout?: Duration;

  /**
   * Requests that wait for a connection.
   *
   * @default - no limit
   */
  readonly maxPendingRequests?: number;

  /**
   * Requests under way, by HTTP/1.1 and HTTP/2. Istio calls it `http2MaxRequests`, and means both.
   *
   * @default - no limit
   */
  readonly maxRequests?: number;

  /**
   * Requests by one connection, which is closed then; 1 ends keep-alive.
   *
   * @default - no limit
   */
  readonly maxRequestsPerConnection?: number;

  /**
   * Retries under way. How often one request is retried is for `retries` of the route.
   *
   * @default - no limit
   */
  readonly maxRetries?: number;

  /**
   * How long a connection without requests stays open, in whole milliseconds.
   *
   * @default Duration.hours(1)
   */
  readonly idleTimeout?: Duration;
}

/**
 * TLS that callers' proxies speak to an app which serves TLS itself, in place of the mesh's own mutual TLS. Apps that call it
 * keep to plain HTTP, by a port whose name says so; their proxies make TLS of it.
 *
 * For pods without a sidecar: one expects the mesh's own TLS, and answers any other with 503. Without a sidecar the pods know
 * no caller by its identity.
 */
export interface DestinationTls {
  /**
   * The name that they ask for by SNI.
   *
   * @default - the host of the request
   */
  readonly sni?: string;

  /**
   * The file in the callers' proxies with the CA certificates that confirm the app's; `system` for those of the proxy's
   * operating system.
   *
   * @default 'system'
   */
  readonly caCertificates?: string;

  /**
   * The names of which the app's certificate has to carry one.
   *
   * @default - `sni`; without that the host of the request
   */
  readonly subjectAltNames?: string[];
}

/**
 * How callers treat a service. What a version has of these groups takes the place of the service's as a whole: a version with
 * a `connectionPool` has none of the service's limits.
 */
export interface TrafficPolicy {
  /**
   * When a pod that answers badly gets no requests for a while.
   *
   * @default - never
   */
  readonly outlierDetection?: OutlierDetection;

  /**
   * How many connections and requests at once.
   *
   * @default - no limits
   */
  readonly connectionPool?: ConnectionPool;

  /**
   * Which of the pods gets a request.
   *
   * @default - the one with the fewest requests under way, of two drawn by chance
   */
  readonly loadBalancer?: LoadBalancer;

  /**
   * TLS to an app that serves it itself.
   *
   * @default - the mesh's own mutual TLS
   */
  readonly tls?: DestinationTls;
}

const OUTLIER_DETECTION = new Struct<OutlierDetection>('{ consecutive5xxErrors: 5 }', {
  consecutive5xxErrors: number,
  consecutiveGatewayErrors: number,
  interval: duration,
  baseEjectionTime: duration,
  maxEjectionPercent: number,
  minHealthPercent: number,
});

const CONNECTION_POOL = new Struct<ConnectionPool>('{ maxRequests: 100 }', {
  maxConnections: number,
  connectTimeout: duration,
  maxPendingRequests: number,
  maxRequests: number,
  maxRequestsPerConnection: number,
  maxRetries: number,
  idleTimeout: duration,
});

const DESTINATION_TLS = new Struct<DestinationTls>("{ sni: 'apis.example.com' }", {
  sni: text,
  caCertificates: text,
  subjectAltNames: list(text, "['apis.example.com']"),
});

/** What they may be is for `checkTrafficPolicy`. */
export const TRAFFIC_POLICY = new Struct<TrafficPolicy>('{ outlierDetection: { consecutive5xxErrors: 5 } }', {
  outlierDetection: OUTLIER_DETECTION,
  connectionPool: CONNECTION_POOL,
  loadBalancer: made<LoadBalancer>((value) => LoadBalancer._is(value), 'LoadBalancer.leastRequest()'),
  tls: DESTINATION_TLS,
});
