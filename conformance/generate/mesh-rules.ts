/*
 * DestinationRules as clients inside a mesh meet them: of several namespaces, exported to some of them, for one host or many.
 */
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import { createdAt } from './metadata';
import type { GeneratedService } from './services';
import { VERSIONS } from './vocabulary';

export function makeMeshRules(random: Random, services: readonly GeneratedService[]): readonly Manifest[] {
  const count = random.pick([0, 0, 1, 2, 3, 4]);
  return Array.from({ length: count }, (_, index) => makeRule(random, services, index));
}

function makeRule(random: Random, services: readonly GeneratedService[], index: number): Manifest {
  const { host, name, namespace: home } = random.pick(services);
  const namespace = random.weighted([
    [4, () => home],
    [3, () => random.pick(['apps', 'shop'])],
    [2, () => 'istio-system'],
  ]);
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: `rule-${index}`, namespace, creationTimestamp: createdAt(random) },
    spec: {
      host: random.weighted([
        [6, () => host ?? `${name}.${home}.svc.cluster.local`],
        [2, () => (host === undefined ? name : host)],
        [1, () => `*.${home}.svc.cluster.local`],
        [1, () => '*.svc.cluster.local'],
        [0.5, () => '*.local'],
        [0.5, () => '*.example.com'],
        [0.5, () => `${name}.${home}`],
      ]),
      subsets: random.some(VERSIONS, random.integer(1, 3)).map((version) => ({
        name: version,
        labels: random.weighted<{ readonly [key: string]: string }>([
          [8, () => ({ version })],
          [1, () => ({ version: random.pick(VERSIONS) })],
          [1, () => ({})],
          [1, () => ({ app: name })],
        ]),
      })),
      ...(random.chance(0.12)
        ? { workloadSelector: { matchLabels: makeSelector(random) } }
        : random.weighted<object>([
            [5, () => ({})],
            [5, () => ({ exportTo: makeExportTo(random, namespace) })],
            [1, () => ({ exportTo: ['*'] })],
          ])),
    },
  };
}

/** Istio's validation refuses that the own namespace is named twice. */
function makeExportTo(random: Random, namespace: string): readonly string[] {
  const others = ['apps', 'shop', 'istio-system'].filter((other) => other !== namespace);
  return random.some([random.pick(['.', namespace]), ...others], random.integer(1, 3));
}

/** Some of them select the workload that sends the requests. */
function makeSelector(random: Random): { readonly [key: string]: string } {
  return random.pick<{ readonly [key: string]: string }>([
    { app: 'client' },
    { istio: 'other' },
    { app: 'client', istio: 'other' },
    { app: 'web' },
  ]);
}
