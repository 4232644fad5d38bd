/*
 * How callers treat a service: what the DestinationRules say, that Istio takes it, and what is refused since it would do nothing
 * or something else.
 */
import { Duration } from 'cdk8s';
import {
  type ConnectionPool,
  type DestinationTls,
  LoadBalancer,
  Mesh,
  type OutlierDetection,
  Severity,
  type TrafficPolicy,
  VersionedBy,
  VersionedService,
  type VersionedServiceProps,
} from 'cdk8s-versioned-mesh';
import { testRefusals } from '../../support/refusal';
import { type Manifest, newChart, only, synth, titles } from '../../support/synth';
import { expectValid } from '../../support/valid';

const { SUBSETS, SERVICES } = VersionedBy;
const WITHOUT_SIDECAR = { podLabels: { 'sidecar.istio.io/inject': 'false' } };
const POOL: ConnectionPool = { maxRequests: 100 };
const OUTLIERS: OutlierDetection = { consecutive5xxErrors: 3 };

describe('by subsets', () => {
  test('the policy of the service stands above, that of a version in its subset', () => {
    const { spec } = only(
      manifestsOf({ trafficPolicy: { connectionPool: POOL } }, { connectionPool: { maxRequests: 5 } }),
      'DestinationRule',
    );
    expect(spec).toEqual({
      host: 'apis',
      trafficPolicy: { connectionPool: { http: { http2MaxRequests: 100 } } },
      subsets: [
        { name: 'v1', labels: { version: 'v1' } },
        {
          name: 'v2',
          labels: { version: 'v2' },
          trafficPolicy: { connectionPool: { http: { http2MaxRequests: 5 } } },
        },
      ],
    });
  });
});

describe('by Services', () => {
  test('each Service that has a policy has a rule, in which the groups of the version take the place of the service’s', () => {
    const manifests = manifestsOf(
      { versionedBy: SERVICES, trafficPolicy: { connectionPool: POOL, outlierDetection: OUTLIERS } },
      { connectionPool: { maxRetries: 2 } },
    );
    const outlierDetection = { consecutive5xxErrors: 3, maxEjectionPercent: 50 };
    const ofService = { connectionPool: { http: { http2MaxRequests: 100 } }, outlierDetection };
    const rules = manifests.filter(({ kind }) => kind === 'DestinationRule');
    expect(rules.map(({ spec }) => spec)).toEqual([
      { host: 'apis', trafficPolicy: ofService },
      { host: 'apis-v1', trafficPolicy: ofService },
      { host: 'apis-v2', trafficPolicy: { connectionPool: { http: { maxRetries: 2 } }, outlierDetection } },
    ]);
  });

  test('the rule of a version carries its labels and annotations, and is within reach', () => {
    const chart = newChart();
    const apis = new VersionedService(chart, 'apis', { versionedBy: SERVICES, labels: { team: 'a' } });
    const more = { labels: { track: 'beta' }, annotations: { 'example.com/owner': 'b' } };
    const v2 = apis.addVersion('v2', { image: 'apis:2', trafficPolicy: { connectionPool: POOL }, ...more });
    expect(v2.destinationRule?.metadata.toJson()).toMatchObject({
      name: 'apis-v2',
      labels: { app: 'apis', version: 'v2', team: 'a', track: 'beta' },
      annotations: more.annotations,
    });
    expect(apis.addVersion('v1', { image: 'apis:1' }).destinationRule).toBeUndefined();
  });

  test('without a policy there is no rule, and with one of a version one only', () => {
    expect(titles(manifestsOf({ versionedBy: SERVICES }))).not.toContain('DestinationRule apis');
    const rules = manifestsOf({ versionedBy: SERVICES }, { connectionPool: POOL });
    expect(titles(rules).filter((title) => title.startsWith('DestinationRule'))).toEqual(['DestinationRule apis-v2']);
  });
});

describe('outlier detection', () => {
  test('ejects one of two pods by default, where Istio’s own 10 percent would eject none', () => {
    expect(written({ outlierDetection: {} })).toEqual({ outlierDetection: { maxEjectionPercent: 50 } });
  });

  test('is written in Istio’s words', () => {
    const outlierDetection: Required<OutlierDetection> = {
      consecutive5xxErrors: 0,
      consecutiveGatewayErrors: 3,
      interval: Duration.millis(1500),
      baseEjectionTime: Duration.minutes(2),
      maxEjectionPercent: 100,
      minHealthPercent: 30,
    };
    expect(written({ outlierDetection })).toEqual({
      outlierDetection: { ...outlierDetection, interval: '1.5s', baseEjectionTime: '120s' },
    });
  });

  const outliers = (outlierDetection: OutlierDetection) => () => service({ trafficPolicy: { outlierDetection } });
  testRefusals([
    [
      'half an error',
      outliers({ consecutive5xxErrors: 0.5 }),
      'chart/apis: trafficPolicy.outlierDetection.consecutive5xxErrors 0.5',
    ],
    ['no errors that count', outliers({ consecutive5xxErrors: 0 }), 'counts no errors', 'leave it out'],
    ['gateway errors that never count', outliers({ consecutiveGatewayErrors: 5 }), '5 by default', 'make it less'],
    ['gateway errors after all errors', outliers({ consecutive5xxErrors: 2, consecutiveGatewayErrors: 3 }), 'is 2;'],
    ['no pod that may be ejected', outliers({ maxEjectionPercent: 0 }), 'maxEjectionPercent 0', '1 to 100'],
    ['more pods than there are', outliers({ maxEjectionPercent: 101 }), 'maxEjectionPercent 101', '1 to 100'],
    ['a health of more than all', outliers({ minHealthPercent: 101 }), 'minHealthPercent 101', '0 to 100'],
    ['half a millisecond', outliers({ interval: Duration.millis(0.5) }), 'interval of 0.5 ms', 'Duration.millis(1)'],
    ['no time', outliers({ baseEjectionTime: Duration.seconds(0) }), 'baseEjectionTime of 0 ms', 'Duration.millis(1)'],
    [
      'seconds as a number',
      outliers({ interval: 10 as never }),
      'trafficPolicy.outlierDetection.interval 10',
      'Duration.seconds(5)',
    ],
    [
      'a word that is not known',
      outliers({ consecutiveErrors: 5 } as never),
      "'trafficPolicy.outlierDetection.consecutiveErrors' is not known",
    ],
  ]);
});

describe('a connection pool', () => {
  test('is split into what Istio says of TCP and of HTTP', () => {
    const connectionPool: Required<ConnectionPool> = {
      maxConnections: 10,
      connectTimeout: Duration.millis(500),
      maxPendingRequests: 20,
      maxRequests: 30,
      maxRequestsPerConnection: 40,
      maxRetries: 50,
      idleTimeout: Duration.minutes(1),
    };
    expect(written({ connectionPool })).toEqual({
      connectionPool: {
        tcp: { maxConnections: 10, connectTimeout: '0.5s' },
        http: {
          http1MaxPendingRequests: 20,
          http2MaxRequests: 30,
          maxRequestsPerConnection: 40,
          maxRetries: 50,
          idleTimeout: '60s',
        },
      },
    });
  });

  const pool = (connectionPool: ConnectionPool) => () => service({ trafficPolicy: { connectionPool } });
  testRefusals([
    ['that says nothing', () => service({ trafficPolicy: {} }), 'trafficPolicy is empty', 'leave it out'],
    ['that limits nothing', pool({}), 'trafficPolicy.connectionPool is empty', 'leave it out'],
    ['of 0 retries', pool({ maxRetries: 0 }), 'connectionPool.maxRetries is 0', 'no limit'],
    ['of -1 requests', pool({ maxRequests: -1 }), 'connectionPool.maxRequests -1', 'from 1 to'],
    ['of more than 32 bits', pool({ maxConnections: 2 ** 31 }), 'maxConnections 2147483648'],
    ['of no time', pool({ connectTimeout: Duration.millis(0) }), 'connectTimeout of 0 ms'],
    ['with a misspelling', pool({ maxRequest: 5 } as never), "did you mean 'maxRequests'?"],
  ]);
});

describe('a load balancer', () => {
  test.each<[string, LoadBalancer, object]>([
    ['least request', LoadBalancer.leastRequest(), { simple: 'LEAST_REQUEST' }],
    ['round robin', LoadBalancer.roundRobin(), { simple: 'ROUND_ROBIN' }],
    ['random', LoadBalancer.random(), { simple: 'RANDOM' }],
    [
      'a warmup',
      LoadBalancer.leastRequest({ warmup: Duration.seconds(30) }),
      { simple: 'LEAST_REQUEST', warmupDurationSecs: '30s' },
    ],
    ['a header', LoadBalancer.byHeader('x-user'), { consistentHash: { httpHeaderName: 'x-user' } }],
    ['a cookie of the app', LoadBalancer.byCookie('user'), { consistentHash: { httpCookie: { name: 'user' } } }],
    [
      'a cookie of the proxy',
      LoadBalancer.byCookie('user', { maxAge: Duration.hours(1) }),
      { consistentHash: { httpCookie: { name: 'user', path: '/', ttl: '3600s' } } },
    ],
    [
      'a cookie until the browser is closed',
      LoadBalancer.byCookie('user', { maxAge: Duration.seconds(0), path: '/shop' }),
      { consistentHash: { httpCookie: { name: 'user', path: '/shop', ttl: '0s' } } },
    ],
    ['an address', LoadBalancer.bySourceIp(), { consistentHash: { useSourceIp: true } }],
    ['a query parameter', LoadBalancer.byQueryParam('user'), { consistentHash: { httpQueryParameterName: 'user' } }],
  ])('by %s is this', (_what, loadBalancer, expected) => {
    expect(written({ loadBalancer })).toEqual({ loadBalancer: expected });
  });

  testRefusals([
    ['a header that is none', () => LoadBalancer.byHeader('x user'), "LoadBalancer.byHeader: name 'x user'"],
    ['no header', () => LoadBalancer.byHeader(undefined as never), 'name is missing', 'x-user'],
    ['a cookie that is none', () => LoadBalancer.byCookie('a=b'), "name 'a=b'", 'cookie'],
    [
      'a path that ends the attribute',
      () => LoadBalancer.byCookie('a', { maxAge: Duration.hours(1), path: '/;x' }),
      "'/;x'",
    ],
    ['a path of no cookie', () => LoadBalancer.byCookie('a', { path: '/' }), 'needs maxAge'],
    ['half a second', () => LoadBalancer.byCookie('a', { maxAge: Duration.millis(500) }), 'maxAge of 0.5 s', 'whole'],
    ['an option that is none', () => LoadBalancer.byCookie('a', { ttl: 5 } as never), "'ttl' is not known"],
    ['a parameter without a name', () => LoadBalancer.byQueryParam(''), "name ''", 'empty'],
    ['a warmup of no time', () => LoadBalancer.roundRobin({ warmup: Duration.millis(0) }), 'warmup of 0 ms'],
    [
      'one by its name',
      () => service({ trafficPolicy: { loadBalancer: 'RANDOM' as never } }),
      "loadBalancer 'RANDOM'",
      'LoadBalancer.leastRequest()',
    ],
  ]);

  test('of a version, or else of the service, says whether a value of the request decides', () => {
    const made = service({ trafficPolicy: { loadBalancer: LoadBalancer.bySourceIp() } });
    expect(made.version('v1')._usesConsistentHash()).toBe(true);
    const loadBalancer = LoadBalancer.random();
    expect(made.addVersion('v2', { image: 'apis:2', trafficPolicy: { loadBalancer } })._usesConsistentHash()).toBe(
      false,
    );
    expect(service({}).version('v1')._usesConsistentHash()).toBe(false);
  });
});

describe('TLS to the app', () => {
  const tls = (options: DestinationTls) => () => service({ trafficPolicy: { tls: options } });

  test.each<[string, DestinationTls, object]>([
    ['trusts the authorities of the system', {}, { caCertificates: 'system' }],
    [
      'looks for the name that it asks for, without which any certificate of an authority would do',
      { sni: 'apis.example.com' },
      { caCertificates: 'system', sni: 'apis.example.com', subjectAltNames: ['apis.example.com'] },
    ],
    [
      'trusts and looks for what it is told',
      { sni: 'a.example.com', caCertificates: '/etc/ca.pem', subjectAltNames: ['b.example.com'] },
      { sni: 'a.example.com', caCertificates: '/etc/ca.pem', subjectAltNames: ['b.example.com'] },
    ],
  ])('%s', (_what, options, expected) => {
    expect(written({ tls: options }, WITHOUT_SIDECAR)).toEqual({ tls: { mode: 'SIMPLE', ...expected } });
  });

  test('goes with a sidecar that the port of the app does not pass', () => {
    const podAnnotations = { 'traffic.sidecar.istio.io/excludeInboundPorts': '5000, 9000' };
    expect(written({ tls: {} }, { podAnnotations })).toHaveProperty('tls.mode', 'SIMPLE');
  });

  testRefusals([
    [
      'of a pod with a sidecar',
      tls({}),
      'chart/apis/v1: trafficPolicy.tls',
      '503',
      "{ 'sidecar.istio.io/inject': 'false' }",
    ],
    [
      'of a version with a sidecar',
      () => service({}).addVersion('v2', { image: 'apis:2', trafficPolicy: { tls: {} } }),
      'chart/apis/v2: trafficPolicy.tls',
    ],
    ['by a name that is none', tls({ sni: 'https://a' }), "trafficPolicy.tls.sni 'https://a'"],
    ['by certificates of the app', tls({ caCertificates: 'ca.pem' }), "caCertificates 'ca.pem'", "'system'"],
    ['by no name at all', tls({ subjectAltNames: [] }), 'subjectAltNames holds no name'],
    ['by a name in place of a list', tls({ subjectAltNames: 'a' as never }), "subjectAltNames 'a' is not a list"],
  ]);
});

test('what is said of a policy later changes nothing', () => {
  const subjectAltNames = ['a.example.com'];
  const made = service({ trafficPolicy: { tls: { subjectAltNames } } }, WITHOUT_SIDECAR);
  subjectAltNames.push('b.example.com');
  expect(made._policy()?.tls?.subjectAltNames).toEqual(['a.example.com']);
});

describe('a policy that is refused', () => {
  testRefusals([
    [
      'for a word of Istio',
      () => service({ trafficPolicy: { portLevelSettings: [] } as never }),
      "'trafficPolicy.portLevelSettings' is not known",
      'connectionPool',
    ],
    [
      'at a version',
      () => service({}).addVersion('v2', { image: 'a:2', trafficPolicy: { connectionPool: {} } }),
      "chart/apis: version 'v2': trafficPolicy.connectionPool",
    ],
    [
      'at an existing version',
      () => service({}).addExistingVersion('v2', { trafficPolicy: { connectionPool: {} } }),
      "chart/apis: version 'v2': trafficPolicy.connectionPool",
    ],
    [
      'for metadata of a rule that is not made',
      () => service({ versionedBy: SERVICES, destinationRule: { name: 'a' } }),
      'destinationRule is set',
      'leave it out',
    ],
  ]);
});

/** A service with version v1. */
function service(props: VersionedServiceProps, version: object = {}): VersionedService {
  const made = new VersionedService(newChart(), 'apis', props);
  made.addVersion('v1', { image: 'apis:1', ...version });
  return made;
}

/** Two versions; the second with a policy of its own. Istio takes all of it. */
function manifestsOf(props: VersionedServiceProps, ofSecond?: TrafficPolicy, version: object = {}): Manifest[] {
  const chart = newChart();
  const made = new VersionedService(chart, 'apis', props);
  made.addVersion('v1', { image: 'apis:1', ...version });
  made.addVersion('v2', { image: 'apis:2', trafficPolicy: ofSecond, ...version });
  const manifests = synth(chart);
  expectValid(manifests);
  expect(
    Mesh.fromChart(chart)
      .check()
      .filter(({ severity }) => severity !== Severity.INFO),
  ).toEqual([]);
  return manifests;
}

/** What the rule says of all versions; the same for one, and by Services. */
function written(trafficPolicy: TrafficPolicy, version: object = {}): unknown {
  const [bySubsets, byServices] = [SUBSETS, SERVICES].map((versionedBy) =>
    manifestsOf({ versionedBy, trafficPolicy }, trafficPolicy, version),
  );
  const { spec } = only(bySubsets, 'DestinationRule');
  expect(spec).toHaveProperty('subsets.1.trafficPolicy', spec.trafficPolicy);
  expect(only(byServices, 'DestinationRule', 'apis-v2').spec.trafficPolicy).toEqual(spec.trafficPolicy);
  return spec.trafficPolicy;
}
