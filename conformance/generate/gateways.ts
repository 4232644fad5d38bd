/*
 * Gateways: hosts, ports and protocols that overlap and conflict.
 */
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import { createdAt } from './metadata';
import { HOSTS } from './vocabulary';

export const GATEWAY_LABELS = { app: 'istio-ingressgateway', istio: 'ingressgateway' } as const;

export interface GeneratedGateway {
  readonly name: string;
  readonly namespace: string;
  readonly servers: readonly Server[];
  readonly manifest: Manifest;
}

interface Server {
  readonly port: { readonly number: number; readonly name: string; readonly protocol: string };
  readonly hosts: readonly string[];
  readonly tls?: { readonly [key: string]: string | boolean };
}

export function makeGateway(random: Random, name: string, namespace: string): GeneratedGateway {
  const count = random.weighted([
    [6, () => 1],
    [3, () => 2],
    [1, () => 3],
  ]);
  const servers = Array.from({ length: count }, (_, index) => makeServer(random, index));
  const manifest: Manifest = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace, creationTimestamp: createdAt(random) },
    spec: { selector: makeSelector(random), servers },
  };
  return { name, namespace, servers, manifest };
}

function makeSelector(random: Random): { readonly [key: string]: string } {
  return random.weighted<{ readonly [key: string]: string }>([
    [10, () => ({ istio: 'ingressgateway' })],
    [2, () => ({ app: 'istio-ingressgateway' })],
    [2, () => ({ ...GATEWAY_LABELS })],
    [1, () => ({ istio: 'other' })],
  ]);
}

function makeServer(random: Random, index: number): Server {
  const protocol = random.weighted([
    [14, () => 'HTTP'],
    [1, () => 'http'],
    [1, () => 'HTTP2'],
    [1, () => 'GRPC'],
    [2, () => 'TCP'],
  ]);
  const number = random.weighted([
    [8, () => 80],
    [3, () => 8080],
    [1, () => 9000],
  ]);
  return {
    port: { number, name: `${protocol.toLowerCase()}-${index}`, protocol },
    hosts: random
      .some(
        HOSTS,
        random.weighted([
          [5, () => 1],
          [3, () => 2],
          [1, () => 3],
        ]),
      )
      .map((host) => scoped(random, host)),
    ...(protocol !== 'TCP' && random.chance(0.05) ? { tls: { httpsRedirect: true } } : {}),
  };
}

function scoped(random: Random, host: string): string {
  return random.weighted([
    [12, () => host],
    // With `*/*` and another host with a namespace behind it, Istio's control plane ends in a panic.
    [1, () => (host === '*' ? host : `*/${host}`)],
    [1, () => `./${host}`],
    [1, () => `apps/${host}`],
  ]);
}
