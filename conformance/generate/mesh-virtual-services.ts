/*
 * VirtualServices for the inside of a mesh: several that compete for a host under its various names, delegates, and rules for
 * bytes.
 */
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import { createdAt } from './metadata';
import { makeDestination, makeRoute, type RouteWords } from './routes';
import type { GeneratedService } from './services';
import { delegating, makeL4Destinations } from './virtual-services';

/** With the delegates that it needs. */
export function makeMeshVirtualService(
  random: Random,
  name: string,
  namespace: string,
  services: readonly GeneratedService[],
): readonly Manifest[] {
  const gateways = random.weighted<readonly string[]>([
    [6, () => []],
    [2, () => ['mesh']],
    [1, () => ['mesh', 'gw']],
    [0.4, () => ['gw']],
  ]);
  const words: RouteWords = { namespace, gateways: gateways.length === 0 ? ['mesh', 'gw'] : gateways, services };
  const delegates: Manifest[] = [];
  const http = Array.from({ length: random.integer(1, 3) }, (_, index) =>
    random.chance(0.06) ? delegating(random, `${name}-${index}`, words, delegates) : makeRoute(random, words),
  );
  const hosts = makeHosts(random, services);
  const kinds = {
    http: random.chance(0.9) ? http : undefined,
    tcp: random.maybe(0.25, () => makeTcpRoutes(random, words)),
    tls: random.maybe(0.05, () => [makeTlsRoute(random, words, hosts)]),
  };
  const virtualService: Manifest = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace, creationTimestamp: createdAt(random) },
    spec: {
      hosts,
      ...(gateways.length === 0 ? {} : { gateways }),
      // Istio's validation refuses a VirtualService without any rule.
      ...(Object.values(kinds).some((rules) => rules !== undefined) ? kinds : { http }),
      ...(random.chance(0.1) ? { exportTo: [random.pick(['.', '*', 'apps', 'shop'])] } : {}),
    },
  };
  return [virtualService, ...delegates];
}

function makeHosts(random: Random, services: readonly GeneratedService[]): readonly string[] {
  const one = () => {
    const { host, name, namespace } = random.pick(services);
    if (host !== undefined && random.chance(0.7)) {
      return host.startsWith('*') && random.chance(0.5) ? `x${host.slice(1)}` : host;
    }
    return random.weighted([
      [4, () => name],
      [6, () => `${name}.${namespace}.svc.cluster.local`],
      [1, () => `*.${namespace}.svc.cluster.local`],
      [0.5, () => '*.cluster.local'],
      [0.4, () => `*${name.slice(1)}.${namespace}.svc.cluster.local`],
      [1, () => random.pick(['a.example.com', 'A.Example.com', 'x.example.com'])],
      [0.5, () => random.pick(['*.example.com', '*.com'])],
      [0.7, () => `${name}.${namespace}`],
      [0.4, () => `${name}.${namespace}.svc`],
      [0.3, () => `${name}.${namespace}.svc.cluster.local.`],
      [0.3, () => `${name.toUpperCase()}.${namespace}.svc.cluster.local`],
      [0.3, () => random.pick(['127.96.0.1', '127.97.0.1', '127.98.0.1'])],
    ]);
  };
  const [first, second] = [one(), random.maybe(0.25, one)];
  // Istio's validation refuses hosts of one VirtualService that overlap.
  const apart = second !== undefined && !`${first}${second}`.includes('*') && first !== second;
  const chosen = apart ? [first, second] : [first];
  // For sidecars, Istio's validation refuses a VirtualService for all hosts.
  return chosen.map((host) => (host === '*' ? '*.com' : host));
}

function makeTcpRoutes(random: Random, words: RouteWords): readonly object[] {
  return Array.from({ length: random.pick([1, 1, 2]) }, () => ({
    ...(random.chance(0.5) ? { match: makeTcpMatches(random) } : {}),
    route: makeL4Destinations(random, words, 0.7),
  }));
}

function makeTcpMatches(random: Random): readonly object[] {
  return Array.from({ length: random.pick([1, 1, 2]) }, () =>
    random.weighted<object>([
      [4, () => ({ port: random.pick([80, 8080, 9000]) })],
      [1, () => ({ sourceLabels: { istio: random.pick(['other', 'ingressgateway']) } })],
      [1, () => ({ sourceNamespace: random.pick(['apps', 'shop']) })],
      [1, () => ({ gateways: [random.pick(['mesh', 'gw'])] })],
      [1, () => ({ port: random.pick([80, 9000]), sourceLabels: { app: random.pick(['client', 'web']) } })],
    ]),
  );
}

function makeTlsRoute(random: Random, words: RouteWords, hosts: readonly string[]): object {
  return {
    match: [{ sniHosts: [random.pick(hosts)], ...(random.chance(0.5) ? { port: random.pick([443, 9000]) } : {}) }],
    route: [{ destination: makeDestination(random, words) }],
  };
}
