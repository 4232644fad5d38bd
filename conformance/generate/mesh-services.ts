/*
 * Services as sidecars meet them: of every protocol, with and without an address, and mere aliases.
 */
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import type { Speech } from './mesh-bytes';
import { createdAt } from './metadata';
import { type GeneratedService, makeDeployment, makeRules } from './services';
import { VERSIONS } from './vocabulary';

/** How a port says what is spoken there: by name, by `appProtocol`, or not at all. */
const PROTOCOLS: readonly (readonly [weight: number, { readonly name: string; readonly appProtocol?: string }])[] = [
  [8, { name: 'http' }],
  [2, { name: 'http-web' }],
  [1, { name: 'http2' }],
  [2, { name: 'grpc' }],
  [1, { name: 'grpc-web' }],
  [0.5, { name: 'x', appProtocol: 'grpc-web' }],
  [4, { name: 'tcp' }],
  [4, { name: 'plain' }],
  [1, { name: 'mysql-x' }],
  [1, { name: 'tls' }],
  [1, { name: 'https-x' }],
  [1, { name: 'tcp-x', appProtocol: 'http' }],
  [1, { name: 'http-x', appProtocol: 'tcp' }],
  [1, { name: 'x', appProtocol: 'kubernetes.io/h2c' }],
  [1, { name: 'http-y', appProtocol: 'acme.com/unheard-of' }],
];

/** The ports of a mesh in which apps speak TLS themselves. */
const SECURE_PROTOCOLS: typeof PROTOCOLS = [
  [4, { name: 'https' }],
  [3, { name: 'tls' }],
  [3, { name: 'http' }],
  [2, { name: 'tcp' }],
  [2, { name: 'plain' }],
  [1, { name: 'x', appProtocol: 'https' }],
  [1, { name: 'y', appProtocol: 'kubernetes.io/wss' }],
  [0.5, { name: 'https-x', appProtocol: 'http' }],
];

export function makeMeshService(
  random: Random,
  name: string,
  namespace: string,
  index: number,
  speech: Speech,
): GeneratedService {
  const ports = makePorts(random, speech);
  const clusterIP = random.weighted<string | undefined>([
    [5, () => undefined],
    [3, () => `127.97.0.${index + 1}`],
    [1.2, () => 'None'],
  ]);
  const selects = random.chance(0.96);
  const service: Manifest = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, creationTimestamp: createdAt(random), ...exported(random) },
    spec: {
      ...(selects ? { selector: { app: name } } : {}),
      ports,
      ...(clusterIP === undefined ? {} : { clusterIP }),
    },
  };
  const versions = random.some(VERSIONS, random.integer(1, 3));
  return {
    name,
    namespace,
    ports: ports.map(({ port }) => port),
    manifests: [
      service,
      ...versions.map((version) => makeDeployment(random, name, namespace, version)),
      ...makeRules(random, name, namespace),
    ],
  };
}

/** A name in the cluster's DNS for some other host. */
export function makeAlias(
  random: Random,
  name: string,
  namespace: string,
  target: string,
  speech: Speech,
): GeneratedService {
  const ports = random.chance(0.8) ? makePorts(random, speech) : [];
  const service: Manifest = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, creationTimestamp: createdAt(random), ...exported(random) },
    spec: { type: 'ExternalName', externalName: target, ...(ports.length > 0 ? { ports } : {}) },
  };
  return { name, namespace, ports: ports.length > 0 ? ports.map(({ port }) => port) : [80], manifests: [service] };
}

function exported(random: Random): object {
  const value = random.maybe(0.12, () => random.pick(['.', '*', 'apps', 'shop', 'apps, shop', '~', '.,apps']));
  return value === undefined ? {} : { annotations: { 'networking.istio.io/exportTo': value } };
}

function makePorts(random: Random, speech: Speech) {
  const isSecure = speech === 'tls';
  const common = isSecure ? [443, 443, 443, 80, 9000] : [80, 80, 80, 8080, 9000, 3306];
  const numbers = random.some(common, random.pick([1, 1, 2, 3]));
  const protocols = isSecure ? SECURE_PROTOCOLS : PROTOCOLS;
  return [...new Set(numbers)].map((port, index) => {
    const { name, appProtocol } = random.weighted(protocols.map(([weight, words]) => [weight, () => words] as const));
    return {
      // A single port need not have a name; names of several must differ.
      ...(numbers.length === 1 && name === 'plain' ? {} : { name: index === 0 ? name : `${name}-${index}` }),
      port,
      targetPort: random.pick([8000, 8080, 'web', port, 'admin']),
      ...(appProtocol === undefined ? {} : { appProtocol }),
    };
  });
}
