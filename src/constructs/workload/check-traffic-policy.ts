/*
 * What can be wrong with a traffic policy whose options are of the right types.
 */
import type { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { complaintAboutDnsName } from '../../syntax/names';
import { refuse, refuseIf, show } from '../objects/refuse';
import { complaintAboutDuration } from '../objects/whole-milliseconds';
import type { ConnectionPool, DestinationTls, OutlierDetection, TrafficPolicy } from './traffic-policy';

/** Istio's counts of errors, and its limits. */
const LARGEST_COUNT = 2 ** 32 - 1;
const LARGEST_LIMIT = 2 ** 31 - 1;

/** Throws on the first value that Istio refuses, or takes for something else. `what` names the policy. */
export function checkTrafficPolicy(scope: Construct, what: string, policy: TrafficPolicy): void {
  if (Object.keys(policy).length === 0) {
    refuse(scope, `${what} is empty, which says nothing; leave it out, or say how callers treat the pods.`);
  }
  if (policy.outlierDetection !== undefined) {
    checkOutlierDetection(scope, `${what}.outlierDetection`, policy.outlierDetection);
  }
  if (policy.connectionPool !== undefined) {
    checkConnectionPool(scope, `${what}.connectionPool`, policy.connectionPool);
  }
  if (policy.tls !== undefined) {
    checkTls(scope, `${what}.tls`, policy.tls);
  }
}

function checkOutlierDetection(scope: Construct, what: string, options: OutlierDetection): void {
  const { consecutive5xxErrors = 5, consecutiveGatewayErrors = 0 } = options;
  checkWhole(scope, `${what}.consecutive5xxErrors`, consecutive5xxErrors, 0, LARGEST_COUNT);
  checkWhole(scope, `${what}.consecutiveGatewayErrors`, consecutiveGatewayErrors, 0, LARGEST_COUNT);
  checkWhole(scope, `${what}.maxEjectionPercent`, options.maxEjectionPercent, 1, 100);
  checkWhole(scope, `${what}.minHealthPercent`, options.minHealthPercent, 0, 100);
  checkDurations(scope, what, options, ['interval', 'baseEjectionTime']);
  if (consecutive5xxErrors === 0 && consecutiveGatewayErrors === 0) {
    refuse(scope, `${what} counts no errors, so no pod would ever be ejected; leave it out, or set one of the counts.`);
  }
  if (consecutive5xxErrors > 0 && consecutiveGatewayErrors >= consecutive5xxErrors) {
    refuse(
      scope,
      `${what}.consecutiveGatewayErrors ${consecutiveGatewayErrors} has no effect, since consecutive5xxErrors counts the same errors and is ${consecutive5xxErrors}${options.consecutive5xxErrors === undefined ? ' by default' : ''}; make it less, or consecutive5xxErrors 0.`,
    );
  }
}

const LIMITS = [
  'maxConnections',
  'maxPendingRequests',
  'maxRequests',
  'maxRequestsPerConnection',
  'maxRetries',
] as const satisfies readonly (keyof ConnectionPool)[];

function checkConnectionPool(scope: Construct, what: string, options: ConnectionPool): void {
  if (Object.keys(options).length === 0) {
    refuse(scope, `${what} is empty, which Istio refuses; leave it out, or say what it limits.`);
  }
  for (const limit of LIMITS) {
    if (options[limit] === 0) {
      refuse(scope, `${what}.${limit} is 0, which Istio takes for no limit; leave it out, or write 1 or more.`);
    }
    // Of requests by one connection Envoy counts fewer.
    checkWhole(
      scope,
      `${what}.${limit}`,
      options[limit],
      1,
      limit === 'maxRequestsPerConnection' ? 2 ** 29 : LARGEST_LIMIT,
    );
  }
  checkDurations(scope, what, options, ['connectTimeout', 'idleTimeout']);
}

function checkTls(scope: Construct, what: string, { sni, caCertificates, subjectAltNames }: DestinationTls): void {
  if (sni !== undefined) {
    refuseIf(scope, `${what}.sni`, sni, complaintAboutDnsName(sni));
  }
  if (caCertificates !== undefined && caCertificates !== 'system' && !caCertificates.startsWith('/')) {
    refuse(
      scope,
      `${what}.caCertificates ${show(caCertificates)} is not an absolute path of a file in the proxy; write one, or 'system'.`,
    );
  }
  if (subjectAltNames?.length === 0 || subjectAltNames?.includes('')) {
    refuse(
      scope,
      `${what}.subjectAltNames holds ${subjectAltNames.length === 0 ? 'no name' : 'an empty name'}; write the names in full, or leave it out.`,
    );
  }
}

function checkWhole(scope: Construct, what: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most)) {
    refuse(scope, `${what} ${show(value)} is not a whole number from ${least} to ${most}.`);
  }
}

function checkDurations<T>(scope: Construct, what: string, options: T, names: readonly (keyof T & string)[]): void {
  for (const name of names) {
    const value = options[name] as Duration | undefined;
    const complaint = value && complaintAboutDuration(value);
    if (complaint !== undefined) {
      refuse(scope, `${what}.${name} ${complaint}.`);
    }
  }
}
