/*
 * VirtualServices for the inside of a mesh: several that compete for a host under its various names, delegates, and rules for
 * bytes.
 */
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import { makeTcpRoutes, makeTlsRoutes, type Speech } from './mesh-bytes';
import { createdAt } from './metadata';
import { makeRoute, type RouteWords } from './routes';
import type { GeneratedService } from './services';
import { delegating } from './virtual-services';

/** With the delegates that it needs. */
export function makeMeshVirtualService(
  random: Random,
  name: string,
  namespace: string,
  services: readonly GeneratedService[],
  speech: Speech,
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
    http: random.chance(speech === 'tls' ? 0.5 : 0.9) ? http : undefined,
    tcp: random.maybe(0.25, () => makeTcpRoutes(random, words)),
    tls: random.maybe(speech === 'tls' ? 0.75 : 0.05, () => makeTlsRoutes(random, words, hosts)),
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
