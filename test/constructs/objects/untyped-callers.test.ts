/*
 * Callers without a compiler: JavaScript, and values that came out of a file. Each prop of each construct is given what it
 * is not, and answers with a sentence, or makes something valid of it.
 */

import { type Chart, Duration } from 'cdk8s';
import {
  type ConnectionPool,
  type CorsPolicy,
  type DestinationTls,
  type ExistingGatewayOptions,
  type ExistingVersionOptions,
  type ExposeOptions,
  type FaultAbort,
  type FaultDelay,
  FlaskLikeApp,
  type FlaskLikeAppProps,
  type GatewayOptions,
  type GatewayServerOptions,
  type GatewayTls,
  HeaderMatch,
  type HeaderModifier,
  HeaderRoutedMesh,
  type HeaderRoutedMeshProps,
  IngressGateway,
  type IngressGatewayProps,
  type LaneOptions,
  MeshNamespace,
  type MeshNamespaceProps,
  MeshSecurity,
  type MeshServiceOptions,
  MethodMatch,
  type NetworkPolicyOptions,
  type OutlierDetection,
  PathMatch,
  type RedirectOptions,
  RequestMatch,
  type ResponseOptions,
  type RetryOptions,
  type RewriteOptions,
  type RouteOptions,
  type SessionAffinity,
  type StrictSecurityOptions,
  type TrafficPolicy,
  type TrafficTarget,
  VersionedBy,
  VersionedService,
  type VersionedServiceProps,
  type VersionOptions,
} from 'cdk8s-versioned-mesh';
import { refusalOf } from '../../support/refusal';
import { manifestsOf } from '../../support/synth';
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
});

describe('MeshNamespace', () => {
  const every: Every<MeshNamespaceProps> = { labels: true, annotations: true, name: true, revision: true };
  answersFor(every, (chart, props) => new MeshNamespace(chart, 'shop', props));
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

describe('the parts of a route', () => {
  const v2 = (chart: Chart) => versioned(chart, 'parts').service.version('v2');
  const parts = (chart: Chart, options: RouteOptions) => {
    const version = v2(chart);
    const { service } = version;
    const made = mesh(chart, { service, defaultVersion: service.version('v1') });
    made.route(service.version('v1'), RequestMatch.allOf(PathMatch.under('/old'), MethodMatch.exact('GET')), options);
  };
  const target: Every<TrafficTarget> = { version: true, percent: true };
  describe('split', () => answersFor(target, (chart, given) => parts(chart, { split: [given as TrafficTarget] })));
  describe('mirror', () => answersFor(target, (chart, given) => parts(chart, { mirror: given as TrafficTarget })));
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
    answersFor(cors, (chart, given) => parts(chart, { corsPolicy: { allowOrigins: ['*'], ...given } })));
  const delay: Every<FaultDelay> = { duration: true, percent: true };
  describe('delay', () => answersFor(delay, (chart, given) => parts(chart, { fault: { delay: given as FaultDelay } })));
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

/** A service whose pods may have no sidecar. */
function existing(chart: Chart, trafficPolicy: TrafficPolicy): void {
  new VersionedService(chart, 'apis', { trafficPolicy }).addExistingVersion('v1');
}

function mesh(chart: Chart, props: Partial<HeaderRoutedMeshProps>): HeaderRoutedMesh {
  return new HeaderRoutedMesh(chart, 'mesh', { hosts: ['apis.example.com'], ...versioned(chart), ...props });
}

/** A test for each prop. */
function answersFor<T>(every: Every<T>, build: (chart: Chart, props: Partial<T>) => void): void {
  test.each(Object.keys(every))('%s', (prop) => {
    for (const value of NOT_MEANT) {
      const act = () => manifestsOf((chart) => build(chart, { [prop]: value } as Partial<T>));
      let manifests: ReturnType<typeof act>;
      try {
        manifests = act();
      } catch {
        expect(refusalOf(act)).toMatch(/[.?]$/);
        continue;
      }
      expect(manifests.flatMap(complaintsAbout)).toEqual([]);
    }
  });
}
