/*
 * Services with versions, as the constructs make them, some of whose pods are somebody else's.
 */
import { type Chart, Duration } from 'cdk8s';
import { LoadBalancer, type TrafficPolicy, VersionedBy, VersionedService } from '../../src';
import type { Manifest } from '../manifest';
import type { Random } from '../random';
import { SERVICES, VERSIONS } from './vocabulary';

export const NAMESPACE = 'shop';

export interface ChartServices {
  readonly services: readonly VersionedService[];
  /** What is there already. */
  readonly besides: readonly Manifest[];
}

export function makeServices(random: Random, chart: Chart): ChartServices {
  const besides: Manifest[] = [];
  const services = random.some(SERVICES, random.integer(1, 3)).map((name) => makeService(random, chart, name, besides));
  return { services, besides };
}

function makeService(random: Random, chart: Chart, name: string, besides: Manifest[]): VersionedService {
  const targetPort = random.maybe(0.2, () => 8000);
  const app = random.maybe(0.1, () => `${name}-app`);
  const service = new VersionedService(chart, name, {
    port: random.pick([80, 80, 8080]),
    targetPort,
    portName: random.pick(['http', 'http', 'http', 'http2']),
    app,
    versionedBy: random.pick(Object.values(VersionedBy)),
    trafficPolicy: random.maybe(0.3, () => (random.chance(0.2) ? hashing(random) : policy(random))),
  });
  const names = random.some(VERSIONS, random.integer(1, 3));
  const existing = random.chance(0.15) ? names.splice(0, 1) : [];
  for (const version of names) {
    service.addVersion(version, {
      image: `${name}:1`,
      port: targetPort ?? random.pick([8000, 9000]),
      replicas: random.integer(1, 2),
      subset: random.maybe(0.15, () => `subset-${version}`),
      trafficPolicy: random.maybe(0.15, () => policy(random)),
    });
  }
  for (const version of existing) {
    besides.push(workload(name, version, app ?? name));
    service.addExistingVersion(version, { labels: random.maybe(0.5, () => ({ release: version })) });
  }
  return service;
}

/** The Deployment of a version that somebody else makes. */
function workload(name: string, version: string, app: string): Manifest {
  const labels = { app, version, release: version };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: `${name}-${version}`, namespace: NAMESPACE },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'app', image: `${name}:1`, ports: [{ name: 'http', containerPort: 8000 }] }] },
      },
    },
  };
}

/** What changes nothing about where a request goes, nor how often it is tried. */
function policy(random: Random): TrafficPolicy {
  return random.pick<TrafficPolicy>([
    { loadBalancer: LoadBalancer.leastRequest({ warmup: Duration.seconds(20) }) },
    { loadBalancer: LoadBalancer.roundRobin() },
    { loadBalancer: LoadBalancer.random() },
    { connectionPool: { maxConnections: 1000, connectTimeout: Duration.seconds(5), idleTimeout: Duration.minutes(5) } },
    {
      connectionPool: {
        maxRequestsPerConnection: 1,
        maxRequests: 10_000,
        maxPendingRequests: 10_000,
        maxRetries: 1000,
      },
    },
    { outlierDetection: { consecutive5xxErrors: 100_000, interval: Duration.minutes(5) } },
  ]);
}

/** Not for versions that have shares. */
function hashing(random: Random): TrafficPolicy {
  const loadBalancer = random.pick([
    LoadBalancer.byHeader('x-user'),
    LoadBalancer.byCookie('user', { maxAge: Duration.hours(1) }),
    LoadBalancer.byQueryParam('user'),
    LoadBalancer.bySourceIp(),
  ]);
  return { loadBalancer };
}
