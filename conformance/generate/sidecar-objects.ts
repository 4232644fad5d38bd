/*
 * Sidecar objects: what the workload that asks imports, and what it does with unknown hosts.
 */
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import { createdAt } from './metadata';
import type { GeneratedService } from './services';

export function makeSidecarObjects(
  random: Random,
  services: readonly GeneratedService[],
  viewer: string,
): readonly Manifest[] {
  return Array.from({ length: random.pick([1, 1, 2]) }, (_, index) => {
    const namespace = random.weighted([
      [6, () => viewer],
      [2, () => 'istio-system'],
      [1, () => 'other'],
    ]);
    const selects = random.maybe(0.3, () => random.pick([{ app: 'client' }, { app: 'web' }]));
    return {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Sidecar',
      metadata: { name: `sidecar-${index}`, namespace, creationTimestamp: createdAt(random) },
      spec: {
        ...(selects === undefined || namespace === 'istio-system' ? {} : { workloadSelector: { labels: selects } }),
        ...(random.chance(0.85) ? { egress: [{ hosts: makeHosts(random, services) }] } : {}),
        ...random.weighted<object>([
          [5, () => ({})],
          [2, () => ({ outboundTrafficPolicy: { mode: random.pick(['ALLOW_ANY', 'REGISTRY_ONLY']) } })],
          [0.5, () => ({ outboundTrafficPolicy: {} })],
        ]),
      },
    };
  });
}

function makeHosts(random: Random, services: readonly GeneratedService[]): readonly string[] {
  const count = random.pick([1, 1, 2, 3]);
  return [...new Set(Array.from({ length: count }, () => makeHost(random, random.pick(services))))];
}

function makeHost(random: Random, { host, name, namespace }: GeneratedService): string {
  const scope = random.weighted([
    [3, () => '.'],
    [3, () => namespace],
    [3, () => '*'],
    [0.5, () => '~'],
    [0.5, () => `~${namespace}`],
  ]);
  const pattern = random.weighted([
    [5, () => '*'],
    [4, () => host ?? `${name}.${namespace}.svc.cluster.local`],
    [1, () => `*.${namespace}.svc.cluster.local`],
    [1, () => random.pick(['*.example.com', '*.local'])],
  ]);
  return `${scope}/${pattern}`;
}
