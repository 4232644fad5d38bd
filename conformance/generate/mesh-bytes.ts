/*
 * Rules for connections that no proxy reads inside the mesh: by port, by address, and for TLS by name (SNI).
 */
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import { makeDestination, type RouteWords } from './routes';

/** What the apps of a mesh mostly speak. */
export type Speech = 'any' | 'tls';

export function makeTcpRoutes(random: Random, words: RouteWords): readonly object[] {
  return Array.from({ length: random.pick([1, 1, 2]) }, () => ({
    ...(random.chance(0.5) ? { match: makeTcpMatches(random) } : {}),
    route: makeShares(random, words),
  }));
}

function makeTcpMatches(random: Random): readonly object[] {
  return Array.from({ length: random.pick([1, 1, 2]) }, () =>
    random.weighted<object>([
      [1, () => ({ destinationSubnets: makeSubnets(random) })],
      [4, () => ({ port: random.pick([80, 8080, 9000]) })],
      [1, () => ({ sourceLabels: { istio: random.pick(['other', 'ingressgateway']) } })],
      [1, () => ({ sourceNamespace: random.pick(['apps', 'shop']) })],
      [1, () => ({ gateways: [random.pick(['mesh', 'gw'])] })],
      [1, () => ({ port: random.pick([80, 9000]), sourceLabels: { app: random.pick(['client', 'web']) } })],
    ]),
  );
}

function makeShares(random: Random, words: RouteWords): readonly object[] {
  return random.chance(0.7)
    ? [{ destination: makeDestination(random, words) }]
    : [10, 90].map((weight) => ({ destination: makeDestination(random, words), weight }));
}

export function makeTlsRoutes(random: Random, words: RouteWords, hosts: readonly string[]): readonly object[] {
  return Array.from({ length: random.pick([1, 1, 2, 3]) }, () => ({
    match: Array.from({ length: random.pick([1, 1, 1, 2]) }, () => makeTlsMatch(random, hosts)),
    route: makeShares(random, words),
  }));
}

function makeTlsMatch(random: Random, hosts: readonly string[]): object {
  const names = Array.from({ length: random.pick([1, 1, 1, 2]) }, () => makeName(random, random.pick(hosts)));
  return {
    sniHosts: random.chance(0.95) ? [...new Set(names)] : names,
    ...random.weighted<object>([
      [8, () => ({})],
      [3, () => ({ port: random.pick([443, 443, 443, 80, 9000]) })],
      [1.5, () => ({ destinationSubnets: makeSubnets(random) })],
      [0.7, () => ({ sourceLabels: { istio: random.pick(['other', 'ingressgateway']) } })],
      [0.7, () => ({ sourceNamespace: random.pick(['apps', 'shop']) })],
      [0.7, () => ({ gateways: [random.pick(['mesh', 'gw'])] })],
    ]),
  };
}

/** One that the host covers: Istio's validation refuses all others. */
function makeName(random: Random, host: string): string {
  return host.startsWith('*') && random.chance(0.6)
    ? `${random.pick(['a', 'x', 'X', '*.x', 'x.y'])}${host.slice(1)}`
    : host;
}

/** Such as contain addresses of Services and ServiceEntries, some of them or none. */
function makeSubnets(random: Random): readonly string[] {
  const subnets = [
    ...['127.0.0.0/8', '127.98.0.0/16', '127.98.0.1', '127.98.0.9', '127.98.1.0/24', '127.97.0.1/32'],
    ...['127.97.0.0/16', '127.97.3.4/16', '127.1.0.0/16', '10.0.0.0/8', '127.99.0.0/16', '0.0.0.0/0', 'fd00::/8'],
  ];
  return random.some(subnets, random.pick([1, 1, 1, 2]));
}

/** On which ports some service says that TLS is spoken, and the names that rules for TLS ask for. */
export function tlsOf(manifests: readonly Manifest[]): {
  readonly ports: ReadonlySet<number>;
  readonly names: readonly string[];
} {
  const specs = manifests.map(({ spec }) => (spec ?? {}) as Spec);
  const ports = specs.flatMap(({ ports: all = [] }) => all).filter(saysTls);
  const routes = specs.flatMap(({ tls = [] }) => tls);
  return {
    ports: new Set(ports.map(({ number, port }) => number ?? port ?? 0)),
    names: routes.flatMap(({ match = [] }) => match.flatMap(({ sniHosts }) => sniHosts)),
  };
}

interface Port {
  readonly number?: number;
  readonly port?: number;
  readonly protocol?: string;
  readonly name?: string;
  readonly appProtocol?: string;
}

interface Spec {
  readonly ports?: readonly Port[];
  readonly tls?: readonly { readonly match?: readonly { readonly sniHosts: readonly string[] }[] }[];
}

/** Of a Service `protocol` is that of the transport. */
function saysTls({ number, protocol = '', name = '', appProtocol = name }: Port): boolean {
  return /^(https|tls)\b/i.test(number === undefined ? appProtocol : protocol);
}
