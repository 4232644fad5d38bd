/*
 * Two servers, or two routes, that ask for the same connections to a gateway's port, and what is said of them.
 */

import { nameOf } from '../../manifests/object';
import { isPassthrough, type Server } from '../../model/gateway';
import { selects } from '../../model/workload';
import { ALL_NAMES, type ChainSource, type Overlap } from '../../proxy/filter-chains';
import type { ProxyListener } from '../../proxy/gateway-listeners';
import type { GatewayProxy } from '../../proxy/gateway-proxies';
import { labelsOf, listOf } from '../../syntax/wording';
import type { Observation } from '../check';
import { Severity } from '../finding';

export interface Collision {
  /** The same for the same two. */
  readonly key: string;
  readonly first: ChainSource;
  readonly second: ChainSource;
  readonly names: readonly string[];
  readonly proxy: GatewayProxy;
  /** The port of the pods. */
  readonly port: number;
  /** Whether the Gateways have pods in common, whatever these are. */
  readonly isCertain: boolean;
}

export function collisionsOf({ chains, port }: ProxyListener, proxy: GatewayProxy): readonly Collision[] {
  const byPair = new Map<string, Overlap[]>();
  for (const overlap of chains.overlaps.values()) {
    const key = `${keyOf(overlap.first)} ${keyOf(overlap.second)}`;
    byPair.set(key, [...(byPair.get(key) ?? []), overlap]);
  }
  return [...byPair].map(([key, overlaps]) => {
    const [{ first, second }] = overlaps;
    const names = overlaps.map(({ name }) => name);
    return { key, first, second, names, proxy, port, isCertain: sharePods(first.server, second.server, proxy) };
  });
}

function keyOf({ server, l4 }: ChainSource): string {
  const rule = l4 === undefined ? '' : `${nameOf(l4.owner.object)} ${l4.route.path}`;
  return `${server.gateway.ref} ${server.path} ${rule}`;
}

/** Where the pods are not known, one selector must contain the other. */
function sharePods({ gateway: a }: Server, { gateway: b }: Server, proxy: GatewayProxy): boolean {
  return proxy.workload !== undefined || selects(a.selector, b.selector) || selects(b.selector, a.selector);
}

export function describeCollision(collision: Collision): Observation {
  const { first, second, names, isCertain } = collision;
  const { object } = second.server.gateway;
  const isOneNamespace = first.server.gateway.object.namespace === object.namespace;
  const who = isOne(collision)
    ? `${describe(second)} asks twice`
    : `${describe(first)} and ${describe(second)} both ask`;
  return {
    object,
    path: second.server.path,
    severity: isCertain && isOneNamespace ? Severity.ERROR : Severity.WARNING,
    message:
      `${who} for ${connections(names)} on ${portsOf(collision)}. Istio generates a filter chain for each, and Envoy refuses a ` +
      'listener with two for the same connections: a running gateway keeps its previous listener, and a new pod does not ' +
      `open the port and does not become ready. No object's status shows this.${orderOf(collision)}${assumptionsOf(collision, isOneNamespace)}`,
    help: remedy(collision),
  };
}

function isOne({ first, second }: Collision): boolean {
  return keyOf(first) === keyOf(second);
}

function describe({ server, l4 }: ChainSource): string {
  const place = `${server.path} of ${nameOf(server.gateway.object)}`;
  const rule = l4 === undefined ? '' : `, by ${l4.route.path} of ${nameOf(l4.owner.object)}`;
  return `${place} (${waysOf(server)})${rule}`;
}

function waysOf({ tls, port }: Server): string {
  return tls === undefined ? `${port.protocol} without TLS` : `TLS mode ${tls.mode}`;
}

function connections(names: readonly string[]): string {
  return names.includes(ALL_NAMES) ? 'all connections' : `TLS connections to ${listOf(names)}`;
}

function portsOf({ first, second, port }: Collision): string {
  const numbers = [first, second].map(({ server }) => server.port.number);
  return numbers[0] === numbers[1]
    ? `port ${numbers[0]}`
    : `ports ${listOf(numbers.map(String))}, which lead to one port of the pods, ${port}`;
}

/** A plain server that comes first takes the port, and then the other is left out. */
function orderOf({ first, second }: Collision): string {
  const a = first.server.gateway.object;
  const b = second.server.gateway.object;
  const hasOrder = a === b || (a.created !== undefined && b.created !== undefined);
  const isMixed = (first.server.tls === undefined) !== (second.server.tls === undefined);
  return hasOrder || !isMixed
    ? ''
    : ' If the Gateway of the server without TLS is the older one, Istio leaves out the other server instead.';
}

function assumptionsOf({ proxy, isCertain }: Collision, isOneNamespace: boolean): string {
  return [
    ...(isCertain ? [] : [` This assumes that the gateway's pods are labelled ${labelsOf(proxy.labels)}.`]),
    ...(isOneNamespace
      ? []
      : [' This assumes that istiod does not limit Gateways to the pods of their own namespace.']),
  ].join('');
}

function remedy(collision: Collision): string {
  const { first, second, names } = collision;
  const [one, other] = [first.server, second.server];
  if (one.tls === undefined || other.tls === undefined) {
    return one.tls === other.tls
      ? `A server without bind also listens on ${one.bind || other.bind}: write both without bind.`
      : "Give one of the two another port, or write the hosts of the server with TLS by name, in place of '*'.";
  }
  if (one.tls.mode === 'AUTO_PASSTHROUGH' && other.tls.mode === 'AUTO_PASSTHROUGH') {
    return 'Keep one server with AUTO_PASSTHROUGH for these services.';
  }
  if (isOne(collision)) {
    return `Write each name once${second.l4 === undefined ? '' : ' in sniHosts'}: TLS ignores capitals.`;
  }
  if (isPassthrough(one) !== isPassthrough(other)) {
    const passing = isPassthrough(one) ? first : second;
    const ending = isPassthrough(one) ? other : one;
    const rule = passing.l4 === undefined ? '' : ` or out of sniHosts in ${nameOf(passing.l4.owner.object)}`;
    return `TLS for ${listOf(names)} can end at the gateway or pass through it, not both: take the name out of the hosts of ${ending.path} in ${nameOf(ending.gateway.object)},${rule}.`;
  }
  return `VirtualServices of every namespace may use a host that is written without a namespace: serve ${listOf(names)} by one of the two.`;
}
