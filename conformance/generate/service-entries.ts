/*
 * ServiceEntries: hosts from outside of the cluster, and such as compete with its Services.
 */
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import type { Speech } from './mesh-bytes';
import { createdAt } from './metadata';
import { type GeneratedService, makeRules } from './services';
import { VERSIONS } from './vocabulary';

const EXACT_HOSTS = ['a.example.com', 'b.example.com', 'db.example.org', 'A.Example.com'] as const;

/** Those of Services too, and names that only look like such. */
const CLUSTER_HOSTS = ['web.apps.svc.cluster.local', 'ghost.apps.svc.cluster.local', 'web.apps', 'ghost'] as const;

const WILDCARD_HOSTS = ['*.example.com', '*.com', '*.shop.svc.cluster.local', '*.svc.cluster.local'] as const;

/** @param index which of the mesh's ServiceEntries it is; makes its addresses its own */
export function makeServiceEntry(random: Random, namespace: string, index: number, speech: Speech): GeneratedService {
  const name = `se-${index}`;
  const resolution = random.weighted([
    [5, () => 'STATIC'],
    [3, () => 'DNS'],
    [1, () => 'DNS_ROUND_ROBIN'],
    [3, () => 'NONE'],
  ]);
  const ports = makePorts(random, resolution, speech);
  const hosts = makeHosts(
    random,
    resolution,
    ports.every(({ protocol }) => protocol !== 'TCP' && protocol !== ''),
  );
  const manifest: Manifest = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name, namespace, creationTimestamp: createdAt(random) },
    spec: {
      hosts,
      ports,
      resolution,
      ...(random.chance(0.5) ? { location: random.pick(['MESH_INTERNAL', 'MESH_EXTERNAL']) } : {}),
      ...(random.chance(0.3) ? { addresses: makeAddresses(random, resolution, index) } : {}),
      ...makeEndpoints(random, resolution, index),
      ...(random.chance(0.15) ? { exportTo: [random.pick(['.', '*', 'apps', 'shop'])] } : {}),
    },
  };
  const [host] = hosts;
  return {
    name,
    namespace,
    host,
    ports: ports.map(({ number }) => number),
    manifests: [manifest, ...rulesFor(random, host, namespace)],
  };
}

/** @param byName whether the ports tell hosts apart, as HTTP and TLS do */
function makeHosts(random: Random, resolution: string, byName: boolean): readonly string[] {
  return random.weighted<readonly string[]>([
    [8, () => random.some(EXACT_HOSTS, 1)],
    [byName ? 2 : 0, () => random.some(EXACT_HOSTS, 2)],
    [2, () => random.some(CLUSTER_HOSTS, 1)],
    // What DNS resolves must be a name in full.
    [resolution.startsWith('DNS') ? 0 : 3, () => random.some(WILDCARD_HOSTS, 1)],
  ]);
}

const PROTOCOLS: readonly (readonly [weight: number, protocol: string])[] = [
  [7, 'HTTP'],
  [1, 'GRPC'],
  [1, 'http2'],
  [3, 'TCP'],
  [1, 'TLS'],
  [1, 'HTTPS'],
  [0.7, ''],
];

const SECURE_PROTOCOLS: typeof PROTOCOLS = [
  [5, 'TLS'],
  [4, 'HTTPS'],
  [2, 'HTTP'],
  [1.5, 'TCP'],
  [0.7, ''],
];

function makePorts(random: Random, resolution: string, speech: Speech) {
  const isSecure = speech === 'tls';
  const numbers = random.some(isSecure ? [443, 443, 80, 9000] : [80, 8080, 9000, 443], random.pick([1, 1, 2]));
  const protocols = isSecure ? SECURE_PROTOCOLS : PROTOCOLS;
  return [...new Set(numbers)].map((number, index) => ({
    number,
    name: `port-${index}`,
    protocol: random.weighted(protocols.map(([weight, protocol]) => [weight, () => protocol] as const)),
    ...(random.chance(resolution === 'NONE' ? 0.2 : 0.4) ? { targetPort: random.pick([8000, 8443, 80]) } : {}),
  }));
}

function makeAddresses(random: Random, resolution: string, index: number): readonly string[] {
  const first = `127.98.${index}.1`;
  return random.weighted<readonly string[]>([
    [6, () => [first]],
    [1, () => [first, `127.98.${index}.2`]],
    [resolution.startsWith('DNS') ? 0 : 1, () => [`127.98.${index}.0/24`]],
    [resolution.startsWith('DNS') ? 0 : 1, () => [`${first}/32`]],
  ]);
}

function makeEndpoints(random: Random, resolution: string, index: number): object {
  if (resolution === 'NONE') {
    return {};
  }
  if (resolution === 'STATIC' && random.chance(0.3)) {
    return { workloadSelector: { labels: { app: random.pick(['web', 'api', 'machine']) } } };
  }
  const count = random.integer(resolution === 'STATIC' ? 1 : 0, 2);
  const endpoints = Array.from(
    { length: resolution === 'DNS_ROUND_ROBIN' ? Math.min(count, 1) : count },
    (_, place) => ({
      address:
        resolution === 'STATIC' || random.chance(0.3) ? `127.20.${index}.${place + 1}` : `db-${place}.example.net`,
      ...(random.chance(0.6) ? { labels: { version: random.pick(VERSIONS) } } : {}),
      ...(random.chance(0.2) ? { ports: { 'port-0': random.pick([7000, 7001]) } } : {}),
    }),
  );
  return endpoints.length === 0 ? {} : { endpoints };
}

/** DestinationRules for a host in full. */
function rulesFor(random: Random, host: string, namespace: string): readonly Manifest[] {
  return makeRules(random, 'se', namespace).map((rule, index) => ({
    ...rule,
    metadata: {
      ...rule.metadata,
      name: `${host
        .replaceAll(/[A-Z]/g, 'u$&')
        .replaceAll(/[^a-z]/gi, '-')
        .toLowerCase()}x-${namespace}-${index}`,
    },
    spec: { ...(rule.spec as object), host },
  }));
}

/** Machines outside of the cluster that ServiceEntries can select. */
export function makeMachines(random: Random, namespace: string): readonly Manifest[] {
  return Array.from({ length: random.integer(0, 2) }, (_, index) => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'WorkloadEntry',
    metadata: { name: `machine-${index}`, namespace, creationTimestamp: createdAt(random) },
    spec: {
      address: `127.21.0.${index + 1}`,
      labels: { app: 'machine', version: random.pick(VERSIONS) },
      ...(random.chance(0.2) ? { ports: { 'port-0': 7100 } } : {}),
    },
  }));
}
