/*
 * What neither the proxy nor the manifests decide: the library at the other end refuses what HTTP/2 does not allow.
 */
import type { RouteDecision } from '../src/envoy/decision';
import type { RouteDestination } from '../src/envoy/destination';
import { RouteOutcome } from '../src/envoy/outcome';
import { hasFlag } from './flags';
import type { Ask } from './manifest';
import type { Observation } from './observation';

/**
 * Whether the connection ended because of Node's library: the client's, for the body of a 204 (RFC 9110, 15.3.5), or the
 * backend's, for what the client sent and nobody between them read (RFC 9113, 8.2.2 and 8.5).
 */
export function isEndedByPeer(decision: RouteDecision, ask: Ask, seen: Observation): boolean {
  return seen.kind === 'closed' && mayBeEndedByPeer(decision, ask);
}

export function mayBeEndedByPeer({ outcome, status, body = '' }: RouteDecision, ask: Ask): boolean {
  if (ask.httpVersion !== '2') {
    return false;
  }
  const isUnread = outcome === RouteOutcome.TCP_FORWARD || outcome === RouteOutcome.PASSTHROUGH;
  const sendsForbidden =
    ask.method === 'CONNECT' || ask.headers.some(([name]) => /^(connection|keep-alive|te|upgrade)$/i.test(name));
  return (status === 204 && body !== '') || (isUnread && sendsForbidden);
}

/** Whether a backend refused a path without a slash or with a space (RFC 9113, 8.3.1), which rewrites can make. */
export function isRefusedByBackend({ request }: RouteDestination, seen: Observation): boolean {
  const isOdd = request.httpVersion === '2' && !/^\/[^ ]*$/.test(request.path);
  return isOdd && seen.kind === 'http' && seen.received === undefined && hasFlag(seen.flags, 'UPE');
}
