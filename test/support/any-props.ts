/*
 * Props of every construct, most of them sensible, and some that nobody should write.
 */
import { Duration, Size } from 'cdk8s';
import { Cpu, EnvValue, ImagePullPolicy, ServiceType } from 'cdk8s-plus-27';
import {
  Caller,
  type ConnectionPool,
  type CorsPolicy,
  DataPlaneMode,
  type DestinationTls,
  Drain,
  EnvSource,
  type ExistingVersionOptions,
  type ExposeOptions,
  type FlaskLikeAppProps,
  type GatewayOptions,
  type HeaderModifier,
  type HeaderRoutedMeshProps,
  HealthCheck,
  type ICaller,
  type IngressGatewayProps,
  LoadBalancer,
  type MeshNamespaceProps,
  MeshSecurity,
  type ObjectOptions,
  type OutlierDetection,
  PodSecurityLevel,
  RetryOn,
  type RetryOptions,
  type RewriteOptions,
  type RouteOptions,
  RoutingApi,
  RunAs,
  SameSite,
  type ServiceVersion,
  type SessionAffinity,
  TlsVersion,
  type TrafficPolicy,
  TrafficSource,
  VersionedBy,
  type VersionedServiceProps,
  type VersionOptions,
  type WorkloadOptions,
} from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import { few, names } from './arbitraries';
import { GatewayPods } from './gateway-pods';
import { newChart } from './synth';

/** Ports and counts for the most part, and numbers that are none. */
const numbers = fc.oneof(
  { weight: 10, arbitrary: fc.integer({ min: 1, max: 9 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 0, 0.5, 65_535, 65_536, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY) },
);
const texts = fc.string({ maxLength: 8 });
const seconds = fc.integer({ min: 1, max: 90 }).map((n) => Duration.seconds(n));
const durations = fc.integer({ min: 0, max: 180 }).map((n) => Duration.millis(n * 500));
const maps = fc.dictionary(names, names, { maxKeys: 2 });
const metadata = { labels: maps, annotations: maps };
const objects = few<ObjectOptions>({ ...metadata, name: names });
const checks = few({ period: seconds, timeout: seconds, initialDelay: seconds }).map((options) =>
  HealthCheck.http('/healthz', options),
);
const sizes = fc.nat(2000).chain((n) => fc.constantFrom(Size.kibibytes(n), Size.mebibytes(n)));
const cpus = fc.nat(2000).chain((n) => fc.constantFrom(Cpu.millis(n), Cpu.units(n)));

const workload: fc.Arbitrary<WorkloadOptions> = few<WorkloadOptions>({
  image: fc.oneof(fc.constantFrom('apis', 'apis:1', 'a.b:5000/c/d:latest'), names),
  containerName: names,
  port: numbers,
  command: fc.array(texts, { maxLength: 2 }),
  args: fc.array(texts, { maxLength: 2 }),
  env: fc.dictionary(names, texts.map(EnvValue.fromValue), { maxKeys: 2 }),
  envFrom: fc.array(fc.constantFrom(EnvSource.configMap('settings'), EnvSource.secret('keys', 'KEY_')), {
    maxLength: 2,
  }),
  replicas: numbers,
  autoscaling: fc.record({ minReplicas: numbers, maxReplicas: numbers, name: names }),
  readiness: checks,
  startup: checks,
  resources: few({ cpu: few({ request: cpus, limit: cpus }), memory: few({ request: sizes, limit: sizes }) }),
  imagePullPolicy: fc.constantFrom(...Object.values(ImagePullPolicy)),
  writablePaths: fc.array(
    names.map((name) => `/${name}`),
    { maxLength: 3 },
  ),
  writableSizeLimit: sizes,
  podDisruptionBudget: objects,
  serviceAccountName: names,
  selector: maps,
  runAs: fc.constantFrom(RunAs.root(), RunAs.user(1000)),
  drain: fc.constantFrom(Drain.none(), Drain.sleepCommand(Duration.seconds(20))),
  terminationGracePeriod: durations,
  podLabels: maps,
  podAnnotations: maps,
}).map((options) => ({ image: 'apis:1', ...options }));

export const anyApp: fc.Arbitrary<FlaskLikeAppProps> = fc
  .tuple(workload, few<FlaskLikeAppProps>({ ...metadata, name: names, namespace: names, app: names, version: names }))
  .map(([options, more]) => ({ ...options, ...more }));

export const anyExposure: fc.Arbitrary<ExposeOptions> = few<ExposeOptions>({
  ...metadata,
  name: names,
  port: numbers,
  portName: fc.oneof(fc.constantFrom('http', 'http2', 'grpc-web'), names),
  serviceType: fc.constantFrom(ServiceType.CLUSTER_IP, ServiceType.NODE_PORT, ServiceType.LOAD_BALANCER),
  nodePort: numbers,
});

const counts = fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 1, max: 100 }) }, { weight: 1, arbitrary: numbers });
const policies = few<TrafficPolicy>({
  outlierDetection: few<OutlierDetection>({
    consecutive5xxErrors: counts,
    consecutiveGatewayErrors: counts,
    interval: durations,
    baseEjectionTime: durations,
    maxEjectionPercent: counts,
    minHealthPercent: counts,
  }),
  connectionPool: few<ConnectionPool>({
    maxConnections: counts,
    connectTimeout: durations,
    maxPendingRequests: counts,
    maxRequests: counts,
    maxRequestsPerConnection: counts,
    maxRetries: counts,
    idleTimeout: durations,
  }),
  loadBalancer: fc.oneof(
    few({ warmup: seconds }).map(LoadBalancer.roundRobin),
    names.filter((name) => name !== '').map(LoadBalancer.byQueryParam),
    few({ maxAge: seconds }).map((options) => LoadBalancer.byCookie('user', options)),
  ),
  tls: few<DestinationTls>({ sni: names, caCertificates: names, subjectAltNames: fc.array(names, { maxLength: 2 }) }),
});

export const anyService: fc.Arbitrary<VersionedServiceProps> = few<VersionedServiceProps>({
  ...metadata,
  name: names,
  namespace: names,
  app: names,
  port: numbers,
  portName: fc.constantFrom('http', 'grpc'),
  versionedBy: fc.constantFrom(...Object.values(VersionedBy)),
  clusterDomain: names,
  destinationRule: objects,
  existingService: fc.boolean(),
  selector: maps,
  trafficPolicy: policies,
  api: fc.constantFrom(...Object.values(RoutingApi)),
});

export const anyVersion: fc.Arbitrary<VersionOptions> = fc
  .tuple(
    workload,
    few<VersionOptions>({
      name: names,
      subset: names,
      service: objects,
      trafficPolicy: policies,
      retired: fc.boolean(),
    }),
  )
  .map(([options, more]) => ({ ...options, ...more }));

export const anyExistingVersion: fc.Arbitrary<ExistingVersionOptions> = few<ExistingVersionOptions>({
  labels: maps,
  subset: names,
  serviceName: names,
  serviceAccountName: names,
  trafficPolicy: policies,
  retired: fc.boolean(),
});

const gatewayOptions = few<GatewayOptions>({
  ...metadata,
  name: names,
  namespace: names,
  pods: fc.constant(new GatewayPods(newChart(), 'pods')),
  selector: maps,
  serviceAccount: fc.tuple(names, names).map(([namespace, name]) => `${namespace}/${name}`),
  port: numbers,
  tls: fc.record(
    {
      credentialName: names,
      port: numbers,
      mutual: fc.boolean(),
      minVersion: fc.constantFrom(...Object.values(TlsVersion)),
    },
    { requiredKeys: ['credentialName'] },
  ),
});

export const anyGateway: fc.Arbitrary<IngressGatewayProps> = fc
  .tuple(gatewayOptions, few<IngressGatewayProps>({ api: fc.constantFrom(...Object.values(RoutingApi)) }))
  .map(([options, more]) => ({ ...options, ...more }));

/** Some are refused at synthesis, when they are asked who they are. */
const callers: fc.Arbitrary<ICaller[]> = fc.oneof(
  fc.constant<ICaller[]>([Caller.namespace('batch'), Caller.serviceAccount('monitoring', 'prometheus')]),
  names.map((namespace) => [{ callerIdentity: () => ({ namespace, podLabels: { [namespace]: namespace } }) }]),
);
const security = fc.oneof(
  fc.constantFrom(MeshSecurity.strict(), MeshSecurity.mutualTls(), MeshSecurity.networkPolicies()),
  callers.map((callers) => MeshSecurity.strict({ callers })),
);

const hosts = fc.oneof(
  { weight: 4, arbitrary: names.map((name) => `${name}.example.com`) },
  { weight: 2, arbitrary: fc.constantFrom('*.example.org', '*') },
  { weight: 1, arbitrary: names },
);

/** All but the service and its default. */
export const anyMesh: fc.Arbitrary<Partial<HeaderRoutedMeshProps>> = fc
  .tuple(
    fc.array(hosts, { minLength: 1, maxLength: 2 }),
    few<HeaderRoutedMeshProps>({
      ...metadata,
      name: names,
      namespace: names,
      traffic: fc.constantFrom(...Object.values(TrafficSource)),
      gatewayOptions,
      security,
      callers,
    }),
  )
  .map(([hosts, more]) => ({ hosts, ...more }));

export const anyNamespace: fc.Arbitrary<MeshNamespaceProps> = few<MeshNamespaceProps>({
  ...metadata,
  name: names,
  revision: names,
  dataPlane: fc.constantFrom(...Object.values(DataPlaneMode)),
  podSecurity: fc.constantFrom(...Object.values(PodSecurityLevel)),
});

/** For rules and default routes, of shares and copies for `target`. */
export function anyRoute(target: ServiceVersion): fc.Arbitrary<Omit<RouteOptions, 'fault'>> {
  const percents = fc.oneof(fc.nat(100), fc.constantFrom(0.1, 33.333, 0.0001, 101, Number.NaN));
  const targets = percents.map((percent) => ({ version: target, percent }));
  const headers = few<HeaderModifier>({
    set: fc.dictionary(names, texts, { maxKeys: 2 }),
    add: maps,
    remove: fc.array(names, { maxLength: 2 }),
  });
  const origins = fc.oneof(
    fc.constantFrom('*', 'https://a.example.com'),
    names.map((name) => `http://${name}`),
  );
  const retries = few<RetryOptions>({
    perTryTimeout: durations,
    on: fc.subarray(Object.values(RetryOn)),
  });
  const affinity = few<SessionAffinity>({
    cookieName: names,
    path: names.map((name) => `/${name}`),
    domain: names,
    secure: fc.boolean(),
    sameSite: fc.constantFrom(...Object.values(SameSite)),
  });
  return few<RouteOptions>({
    name: names,
    split: fc.array(targets, { maxLength: 2 }),
    sessionAffinity: fc.tuple(durations, affinity).map(([maxAge, more]) => ({ maxAge, ...more })),
    mirror: targets,
    timeout: durations,
    retries: fc.tuple(fc.nat(3), retries).map(([attempts, more]) => ({ attempts, ...more })),
    rewrite: few<RewriteOptions>({ path: names.map((name) => `/${name}`), host: names }),
    requestHeaders: headers,
    responseHeaders: headers,
    corsPolicy: fc.array(origins, { maxLength: 2 }).chain((allowOrigins) =>
      few<CorsPolicy>({
        allowMethods: fc.subarray(['GET', 'PUT', '*', 'get']),
        allowHeaders: fc.array(names, { maxLength: 1 }),
        maxAge: durations,
        allowCredentials: fc.boolean(),
      }).map((more) => ({ allowOrigins, ...more })),
    ),
    idempotent: fc.boolean(),
  });
}
