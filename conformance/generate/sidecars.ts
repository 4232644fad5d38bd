/*
 * Meshes asked from within: VirtualServices for services of the mesh, and for hosts that it does not know.
 */
import type { Experiment } from '../laboratory';
import type { Ask, Manifest } from '../manifest';
import { Random } from '../random';
import { createdAt } from './metadata';
import { aimsOf, makeAsk } from './requests';
import { makeRoute, type RouteWords } from './routes';
import { type GeneratedService, makeService } from './services';
import { SERVICES, VERSIONS } from './vocabulary';

/** The workload that sends the requests. */
const CLIENT = 'client';

export function makeSidecarExperiment(seed: number, requests: number): Experiment {
  const random = new Random(seed);
  const namespace = random.pick(['apps', 'shop']);
  const services = random
    .some(SERVICES, random.integer(1, 3))
    .map((name) => makeService(random, name, random.pick(['apps', 'apps', 'shop']), 0));
  const virtualServices = Array.from({ length: random.integer(0, 3) }, (_, index) =>
    makeMeshVirtualService(random, `vs-${index}`, random.pick(['apps', 'apps', 'shop']), services),
  );
  const manifests = [client(namespace), ...services.flatMap((service) => service.manifests), ...virtualServices];
  return {
    mesh: {
      manifests,
      proxy: { sidecar: { namespace, workload: CLIENT } },
      outboundTrafficPolicy: random.chance(0.3) ? 'REGISTRY_ONLY' : 'ALLOW_ANY',
    },
    asks: makeAsks(random, manifests, services, namespace, requests),
  };
}

function client(namespace: string): Manifest {
  const labels = { app: CLIENT, istio: 'other' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: CLIENT, namespace },
    spec: { replicas: 1, template: { metadata: { labels }, spec: { containers: [{ name: 'app' }] } } },
  };
}

function makeMeshVirtualService(
  random: Random,
  name: string,
  namespace: string,
  services: readonly GeneratedService[],
): Manifest {
  const words: RouteWords = { namespace, gateways: ['mesh'], services };
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name, namespace, creationTimestamp: createdAt(random) },
    spec: {
      hosts: hostsFor(random, services),
      ...(random.chance(0.3) ? { gateways: ['mesh'] } : {}),
      http: Array.from({ length: random.integer(1, 3) }, () => makeRoute(random, words)),
      ...(random.chance(0.06) ? { exportTo: [random.pick(['.', '*', 'apps'])] } : {}),
    },
  };
}

function hostsFor(random: Random, services: readonly GeneratedService[]): readonly string[] {
  const one = () => {
    const { name, namespace } = random.pick(services);
    return random.weighted([
      [4, () => name],
      [5, () => `${name}.${namespace}.svc.cluster.local`],
      [1, () => `*.${namespace}.svc.cluster.local`],
      [0.5, () => '*.cluster.local'],
      [1, () => 'a.example.com'],
      [0.5, () => '*.example.com'],
      [0.5, () => `${name}.${namespace}`],
    ]);
  };
  return [...new Set(random.chance(0.8) ? [one()] : [one(), one()])];
}

function makeAsks(
  random: Random,
  manifests: readonly Manifest[],
  services: readonly GeneratedService[],
  viewer: string,
  count: number,
): readonly Ask[] {
  const aims = aimsOf(manifests);
  return Array.from({ length: count }, () => {
    const { name, namespace, ports } = random.pick(services);
    const connectHost = random.weighted([
      [namespace === viewer ? 4 : 0, () => name],
      [2, () => `${name}.${namespace}`],
      [1, () => `${name}.${namespace}.svc`],
      [4, () => `${name}.${namespace}.svc.cluster.local`],
      [1.5, () => random.pick(['a.example.com', 'x.example.org'])],
    ]);
    const ask = makeAsk(random, aims, [...ports, ...ports, ...ports, 80, 8080]);
    const authority = random.weighted([
      [8, () => (ask.port === 80 ? connectHost : `${connectHost}:${ask.port}`)],
      [1, () => ask.authority],
      [0.5, () => connectHost.toUpperCase()],
      [0.5, () => `${random.pick(VERSIONS)}.${connectHost}`],
    ]);
    return { ...ask, connectHost, authority };
  });
}
