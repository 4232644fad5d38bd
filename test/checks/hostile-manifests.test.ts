/*
 * What holds for all checks on references: they survive anything, and are in no hurry to complain.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_CHECKS } from '../../src/checks/all-checks';
import { Severity } from '../../src/checks/finding';
import { runChecks } from '../../src/checks/run-checks';
import { MeshModel } from '../../src/model/model';
import {
  deployment,
  destinationRule,
  fromYaml,
  gateway,
  manifest,
  namespace,
  routeTo,
  server,
  service,
  virtualService,
} from './manifests';

function findingsIn(manifests: readonly unknown[]) {
  const raw = manifests.map((manifest, document) => ({ raw: manifest, source: { document } }));
  return runChecks(new MeshModel(raw), ALL_CHECKS);
}

const KINDS = [
  ...['Gateway', 'VirtualService', 'DestinationRule', 'ServiceEntry'].map((kind) => ['networking.istio.io/v1', kind]),
  ...['Service', 'Pod', 'Namespace'].map((kind) => ['v1', kind]),
  ['apps/v1', 'Deployment'],
  ['security.istio.io/v1', 'RequestAuthentication'],
];

const SPEC_FIELDS = [
  'servers',
  'hosts',
  'gateways',
  'http',
  'tls',
  'tcp',
  'host',
  'subsets',
  'trafficPolicy',
  'exportTo',
  'ports',
  'selector',
  'template',
  'containers',
];

const SENSELESS: readonly unknown[] = [
  undefined,
  null,
  0,
  'text',
  true,
  [],
  {},
  [null],
  [[]],
  [{}],
  ['text'],
  { toString: 1 },
];

test.each(SENSELESS.map((value) => ({ value })))('survives %j in every place', (value) => {
  const spec = Object.fromEntries(SPEC_FIELDS.map((field) => [field, value]));
  const nested = {
    servers: [spec],
    http: [spec, { match: [spec], route: [{ destination: value }], redirect: value, fault: { abort: value } }],
    subsets: [spec],
    ports: [spec],
    template: { metadata: value, spec },
  };
  const objects = KINDS.flatMap(([apiVersion, kind]) =>
    [value, spec, nested].map((body, index) => ({
      apiVersion,
      kind,
      metadata: { name: `x${index}`, labels: value, annotations: value },
      spec: body,
    })),
  );
  expect(() => findingsIn(objects)).not.toThrow();
});

test('survives a manifest that contains itself', () => {
  const spec: { [key: string]: unknown } = { hosts: ['a'] };
  spec.http = [spec];
  spec.trafficPolicy = spec;
  spec.servers = [spec];
  expect(() =>
    findingsIn(KINDS.map(([apiVersion, kind]) => ({ apiVersion, kind, metadata: { name: 'x' }, spec }))),
  ).not.toThrow();
});

test('survives Lists in each other, deeper than calls can be', () => {
  let nested: unknown = service('apis', { ports: [{ port: '80' }] });
  for (let level = 0; level < 100_000; level++) {
    nested = { apiVersion: 'v1', kind: 'List', items: [nested] };
  }
  expect(findingsIn([nested]).map(({ check }) => check)).toEqual(['mistyped-field']);
});

test('the original apis system has one fault, and it is the protocol of its server', () => {
  const original = readFileSync(join(__dirname, 'fixtures/apis-original.yaml'), 'utf8');
  expect(findingsIn(fromYaml(original)).map(({ check, severity }) => [check, severity])).toEqual([
    ['http-routes-on-tcp-server', Severity.ERROR],
  ]);
});

test('finds nothing in a mesh of many services that is in order', () => {
  const services = Array.from({ length: 200 }, (_, index) => {
    const name = `s${index}`;
    const versions = ['v1', 'v2'];
    return [
      service(name),
      ...versions.map((version) => deployment(`${name}-${version}`, { app: name, version })),
      destinationRule(name, name, versions),
      virtualService(name, {
        hosts: [`${name}.example.com`],
        gateways: ['edge'],
        http: [
          { match: [{ headers: { 'x-version': { exact: 'v2' } } }], ...routeTo(name, { subset: 'v2' }) },
          routeTo(name, { subset: 'v1' }),
        ],
      }),
    ];
  });
  expect(
    findingsIn([
      namespace('shop', { 'istio-injection': 'enabled' }),
      gateway('edge', [server('HTTP', 80)]),
      ...services.flat(),
    ]),
  ).toEqual([]);
});

test.each(['toString', 'constructor', '__proto__'])('%s is no word of Istio’s', (word) => {
  const tls = { mode: word, insecureSkipVerify: true, credentialName: 'c' };
  const port = { number: 443, name: word, protocol: word };
  const findings = findingsIn([
    gateway('edge', [{ port, hosts: ['*'], tls }]),
    destinationRule('apis', 'apis', [word], { trafficPolicy: { tls, loadBalancer: { simple: word } } }),
    manifest('networking.istio.io/v1', 'ServiceEntry', 'e', {
      hosts: [word],
      ports: [port],
      resolution: word,
      location: word,
    }),
    service('apis', { type: word, ports: [{ port: 80, name: word, protocol: word, appProtocol: word }] }),
  ]);
  expect(findings.map(({ check }) => check)).toContain('mistyped-field');
});
