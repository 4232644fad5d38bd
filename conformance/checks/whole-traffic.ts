/*
 * DestinationRules, and what says which destinations there are, in order and with nearly every field that they have.
 */
import type { WholeSpec } from './whole-objects';

const NETWORKING = 'networking.istio.io/v1';

const POOL = {
  http: {
    http1MaxPendingRequests: 1,
    http2MaxRequests: 2,
    maxRequestsPerConnection: 0,
    maxRetries: 3,
    idleTimeout: '5s',
    http2KeepAlive: { interval: '30s', timeout: '5s' },
    h2UpgradePolicy: 'UPGRADE',
    maxConcurrentStreams: 4,
  },
  tcp: {
    maxConnections: 100,
    connectTimeout: '30ms',
    idleTimeout: '0s',
    maxConnectionDuration: '1h',
    tcpKeepalive: { probes: 9, time: '7200s', interval: '75s' },
  },
};

const OUTLIERS = {
  baseEjectionTime: '3m',
  interval: '5m',
  consecutive5xxErrors: 7,
  consecutiveGatewayErrors: 5,
  splitExternalLocalOriginErrors: true,
  consecutiveLocalOriginFailures: 5,
  maxEjectionPercent: 100,
  minHealthPercent: 0,
};

const HASHED = {
  consistentHash: {
    httpCookie: {
      name: 'user',
      path: '/',
      ttl: '0s',
      attributes: [{ name: 'SameSite', value: 'Lax' }, { name: 'Secure' }],
    },
    maglev: { tableSize: 65537 },
  },
  warmup: { duration: '1m', minimumPercent: 10, aggression: 1 },
  zoneAwareLbSetting: {
    enabled: true,
    minClusterSize: 6,
    failover: [{ from: 'us-east', to: 'eu-west' }],
    failoverPriority: ['version=v1'],
  },
};

const LOCAL = {
  simple: 'LEAST_REQUEST',
  localityLbSetting: {
    enabled: true,
    distribute: [
      { from: 'us-west/zone1/*', to: { 'us-west/zone1/*': 80, 'us-west/zone2/*': 20 } },
      { from: 'us-west/zone2/*', to: { 'us-west/zone2/a': 100 } },
      { from: 'us-east/*', to: { '*': 100 } },
    ],
  },
};

const FAILING_OVER = {
  localityLbSetting: {
    failover: [{ from: 'us-east', to: 'eu-west' }],
    failoverPriority: ['topology.istio.io/network', 'version=v1'],
  },
};

const MUTUAL = {
  mode: 'MUTUAL',
  clientCertificate: '/a.pem',
  privateKey: '/a.key',
  caCertificates: '/ca.pem',
  caCrl: '/crl',
  subjectAltNames: ['a'],
  sni: 'a.example.com',
};

const PORTS = [
  { number: 80, name: 'http', protocol: 'HTTP', targetPort: 8080 },
  { number: 443, name: 'tls', protocol: 'TLS' },
];

const ENDPOINTS = [
  {
    address: '10.0.0.1',
    ports: { http: 8080, tls: 8443 },
    labels: { app: 'web' },
    network: 'n',
    locality: 'a/b',
    weight: 2,
    serviceAccount: 'web',
  },
  { address: '10.0.0.2' },
];

export const WHOLE_TRAFFIC: readonly WholeSpec[] = [
  {
    apiVersion: NETWORKING,
    kind: 'DestinationRule',
    spec: {
      host: 'web.apps.svc.cluster.local',
      exportTo: ['.'],
      workloadSelector: { matchLabels: { app: 'web' } },
      trafficPolicy: {
        connectionPool: POOL,
        outlierDetection: OUTLIERS,
        loadBalancer: HASHED,
        tls: MUTUAL,
        tunnel: { protocol: 'CONNECT', targetHost: 'a.example.com', targetPort: 443 },
        portLevelSettings: [
          {
            port: { number: 80 },
            loadBalancer: LOCAL,
            outlierDetection: OUTLIERS,
            connectionPool: POOL,
            tls: { mode: 'SIMPLE' },
          },
        ],
      },
      subsets: [
        { name: 'v1', labels: { version: 'v1' }, trafficPolicy: { loadBalancer: LOCAL, outlierDetection: OUTLIERS } },
        { name: 'v2', labels: { version: 'v2' }, trafficPolicy: { tls: { mode: 'SIMPLE', credentialName: 'cert' } } },
      ],
    },
  },
  {
    apiVersion: NETWORKING,
    kind: 'DestinationRule',
    spec: {
      host: '*.example.com',
      exportTo: ['.', 'shop'],
      trafficPolicy: {
        loadBalancer: {
          ...FAILING_OVER,
          consistentHash: { httpHeaderName: 'x-user', ringHash: { minimumRingSize: 1024 } },
        },
        outlierDetection: OUTLIERS,
        proxyProtocol: { version: 'V2' },
        retryBudget: { percent: 20, minRetryConcurrency: 3, budgetInterval: '10s' },
        tls: { mode: 'SIMPLE', insecureSkipVerify: true },
      },
      subsets: [
        {
          name: 'v1',
          labels: { version: 'v1' },
          trafficPolicy: { loadBalancer: { consistentHash: { useSourceIp: true } } },
        },
      ],
    },
  },
  {
    apiVersion: NETWORKING,
    kind: 'ServiceEntry',
    spec: {
      hosts: ['a.example.com', 'b.example.com'],
      addresses: ['10.0.0.0/8', '10.1.2.3'],
      ports: PORTS,
      resolution: 'STATIC',
      location: 'MESH_INTERNAL',
      endpoints: ENDPOINTS,
      exportTo: ['.'],
      subjectAltNames: ['a'],
    },
  },
  {
    apiVersion: NETWORKING,
    kind: 'ServiceEntry',
    spec: {
      hosts: ['a.example.com'],
      ports: PORTS,
      resolution: 'DNS',
      location: 'MESH_EXTERNAL',
      endpoints: [{ address: 'b.example.com', ports: { http: 8080 }, labels: { app: 'web' } }],
      exportTo: ['~'],
    },
  },
  {
    apiVersion: NETWORKING,
    kind: 'ServiceEntry',
    spec: {
      hosts: ['a.example.com'],
      ports: [{ number: 9000, name: 'tcp', protocol: 'TCP' }],
      resolution: 'DNS_ROUND_ROBIN',
    },
    labels: { app: 'web' },
  },
  {
    apiVersion: NETWORKING,
    kind: 'ServiceEntry',
    spec: {
      hosts: ['a.example.com'],
      addresses: ['10.1.2.3'],
      ports: PORTS,
      resolution: 'STATIC',
      workloadSelector: { labels: { app: 'web' } },
    },
  },
  {
    apiVersion: NETWORKING,
    kind: 'ServiceEntry',
    spec: { hosts: ['*.example.com'], ports: PORTS, resolution: 'DYNAMIC_DNS', location: 'MESH_EXTERNAL' },
  },
  {
    apiVersion: NETWORKING,
    kind: 'ServiceEntry',
    spec: {
      hosts: ['a.example.com'],
      addresses: ['10.1.2.3'],
      ports: [{ number: 443, name: 'tcp' }],
      resolution: 'NONE',
    },
  },
  {
    apiVersion: NETWORKING,
    kind: 'WorkloadEntry',
    spec: {
      address: '10.0.0.1',
      ports: { http: 80 },
      labels: { app: 'web' },
      network: 'n',
      locality: 'a/b/c',
      weight: 1,
      serviceAccount: 'web',
    },
  },
  { apiVersion: NETWORKING, kind: 'WorkloadEntry', spec: { address: 'unix:///a/b' } },
  { apiVersion: NETWORKING, kind: 'WorkloadEntry', spec: { address: 'a.example.com' } },
  {
    apiVersion: NETWORKING,
    kind: 'WorkloadGroup',
    spec: {
      metadata: { labels: { app: 'web' }, annotations: { a: 'b' } },
      template: { ports: { http: 80 }, serviceAccount: 'web' },
      probe: {
        initialDelaySeconds: 1,
        timeoutSeconds: 1,
        periodSeconds: 1,
        successThreshold: 1,
        failureThreshold: 3,
        httpGet: { path: '/', port: 80, scheme: 'HTTP', host: 'a', httpHeaders: [{ name: 'x-a', value: 'b' }] },
      },
    },
  },
  {
    apiVersion: NETWORKING,
    kind: 'WorkloadGroup',
    spec: { template: {}, probe: { tcpSocket: { port: 80 } } },
  },
  {
    apiVersion: NETWORKING,
    kind: 'WorkloadGroup',
    spec: { template: {}, probe: { exec: { command: ['true'] } } },
  },
  {
    apiVersion: NETWORKING,
    kind: 'Sidecar',
    spec: {
      workloadSelector: { labels: { app: 'web' } },
      ingress: [
        {
          port: { number: 80, name: 'http', protocol: 'HTTP' },
          bind: '127.0.0.1',
          defaultEndpoint: '127.0.0.1:8080',
          captureMode: 'NONE',
          connectionPool: POOL,
        },
        {
          port: { number: 443, name: 'https', protocol: 'HTTPS' },
          defaultEndpoint: 'unix:///a/b',
          tls: { mode: 'SIMPLE', serverCertificate: '/a.pem', privateKey: '/a.key' },
        },
        { port: { number: 9000, protocol: 'TCP' }, connectionPool: { tcp: { maxConnections: 1 } } },
      ],
      egress: [
        { port: { number: 8443, name: 'tls', protocol: 'TLS' }, bind: '127.0.0.2', hosts: ['apps/a.example.com'] },
        { port: { number: 0, protocol: 'HTTP' }, bind: 'unix:///c', captureMode: 'NONE', hosts: ['./*.example.com'] },
        { hosts: ['./*', 'istio-system/*.example.com', '~/*'] },
      ],
      inboundConnectionPool: POOL,
      outboundTrafficPolicy: {
        mode: 'ALLOW_ANY',
        egressProxy: { host: 'a.example.com', subset: 'v1', port: { number: 80 } },
      },
    },
  },
];
