/*
 * What a test case expects of a decision, in the words of the test matchers. What is left out is not looked at.
 */
import type { RouteOutcome } from '../envoy/outcome';

export interface Expectation {
  /** The label `version` of all pods that answer. */
  readonly version?: string;
  /** Shares of the versions, in percent. */
  readonly split?: ReadonlyMap<string, number>;
  readonly subset?: string;
  /** `apis`, `apis.shop` with the namespace, or the whole host name. */
  readonly service?: string;
  readonly port?: number;
  /** `apis-v2`, or `shop/apis-v2` with the namespace. */
  readonly workload?: string;
  /** The request as it arrives. */
  readonly forwarded?: ExpectedRequest;
  readonly outcome?: RouteOutcome;
  readonly status?: number;
  /** What a client of gRPC gets of the proxy, by name. */
  readonly grpcStatus?: string;
  /** Where a redirect leads. */
  readonly redirect?: string;
  /** Of a direct response. */
  readonly body?: string;
  /** Services that get copies, all of them. */
  readonly mirrors?: readonly string[];
}

/** The request as a destination receives it. */
export interface ExpectedRequest {
  readonly method?: string;
  readonly authority?: string;
  /** With its query. */
  readonly path?: string;
  /** `1.1` or `2`. */
  readonly httpVersion?: string;
  /** By names in lower case; null where there must be no such header. */
  readonly headers: ReadonlyMap<string, string | null>;
}
