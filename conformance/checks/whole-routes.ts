/*
 * VirtualServices and Gateways in order, with nearly every field that they have.
 */
import type { WholeSpec } from './whole-objects';

const NETWORKING = 'networking.istio.io/v1';
const DESTINATION = { host: 'web.apps.svc.cluster.local', subset: 'v1', port: { number: 80 } };
const OPERATIONS = {
  request: { set: { 'x-a': 'a', 'x-full': '100%% of %REQ(X-A?:authority)%' }, add: { 'x-b': 'b' }, remove: ['x-c'] },
  response: { set: { 'x-d': 'd' }, add: { 'x-e': '%START_TIME(%Y)%' }, remove: ['server'] },
};

const MATCH = {
  name: 'all',
  uri: { prefix: '/api' },
  scheme: { exact: 'https' },
  method: { regex: 'GET|POST' },
  authority: { prefix: 'a.' },
  headers: { 'x-version': { exact: 'v2' }, ':path': { prefix: '/' }, 'X-User': {} },
  withoutHeaders: { 'x-beta': { regex: '*' }, 'x-old': { prefix: 'a' } },
  queryParams: { page: { regex: '[0-9]+' } },
  port: 80,
  sourceLabels: { app: 'web', 'app.kubernetes.io/name': 'web' },
  sourceNamespace: 'apps',
  gateways: ['apps/edge'],
  ignoreUriCase: true,
  statPrefix: 'a',
};

const ROUTED = {
  name: 'routed',
  match: [MATCH, { headers: { '@request.auth.claims.group': { exact: 'a' } } }],
  route: [
    { destination: DESTINATION, weight: 90, headers: OPERATIONS },
    { destination: { host: 'api' }, weight: 10 },
  ],
  rewrite: { uri: '/', authority: 'b.example.com' },
  timeout: '5s',
  retries: {
    attempts: 3,
    perTryTimeout: '500ms',
    retryOn: '5xx,gateway-error,503',
    retryRemoteLocalities: true,
    backoff: '25ms',
  },
  fault: {
    abort: { httpStatus: 503, percentage: { value: 0.1 } },
    delay: { fixedDelay: '5s', percentage: { value: 50 } },
  },
  mirror: { host: 'api', port: { number: 80 } },
  mirrorPercentage: { value: 100 },
  corsPolicy: {
    allowOrigins: [{ exact: 'https://a.example.com' }, { regex: 'https://.*' }, { prefix: 'https://b' }],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['x-a', '*'],
    exposeHeaders: ['x-b'],
    maxAge: '600s',
    allowCredentials: true,
    unmatchedPreflights: 'FORWARD',
  },
  headers: OPERATIONS,
};

const AT_GATEWAY = { hosts: ['a.example.com', '*.example.org'], gateways: ['apps/edge', 'other/edge'] };
const LAYER_4 = { destinationSubnets: ['10.0.0.0/8', '10.1.2.3'], port: 443, sourceLabels: { app: 'web' } };

const SIMPLE = { mode: 'SIMPLE', serverCertificate: '/a.pem', privateKey: '/a.key' };

export const WHOLE_ROUTES: readonly WholeSpec[] = [
  { apiVersion: NETWORKING, kind: 'VirtualService', spec: { ...AT_GATEWAY, exportTo: ['.'], http: [ROUTED] } },
  {
    apiVersion: NETWORKING,
    kind: 'VirtualService',
    spec: {
      hosts: ['web', '10.0.0.1'],
      gateways: ['mesh', 'edge'],
      exportTo: ['.', 'shop'],
      http: [
        {
          match: [{ uri: { exact: '/a' } }],
          redirect: { uri: '/b', authority: 'b', scheme: 'https', redirectCode: 308 },
        },
        { match: [{ uri: { exact: '/b' } }], redirect: { port: 8443, redirectCode: 301 } },
        { match: [{ uri: { exact: '/b2' } }], redirect: { derivePort: 'FROM_REQUEST_PORT' } },
        { match: [{ uri: { exact: '/c' } }], directResponse: { status: 503, body: { string: 'later' } } },
        {
          match: [{ uri: { exact: '/d' } }],
          route: [{ destination: DESTINATION }],
          rewrite: { uriRegexRewrite: { match: '^/(.*)$', rewrite: '/x/\\1' } },
          fault: { abort: { grpcStatus: 'UNAVAILABLE' } },
          mirrors: [{ destination: { host: 'api' }, percentage: { value: 50 } }],
        },
        { match: [{ uri: { exact: '/e' } }], delegate: { name: 'part', namespace: 'apps' } },
        { route: [{ destination: { host: 'web' } }], retries: { attempts: 0 } },
      ],
    },
  },
  { apiVersion: NETWORKING, kind: 'VirtualService', spec: { exportTo: ['*'], http: [{ ...ROUTED, match: [] }] } },
  {
    apiVersion: NETWORKING,
    kind: 'VirtualService',
    spec: {
      ...AT_GATEWAY,
      tls: [
        {
          match: [{ ...LAYER_4, sniHosts: ['a.example.com', '*.b.example.org'], gateways: ['apps/edge'] }],
          route: [
            { destination: DESTINATION, weight: 1 },
            { destination: { host: 'api' }, weight: 0 },
          ],
        },
      ],
      tcp: [{ match: [{ ...LAYER_4, gateways: ['other/edge'] }], route: [{ destination: { host: 'api' } }] }],
    },
  },
  {
    apiVersion: NETWORKING,
    kind: 'Gateway',
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [
        {
          name: 'a',
          port: { number: 80, name: 'http', protocol: 'HTTP' },
          hosts: ['a.example.com', 'apps/*.example.org'],
        },
        {
          port: { number: 81, name: 'http2', protocol: 'HTTP2' },
          hosts: ['./a.example.com'],
          tls: { httpsRedirect: true },
        },
        {
          port: { number: 443, name: 'https', protocol: 'HTTPS' },
          bind: '10.0.0.1',
          hosts: ['*/a.example.com'],
          tls: {
            ...SIMPLE,
            cipherSuites: ['AES256-SHA', 'ECDHE-RSA-AES128-GCM-SHA256'],
            minProtocolVersion: 'TLSV1_0',
          },
        },
        { port: { number: 444, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] },
        { port: { number: 445, name: 'pass', protocol: 'TLS' }, hosts: ['*'], tls: { mode: 'PASSTHROUGH' } },
      ],
    },
  },
  {
    apiVersion: NETWORKING,
    kind: 'Gateway',
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [
        {
          port: { number: 443, name: 'a', protocol: 'HTTPS' },
          hosts: ['a.example.com'],
          tls: {
            mode: 'MUTUAL',
            serverCertificate: '/a.pem',
            privateKey: '/a.key',
            caCertificates: '/ca.pem',
            caCrl: '/crl',
          },
        },
        {
          port: { number: 444, name: 'b', protocol: 'HTTPS' },
          hosts: ['b.example.com'],
          tls: { mode: 'OPTIONAL_MUTUAL', credentialName: 'cert', subjectAltNames: ['a'] },
        },
        {
          port: { number: 445, name: 'c', protocol: 'TLS' },
          hosts: ['c.example.com'],
          tls: { mode: 'SIMPLE', tlsCertificates: [{ serverCertificate: '/a.pem', privateKey: '/a.key' }] },
        },
        {
          port: { number: 446, name: 'd', protocol: 'TLS' },
          hosts: ['d.example.com'],
          tls: { mode: 'ISTIO_MUTUAL' },
        },
        {
          port: { number: 447, name: 'e', protocol: 'HTTPS' },
          hosts: ['e.example.com'],
          tls: { mode: 'SIMPLE', credentialNames: ['a', 'b'] },
        },
        { port: { number: 0, name: 'f', protocol: 'HTTP' }, bind: 'unix:///a/b', hosts: ['f.example.com'] },
      ],
    },
  },
];
