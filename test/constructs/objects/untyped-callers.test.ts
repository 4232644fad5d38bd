/*
 * Callers without a compiler: JavaScript, and values that came out of a file. Each option of each struct is given what it is not,
 * and answers with a sentence that names it, or makes something valid of it; and each is misspelt.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Chart, Duration } from 'cdk8s';
import type { ContainerResources, CpuResources, EphemeralStorageResources, MemoryResources } from 'cdk8s-plus-27';
import {
  type ArgoCdOptions,
  type AutoscalingOptions,
  type CallerIdentity,
  type ConnectionPool,
  type ControlPlaneOptions,
  type CorsPolicy,
  DataPlaneMode,
  type DefaultRouteOptions,
  type DestinationTls,
  type ExistingGatewayOptions,
  type ExistingVersionOptions,
  type ExposeOptions,
  type FaultAbort,
  type FaultDelay,
  type FaultInjection,
  FlaskLikeApp,
  type FlaskLikeAppProps,
  type FluxOptions,
  type GatewayOptions,
  type GatewayPodsOptions,
  type GatewayPort,
  type GatewayServerOptions,
  type GatewayTls,
  type HashCookieOptions,
  HeaderMatch,
  type HeaderModifier,
  HeaderRoutedMesh,
  type HeaderRoutedMeshProps,
  HealthCheck,
  type HealthCheckOptions,
  IngressGateway,
  type IngressGatewayProps,
  IstioBase,
  type IstioBaseProps,
  IstioCharts,
  IstioCni,
  type IstioCniProps,
  Istiod,
  type IstiodProps,
  IstioGateway,
  type IstioGatewayProps,
  IstioPlatform,
  type IstioPlatformProps,
  type IstioPlatformValues,
  Kiali,
  KialiLogin,
  type KialiProps,
  type LaneOptions,
  LoadBalancer,
  type LoadBalancerOptions,
  MeshNamespace,
  type MeshNamespaceProps,
  MeshSecurity,
  type MeshServiceOptions,
  MethodMatch,
  type NetworkPolicyOptions,
  type ObjectOptions,
  type OutlierDetection,
  PathMatch,
  PlatformDelivery,
  Prometheus,
  type PrometheusProps,
  type RedirectOptions,
  RequestMatch,
  type ResponseOptions,
  type RetryOptions,
  type RewriteOptions,
  type RouteOptions,
  type SecretKey,
  type ServiceVersion,
  type SessionAffinity,
  type StrictSecurityOptions,
  type TrafficPolicy,
  type TrafficTarget,
  VersionedBy,
  VersionedService,
  type VersionedServiceProps,
  type VersionOptions,
  Ztunnel,
  type ZtunnelProps,
} from 'cdk8s-versioned-mesh';
import { FakeHelm } from '../../support/fake-helm';
import { refusalOf } from '../../support/refusal';
import { type Manifest, manifestsOf } from '../../support/synth';
import { complaintsAbout } from '../../support/valid';
import { versioned } from '../../support/versioned';

const NOT_MEANT: readonly unknown[] = [
  null,
  true,
  5,
  -0.5,
  'text',
  '',
  '5',
  [],
  [null],
  [5],
  {},
  { a: null },
  { a: {} },
  new Map(),
  new Date(0),
  () => 'text',
  Symbol('text'),
  5n,
  Object.create(null),
];

/** The props of `T`, all of them: the compiler asks for every one that is added. */
type Every<T> = { readonly [K in keyof Required<T>]: true };

const WORKLOAD = {
  image: true,
  containerName: true,
  port: true,
  command: true,
  args: true,
  env: true,
  envFrom: true,
  replicas: true,
  autoscaling: true,
  podDisruptionBudget: true,
  readiness: true,
  liveness: true,
  startup: true,
  resources: true,
  imagePullPolicy: true,
  writablePaths: true,
  writableSizeLimit: true,
  runAs: true,
  drain: true,
  terminationGracePeriod: true,
  serviceAccountName: true,
  selector: true,
  podLabels: true,
  podAnnotations: true,
  labels: true,
  annotations: true,
  name: true,
} as const;

describe('FlaskLikeApp', () => {
  const every: Every<FlaskLikeAppProps> = { ...WORKLOAD, namespace: true, app: true, version: true };
  answersFor(every, (chart, props) => new FlaskLikeApp(chart, 'apis', { image: 'apis:1', ...props }));
});

describe('the parts of an app', () => {
  const app = (chart: Chart, props: Partial<FlaskLikeAppProps>) =>
    new FlaskLikeApp(chart, 'apis', { image: 'apis:1', ...props });
  const health: Every<HealthCheckOptions> = { period: true, timeout: true, failureThreshold: true, initialDelay: true };
  describe('HTTP check', () =>
    answersFor(health, (chart, given) => app(chart, { readiness: HealthCheck.http('/', given) })));
  describe('TCP check', () => answersFor(health, (chart, given) => app(chart, { startup: HealthCheck.tcp(given) })));
  describe('check by a command', () =>
    answersFor(health, (chart, given) => app(chart, { liveness: HealthCheck.command(['true'], given) })));
  const autoscaling: Every<AutoscalingOptions> = {
    name: true,
    minReplicas: true,
    maxReplicas: true,
    targetCpuPercent: true,
  };
  describe('autoscaling', () =>
    answersFor(autoscaling, (chart, given) => app(chart, { autoscaling: { maxReplicas: 3, ...given } })));
  const object: Every<ObjectOptions> = { labels: true, annotations: true, name: true };
  describe('budget', () => answersFor(object, (chart, given) => app(chart, { podDisruptionBudget: given })));
  const resources: Every<ContainerResources> = { cpu: true, memory: true, ephemeralStorage: true };
  describe('resources', () => answersFor(resources, (chart, given) => app(chart, { resources: given })));
  const cpu: Every<CpuResources> = { request: true, limit: true };
  describe('CPU', () => answersFor(cpu, (chart, given) => app(chart, { resources: { cpu: given } })));
  const memory: Every<MemoryResources> = { request: true, limit: true };
  describe('memory', () => answersFor(memory, (chart, given) => app(chart, { resources: { memory: given } })));
  const storage: Every<EphemeralStorageResources> = { request: true, limit: true };
  describe('storage', () =>
    answersFor(storage, (chart, given) => app(chart, { resources: { ephemeralStorage: given } })));
});

describe('expose', () => {
  const every: Every<ExposeOptions> = {
    labels: true,
    annotations: true,
    name: true,
    port: true,
    serviceType: true,
    nodePort: true,
    portName: true,
  };
  answersFor(every, (chart, options) => new FlaskLikeApp(chart, 'apis', { image: 'apis:1' }).expose(options));
});

describe('VersionedService', () => {
  const every: Every<VersionedServiceProps> = {
    labels: true,
    annotations: true,
    name: true,
    namespace: true,
    app: true,
    port: true,
    targetPort: true,
    portName: true,
    serviceType: true,
    versionedBy: true,
    clusterDomain: true,
    destinationRule: true,
    existingService: true,
    selector: true,
    trafficPolicy: true,
    api: true,
  };
  answersFor(every, (chart, props) => {
    new VersionedService(chart, 'apis', props).addVersion('v1', { image: 'apis:1', port: props.targetPort });
  });
});

describe('addVersion', () => {
  const every: Every<VersionOptions> = { ...WORKLOAD, subset: true, service: true, trafficPolicy: true, retired: true };
  answersFor(every, (chart, options) => {
    const service = new VersionedService(chart, 'apis', { versionedBy: VersionedBy.SERVICES });
    service.addVersion('v1', { image: 'apis:1', ...options });
  });
});

describe('addExistingVersion', () => {
  const every: Every<ExistingVersionOptions> = {
    labels: true,
    subset: true,
    serviceName: true,
    serviceAccountName: true,
    trafficPolicy: true,
    retired: true,
  };
  answersFor(every, (chart, options) => {
    new VersionedService(chart, 'apis', { versionedBy: VersionedBy.SERVICES }).addExistingVersion('v1', options);
  });
});

describe('the policy of a service', () => {
  const every: Every<TrafficPolicy> = { outlierDetection: true, connectionPool: true, loadBalancer: true, tls: true };
  answersFor(every, existing);
});

describe('its outlier detection', () => {
  const every: Every<OutlierDetection> = {
    consecutive5xxErrors: true,
    consecutiveGatewayErrors: true,
    interval: true,
    baseEjectionTime: true,
    maxEjectionPercent: true,
    minHealthPercent: true,
  };
  answersFor(every, (chart, outlierDetection) => existing(chart, { outlierDetection }));
});

describe('its connection pool', () => {
  const every: Every<ConnectionPool> = {
    maxConnections: true,
    connectTimeout: true,
    maxPendingRequests: true,
    maxRequests: true,
    maxRequestsPerConnection: true,
    maxRetries: true,
    idleTimeout: true,
  };
  answersFor(every, (chart, connectionPool) => existing(chart, { connectionPool }));
});

describe('its load balancer', () => {
  const balanced = (chart: Chart, loadBalancer: LoadBalancer) => existing(chart, { loadBalancer });
  const every: Every<LoadBalancerOptions> = { warmup: true };
  describe('leastRequest', () =>
    answersFor(every, (chart, given) => balanced(chart, LoadBalancer.leastRequest(given))));
  describe('roundRobin', () => answersFor(every, (chart, given) => balanced(chart, LoadBalancer.roundRobin(given))));
  const cookie: Every<HashCookieOptions> = { maxAge: true, path: true };
  describe('byCookie', () =>
    answersFor(cookie, (chart, given) =>
      balanced(chart, LoadBalancer.byCookie('user', { maxAge: Duration.hours(1), ...given })),
    ));
});

describe('its TLS', () => {
  const every: Every<DestinationTls> = { sni: true, caCertificates: true, subjectAltNames: true };
  answersFor(every, (chart, tls) => existing(chart, { tls }));
});

describe('HeaderRoutedMesh', () => {
  const every: Every<HeaderRoutedMeshProps> = {
    labels: true,
    annotations: true,
    name: true,
    namespace: true,
    service: true,
    defaultVersion: true,
    hosts: true,
    traffic: true,
    gateway: true,
    gatewayOptions: true,
    api: true,
    checks: true,
    defaultRoute: true,
    security: true,
    callers: true,
  };
  answersFor(every, mesh);
});

describe('IngressGateway', () => {
  const every: Every<IngressGatewayProps> = {
    labels: true,
    annotations: true,
    name: true,
    namespace: true,
    pods: true,
    selector: true,
    serviceAccount: true,
    port: true,
    tls: true,
    api: true,
  };
  answersFor(every, (chart, props) => new IngressGateway(chart, 'door', props).addServer(['apis.example.com']));
});

describe('addServer', () => {
  const every: Every<GatewayServerOptions> = { port: true, tls: true };
  answersFor(every, (chart, options) => new IngressGateway(chart, 'door').addServer(['apis.example.com'], options));
});

describe('fromGatewayName', () => {
  const every: Every<ExistingGatewayOptions> = { namespace: true, serviceAccount: true };
  answersFor(every, (chart, options) => IngressGateway.fromGatewayName(chart, 'door', 'door', options));
});

describe('the options of its gateway', () => {
  const every: Every<GatewayOptions> = {
    labels: true,
    annotations: true,
    name: true,
    namespace: true,
    pods: true,
    selector: true,
    serviceAccount: true,
    port: true,
    tls: true,
  };
  answersFor(every, (chart, gatewayOptions) => mesh(chart, { gatewayOptions }));
});

describe('TLS at its gateway', () => {
  const every: Every<GatewayTls> = {
    credentialName: true,
    port: true,
    redirectHttp: true,
    mutual: true,
    minVersion: true,
  };
  answersFor(every, (chart, tls) => mesh(chart, { gatewayOptions: { tls: { credentialName: 'apis', ...tls } } }));
});

describe('addService', () => {
  const every: Every<MeshServiceOptions> = {
    labels: true,
    annotations: true,
    name: true,
    defaultVersion: true,
    defaultRoute: true,
    paths: true,
    rewritePath: true,
    callers: true,
  };
  answersFor(every, (chart, options) => {
    const reviews = versioned(chart, 'reviews');
    mesh(chart, {}).addService(reviews.service, { defaultVersion: reviews.defaultVersion, ...options });
  });
});

describe('MeshSecurity', () => {
  const strict: Every<StrictSecurityOptions> = { callers: true, networkPolicies: true, trustDomain: true };
  answersFor(strict, (chart, options) => mesh(chart, { security: MeshSecurity.strict(options) }));
  const network: Every<NetworkPolicyOptions> = { callers: true };
  answersFor(network, (chart, options) => mesh(chart, { security: MeshSecurity.networkPolicies(options) }));
  const caller: Every<CallerIdentity> = { namespace: true, serviceAccounts: true, podLabels: true };
  answersFor(caller, (chart, given) => {
    const callers = [{ callerIdentity: () => ({ namespace: 'batch', ...given }) }];
    mesh(chart, { security: MeshSecurity.networkPolicies({ callers }) });
  });
});

describe('MeshNamespace', () => {
  const every: Every<MeshNamespaceProps> = {
    labels: true,
    annotations: true,
    name: true,
    revision: true,
    dataPlane: true,
    podSecurity: true,
  };
  answersFor(every, (chart, props) => new MeshNamespace(chart, 'shop', props));
});

describe('PlatformDelivery', () => {
  const delivered = (chart: Chart, delivery: PlatformDelivery) =>
    new IstioGateway(chart, 'door', { charts: IstioCharts.oci('1.31.0'), delivery });
  const flux: Every<FluxOptions> = { namespace: true, interval: true };
  describe('flux', () => answersFor(flux, (chart, given) => delivered(chart, PlatformDelivery.flux(given))));
  const argoCd: Every<ArgoCdOptions> = { namespace: true, project: true, server: true };
  describe('argoCd', () => answersFor(argoCd, (chart, given) => delivered(chart, PlatformDelivery.argoCd(given))));
});

describe('Prometheus', () => {
  const every: Every<PrometheusProps> = {
    namespace: true,
    retention: true,
    scrapeInterval: true,
    image: true,
    resources: true,
  };
  answersFor(every, (chart, props) => new Prometheus(chart, 'prometheus', props));
});

describe('Kiali', () => {
  const prometheusUrl = 'http://prometheus:9090';
  const every: Every<KialiProps> = { prometheusUrl: true, namespace: true, login: true, image: true, resources: true };
  answersFor(every, (chart, props) => new Kiali(chart, 'kiali', { prometheusUrl, ...props }));
  const signingKey: Every<SecretKey> = { secretName: true, key: true };
  answersFor(signingKey, (chart, given) => {
    const login = KialiLogin.token({ secretName: 'kiali-signing-key', ...given });
    new Kiali(chart, 'kiali', { prometheusUrl, login });
  });
});

describe('route', () => {
  const every: Every<RouteOptions> = {
    name: true,
    split: true,
    sessionAffinity: true,
    mirror: true,
    timeout: true,
    retries: true,
    rewrite: true,
    requestHeaders: true,
    responseHeaders: true,
    corsPolicy: true,
    idempotent: true,
    fault: true,
  };
  answersFor(every, (chart, options) => {
    const made = mesh(chart, {});
    made.route(made.defaultRoute.service.version('v2'), HeaderMatch.present('x-beta'), options);
  });
});

describe('the default route', () => {
  const every: Every<DefaultRouteOptions> = {
    name: true,
    split: true,
    sessionAffinity: true,
    mirror: true,
    timeout: true,
    retries: true,
    rewrite: true,
    requestHeaders: true,
    responseHeaders: true,
    corsPolicy: true,
    idempotent: true,
  };
  answersFor(every, (chart, defaultRoute) => mesh(chart, { defaultRoute }));
});

describe('the parts of a route', () => {
  const parts = (chart: Chart, options: RouteOptions | ((next: ServiceVersion) => RouteOptions)) => {
    const { service, defaultVersion } = versioned(chart, 'parts');
    const given = typeof options === 'function' ? options(service.version('v2')) : options;
    const match = RequestMatch.allOf(PathMatch.under('/old'), MethodMatch.exact('GET'));
    mesh(chart, { service, defaultVersion }).route(defaultVersion, match, given);
  };
  const target: Every<TrafficTarget> = { version: true, percent: true };
  describe('split', () =>
    answersFor(target, (chart, given) => parts(chart, (version) => ({ split: [{ version, percent: 5, ...given }] }))));
  describe('mirror', () =>
    answersFor(target, (chart, given) => parts(chart, (version) => ({ mirror: { version, percent: 5, ...given } }))));
  const retries: Every<RetryOptions> = { attempts: true, perTryTimeout: true, on: true };
  describe('retries', () =>
    answersFor(retries, (chart, given) => parts(chart, { retries: { attempts: 1, ...given } })));
  const rewrite: Every<RewriteOptions> = { path: true, host: true };
  describe('rewrite', () => answersFor(rewrite, (chart, given) => parts(chart, { rewrite: given })));
  const headers: Every<HeaderModifier> = { set: true, add: true, remove: true };
  describe('headers', () => answersFor(headers, (chart, given) => parts(chart, { requestHeaders: given })));
  const cors: Every<CorsPolicy> = {
    allowOrigins: true,
    allowMethods: true,
    allowHeaders: true,
    exposeHeaders: true,
    maxAge: true,
    allowCredentials: true,
  };
  describe('CORS', () =>
    answersFor(cors, (chart, given) =>
      mesh(chart, { defaultRoute: { corsPolicy: { allowOrigins: ['https://a.example.com'], ...given } } }),
    ));
  const fault: Every<FaultInjection> = { delay: true, abort: true };
  describe('fault', () => answersFor(fault, (chart, given) => parts(chart, { fault: given })));
  const delay: Every<FaultDelay> = { duration: true, percent: true };
  describe('delay', () =>
    answersFor(delay, (chart, given) =>
      parts(chart, { fault: { delay: { duration: Duration.seconds(1), percent: 1, ...given } } }),
    ));
  const abort: Every<FaultAbort> = { status: true, percent: true };
  describe('abort', () =>
    answersFor(abort, (chart, given) => parts(chart, { fault: { abort: { status: 503, ...given } } })));
  const affinity: Every<SessionAffinity> = {
    maxAge: true,
    cookieName: true,
    path: true,
    domain: true,
    secure: true,
    sameSite: true,
  };
  describe('affinity', () =>
    answersFor(affinity, (chart, given) => {
      const apis = versioned(chart, 'sticky');
      const split = [{ version: apis.service.version('v2'), percent: 5 }];
      const sessionAffinity = { maxAge: Duration.hours(1), ...given };
      mesh(chart, { ...apis, defaultRoute: { split, sessionAffinity } });
    }));
});

describe('redirect', () => {
  const every: Every<RedirectOptions> = {
    name: true,
    service: true,
    host: true,
    path: true,
    scheme: true,
    port: true,
    status: true,
  };
  answersFor(every, (chart, options) => {
    mesh(chart, {}).redirect(PathMatch.exact('/old'), { path: '/new', ...options });
  });
});

describe('respond', () => {
  const every: Every<ResponseOptions> = { name: true, service: true, status: true, body: true };
  answersFor(every, (chart, options) => {
    mesh(chart, {}).respond(PathMatch.exact('/old'), { status: 200, ...options });
  });
});

describe('addLane', () => {
  const every: Every<LaneOptions> = { match: true, versions: true, entry: true };
  answersFor(every, (chart, options) => {
    const made = mesh(chart, {});
    const versions = [made.defaultRoute.service.version('v2')];
    made.addLane('beta', { match: HeaderMatch.exact('x-lane', 'beta'), versions, ...options });
  });
});

describe('the platform', () => {
  const fake = new FakeHelm();
  afterAll(() => fake.remove());
  const helm = fake.path;
  const charts = fake.charts;
  const part = { charts: true, namespace: true, values: true, delivery: true, helm: true } as const;
  const images = { hub: true, tag: true } as const;
  const pods: Every<ControlPlaneOptions> = { minReplicas: true, maxReplicas: true, resources: true };
  const base: Every<IstioBaseProps> = { ...part, defaultRevision: true };
  describe('IstioBase', () =>
    answersFor(base, (chart, given) => new IstioBase(chart, 'part', { charts, helm, ...given })));
  const cni: Every<IstioCniProps> = { ...part, ...images, dataPlane: true };
  describe('IstioCni', () =>
    answersFor(cni, (chart, given) => new IstioCni(chart, 'part', { charts, helm, ...given })));
  const istiod: Every<IstiodProps> = {
    ...part,
    ...images,
    ...pods,
    revision: true,
    revisionTags: true,
    dataPlane: true,
    cni: true,
    accessLog: true,
  };
  describe('Istiod', () => answersFor(istiod, (chart, given) => new Istiod(chart, 'part', { charts, helm, ...given })));
  const ztunnel: Every<ZtunnelProps> = { ...part, ...images, revision: true };
  describe('Ztunnel', () =>
    answersFor(ztunnel, (chart, given) => new Ztunnel(chart, 'part', { charts, helm, ...given })));
  const gatewayPods: Every<GatewayPodsOptions> = {
    ...pods,
    name: true,
    namespace: true,
    serviceType: true,
    ports: true,
  };
  const gateway: Every<IstioGatewayProps> = { ...part, ...gatewayPods, revision: true };
  describe('IstioGateway', () =>
    answersFor(gateway, (chart, given) => new IstioGateway(chart, 'part', { charts, helm, ...given })));
  const port: Every<GatewayPort> = { port: true, name: true, targetPort: true, nodePort: true };
  describe('a port of its Service', () =>
    answersFor(port, (chart, given) => {
      new IstioGateway(chart, 'part', { charts, helm, ports: [{ port: 80, ...given }] });
    }));

  const platform = (chart: Chart, props: Partial<IstioPlatformProps>) =>
    new IstioPlatform(chart, 'platform', { charts, helm, ...props });
  const every: Every<IstioPlatformProps> = {
    charts: true,
    namespace: true,
    createNamespaces: true,
    hub: true,
    tag: true,
    revision: true,
    defaultRevision: true,
    dataPlane: true,
    cni: true,
    accessLog: true,
    istiod: true,
    gateway: true,
    values: true,
    delivery: true,
    helm: true,
  };
  describe('IstioPlatform', () => answersFor(every, platform));
  describe('its istiod', () => answersFor(pods, (chart, given) => platform(chart, { istiod: given })));
  describe('its gateway', () => answersFor(gatewayPods, (chart, given) => platform(chart, { gateway: given })));
  const values: Every<IstioPlatformValues> = { base: true, istiod: true, cni: true, ztunnel: true, gateway: true };
  describe('its values', () =>
    answersFor(values, (chart, given) => platform(chart, { dataPlane: DataPlaneMode.AMBIENT, values: given })));
});

/** A service whose pods may have no sidecar. */
function existing(chart: Chart, trafficPolicy: TrafficPolicy): void {
  new VersionedService(chart, 'apis', { trafficPolicy }).addExistingVersion('v1');
}

function mesh(chart: Chart, props: Partial<HeaderRoutedMeshProps>): HeaderRoutedMesh {
  return new HeaderRoutedMesh(chart, 'mesh', { hosts: ['apis.example.com'], ...versioned(chart), ...props });
}

/** A test for each option. */
function answersFor<T>(every: Every<T>, build: (chart: Chart, options: Partial<T>) => void): void {
  test.each(Object.keys(every))('%s', (option) => {
    const given = (name: string, value: unknown) => () =>
      manifestsOf((chart) => build(chart, { [name]: value } as Partial<T>));
    for (const value of NOT_MEANT) {
      const answer = answerOf(given(option, value));
      if (typeof answer === 'string') {
        expect(answer).toMatch(/[.?]$/);
        expect(answer).toContain(option);
      } else {
        expect(answer.filter(hasSchema).flatMap(complaintsAbout)).toEqual([]);
      }
    }
    expect(refusalOf(given(`${option}_`, 5))).toMatch(new RegExp(`option '(.+\\.)?${option}_' is not known`));
  });
}

/** The policies of IstioBase are of Kubernetes 1.30, younger than one of the two whose schemas there are. */
function hasSchema({ kind }: Manifest): boolean {
  return !kind.startsWith('ValidatingAdmissionPolicy');
}

/** What is made, or the sentence with which it is refused. */
function answerOf(act: () => Manifest[]): Manifest[] | string {
  try {
    return act();
  } catch (error) {
    return refusalOf(() => {
      throw error;
    });
  }
}

test('every struct is among them', () => {
  const folder = join(__dirname, '../../../src/constructs');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const structs = sources.flatMap((name) => namesIn(join(folder, name), /new Struct<(\w+)>/g));
  const asked = namesIn(__filename, /: Every<(\w+)>/g);
  expect(structs.length).toBeGreaterThan(40);
  expect(structs.filter((name) => !asked.includes(name))).toEqual([]);
});

function namesIn(file: string, what: RegExp): string[] {
  return [...readFileSync(file, 'utf8').matchAll(what)].map(([, name]) => name);
}
