/*
 * What is written and a gateway's proxy does not have, and listeners that Istio generates and Envoy refuses.
 */
import { isPassthrough, type Server } from '../model/gateway';
import { ALL_NAMES, type Overlap, type PartialWildcard } from './filter-chains';
import type { ProxyListener } from './gateway-listeners';
import type { SkippedServer } from './gateway-merge';
import type { Route } from './routes';

/** Why Envoy refuses a listener: a server's filter chain, or a route, of which the reason tells. */
export type GatewayRefusal = { readonly reason: string } & (
  | { readonly server: Server; readonly route?: undefined }
  | { readonly route: Route; readonly server?: undefined }
);

export function whyRefused({ chains, port }: ProxyListener): GatewayRefusal | undefined {
  const [overlap] = chains.overlaps.values();
  if (overlap !== undefined) {
    return ofOverlap(port, overlap);
  }
  const [partial] = chains.partialWildcards;
  if (partial !== undefined) {
    return ofPartialWildcard(port, partial);
  }
  const [route] = chains.unusable;
  return route && { route, reason: whyUnusable(route) };
}

function ofOverlap(port: number, { name, first, second }: Overlap): GatewayRefusal {
  const whose = name === ALL_NAMES ? 'every host' : `host ${name}`;
  const other =
    second.server === first.server ? '' : `, by ${second.server.path} of Gateway ${second.server.gateway.ref}`;
  return {
    server: first.server,
    reason: `shares port ${port} with another filter chain for ${whose}${other}, and Envoy refuses a listener with two for the same host; a new proxy does not open the port, and a running one keeps its previous listener`,
  };
}

function ofPartialWildcard(port: number, { name, server }: PartialWildcard): GatewayRefusal {
  return {
    server,
    reason: `has a filter chain for ${name} on port ${port}, and Envoy refuses a listener with a wildcard inside a name; a new proxy does not open the port, and a running one keeps its previous listener`,
  };
}

/** Of a route for which Envoy refuses the table that it is in. */
export function whyUnusable({ origin }: Route): string {
  return `redirects with code ${origin?.rule.redirect?.code}, which Envoy does not know, so Envoy refuses all routes of the port; a new proxy has none, and a running one keeps its previous routes`;
}

export function whySkipped({ reason, winner }: SkippedServer): string {
  return `is left out: ${reason}, by Gateway ${winner.gateway.ref}`;
}

/** Of a server without a route of the kind that it reads. */
export function whyIdle(server: Server): string {
  const kind = isPassthrough(server) && server.tls !== undefined ? 'tls' : 'tcp';
  const protocol = kind === 'tls' ? `TLS mode ${server.tls?.mode}` : `protocol ${server.port.protocol || '(none)'}`;
  return `has ${protocol}, for which Istio reads only ${kind} routes, and no VirtualService gives it one; http routes have no effect, the port is not opened, and the connection is refused`;
}
