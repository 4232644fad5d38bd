/*
 * Requests from inside the mesh: by every name and address under which a host can be called, and with authorities that say
 * something else than the address.
 */
import { Cluster } from '../cluster';
import type { Ask, Manifest } from '../manifest';
import type { Random } from '../random';
import { tlsOf } from './mesh-bytes';
import { aimsOf, concrete, makeAsk } from './requests';
import type { GeneratedService } from './services';
import { inSomeSpeech } from './speech';
import { VERSIONS } from './vocabulary';

const FOREIGN = ['a.example.com', 'x.example.com', 'x.example.org', '127.99.0.7'] as const;

export function makeSidecarAsks(
  random: Random,
  manifests: readonly Manifest[],
  services: readonly GeneratedService[],
  viewer: string,
  count: number,
): readonly Ask[] {
  const aims = aimsOf(manifests);
  const cluster = new Cluster(manifests);
  const tls = tlsOf(manifests);
  return Array.from({ length: count }, () => {
    const service = random.pick(services);
    const { ports } = service;
    const name = random.chance(0.88) ? nameOf(random, service, viewer, manifests) : random.pick(FOREIGN);
    const own = aims.filter(({ hosts }) => hosts.some((host) => host.split('.')[0] === service.name));
    const ask = makeAsk(random, own.length > 0 && random.chance(0.6) ? own : aims, [
      ...ports,
      ...ports,
      ...ports,
      ...ports,
      80,
      8080,
      9000,
      443,
    ]);
    const scheme = random.chance(tls.ports.has(ask.port) ? 0.8 : ask.port === 443 ? 0.5 : 0.1) ? 'https' : 'http';
    const isByRule = scheme === 'https' && tls.names.length > 0 && random.chance(0.3);
    const connectHost = isByRule ? concrete(random, random.pick(tls.names)).toLowerCase() : name;
    const other = nameOf(random, random.pick(services), viewer, manifests);
    const authority = random.weighted([
      [9, () => (ask.port === 80 ? connectHost : `${connectHost}:${ask.port}`)],
      [1, () => ask.authority],
      [1, () => other],
      [0.5, () => connectHost.toUpperCase()],
      [0.5, () => `${connectHost}.`],
      [0.5, () => `${random.pick(VERSIONS)}.${connectHost}`],
    ]);
    // A name that DNS does not know gets no request under way.
    const dialled = cluster.isUnreachable(connectHost, viewer) ? 'x.example.org' : connectHost;
    const spoken = inSomeSpeech(random, { ...ask, scheme, connectHost: dialled, authority });
    return { ...spoken, headers: withOwnId(random, spoken.headers) };
  });
}

/** A sidecar believes the id that an app gives a request, and the backends tell requests by it. */
function withOwnId(random: Random, headers: Ask['headers']): Ask['headers'] {
  const own = random.integer(1, 1_000_000_000);
  return headers.map(([name, value]) => [name, name.toLowerCase() === 'x-request-id' ? `${value}-${own}` : value]);
}

function nameOf(
  random: Random,
  { host, name, namespace }: GeneratedService,
  viewer: string,
  manifests: readonly Manifest[],
): string {
  if (host !== undefined) {
    const addresses = addressesOf(manifests, 'ServiceEntry', name, namespace);
    return random.chance(0.2) && addresses.length > 0
      ? random
          .pick(addresses)
          .replace(/\.0\/24$/, '.9')
          .replace('/32', '')
      : host.replace('*', random.pick(['x', 'y.z'])).toLowerCase();
  }
  const [clusterIp] = addressesOf(manifests, 'Service', name, namespace);
  return random.weighted([
    [namespace === viewer ? 4 : 0, () => name],
    [2, () => `${name}.${namespace}`],
    [1, () => `${name}.${namespace}.svc`],
    [4, () => `${name}.${namespace}.svc.cluster.local`],
    [clusterIp === undefined ? 0 : 3, () => clusterIp],
    [clusterIp === undefined ? 0.5 : 0, () => `pod-0.${name}.${namespace}.svc.cluster.local`],
  ]);
}

/** Addresses that the manifest itself gives. */
function addressesOf(manifests: readonly Manifest[], kind: string, name: string, namespace: string): readonly string[] {
  const found = manifests.find(
    (each) => each.kind === kind && each.metadata.name === name && each.metadata.namespace === namespace,
  );
  const { addresses, clusterIP } = (found?.spec ?? {}) as { addresses?: readonly string[]; clusterIP?: string };
  return addresses ?? (clusterIP === undefined || clusterIP === 'None' ? [] : [clusterIP]);
}
