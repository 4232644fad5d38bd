/*
 * Meshes asked from within: Services and ServiceEntries of every kind, VirtualServices for them and for hosts that the mesh
 * does not know.
 */
import type { Experiment } from '../laboratory';
import type { Manifest } from '../manifest';
import { Random } from '../random';
import type { Speech } from './mesh-bytes';
import { makeMeshConfig } from './mesh-config';
import { makeMeshRules } from './mesh-rules';
import { makeAlias, makeMeshService } from './mesh-services';
import { makeMeshVirtualService } from './mesh-virtual-services';
import { makeMachines, makeServiceEntry } from './service-entries';
import type { GeneratedService } from './services';
import { makeSidecarObjects } from './sidecar-objects';
import { makeSidecarAsks } from './sidecar-requests';
import { SERVICES } from './vocabulary';

/** The workload that sends the requests. */
export const CLIENT = 'client';

export function makeSidecarExperiment(seed: number, requests: number): Experiment {
  const random = new Random(seed);
  const namespace = random.pick(['apps', 'shop']);
  const speech: Speech = random.chance(0.6) ? 'any' : 'tls';
  const services = makeServices(random, speech);
  const virtualServices = Array.from({ length: random.integer(0, 4) }, (_, index) =>
    makeMeshVirtualService(
      random,
      `vs-${index}`,
      random.pick(['apps', 'apps', 'shop', 'istio-system']),
      services,
      speech,
    ),
  );
  const machines = random.chance(0.3) ? makeMachines(random, random.pick(['apps', 'shop'])) : [];
  const manifests = unique([
    client(namespace),
    ...services.flatMap((service) => service.manifests),
    ...machines,
    ...virtualServices.flat(),
    ...makeMeshRules(random, services),
    ...(random.chance(0.25) ? makeSidecarObjects(random, services, namespace) : []),
    ...makeMeshConfig(seed, 'mesh', requests),
  ]);
  const mesh = {
    manifests,
    proxy: { sidecar: { namespace, workload: CLIENT } },
    outboundTrafficPolicy: random.chance(0.3) ? ('REGISTRY_ONLY' as const) : undefined,
  };
  return { mesh, asks: makeSidecarAsks(random, mesh.manifests, services, namespace, requests) };
}

function makeServices(random: Random, speech: Speech): readonly GeneratedService[] {
  const services: GeneratedService[] = Array.from({ length: random.integer(1, 4) }, (_, index) =>
    makeMeshService(random, random.pick(SERVICES), random.pick(['apps', 'apps', 'shop']), index, speech),
  );
  const entries = Array.from({ length: random.pick([0, 0, 1, 1, 2, 3]) }, (_, index) =>
    makeServiceEntry(random, random.pick(['apps', 'shop', 'istio-system']), index, speech),
  );
  const known = [...services, ...entries];
  const aliases = Array.from({ length: random.pick([0, 0, 0, 1, 2]) }, (_, index) => {
    const { host, name, namespace } = random.pick(known);
    const target = random.chance(0.85) ? (host ?? `${name}.${namespace}.svc.cluster.local`) : 'gone.example.net';
    return makeAlias(
      random,
      `alias-${index}`,
      random.pick(['apps', 'shop']),
      target.replace(/^\*\.?/, 'x.').toLowerCase(),
      speech,
    );
  });
  return [...known, ...aliases];
}

export function client(namespace: string): Manifest {
  const labels = { app: CLIENT, istio: 'other' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: CLIENT, namespace },
    spec: { replicas: 1, template: { metadata: { labels }, spec: { containers: [{ name: 'app' }] } } },
  };
}

/** In a cluster there is one object of a kind and name; the first counts. */
function unique(manifests: readonly Manifest[]): readonly Manifest[] {
  const byName = new Map<string, Manifest>();
  for (const manifest of manifests) {
    const { name, namespace = '' } = manifest.metadata;
    const key = `${manifest.kind} ${namespace}/${name}`;
    if (!byName.has(key)) {
      byName.set(key, manifest);
    }
  }
  return withClearAddresses([...byName.values()]);
}

/**
 * Of a host that several define, DNS could give any address, and which one is not Istio's business: such a ServiceEntry gets
 * none.
 */
function withClearAddresses(manifests: readonly Manifest[]): readonly Manifest[] {
  const hostsOf = ({ kind, metadata, spec }: Manifest): readonly string[] =>
    kind === 'ServiceEntry'
      ? (spec as { hosts: readonly string[] }).hosts
      : kind === 'Service'
        ? [`${metadata.name}.${metadata.namespace ?? 'default'}.svc.cluster.local`]
        : [];
  return manifests.map((manifest) => {
    if (manifest.kind !== 'ServiceEntry') {
      return manifest;
    }
    const others = manifests.filter((other) => other !== manifest).flatMap(hostsOf);
    const clear = hostsOf(manifest).every((host) => !others.some((other) => overlap(host, other)));
    const { addresses, ...spec } = manifest.spec as { addresses?: unknown };
    return clear ? manifest : { ...manifest, spec };
  });
}

function overlap(a: string, b: string): boolean {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()].map((host) => host.replace('*', ''));
  return left.endsWith(right) || right.endsWith(left);
}
