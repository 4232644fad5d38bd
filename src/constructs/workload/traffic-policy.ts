/*
 * How callers treat a service: which of its pods they ask, how many requests at once, and when they give one up.
 */
import type { Duration } from 'cdk8s';
import type { LoadBalancer } from './load-balancer';

/**
 * When a pod that answers badly gets no requests for a while.
 */
export interface OutlierDetection {
  /**
   * How many responses 5xx in a row eject a pod. 0 counts none.
   *
   * @default 5
   */
  readonly consecutive5xxErrors?: number;

  /**
   * How many responses 502, 503 or 504 in a row, lost and refused connections included, eject a pod. 0 counts none.
   *
   * @default 0
   */
  readonly consecutiveGatewayErrors?: number;

  /**
   * How often Envoy looks, in whole milliseconds.
   *
   * @default Duration.seconds(10)
   */
  readonly interval?: Duration;

  /**
   * How long the first ejection lasts, in whole milliseconds; each further one of the same pod lasts longer.
   *
   * @default Duration.seconds(30)
   */
  readonly baseEjectionTime?: Duration;

  /**
   * How many of the pods may be ejected at once, in percent.
   *
   * @default 10
   */
  readonly maxEjectionPercent?: number;

  /**
   * Below which share of healthy pods, in percent, nothing is ejected any more and all are asked.
   *
   * @default 0
   */
  readonly minHealthPercent?: number;
}

/**
 * How many connections and requests a caller's proxy has under way at once. What exceeds it gets a 503 at once.
 */
export interface ConnectionPool {
  /**
   * TCP connections to the service.
   *
   * @default - no limit
   */
  readonly maxConnections?: number;

  /**
   * How long a connection may take to come about, in whole milliseconds.
   *
   * @default Duration.seconds(10)
   */
  readonly connectTimeout?: Duration;

  /**
   * Requests that wait for a connection.
   *
   * @default - no limit
   */
  readonly maxPendingRequests?: number;

  /**
   * Requests under way.
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
   * Retries under way.
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
 * TLS that callers' proxies speak to an app which serves TLS itself. Takes the place of the mesh's own mutual TLS.
 */
export interface DestinationTls {
  /**
   * The name that they ask for by SNI.
   *
   * @default - none
   */
  readonly sni?: string;

  /**
   * The file in the proxy with the CA certificates that confirm the app's. Without it the app's certificate is not checked
   * against any but the proxy's own.
   *
   * @default - the CA certificates of the proxy's operating system
   */
  readonly caCertificates?: string;

  /**
   * The names of which the app's certificate has to carry one.
   *
   * @default - any
   */
  readonly subjectAltNames?: string[];
}

/**
 * How callers treat a service. That of a version takes the place of the service's, group by group.
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
