/*
 * Traffic policies in the words of a DestinationRule.
 */
import type {
  DestinationRuleSpecSubsetsTrafficPolicy,
  DestinationRuleSpecTrafficPolicy,
  DestinationRuleSpecTrafficPolicyConnectionPool,
  DestinationRuleSpecTrafficPolicyOutlierDetection,
  DestinationRuleSpecTrafficPolicyTls,
} from '../../../imports/networking.istio.io';
import { durationText } from '../objects/whole-milliseconds';
import type { ConnectionPool, DestinationTls, OutlierDetection, TrafficPolicy } from './traffic-policy';

/** Of two pods one; Istio's own 10 % of two pods is none. */
const DEFAULT_MAX_EJECTION_PERCENT = 50;

/** Undefined where the policy says nothing: an empty one is refused by Istio. */
export function istioPolicy(policy: TrafficPolicy = {}): DestinationRuleSpecTrafficPolicy | undefined {
  const { outlierDetection, connectionPool, loadBalancer, tls } = policy;
  return Object.keys(policy).length === 0
    ? undefined
    : {
        outlierDetection: outlierDetection && istioOutlierDetection(outlierDetection),
        connectionPool: connectionPool && istioConnectionPool(connectionPool),
        loadBalancer: loadBalancer?._settings(),
        tls: tls && istioTls(tls),
      };
}

/** The same, of which the generated code has a second set of types. */
export function istioPolicyOfSubset(policy?: TrafficPolicy): DestinationRuleSpecSubsetsTrafficPolicy | undefined {
  return istioPolicy(policy) as DestinationRuleSpecSubsetsTrafficPolicy | undefined;
}

/** The policy of a version's own Service: another host, on which Istio does not look at the service's. */
export function mergedPolicy(ofService: TrafficPolicy = {}, ofVersion: TrafficPolicy = {}): TrafficPolicy {
  return { ...ofService, ...ofVersion };
}

function istioOutlierDetection(options: OutlierDetection): DestinationRuleSpecTrafficPolicyOutlierDetection {
  // The generated code spells this one otherwise, and has a serializer put it right, which is not used here.
  const written: object = { consecutive5xxErrors: options.consecutive5xxErrors };
  return {
    ...written,
    consecutiveGatewayErrors: options.consecutiveGatewayErrors,
    interval: options.interval && durationText(options.interval),
    baseEjectionTime: options.baseEjectionTime && durationText(options.baseEjectionTime),
    maxEjectionPercent: options.maxEjectionPercent ?? DEFAULT_MAX_EJECTION_PERCENT,
    minHealthPercent: options.minHealthPercent,
  };
}

function istioConnectionPool(options: ConnectionPool): DestinationRuleSpecTrafficPolicyConnectionPool {
  const tcp = {
    maxConnections: options.maxConnections,
    connectTimeout: options.connectTimeout && durationText(options.connectTimeout),
  };
  const http = {
    http1MaxPendingRequests: options.maxPendingRequests,
    http2MaxRequests: options.maxRequests,
    maxRequestsPerConnection: options.maxRequestsPerConnection,
    maxRetries: options.maxRetries,
    idleTimeout: options.idleTimeout && durationText(options.idleTimeout),
  };
  return { tcp: saysSomething(tcp) ? tcp : undefined, http: saysSomething(http) ? http : undefined };
}

function istioTls({ sni, caCertificates, subjectAltNames }: DestinationTls): DestinationRuleSpecTrafficPolicyTls {
  return {
    // Of the generated code only the types are used, and its enums are none.
    mode: 'SIMPLE' as DestinationRuleSpecTrafficPolicyTls['mode'],
    sni,
    // In full, since what Istio does without differs by release: before 1.21 it accepts any certificate.
    caCertificates: caCertificates ?? 'system',
    // With a name to ask for and none to look for, Envoy takes any certificate of these authorities.
    subjectAltNames: subjectAltNames ?? (sni === undefined ? undefined : [sni]),
  };
}

function saysSomething(group: object): boolean {
  return Object.values(group).some((value) => value !== undefined);
}
