/*
 * MeshConfig, as istiod reads it from its ConfigMap. Without discoverySelectors, and for namespaces without labels: the istiod of a
 * run is given its objects, finds none itself, and knows no labels of namespaces.
 */
import type { Manifest } from '../manifest';
import { Random } from '../random';

const PLACES = ['apps', 'shop', 'istio-system'] as const;

/**
 * None in most meshes. Drawn apart, so that the rest of a mesh does not depend on it.
 *
 * @param requests how many are sent; several meshes then share an Envoy, which has one table of what DNS says
 */
export function makeMeshConfig(seed: number, from: 'gateway' | 'mesh', requests: number): readonly Manifest[] {
  const random = new Random(seed ^ 0x6d657368);
  if (random.chance(0.6)) {
    return [];
  }
  const config = {
    ...maybe(random, 0.35, () => ({ defaultServiceExportTo: exportTo(random) })),
    ...maybe(random, 0.35, () => ({ defaultVirtualServiceExportTo: exportTo(random) })),
    ...maybe(random, 0.35, () => ({ defaultDestinationRuleExportTo: exportTo(random) })),
    ...maybe(random, 0.15, () => ({ rootNamespace: random.pick(PLACES) })),
    ...maybe(random, 0.3, () => ({ defaultHttpRetryPolicy: retries(random) })),
    ...maybe(random, 0.3, () => ({ defaultTrafficPolicy: trafficPolicy(random) })),
    ...maybe(random, 0.2, () => ({ h2UpgradePolicy: random.pick(['UPGRADE', 'DO_NOT_UPGRADE', 1]) })),
    ...maybe(random, 0.3, () => ({ pathNormalization: { normalization: normalization(random) } })),
    ...maybe(random, 0.3, () => ({ serviceEntryVisibility: visibility(random) })),
    ...(from === 'mesh' ? maybe(random, 0.3, () => ({ outboundTrafficPolicy: policy(random, requests > 0) })) : {}),
  };
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: 'istio-system' },
      data: { mesh: JSON.stringify(config) },
    },
  ];
}

function maybe<T extends object>(random: Random, probability: number, make: () => T): T | object {
  return random.chance(probability) ? make() : {};
}

function exportTo(random: Random): readonly string[] {
  return random.weighted<readonly string[]>([
    [5, () => ['.']],
    [2, () => ['*']],
    [1, () => ['~']],
    [1, () => []],
    [1, () => [random.pick(PLACES)]],
    [1, () => ['.', random.pick(PLACES)]],
  ]);
}

function retries(random: Random): object {
  return random.pick<object>([
    {},
    { attempts: 0 },
    { attempts: 1 },
    { attempts: 3, retryOn: 'gateway-error,503', perTryTimeout: '1s' },
    { attempts: 2, retryOn: '5xx' },
  ]);
}

function trafficPolicy(random: Random): object {
  return random.pick<object>([
    { connectionPool: { http: { h2UpgradePolicy: 'UPGRADE' } } },
    { connectionPool: { http: { h2UpgradePolicy: 'DO_NOT_UPGRADE' } } },
    { connectionPool: { http: { useClientProtocol: true } } },
    { connectionPool: { http: { http2MaxRequests: 100_000 } } },
    { connectionPool: { tcp: { maxConnections: 100_000 } } },
    { outlierDetection: { consecutive5xxErrors: 5 } },
  ]);
}

function normalization(random: Random): string | number {
  return random.pick(['DEFAULT', 'NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES', 3]);
}

function visibility(random: Random): object {
  return {
    applyToSidecars: random.chance(0.8),
    ...maybe(random, 0.6, () => ({ defaultVisibility: random.pick(['NAMESPACE', 'NONE', 'PUBLIC']) })),
    policies: Array.from({ length: random.pick([0, 1, 2]) }, () => ({
      visibility: random.pick(['NAMESPACE', 'NONE', 'PUBLIC', 'VISIBILITY_UNSPECIFIED']),
      matchingRules: random.pick<readonly object[]>([
        [],
        [{}],
        [{ namespaceSelector: { matchLabels: { team: 'a' } } }],
        [{ namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a'] }] } }],
        [{ namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] } }],
        [{ namespaceSelector: {} }],
      ]),
    })),
  };
}

function policy(random: Random, isAsked: boolean): object {
  return random.pick<object>([
    {},
    { mode: 'ALLOW_ANY' },
    { mode: 'REGISTRY_ONLY' },
    { mode: isAsked ? 'ALLOW_ANY' : 'ALLOW_ANY_DYNAMIC_DNS' },
    { mode: 1 },
  ]);
}
