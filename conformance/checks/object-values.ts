/*
 * What generated objects have in their fields: what is right, and what is nearly right.
 */

export const WORDS: { readonly [field: string]: readonly string[] } = {
  host: [
    'web',
    'web.apps.svc.cluster.local',
    '*.example.com',
    '*',
    '',
    'a b',
    'UPPER.example.com',
    '10.0.0.1',
    '*web',
  ].concat(['::1', '1', 'a.1', 'a.', 'a.1.', '*-web.a', 'a.*', 'a/b', 'a:80', '-a', 'outbound_.80_._.a.example.com']),
  hosts: [
    'a.example.com',
    '*.example.com',
    '*',
    'web',
    './a.example.com',
    'apps/*',
    '',
    '*/*',
    'a..b',
    '*a.example.com',
  ]
    .concat([
      'ns/web',
      '~/*',
      '~apps/a.b',
      'a/b/c',
      '10.0.0.1',
      '::1',
      '1',
      'a.1',
      'a.example.com.',
      'UPPER/a.b',
      'a b',
    ])
    .concat(['outbound_.80_._.a.example.com', 'outbound_a']),
  gateways: [
    'mesh',
    'edge',
    'apps/edge',
    'a/b/c',
    '',
    'UPPER',
    'apps/',
    '/edge',
    'edge.apps',
    'a b',
    'a b/c',
    '1',
    '.',
  ],
  exportTo: ['.', '*', '~', 'apps', 'UPPER', '', 'a.b'],
  name: ['v1', 'http', 'web', '', 'UPPER', 'a.b', 'x_y', 'a b', 'a'.repeat(64)],
  subset: ['v1', 'v2', '', 'UPPER', 'a.b'],
  namespace: ['apps', '', 'UPPER', 'a.b'],
  protocol: [
    'HTTP',
    'http',
    'HTTPS',
    'TCP',
    'TLS',
    'GRPC',
    'HTTP2',
    'MONGO',
    'UDP',
    'nothing',
    '',
    'HTTP_PROXY',
    'POST',
  ].concat(['CONNECT', 'grpc-web', 'HBONE', 'DoubleHBONE', 'mysql']),
  exact: ['a', '/', '', 'v1', 'https://a.example.com'],
  prefix: ['a', '/', '', '/api'],
  regex: ['.*', '[', '', 'a|b', '(?i)a', '(?!a)', '*', '/.*', 'a'.repeat(1025)],
  uri: ['/', '/new', '', '%PREFIX()%/new'],
  authority: ['new.example.com', '', 'a:8080', 'a b'],
  scheme: ['http', 'https', '', 'ftp', 'HTTP', 'HTTPS'],
  match: ['/api', '(', '', '^/(.*)$', 'a'.repeat(1025)],
  rewrite: ['/x', '\\1', ''],
  grpcStatus: ['UNAVAILABLE', 'unavailable', 'NOTHING', '', 'OK', 'CANCELLED', 'CANCELED', '14'],
  retryOn: [
    '5xx',
    'gateway-error,connect-failure',
    '503',
    'nothing',
    '',
    '5xx,nothing',
    '5xx, reset',
    '5xx,',
    '099',
    '+503',
  ].concat(['306', '419', '0', 'http3-post-connect-failure', 'cancelled', '599', 'retriable-status-codes,503']),
  bind: [
    '0.0.0.0',
    '10.0.0.1',
    'a',
    '',
    'unix:///a',
    '@a',
    'unix://@a',
    'unix://',
    'unix://a',
    'unix:///a/',
    '::1',
    '1.2.3',
  ],
  credentialName: [
    'cert',
    '',
    'configmap://a',
    'configmap://apps/a',
    'configmap://shop/a',
    'kubernetes://a',
    'sds://a',
  ],
  sniHosts: [
    'a.example.com',
    '*.example.com',
    'b.example.org',
    '',
    '*',
    '10.0.0.1',
    '*a.example.com',
    'a b',
    'A.example.com',
  ].concat(['outbound_.80_._.a.example.com', 'outbound_a']),
  destinationSubnets: [
    '10.0.0.0/8',
    '10.0.0.1',
    'a',
    '',
    '10.0.0.0/33',
    '::/0',
    '10.0.0.0/08',
    '1.2.3',
    '10.0.0.0/',
    'a/8',
  ],
  addresses: [
    '10.0.0.0/8',
    '10.0.0.1',
    'a',
    '',
    '10.0.0.0/33',
    '2001:db8::1',
    '10.0.0.0/8/8',
    '010.0.0.1',
    'fe80::1%eth0',
  ],
  address: ['10.0.0.1', 'a.example.com', '', 'unix:///a', 'unix://a', 'unix://@a', 'a b', '*.a', '::1', '1.2.3', 'web'],
  targetHost: ['a.example.com', '10.0.0.1', '', 'a b', '*.a', '::1', '1.2'],
  defaultEndpoint: [
    '127.0.0.1:80',
    ':80',
    '0.0.0.0:80',
    '[::1]:80',
    '[::]:80',
    '::1:80',
    '10.0.0.1:80',
    'a',
    ':',
    ':0',
    ':a',
  ].concat(['127.0.0.1:70000', 'unix:///a', 'unix://a', '', 'localhost:80', '127.0.0.1', ':+80', '[::1:80', ':080']),
  allowMethods: ['GET', 'get', 'NOTHING', '', '*'],
  allowHeaders: ['x-a', '', '*', 'a b', 'ä'],
  exposeHeaders: ['x-a', '', '*', 'a:b'],
  remove: ['x-a', '', 'host', 'Host', ':path', 'a b'],
  string: ['no', '', 'a'.repeat(100 * 1024 + 1), 'ä'.repeat(51 * 1024), 'a'.repeat(1024 * 1024 + 1)],
  bytes: ['bm8=', '', 'bm8', 'no!', 'A'.repeat(140 * 1024)],
  sourceNamespace: ['apps', 'UPPER', 'a.b', ''],
  idleTimeout: ['5s', '0s', '0.5ms', '1.5ms', '-1s', 'v1', '', '1', '0', '1m30s'],
  ttl: ['5s', '0s', '0.5ms', 'v1', '', '1'],
  from: [
    'us-west/zone1/*',
    'us-west/zone1/a',
    'us-west/*',
    'us-west',
    '*',
    '',
    'us-west//a',
    '*/a',
    'a/*/b',
    'us-east',
    'a/b/c/d',
  ],
  to: ['us-west', 'us-east', '', 'a/b', '*'],
  failoverPriority: [
    'topology.istio.io/network',
    'topology.kubernetes.io/region',
    'topology.kubernetes.io/zone',
    '',
  ].concat(['topology.istio.io/subzone', 'version=v1']),
  cipherSuites: ['AES256-SHA', 'AES128-SHA', 'nothing', '', 'ALL', '-a', '@SECLEVEL', 'ECDHE-RSA-AES128-SHA'],
  jwksUri: [
    'https://a.example.com/keys',
    'http://a',
    'ftp://a',
    'a',
    '',
    'https://a:b/',
    'https://a b/',
    'HTTPS://a',
    '%zz',
  ],
  jwks: ['', '{"keys":[]}', '{"keys":[{"kty":"oct","k":"AAAA"}]}'],
  url: [
    'oci://a/b',
    'a',
    '',
    'ftp://a',
    'file:///a',
    'a b',
    'HTTP://a',
    'a:b',
    '//a',
    '/a',
    'http://[::1',
    '%zz',
    'a:80/b',
    '?',
  ],
  sha256: ['a'.repeat(64), 'a', '', 'A'.repeat(64)],
  ipBlocks: ['10.0.0.0/8', '10.0.0.1', 'a', '', '10.0.0.0/33', '::/0', '*', '1.2.3', '010.0.0.1', '10.0.0.1/8'],
  ports: ['80', '0', '65535', '65536', '', 'a', '-1', '+80', '080', '80-90', '*'],
  methods: ['GET', '', '*'],
  paths: ['/a', '', '*', '/{*}/b', '/{**}/b', '/{**}', '/{a}', '/a{*}', '/{**}/{*}', '/{*}/a b', '/a/{*}/', '/a{'],
  serviceAccounts: ['web', 'apps/web', '', '*', 'a/b/c', '/a', 'a/', 'a'.repeat(321)],
  trustDomains: ['a', '*', '', 'a*', '*a', 'a*b', '**', 'a/b', '*a*'],
  key: ['request.headers[x-a]', 'request.headers', 'source.ip', 'source.namespace', 'source.principal', 'remote.ip', '']
    .concat([
      'request.headers[]',
      'request.auth.claims[a]',
      'request.auth.claims',
      'request.auth.principal',
      'destination.ip',
    ])
    .concat([
      'destination.port',
      'connection.sni',
      'experimental.envoy.filters.a[b]',
      'destination.name',
      'destination.user',
    ])
    .concat([
      'destination.namespace',
      'destination.labels[a]',
      'nothing',
      'source.serviceAccount',
      'source.trustDomain',
    ])
    .concat(['request.auth.audiences', 'request.auth.presenter', 'experimental.envoy.filters.a']),
  values: ['a', '', '10.0.0.0/8', '80', '65536', '*', 'apps/web', 'a*b', 'a/b/c'],
  kind: ['Gateway', 'Service', 'ServiceEntry', 'GatewayClass', 'Deployment', '', 'a b'],
  group: ['', 'core', 'gateway.networking.k8s.io', 'networking.istio.io', 'apps', 'UPPER'],
  proxyVersion: ['1\\.30.*', '[', ''],
  inlineCode: ['a', ''],
  command: ['a', ''],
  network: ['', 'n'],
};

/** Fields whose values are those of another. */
const SAME_AS: { readonly [field: string]: string } = {
  jwks_uri: 'jwksUri',
  notIpBlocks: 'ipBlocks',
  remoteIpBlocks: 'ipBlocks',
  notRemoteIpBlocks: 'ipBlocks',
  notPorts: 'ports',
  notPaths: 'paths',
  notServiceAccounts: 'serviceAccounts',
  notTrustDomains: 'trustDomains',
  notValues: 'values',
  header: 'name',
};

export function wordsOf(field: string): readonly string[] {
  return WORDS[SAME_AS[field] ?? field] ?? ['a', 'v1', '', 'a.example.com', '/cert.pem'];
}

const HEADERS = [
  'x-version',
  'X-User',
  ':authority',
  'host',
  'Host',
  'a b',
  '',
  'uri',
  ':path',
  ':status',
  ':nothing',
  'ä',
]
  .concat([
    '@request.auth.claims.a',
    '@request.auth.claims',
    '@request.auth.claims[a]',
    '@Request.Auth.Claims.a',
    'a_b',
  ])
  .concat(['@request.auth.claims.', '@request.auth.claims[]', 'authority', 'method']);
const LABELS = [
  'app',
  'version',
  'a b',
  '',
  'istio',
  'app.kubernetes.io/name',
  'A.b/c',
  '/a',
  'a/',
  'a*',
  '-a',
  'a_b',
].concat(['a'.repeat(64), 'a.-b/c', 'a/b/c']);

/** The keys of maps, by the field that is a map. */
const KEYS: { readonly [field: string]: readonly string[] } = {
  sourceLabels: LABELS,
  labels: LABELS,
  matchLabels: LABELS,
  selector: LABELS,
  to: [
    'us-west/zone1/*',
    'us-west/zone1/a',
    'us-west/*',
    'us-west/zone2/*',
    'us-east',
    '*',
    '',
    'a//b',
    '*/a',
    'us-west',
  ],
  ports: ['http', 'tls', 'UPPER', '', 'a b', 'nothing'],
  portLevelMtls: ['80', '0', '65535', '65536', 'a', '-1', '080'],
  customTags: ['a', ''],
  tagOverrides: ['a', ''],
};

export function keysOf(field: string): readonly string[] {
  return KEYS[field] ?? HEADERS;
}

const HEADER_VALUES = [
  'a',
  '',
  'a b',
  '100%',
  '100%%',
  '%',
  '%A%',
  '%a b%',
  '%A',
  '%A()%',
  '%A(b)%',
  '%A(b)c%',
  '%A(b) %',
]
  .concat([
    '%A([b])%',
    '%A(["b"])%',
    '%A(["b", "c"])%',
    '%A(["b" c])%',
    '%A(["b"]c)%',
    '%A(b\\)%',
    '%A(b\\',
    '50% off 20%',
  ])
  .concat(['a\tb', 'a\nb', 'a\u0001b', '\u007f', 'ä', '%%%', '%A%%', '%(%', '% %']);
const LABEL_VALUES = ['web', '', 'a b', 'a*', '*', '-a', 'a_b.c', 'a'.repeat(63), 'a'.repeat(64), 'ä'];

/** The values of maps of texts. */
const VALUES_IN: { readonly [field: string]: readonly string[] } = {
  sourceLabels: LABEL_VALUES,
  labels: LABEL_VALUES,
  matchLabels: LABEL_VALUES,
  selector: LABEL_VALUES,
  set: HEADER_VALUES,
  add: HEADER_VALUES,
};

/** Of the field that is a map; undefined where its values are no such texts. */
export function valuesIn(field: string): readonly string[] | undefined {
  return VALUES_IN[field];
}

export const DURATIONS = [
  '5s',
  '0s',
  '1ms',
  '0.5ms',
  '1h',
  '-1s',
  '100',
  '1.5s',
  '1m30s',
  '',
  '1.5ms',
  '0.001s',
  '1us',
  '+5s',
];

const INTEGERS = [
  0, 1, 2, 80, 100, 101, 200, 301, 404, 443, 599, 600, 601, 65535, 65536, -1, 199, 299, 399, 400,
].concat([2147483647, 2147483648, 4294967295, 4294967296, 1.5]);
const NUMBERS: { readonly [field: string]: readonly number[] } = {
  tableSize: [0, 1, 2, 3, 4, 9, 65536, 65537, 4999999, 5000010, 5000011, 5000021, 25],
  minimumRingSize: [0, 1, 1024],
  to: [0, 1, 20, 80, 99, 100, 101],
};
const FRACTIONS = [0, 0.5, 50, 100, 100.1, -1, 0.0001, 0.00009, -0.1, 99.9999];

export function integersOf(field: string): readonly number[] {
  return NUMBERS[field] ?? INTEGERS;
}

export function fractionsOf(_field: string): readonly number[] {
  return FRACTIONS;
}

/** Annotations and labels that Istio's validation reads. */
export const METADATA: readonly { readonly [part: string]: { readonly [key: string]: string } }[] = [
  { annotations: { 'istio.io/dry-run': 'true' } },
  { annotations: { 'istio.io/dry-run': 'no' } },
  { annotations: { 'istio.io/dry-run': 'T' } },
  { annotations: { 'internal.istio.io/webhook-always-reject': '' } },
  { annotations: { 'internal.istio.io/parents': 'a' } },
  { annotations: { 'internal.istio.io/parent-namespace': 'a' } },
  { labels: { 'networking.istio.io/enable-autoallocate-ip': 'false' } },
  { labels: { 'networking.istio.io/enable-autoallocate-ip': 'true' } },
  { labels: { 'istio.io/use-waypoint': 'a' } },
  { labels: { 'istio.io/use-waypoint': 'None' } },
];
