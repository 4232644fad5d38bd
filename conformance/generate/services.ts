/*
 * Services, the Deployments behind them, and DestinationRules: with and without endpoints, with and without subsets.
 */
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import { createdAt } from './metadata';
import { VERSIONS } from './vocabulary';

export interface GeneratedService {
  readonly name: string;
  readonly namespace: string;
  readonly ports: readonly number[];
  /** Its host in full, where it is no Service of Kubernetes. */
  readonly host?: string;
  readonly manifests: readonly Manifest[];
}

export function makeService(random: Random, name: string, namespace: string): GeneratedService {
  const ports = makePorts(random);
  const service: Manifest = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, creationTimestamp: createdAt(random) },
    spec: { selector: { app: name }, ports, ...(random.chance(0.05) ? { clusterIP: 'None' } : {}) },
  };
  const versions = random.some(VERSIONS, random.integer(1, 3));
  const deployments = versions.map((version) => makeDeployment(random, name, namespace, version));
  return {
    name,
    namespace,
    ports: ports.map(({ port }) => port),
    manifests: [service, ...deployments, ...makeRules(random, name, namespace)],
  };
}

function makePorts(random: Random) {
  const spoken = random.weighted<{ readonly name: string; readonly appProtocol?: string }>([
    [8, () => ({ name: 'http' })],
    [2, () => ({ name: 'http-web' })],
    [1, () => ({ name: 'http2' })],
    [1, () => ({ name: random.pick(['grpc', 'grpc-x']) })],
    [0.5, () => ({ name: 'grpc-web' })],
    // No word for a protocol, though it looks like one.
    [0.5, () => ({ name: 'h2' })],
    [0.5, () => ({ name: 'x', appProtocol: 'kubernetes.io/h2c' })],
  ]);
  const first = { ...spoken, port: 80, targetPort: random.pick([8000, 8080, 'web', 80]) };
  const second = random.maybe(0.35, () => ({
    name: random.pick(['http-admin', 'admin', 'http-alt']),
    port: random.pick([8080, 9000, 8000]),
    targetPort: random.pick([9000, 'admin']),
  }));
  return second === undefined ? [first] : [first, second];
}

export function makeDeployment(random: Random, app: string, namespace: string, version: string): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `${app}-${version}`, namespace },
    spec: {
      replicas: random.weighted([
        [8, () => 1],
        [2, () => 2],
        [1, () => 0],
      ]),
      selector: { matchLabels: { app, version } },
      template: {
        metadata: { labels: { app, version } },
        spec: {
          containers: [
            {
              name: 'app',
              ports: [
                { name: 'web', containerPort: 8000 },
                ...(random.chance(0.8) ? [{ name: 'admin', containerPort: 9000 }] : []),
              ],
            },
          ],
        },
      },
    },
  };
}

export function makeRules(random: Random, service: string, namespace: string): readonly Manifest[] {
  const count = random.weighted([
    [2, () => 0],
    [7, () => 1],
    [1, () => 2],
  ]);
  return Array.from({ length: count }, (_, index) => makeRule(random, service, namespace, index));
}

/** Of what it may say, only that which decides how a destination is spoken to. */
function makePolicy(random: Random): object {
  const settings = () => ({
    connectionPool: random.pick<object>([
      { http: { h2UpgradePolicy: 'UPGRADE' } },
      { http: { h2UpgradePolicy: 'DO_NOT_UPGRADE' } },
      { http: { useClientProtocol: true } },
      { http: { useClientProtocol: true, h2UpgradePolicy: 'DO_NOT_UPGRADE' } },
      { tcp: { maxConnections: 1000 } },
    ]),
  });
  const mostly = () => (random.chance(0.75) ? settings() : { loadBalancer: { simple: 'RANDOM' } });
  return {
    ...mostly(),
    ...(random.chance(0.3) ? { portLevelSettings: [{ port: { number: 80 }, ...mostly() }] } : {}),
  };
}

function makeRule(random: Random, service: string, home: string, index: number): Manifest {
  const namespace = random.chance(0.9) ? home : random.pick(['istio-system', 'apps', 'shop']);
  const inFull = namespace !== home || random.chance(0.4);
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: `${service}-${index}`, namespace, creationTimestamp: createdAt(random) },
    spec: {
      host: inFull ? `${service}.${home}.svc.cluster.local` : service,
      subsets: random.some(VERSIONS, random.integer(1, 3)).map((version) => ({
        name: version,
        labels: { version: random.chance(0.92) ? version : 'v9' },
        ...(random.chance(0.06) ? { trafficPolicy: makePolicy(random) } : {}),
      })),
      ...(random.chance(0.15) ? { trafficPolicy: makePolicy(random) } : {}),
      ...(random.chance(0.08) ? { exportTo: [random.pick(['.', '*', 'istio-system', 'apps'])] } : {}),
    },
  };
}
