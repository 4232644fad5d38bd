/*
 * Each construct with all of its props. `Required` has the compiler ask for every prop that is added.
 */
import { type Chart, Duration, Size } from 'cdk8s';
import { type ContainerResources, Cpu, EnvValue, ImagePullPolicy, Secret, ServiceType } from 'cdk8s-plus-27';
import {
  type AutoscalingOptions,
  Caller,
  type ConnectionPool,
  type CorsPolicy,
  DataPlaneMode,
  type DefaultRouteOptions,
  Drain,
  EnvSource,
  type ExistingVersionOptions,
  type ExposeOptions,
  type FaultInjection,
  FlaskLikeApp,
  type FlaskLikeAppProps,
  type GatewayOptions,
  type GatewayServerOptions,
  type GatewayTls,
  HeaderMatch,
  type HeaderModifier,
  HeaderRoutedMesh,
  type HeaderRoutedMeshProps,
  HealthCheck,
  type HealthCheckOptions,
  IngressGateway,
  type IngressGatewayProps,
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
  type ObjectOptions,
  type OutlierDetection,
  PathMatch,
  PodSecurityLevel,
  Prometheus,
  type PrometheusProps,
  type RedirectOptions,
  RequestMatch,
  type ResponseOptions,
  RetryOn,
  type RetryOptions,
  type RouteOptions,
  RoutingApi,
  RunAs,
  SameSite,
  type ServiceVersion,
  type SessionAffinity,
  type StrictSecurityOptions,
  TlsVersion,
  type TrafficPolicy,
  TrafficSource,
  VersionedBy,
  VersionedService,
  type VersionedServiceProps,
  type VersionOptions,
  type WorkloadOptions,
} from 'cdk8s-versioned-mesh';
import { versioned } from './versioned';

const MORE = {
  labels: { team: 'storefront' },
  annotations: { 'example.com/owner': 'storefront@example.com' },
};

/** `replicas` and `autoscaling` exclude each other. */
function allOptions(chart: Chart): Required<Omit<WorkloadOptions, 'replicas' | 'autoscaling'>> {
  const patience: Required<HealthCheckOptions> = {
    period: Duration.seconds(7),
    timeout: Duration.seconds(3),
    failureThreshold: 4,
    initialDelay: Duration.seconds(1),
  };
  return {
    image: 'ghcr.io/acme/apis:1.4.0',
    containerName: 'web',
    port: 8000,
    command: ['python'],
    args: ['-m', 'apis'],
    env: {
      GREETING: EnvValue.fromValue('Bonjour'),
      TOKEN: EnvValue.fromSecretValue({ secret: Secret.fromSecretName(chart, 'secret', 'apis'), key: 'token' }),
    },
    envFrom: [EnvSource.configMap('apis-settings'), EnvSource.secret('apis-keys', 'KEY_')],
    podDisruptionBudget: {
      name: 'directory-budget',
      labels: { budget: 'yes' },
      annotations: { 'example.com/budget': 'yes' },
    },
    readiness: HealthCheck.http('/readyz', patience),
    liveness: HealthCheck.command(['python', 'check.py'], patience),
    startup: HealthCheck.tcp(patience),
    resources: { cpu: { request: Cpu.millis(250) }, memory: { request: Size.mebibytes(64), limit: Size.gibibytes(1) } },
    imagePullPolicy: ImagePullPolicy.NEVER,
    writablePaths: ['/tmp', '/var/cache/apis'],
    writableSizeLimit: Size.mebibytes(64),
    runAs: RunAs.user(1000, 2000),
    drain: Drain.command(['python', '-c', 'import time; time.sleep(9)'], Duration.seconds(9)),
    terminationGracePeriod: Duration.seconds(60),
    serviceAccountName: 'apis-account',
    selector: { 'example.com/run': 'apis' },
    podLabels: { tier: 'backend' },
    podAnnotations: { 'sidecar.istio.io/proxyCPU': '50m' },
  };
}

/** A FlaskLikeApp with all props and exposed with all options. */
export function fullApp(chart: Chart, scale: 'replicas' | 'autoscaling'): FlaskLikeApp {
  const autoscaling: Required<AutoscalingOptions> = {
    name: 'directory-scaler',
    minReplicas: 3,
    maxReplicas: 9,
    targetCpuPercent: 55,
  };
  const props: Required<Omit<FlaskLikeAppProps, 'replicas' | 'autoscaling'>> = {
    ...allOptions(chart),
    ...MORE,
    name: 'directory',
    namespace: 'elsewhere',
    app: 'apis',
    version: '1.4.0',
  };
  const exposure: Required<ExposeOptions> = {
    labels: { exposed: 'yes' },
    annotations: { 'example.com/exposed': 'yes' },
    name: 'directory-lb',
    port: 8080,
    serviceType: ServiceType.LOAD_BALANCER,
    nodePort: 30080,
    portName: 'http-web',
  };
  const app = new FlaskLikeApp(chart, 'app', {
    ...props,
    ...(scale === 'replicas' ? { replicas: 5 } : { autoscaling }),
  });
  app.expose(exposure);
  return app;
}

const FULL_POLICY: Required<Pick<TrafficPolicy, 'outlierDetection' | 'connectionPool'>> = {
  outlierDetection: {
    consecutive5xxErrors: 7,
    consecutiveGatewayErrors: 3,
    interval: Duration.millis(1500),
    baseEjectionTime: Duration.minutes(1),
    maxEjectionPercent: 40,
    minHealthPercent: 20,
  } satisfies Required<OutlierDetection>,
  connectionPool: {
    maxConnections: 100,
    connectTimeout: Duration.millis(500),
    maxPendingRequests: 10,
    maxRequests: 200,
    maxRequestsPerConnection: 1000,
    maxRetries: 5,
    idleTimeout: Duration.minutes(5),
  } satisfies Required<ConnectionPool>,
};

/** A VersionedService of two versions, with all props but TLS to apps, which is for pods without a sidecar. The DestinationRule's have no meaning without subsets, nor the reverse. */
export function fullService(
  chart: Chart,
  versionedBy: VersionedBy,
  serviceType = ServiceType.NODE_PORT,
): VersionedService {
  const destinationRule: Required<ObjectOptions> = {
    name: 'directory-subsets',
    labels: { rule: 'yes' },
    annotations: { 'example.com/rule': 'yes' },
  };
  const loadBalancer = LoadBalancer.leastRequest({
    warmup: Duration.seconds(20),
  } satisfies Required<LoadBalancerOptions>);
  const trafficPolicy: Required<Omit<TrafficPolicy, 'tls'>> = { ...FULL_POLICY, loadBalancer };
  const props: Required<VersionedServiceProps> = {
    ...MORE,
    name: 'directory',
    namespace: 'elsewhere',
    app: 'apis',
    port: 8080,
    targetPort: 8000,
    portName: 'http2',
    serviceType,
    versionedBy,
    clusterDomain: 'corp.local',
    destinationRule,
    existingService: false,
    selector: { 'example.com/directory': 'yes' },
    trafficPolicy,
    api: RoutingApi.ISTIO_V1BETA1,
  };
  const ownService: Required<ObjectOptions> = {
    name: 'directory-stable',
    labels: { own: 'yes' },
    annotations: { 'example.com/own': 'yes' },
  };
  const version: Required<Omit<VersionOptions, 'replicas' | 'autoscaling' | 'service'>> = {
    ...allOptions(chart),
    labels: { track: 'stable' },
    annotations: { 'example.com/track': 'stable' },
    name: 'directory-one',
    subset: 'one',
    trafficPolicy: { connectionPool: { maxRequests: 50 } },
    retired: false,
  };
  const service = new VersionedService(chart, 'apis', props);
  service.addVersion('1.4.0', versionedBy === VersionedBy.SERVICES ? { ...version, service: ownService } : version);
  service.addVersion('2.0.0-rc', { image: 'ghcr.io/acme/apis:2.0.0-rc', port: 8000, autoscaling: { maxReplicas: 4 } });
  return service;
}

/** A VersionedService whose Service and pods are somebody else's, but for those of one version. */
export function fullExisting(chart: Chart): VersionedService {
  const service = new VersionedService(chart, 'legacy', {
    existingService: true,
    selector: { app: 'legacy', release: 'shop' },
    versionedBy: VersionedBy.SERVICES,
  });
  const existing: Required<Omit<ExistingVersionOptions, 'serviceName'>> = {
    labels: { track: 'stable' },
    subset: 'stable',
    serviceAccountName: 'legacy-account',
    trafficPolicy: FULL_POLICY,
    retired: false,
  };
  service.addExistingVersion('1.0.0', existing);
  service.addExistingVersion('0.9.0', { serviceName: 'legacy-old' });
  service.addVersion('2.0.0', { image: 'ghcr.io/acme/legacy:2.0.0' });
  return service;
}

/** A HeaderRoutedMesh over two services, with all props but `gateway`, which excludes `gatewayOptions`, and what routes do. */
export function fullMesh(chart: Chart): HeaderRoutedMesh {
  // With security, pods refuse what comes by the ports of nodes.
  const apis = fullService(chart, VersionedBy.SUBSETS, ServiceType.CLUSTER_IP);
  const reviews = new VersionedService(chart, 'reviews', {
    versionedBy: VersionedBy.SERVICES,
    clusterDomain: 'corp.local',
  });
  const beta = reviews.addVersion('beta', { image: 'ghcr.io/acme/reviews:beta' });
  const tls: Required<GatewayTls> = {
    credentialName: 'apis-certificate',
    port: 8443,
    redirectHttp: false,
    mutual: true,
    minVersion: TlsVersion.TLS_1_3,
  };
  const gatewayOptions: Required<Omit<GatewayOptions, 'pods'>> = {
    name: 'front-door',
    namespace: 'istio-ingress',
    labels: { door: 'front' },
    annotations: { 'example.com/door': 'front' },
    selector: { istio: 'ingress' },
    serviceAccount: 'istio-ingress/istio-ingress',
    port: 8081,
    tls,
  };
  const security: Required<StrictSecurityOptions> = {
    callers: [Caller.serviceAccount('monitoring', 'prometheus')],
    networkPolicies: true,
    trustDomain: 'corp.local',
  };
  const props: Required<Omit<HeaderRoutedMeshProps, 'gateway' | 'defaultRoute'>> = {
    ...MORE,
    name: 'routes',
    namespace: 'routing',
    service: apis,
    defaultVersion: apis.version('1.4.0'),
    hosts: ['apis.example.com', '*.apis.example.org'],
    traffic: TrafficSource.GATEWAY_AND_MESH,
    gatewayOptions,
    api: RoutingApi.ISTIO_V1BETA1,
    checks: true,
    security: MeshSecurity.strict(security),
    callers: [reviews],
  };
  const mesh = new HeaderRoutedMesh(chart, 'mesh', props);
  const next = apis.version('2.0.0-rc');
  mesh.route(next, everyMatch(), { name: 'beta-testers' });
  mesh.route(next, HeaderMatch.contains('user-agent', 'Chrome/1'));
  mesh.route(next, HeaderMatch.regex('x-user', '(ann|bob)@.*'));
  mesh.route(next, HeaderMatch.cookie('group', 'beta'));
  const second: Required<Omit<MeshServiceOptions, 'defaultRoute' | 'paths' | 'rewritePath'>> = {
    name: 'reviews-routes',
    labels: { chain: 'second' },
    annotations: { 'example.com/chain': 'second' },
    defaultVersion: beta,
    callers: [apis, Caller.namespace('batch')],
  };
  mesh.addService(reviews, second);
  mesh.route(beta, PathMatch.under('/reviews'));
  return mesh;
}

/** A HeaderRoutedMesh whose routes do all that routes can do. */
export function fullRoutes(chart: Chart): HeaderRoutedMesh {
  const shop = versioned(chart, 'shop');
  const cart = versioned(chart, 'cart');
  const next = shop.service.version('v2');
  const defaultRoute = everythingElse(next);
  const mesh = new HeaderRoutedMesh(chart, 'mesh', {
    ...shop,
    hosts: ['shop.example.com'],
    traffic: TrafficSource.GATEWAY_AND_MESH,
    defaultRoute,
  });
  const service: Required<Omit<MeshServiceOptions, 'callers' | 'defaultRoute'>> = {
    ...MORE,
    name: 'cart-routes',
    defaultVersion: cart.defaultVersion,
    paths: ['/cart', '/checkout'],
    rewritePath: '/',
  };
  mesh.addService(cart.service, service);
  const rule: Required<Omit<RouteOptions, 'fault'>> = {
    ...defaultRoute,
    name: 'all-but-fault',
    rewrite: { path: '/new', host: 'shop.internal' },
  };
  mesh.route(shop.defaultVersion, PathMatch.under('/old'), rule);
  const fault: Required<FaultInjection> = {
    delay: { duration: Duration.seconds(5), percent: 50 },
    abort: { status: 503, percent: 0.5 },
  };
  mesh.route(next, HeaderMatch.baggage('rehearsal', 'slow'), { fault });
  const redirect: Required<RedirectOptions> = {
    name: 'moved',
    service: cart.service,
    host: 'shop.example.org',
    path: '/moved',
    scheme: 'https',
    port: 8443,
    status: 308,
  };
  mesh.redirect(PathMatch.exact('/here'), redirect);
  const response: Required<ResponseOptions> = { name: 'robots', service: shop.service, status: 200, body: 'none' };
  mesh.respond(PathMatch.exact('/robots.txt'), response);
  const lane: Required<LaneOptions> = {
    match: HeaderMatch.baggage('lane', 'beta'),
    entry: HeaderMatch.cookie('lane', 'beta'),
    versions: [cart.service.version('v2')],
  };
  mesh.addLane('beta', lane);
  return mesh;
}

/** All options of a default route, with `target` for shares and copies. */
function everythingElse(target: ServiceVersion): Required<Omit<DefaultRouteOptions, 'rewrite'>> {
  const sessionAffinity: Required<SessionAffinity> = {
    maxAge: Duration.hours(8),
    cookieName: 'side',
    path: '/shop',
    domain: 'example.com',
    secure: true,
    sameSite: SameSite.STRICT,
  };
  const retries: Required<RetryOptions> = {
    attempts: 3,
    perTryTimeout: Duration.millis(1500),
    on: [RetryOn.CONNECT_FAILURE, RetryOn.GATEWAY_ERROR],
  };
  const headers: Required<HeaderModifier> = {
    set: { 'x-discount': '100%' },
    add: { 'x-seen-by': 'mesh' },
    remove: ['x-internal'],
  };
  const corsPolicy: Required<CorsPolicy> = {
    allowOrigins: ['https://shop.example.org'],
    allowMethods: ['GET', 'PUT'],
    allowHeaders: ['content-type'],
    exposeHeaders: ['x-total'],
    maxAge: Duration.minutes(10),
    allowCredentials: true,
  };
  return {
    name: 'all',
    split: [{ version: target, percent: 10 }],
    sessionAffinity,
    mirror: { version: target, percent: 5 },
    timeout: Duration.seconds(4),
    retries,
    requestHeaders: headers,
    responseHeaders: headers,
    corsPolicy,
    idempotent: true,
  };
}

/** An IngressGateway with all props but `pods`, which excludes two, and a server with all options. */
export function fullGateway(chart: Chart): IngressGateway {
  const tls: Required<GatewayTls> = {
    credentialName: 'shop-cert',
    port: 443,
    redirectHttp: true,
    mutual: true,
    minVersion: TlsVersion.TLS_1_2,
  };
  const props: Required<Omit<IngressGatewayProps, 'pods'>> = {
    ...MORE,
    name: 'front-door',
    namespace: 'istio-ingress',
    selector: { istio: 'ingress' },
    serviceAccount: 'istio-ingress/istio-ingress',
    port: 80,
    tls,
    api: RoutingApi.ISTIO_V1BETA1,
  };
  const other: Required<GatewayServerOptions> = {
    port: 8080,
    tls: { credentialName: 'blog-cert', port: 8443 },
  };
  const gateway = new IngressGateway(chart, 'door', props);
  gateway.addServer(['shop.example.com']);
  gateway.addServer(['blog.example.com', '*.blog.example.com'], other);
  return gateway;
}

/** All kinds of match that one rule can hold at a time. */
function everyMatch(): RequestMatch {
  return RequestMatch.allOf(
    HeaderMatch.exact('X-Version', 'beta'),
    HeaderMatch.prefix('x-team', 'store'),
    HeaderMatch.present('x-beta'),
    HeaderMatch.absent('x-legacy'),
    PathMatch.prefix('/api/'),
    MethodMatch.exact('GET'),
  );
}

const RESOURCES: Required<ContainerResources> = {
  cpu: { request: Cpu.millis(50), limit: Cpu.units(1) },
  memory: { request: Size.mebibytes(64), limit: Size.mebibytes(512) },
  ephemeralStorage: { request: Size.gibibytes(1), limit: Size.gibibytes(2) },
};

export function fullPrometheus(chart: Chart): Prometheus {
  const props: Required<PrometheusProps> = {
    namespace: 'look',
    retention: Duration.hours(6),
    scrapeInterval: Duration.seconds(5),
    image: 'mirror.example.com/prometheus:v3.10.0',
    resources: RESOURCES,
  };
  return new Prometheus(chart, 'prometheus', props);
}

export function fullKiali(chart: Chart): Kiali {
  const props: Required<KialiProps> = {
    prometheusUrl: 'https://prometheus.example.com/mesh',
    namespace: 'look',
    login: KialiLogin.token({ secretName: 'kiali-signing-key', key: 'signing.key' }),
    image: 'mirror.example.com/kiali:v2.27.2',
    resources: RESOURCES,
  };
  return new Kiali(chart, 'kiali', props);
}

/** A MeshNamespace with all props. */
export function fullNamespace(chart: Chart): MeshNamespace {
  const props: Required<MeshNamespaceProps> = {
    ...MORE,
    name: 'storefront',
    revision: '1-30',
    dataPlane: DataPlaneMode.SIDECAR,
    podSecurity: PodSecurityLevel.RESTRICTED,
  };
  return new MeshNamespace(chart, 'namespace', props);
}
