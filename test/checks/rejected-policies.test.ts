/*
 * rejected-by-istio and questioned-by-istio: policies, telemetry and extensions.
 */
import { questionedByIstio } from '../../src/checks/validation/questioned-by-istio';
import { rejectedByIstio } from '../../src/checks/validation/rejected-by-istio';
import { describeCheck } from './cases';
import { manifest } from './manifests';
import { errors } from './refused';

const authorization = (spec: object, metadata: object = {}) =>
  manifest('security.istio.io/v1', 'AuthorizationPolicy', 'x', { ...spec }, { ...metadata });
const ruled = (rule: object, rest: object = {}) => authorization({ rules: [rule], ...rest });
const sourced = (source: object) => ruled({ from: [{ source }] });
const operated = (operation: object) => ruled({ to: [{ operation }] });
const when = (condition: object) => ruled({ when: [condition] });
const custom = (rule: object) => ruled(rule, { action: 'CUSTOM', provider: { name: 'a' } });
const peers = (spec: object) => manifest('security.istio.io/v1', 'PeerAuthentication', 'x', { ...spec });
const tokens = (jwtRule: object) =>
  manifest('security.istio.io/v1', 'RequestAuthentication', 'x', { jwtRules: [{ issuer: 'a', ...jwtRule }] });
const telemetry = (spec: object) => manifest('telemetry.istio.io/v1', 'Telemetry', 'x', { ...spec });
const overridden = (tagOverrides: object) => telemetry({ metrics: [{ overrides: [{ tagOverrides }] }] });
const wasm = (spec: object) => manifest('extensions.istio.io/v1alpha1', 'WasmPlugin', 'x', { url: 'a', ...spec });
const extension = (spec: object) => manifest('extensions.istio.io/v1alpha1', 'TrafficExtension', 'x', { ...spec });
const RSA = { kty: 'RSA', n: 'A-_Q', e: 'AQAB', alg: 'RS256' };
const keys = (...list: unknown[]) => tokens({ jwks: JSON.stringify({ keys: list }) });
const JWKS = 'spec.jwtRules[0].jwks';
const PODS = { matchLabels: { app: 'a' } };
const GATEWAY = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'a' };
const RULE = 'spec.rules[0]';

describeCheck(rejectedByIstio, {
  silent: {
    'policies in order': [
      authorization({}),
      sourced({ ipBlocks: ['10.0.0.0/8', '::1'], principals: ['*'] }),
      sourced({ serviceAccounts: ['a', 'shop/a'], trustDomains: ['*a', 'a*', '*'] }),
      operated({ paths: ['/a/{*}/b/{**}', '/a b', '*'], ports: ['0', '080'] }),
      when({ key: 'request.headers[x-a]', values: ['a'] }),
      when({ key: 'source.ip', notValues: ['10.0.0.1'] }),
      custom({ from: [{ source: { ipBlocks: ['10.0.0.1'] } }] }),
      authorization({ targetRefs: [GATEWAY, { kind: 'Service', name: 'a' }] }),
      authorization({}, { annotations: { 'istio.io/dry-run': 'T' } }),
    ],
    'authentication in order': [
      peers({ selector: PODS, portLevelMtls: { '80': { mode: 'DISABLE' } } }),
      tokens({ jwksUri: 'https://a.example.com:443/keys', timeout: '5s' }),
      tokens({ jwksUri: 'https://user@a.example.com/' }),
      ...[{ keys: [] }, { keys: [RSA, { kty: 'EC', crv: 'P-256', x: 'AQ', y: 'AQ==' }] }, RSA].map((set) =>
        tokens({ jwks: JSON.stringify(set) }),
      ),
      tokens({ jwks: '{"keys": []} and more' }),
    ],
    'telemetry and extensions in order': [
      overridden({ a: { value: 'b' }, c: { operation: 'REMOVE' } }),
      ...['oci://a/b', 'a/b:1', 'HTTPS://a', '/a', '//a', 'oci://a/b#c'].map((url) => wasm({ url })),
      wasm({ vmConfig: { env: [{ name: 'A', valueFrom: 'HOST' }] } }),
      extension({ lua: { inlineCode: 'a' } }),
    ],
  },
  found: errors({
    'pods and names': [authorization({ selector: PODS, targetRefs: [GATEWAY] }), 'spec', 'selector and targetRefs'],
    'a wildcard in a selector': [
      telemetry({ selector: { matchLabels: { app: 'a*' } } }),
      'spec.selector.matchLabels.app',
      'wildcards',
    ],
    'a target of another kind': [wasm({ targetRef: { kind: 'Gateway', name: 'a' } }), 'spec.targetRef', 'core'],
    'a target of another namespace': [
      authorization({ targetRefs: [{ ...GATEWAY, namespace: 'b' }] }),
      'spec.targetRefs[0].namespace',
    ],
    'a denial of nothing': [authorization({ action: 'DENY' }), 'spec', 'rules: [{}]'],
    'a decision of nobody': [ruled({}, { action: 'CUSTOM' }), 'spec', 'provider'],
    'a provider that is not asked': [authorization({ provider: { name: 'a' } }), 'spec.provider', 'ALLOW'],
    'an identity that is not looked at': [
      custom({ from: [{ source: { principals: ['a'] } }] }),
      `${RULE}.from[0].source.principals`,
      'CUSTOM',
    ],
    'a condition that is not looked at': [
      custom({ when: [{ key: 'request.auth.claims[a]', values: ['a'] }] }),
      `${RULE}.when[0].key`,
      'CUSTOM',
    ],
    'an empty source': [sourced({}), `${RULE}.from[0]`, 'namespaces'],
    'an empty operation': [operated({}), `${RULE}.to[0]`, 'methods'],
    'an empty value': [operated({ methods: [''] }), `${RULE}.to[0].operation.methods[0]`, 'is empty'],
    'accounts and namespaces': [
      sourced({ serviceAccounts: ['a'], namespaces: ['b'] }),
      `${RULE}.from[0].source`,
      'serviceAccounts',
    ],
    'an account with a wildcard': [
      sourced({ notServiceAccounts: ['a*'] }),
      `${RULE}.from[0].source.notServiceAccounts[0]`,
    ],
    'a trust domain with a slash': [sourced({ trustDomains: ['a/b'] }), `${RULE}.from[0].source.trustDomains[0]`],
    'an address that is none': [sourced({ ipBlocks: ['10.0.0.0/33'] }), `${RULE}.from[0].source.ipBlocks[0]`],
    'a port that is none': [operated({ ports: ['80-90'] }), `${RULE}.to[0].operation.ports[0]`],
    'a path with a brace': [operated({ paths: ['/a{*}'] }), `${RULE}.to[0].operation.paths[0]`, 'brace'],
    'a path behind its end': [operated({ notPaths: ['/{**}/{*}'] }), `${RULE}.to[0].operation.notPaths[0]`, 'last'],
    'a part that no path has': [operated({ paths: ['/{*}/a b'] }), `${RULE}.to[0].operation.paths[0]`],
    'a condition without values': [when({ key: 'source.ip' }), `${RULE}.when[0]`, 'notValues'],
    'a condition about nothing': [when({ key: 'nothing', values: ['a'] }), `${RULE}.when[0].key`, "'nothing'"],
    'a header without name': [when({ key: 'request.headers[]', values: ['a'] }), `${RULE}.when[0].key`],
    'a value of another form': [when({ key: 'destination.port', values: ['a'] }), `${RULE}.when[0].values[0]`],
    'a dry run that is neither yes nor no': [
      authorization({}, { annotations: { 'istio.io/dry-run': 'yes' } }),
      'metadata.annotations["istio.io/dry-run"]',
      "'yes'",
    ],
    'a dry run of what others decide': [
      authorization(
        { action: 'CUSTOM', provider: { name: 'a' }, rules: [{}] },
        { annotations: { 'istio.io/dry-run': 'true' } },
      ),
      'metadata.annotations["istio.io/dry-run"]',
      'CUSTOM',
    ],
    'modes for ports of all pods': [peers({ portLevelMtls: { '80': {} } }), 'spec.portLevelMtls', 'matchLabels'],
    'a mode for no port': [peers({ selector: PODS, portLevelMtls: { '0': {} } }), 'spec.portLevelMtls["0"]'],
    'tokens of nobody': [tokens({ issuer: undefined }), 'spec.jwtRules[0]', 'issuer'],
    'keys by another scheme': [tokens({ jwksUri: 'ftp://a' }), 'spec.jwtRules[0].jwksUri', 'https'],
    'keys at no host': [tokens({ jwksUri: 'https://a b/' }), 'spec.jwtRules[0].jwksUri'],
    'keys at no port': [tokens({ jwksUri: `https://a:${'9'.repeat(20)}/` }), 'spec.jwtRules[0].jwksUri'],
    'keys at a path with half an escape': [tokens({ jwksUri: 'https://a/%zz' }), 'spec.jwtRules[0].jwksUri'],
    'keys that are no JSON': [tokens({ jwks: 'a' }), JWKS, 'JSON'],
    'keys that are a list': [tokens({ jwks: '[]' }), JWKS, 'set of keys'],
    'keys of which none is a list': [tokens({ jwks: '{"keys": {}}' }), JWKS, 'set of keys'],
    'a key of no type': [keys({ n: 'AQ' }), JWKS, 'key 0', 'kty', 'RSA, EC, OKP'],
    'a key that is no map': [keys(RSA, 1), JWKS, 'key 1', 'kty'],
    'half a key': [keys({ kty: 'RSA', n: 'AQ' }), JWKS, "has no 'e'"],
    'a key that is not base64': [keys({ ...RSA, n: '!' }), JWKS, "'n'", 'base64'],
    'a sole key of no type': [tokens({ jwks: '{}' }), JWKS, 'kty'],
    'a tag without value': [overridden({ a: {} }), 'spec.metrics[0].overrides[0].tagOverrides.a', 'needs its value'],
    'a value for what is removed': [
      overridden({ a: { operation: 'REMOVE', value: 'b' } }),
      'spec.metrics[0].overrides[0].tagOverrides.a',
    ],
    'a tag without name': [
      telemetry({ tracing: [{ customTags: { '': { literal: { value: 'a' } } } }] }),
      'spec.tracing[0].customTags[""]',
    ],
    'a module by another scheme': [wasm({ url: 'ftp://a' }), 'spec.url', "'ftp'"],
    'a module at no host': [wasm({ url: 'a b' }), 'spec.url', 'not a URL'],
    'a variable from two places': [
      wasm({ vmConfig: { env: [{ name: 'A', value: 'a', valueFrom: 'HOST' }] } }),
      'spec.vmConfig.env[0]',
    ],
    'an extension by nothing': [extension({}), 'spec', 'wasm or lua'],
  }),
});

describeCheck(questionedByIstio, {
  silent: {
    'a denial that says which ports': [
      ruled({ to: [{ operation: { methods: ['GET'], ports: ['80'] } }] }, { action: 'DENY' }),
      ruled({ from: [{ source: { namespaces: ['a'] } }] }, { action: 'DENY' }),
    ],
    'a patch of Envoy, which no check judges': [
      manifest('networking.istio.io/v1alpha3', 'EnvoyFilter', 'x', { workloadSelector: {} }),
    ],
  },
  found: {
    'a denial that TCP cannot pass': [
      [ruled({ to: [{ operation: { methods: ['GET'] } }] }, { action: 'DENY' })],
      { path: RULE, words: ['TCP', 'ports'] },
    ],
    'a denial by tokens alone': [
      [ruled({ from: [{ source: { requestPrincipals: ['a'] } }] }, { action: 'DENY' })],
      { path: RULE },
    ],
    'a selector of all pods': [
      [
        peers({ selector: {} }),
        manifest('networking.istio.io/v1beta1', 'ProxyConfig', 'x', { selector: { matchLabels: {} } }),
      ],
      { path: 'spec.selector' },
      { path: 'spec.selector' },
    ],
    'a private key': [
      [tokens({ jwks: '{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}]}' })],
      { path: 'spec.jwtRules[0].jwks', words: ['private'] },
    ],
    'several tracings': [[telemetry({ tracing: [{}, {}] })], { path: 'spec.tracing' }],
    'several tracers': [
      [telemetry({ tracing: [{ providers: [{ name: 'a' }, { name: 'b' }] }] })],
      { path: 'spec.tracing[0].providers' },
    ],
  },
});
