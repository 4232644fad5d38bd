/*
 * Policies, telemetry and extensions in order, with nearly every field that they have.
 */
import type { WholeSpec } from './whole-objects';

const SECURITY = 'security.istio.io/v1';
const EXTENSIONS = 'extensions.istio.io/v1alpha1';
const SELECTOR = { matchLabels: { app: 'web' } };
const TARGETS = [
  { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'edge' },
  { kind: 'Service', name: 'web', group: '' },
];
const PORTS = [{ mode: 'CLIENT', ports: [{ number: 80 }, { number: 443 }] }];

const SOURCE = {
  principals: ['cluster.local/ns/apps/sa/web', '*'],
  notPrincipals: ['a'],
  requestPrincipals: ['a/b'],
  notRequestPrincipals: ['a'],
  namespaces: ['apps'],
  notNamespaces: ['shop'],
  ipBlocks: ['10.0.0.0/8', '10.1.2.3'],
  notIpBlocks: ['10.1.0.0/16'],
  remoteIpBlocks: ['2001:db8::/32'],
  notRemoteIpBlocks: ['10.2.0.0/16'],
};

const OPERATION = {
  hosts: ['a.example.com'],
  notHosts: ['b'],
  ports: ['80', '443'],
  notPorts: ['81'],
  methods: ['GET'],
  notMethods: ['PUT'],
  paths: ['/api/{*}/b/{**}', '/a*'],
  notPaths: ['/b'],
};

const WHEN = [
  { key: 'request.headers[x-a]', values: ['a'] },
  { key: 'source.ip', values: ['10.0.0.0/8'], notValues: ['10.1.2.3'] },
  { key: 'destination.port', values: ['80'] },
  { key: 'request.auth.claims[iss]', notValues: ['a'] },
  { key: 'connection.sni', values: ['a.example.com'] },
];

const JWT = {
  issuer: 'a',
  audiences: ['b'],
  jwksUri: 'https://a.example.com/keys',
  fromHeaders: [{ name: 'x-a', prefix: 'Bearer ' }],
  fromParams: ['token'],
  fromCookies: ['token'],
  outputPayloadToHeader: 'x-b',
  outputClaimToHeaders: [{ header: 'x-c', claim: 'sub' }],
  forwardOriginalToken: true,
  timeout: '5s',
};

const WASM = {
  url: 'oci://a.example.com/b:1',
  sha256: 'a'.repeat(64),
  imagePullPolicy: 'Always',
  imagePullSecret: 'a',
  pluginName: 'a',
  pluginConfig: { a: 1 },
  type: 'HTTP',
  failStrategy: 'FAIL_OPEN',
  vmConfig: {
    env: [
      { name: 'A', value: 'a' },
      { name: 'B', valueFrom: 'HOST' },
    ],
  },
};

export const WHOLE_POLICIES: readonly WholeSpec[] = [
  {
    apiVersion: SECURITY,
    kind: 'PeerAuthentication',
    spec: { selector: SELECTOR, mtls: { mode: 'STRICT' }, portLevelMtls: { '80': { mode: 'DISABLE' } } },
  },
  { apiVersion: SECURITY, kind: 'PeerAuthentication', spec: { mtls: { mode: 'PERMISSIVE' } } },
  {
    apiVersion: SECURITY,
    kind: 'AuthorizationPolicy',
    spec: {
      selector: SELECTOR,
      action: 'DENY',
      rules: [
        { from: [{ source: SOURCE }], to: [{ operation: OPERATION }], when: WHEN },
        {
          from: [{ source: { serviceAccounts: ['apps/web', 'web'], notServiceAccounts: ['a'], trustDomains: ['a*'] } }],
        },
      ],
    },
    annotations: { 'istio.io/dry-run': 'true' },
  },
  {
    apiVersion: SECURITY,
    kind: 'AuthorizationPolicy',
    spec: {
      targetRefs: TARGETS,
      action: 'CUSTOM',
      provider: { name: 'a' },
      rules: [
        { from: [{ source: { ipBlocks: ['10.0.0.0/8'] } }], to: [{ operation: OPERATION }], when: [WHEN[0], WHEN[1]] },
        {},
      ],
    },
  },
  { apiVersion: SECURITY, kind: 'AuthorizationPolicy', spec: {} },
  {
    apiVersion: SECURITY,
    kind: 'AuthorizationPolicy',
    spec: { targetRef: TARGETS[0], action: 'ALLOW', rules: [{ to: [{ operation: { methods: ['GET'] } }] }] },
  },
  { apiVersion: SECURITY, kind: 'RequestAuthentication', spec: { selector: SELECTOR, jwtRules: [JWT] } },
  {
    apiVersion: SECURITY,
    kind: 'RequestAuthentication',
    spec: { targetRefs: TARGETS, jwtRules: [{ issuer: 'a', jwks: '{"keys":[{"kty":"oct","k":"AAAA"}]}' }] },
  },
  {
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    spec: {
      selector: SELECTOR,
      tracing: [
        {
          match: { mode: 'CLIENT' },
          providers: [{ name: 'a' }],
          randomSamplingPercentage: 50,
          customTags: {
            a: { literal: { value: 'b' } },
            c: { header: { name: 'x-a', defaultValue: 'd' } },
            e: { environment: { name: 'E' } },
          },
        },
      ],
      metrics: [
        {
          providers: [{ name: 'a' }],
          reportingInterval: '5s',
          overrides: [
            {
              match: { metric: 'REQUEST_COUNT', mode: 'SERVER' },
              tagOverrides: { a: { operation: 'REMOVE' }, b: { value: '"c"' } },
            },
            { match: { customMetric: 'a' }, disabled: true },
          ],
        },
      ],
      accessLogging: [{ providers: [{ name: 'a' }], filter: { expression: 'response.code >= 400' }, disabled: false }],
    },
  },
  { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry', spec: { targetRefs: TARGETS } },
  {
    apiVersion: 'networking.istio.io/v1beta1',
    kind: 'ProxyConfig',
    spec: { selector: SELECTOR, concurrency: 2, environmentVariables: { A: 'b' }, image: { imageType: 'debug' } },
  },
  {
    apiVersion: EXTENSIONS,
    kind: 'WasmPlugin',
    spec: { ...WASM, selector: SELECTOR, phase: 'AUTHN', priority: 1, match: PORTS },
  },
  { apiVersion: EXTENSIONS, kind: 'WasmPlugin', spec: { url: 'a.example.com/b', targetRefs: TARGETS } },
  {
    apiVersion: EXTENSIONS,
    kind: 'TrafficExtension',
    spec: { wasm: WASM, selector: SELECTOR, phase: 'STATS', priority: 1, match: PORTS },
  },
  { apiVersion: EXTENSIONS, kind: 'TrafficExtension', spec: { lua: { inlineCode: 'a' }, targetRefs: TARGETS } },
];
