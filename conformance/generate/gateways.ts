/*
 * Gateways: hosts, ports and protocols that overlap and conflict.
 */
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import { createdAt } from './metadata';
import { HOSTS } from './vocabulary';

export const GATEWAY_LABELS = { app: 'istio-ingressgateway', istio: 'ingressgateway' } as const;

/** The Secret with the gateway's certificate, as Gateways name it. */
export const CREDENTIAL = 'conformance';

export interface GeneratedGateway {
  readonly name: string;
  readonly namespace: string;
  readonly servers: readonly Server[];
  readonly manifest: Manifest;
}

export interface Server {
  readonly port: { readonly number: number; readonly name: string; readonly protocol: string };
  readonly hosts: readonly string[];
  readonly tls?: { readonly [key: string]: string | boolean };
}

/** Plain HTTP for the most part, or all that a gateway can speak. */
export type Speech = 'http' | 'any';

export function makeGateway(random: Random, name: string, namespace: string, speech: Speech): GeneratedGateway {
  const count = random.weighted([
    [6, () => 1],
    [speech === 'any' ? 6 : 3, () => 2],
    [speech === 'any' ? 4 : 1, () => 3],
  ]);
  const servers = Array.from({ length: count }, (_, index) => makeServer(random, index, speech));
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

function makeServer(random: Random, index: number, speech: Speech): Server {
  const protocol = speech === 'http' ? plainProtocol(random) : anyProtocol(random);
  return {
    port: { number: makePort(random, protocol), name: `${protocol.toLowerCase()}-${index}`, protocol },
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
    ...makeTls(random, protocol),
  };
}

function plainProtocol(random: Random): string {
  return random.weighted([
    [14, () => 'HTTP'],
    [1, () => 'http'],
    [1, () => 'HTTP2'],
    [1, () => 'GRPC'],
    [2, () => 'TCP'],
  ]);
}

function anyProtocol(random: Random): string {
  return random.weighted([
    [4, () => 'HTTP'],
    [0.5, () => 'HTTP2'],
    [0.5, () => 'GRPC'],
    [8, () => 'HTTPS'],
    [4, () => 'TLS'],
    [2.5, () => 'TCP'],
    [0.3, () => 'MONGO'],
  ]);
}

function makePort(random: Random, protocol: string): number {
  switch (protocol) {
    case 'HTTPS':
    case 'TLS':
      return random.weighted([
        [8, () => 443],
        [2, () => 8443],
        [1, () => 80],
      ]);
    default:
      return random.weighted([
        [8, () => 80],
        [3, () => 8080],
        [protocol === 'TCP' ? 4 : 1, () => 9000],
        [0.7, () => 443],
      ]);
  }
}

function makeTls(random: Random, protocol: string): Pick<Server, 'tls'> {
  switch (protocol) {
    case 'HTTPS':
      return { tls: withCredential(makeMode(random, 8, 3)) };
    case 'TLS':
      return { tls: withCredential(makeMode(random, 3, 7)) };
    case 'TCP':
    case 'MONGO':
      return {};
    default:
      return random.chance(0.06) ? { tls: { httpsRedirect: true } } : {};
  }
}

function makeMode(random: Random, ending: number, passing: number): string {
  return random.weighted([
    [ending, () => 'SIMPLE'],
    [ending / 5, () => 'MUTUAL'],
    [ending / 12, () => 'OPTIONAL_MUTUAL'],
    [ending / 12, () => 'ISTIO_MUTUAL'],
    [passing, () => 'PASSTHROUGH'],
    [passing / 10, () => 'AUTO_PASSTHROUGH'],
  ]);
}

function withCredential(mode: string): { readonly [key: string]: string } {
  return ['SIMPLE', 'MUTUAL', 'OPTIONAL_MUTUAL'].includes(mode) ? { mode, credentialName: CREDENTIAL } : { mode };
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
