/*
 * One mistake makes one finding: whatever only follows from a value that could not be read is not told as well.
 */
import { Mesh, Severity } from 'cdk8s-versioned-mesh';
import {
  deployment,
  destinationRule,
  gateway,
  type Manifest,
  routeTo,
  server,
  service,
  virtualService,
} from './manifests';

const EDGE = gateway('edge', [server('HTTP', 80)]);
const PODS = deployment('apis', { app: 'apis', version: 'v1' });
const RULE = destinationRule('apis', 'apis', ['v1']);
const TO_V1 = routeTo('apis', { subset: 'v1', port: { number: 80 } });
const routes = (spec: object = {}) =>
  virtualService('apis', { hosts: ['apis.example.com'], gateways: ['edge'], http: [TO_V1], ...spec });
const ALL: readonly Manifest[] = [EDGE, service('apis'), PODS, RULE, routes()];

/** What is found where one object takes the place of its like. */
function findings(object: Manifest): readonly string[] {
  return Mesh.fromManifests([...ALL.filter(({ kind }) => kind !== object.kind), object])
    .check()
    .filter(({ severity }) => severity !== Severity.INFO)
    .map(({ check, path }) => `${check} ${path}`);
}

test('nothing is wrong with the whole', () => {
  expect(findings(routes())).toEqual([]);
});

test.each<[string, Manifest, string]>([
  ['a string for the hosts', routes({ hosts: '[*]' }), 'mistyped-field spec.hosts'],
  ['a string for the gateways', routes({ hosts: ['*'], gateways: 'edge' }), 'mistyped-field spec.gateways'],
  ['a map for the rules', routes({ http: TO_V1 }), 'mistyped-field spec.http'],
  [
    'a map for the matches',
    routes({ http: [{ match: { uri: { prefix: '/a' } }, ...TO_V1 }, TO_V1] }),
    'mistyped-field spec.http[0].match',
  ],
  [
    'a string for what is compared',
    routes({ http: [{ match: [{ uri: '/a' }], ...TO_V1 }, TO_V1] }),
    'mistyped-field spec.http[0].match[0].uri',
  ],
  [
    'a number in the last match, which may take everything or nothing',
    routes({ http: [{ match: [{ headers: { 'x-v': { exact: 'a' } } }, { uri: { prefix: 5 } }], ...TO_V1 }] }),
    'mistyped-field spec.http[0].match[1].uri.prefix',
  ],
  [
    'a misspelt word in a match',
    routes({ http: [{ match: [{ uri: { prefx: '/a' } }], ...TO_V1 }, TO_V1] }),
    'unknown-field spec.http[0].match[0].uri.prefx',
  ],
  [
    'a misspelt field that is required',
    routes({ http: [{ route: [{ destination: { hots: 'apis' } }] }] }),
    'unknown-field spec.http[0].route[0].destination.hots',
  ],
  [
    'a number for a subset',
    routes({ http: [routeTo('apis', { subset: 1 })] }),
    'mistyped-field spec.http[0].route[0].destination.subset',
  ],
  [
    'a string for the number of a gateway’s port',
    gateway('edge', [{ ...server('HTTP', 80), port: { number: '80', name: 'http', protocol: 'HTTP' } }]),
    'mistyped-field spec.servers[0].port.number',
  ],
  ['a string for a gateway’s servers', gateway('edge', [], { servers: 'http' }), 'mistyped-field spec.servers'],
  ['a map for subsets', destinationRule('apis', 'apis', [], { subsets: { v1: {} } }), 'mistyped-field spec.subsets'],
  ['a list for a Service’s selector', service('apis', { selector: ['apis'] }), 'mistyped-field spec.selector'],
  [
    'a list for the labels of pods',
    {
      ...PODS,
      spec: { selector: { matchLabels: { app: 'apis' } }, template: { metadata: { labels: ['apis'] }, spec: {} } },
    },
    'mistyped-field spec.template.metadata.labels',
  ],
])('%s', (_, object, finding) => {
  expect(findings(object)).toEqual([finding]);
});

test('a rule is not called dead for its dead match, where another match cannot be read', () => {
  const first = { match: [{ uri: { prefix: '/a' } }], ...routeTo('apis', { port: { number: 80 } }) };
  const second = { match: [{ uri: { prefix: '/a/b' } }, 'x'], ...TO_V1 };
  expect(findings(routes({ http: [first, second, TO_V1] }))).toEqual([
    'mistyped-field spec.http[1].match[1]',
    'unreachable-rule spec.http[1].match[0]',
  ]);
});

test('of an API version that is gone, nothing else is said of the object', () => {
  const old = {
    ...PODS,
    apiVersion: 'extensions/v1beta1',
    spec: { template: { metadata: {}, spec: {} }, replicas: 'two' },
  };
  expect(findings(old)).toEqual(['removed-api-version apiVersion']);
});

test('a rule behind a null that was a condition is not called dead as well', () => {
  const http = [{ match: [{ headers: { 'x-beta': null } }], ...TO_V1 }, TO_V1];
  expect(findings(routes({ http }))).toEqual(['null-value spec.http[0].match[0].headers.x-beta']);
});

test('two mistakes in two places are two findings', () => {
  expect(findings(routes({ http: [{ ...TO_V1, timeout: 5 }, { ...routeTo('apis', { subset: 'v9' }) }] }))).toEqual([
    'subset-not-found spec.http[1].route[0].destination.subset',
    'unreachable-rule spec.http[1]',
    'mistyped-field spec.http[0].timeout',
  ]);
});
