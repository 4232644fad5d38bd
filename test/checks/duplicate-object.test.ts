import { Mesh } from 'cdk8s-versioned-mesh';
import { Severity } from '../../src/checks/finding';
import { duplicateObject } from '../../src/checks/validation/duplicate-object';
import { describeCheck } from './cases';
import {
  deployment,
  destinationRule,
  gateway,
  type Manifest,
  manifest,
  routeTo,
  server,
  service,
  virtualService,
} from './manifests';

describeCheck(duplicateObject, {
  silent: {
    'two names': [service('a'), service('b')],
    'two namespaces': [service('one/a'), service('two/a')],
    'two kinds': [service('a'), deployment('a')],
    'two groups': [manifest('example.com/v1', 'Gateway', 'a', {}), gateway('a', [])],
    'no name, which is said already': [
      { ...service('a'), metadata: {} },
      { ...service('a'), metadata: {} },
    ],
    'names that the cluster makes up': [
      { apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'job-' } },
      { apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'job-' } },
    ],
  },
  found: {
    'the same name again': [
      [service('a'), service('b'), service('a')],
      {
        severity: Severity.ERROR,
        path: 'metadata.name',
        name: 'a',
        words: ['Service shop/a', 'document 1', 'document 3', 'applied last'],
      },
    ],
    'in another version of the API': [
      [manifest('networking.istio.io/v1beta1', 'Gateway', 'a', {}), gateway('a', [])],
      { kind: 'Gateway' },
    ],
    'the namespace written and left out': [
      [service('default/a'), { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } }],
      { name: 'a' },
    ],
  },
});

test('names the files and lines', () => {
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n';
  const [finding] = Mesh.fromYaml(`${text}---\n${text}`, 'maps.yaml').check();
  expect(finding).toMatchObject({ check: 'duplicate-object', file: 'maps.yaml' });
  expect(finding.message).toMatch(/in maps\.yaml\S*1\b.* and in maps\.yaml\S*[56]\b/);
});

/** Of each kind that checks compare with its like, two versions that could be at odds. */
const PAIRS: { readonly [kind: string]: readonly [Manifest, Manifest] } = {
  Gateway: [gateway('edge', [server('TCP', 80)]), gateway('edge', [server('HTTP', 80)])],
  'Gateway with a certificate': [
    gateway('edge', [server('HTTPS', 443, { hosts: ['a.example.com'], tls: { mode: 'SIMPLE', credentialName: 'c' } })]),
    gateway('edge', [server('HTTPS', 443, { hosts: ['b.example.com'], tls: { mode: 'SIMPLE', credentialName: 'c' } })]),
  ],
  Service: [
    service('apis', { ports: [{ name: 'tcp-x', port: 80, targetPort: 8080 }] }),
    service('apis', { ports: [{ name: 'http', port: 81, targetPort: 8080 }] }),
  ],
  Deployment: [deployment('apis'), deployment('apis', { app: 'apis', version: 'v1' })],
  DestinationRule: [
    destinationRule('apis', 'apis', [], { subsets: [{ name: 'v1', labels: { version: 'v2' } }] }),
    destinationRule('apis', 'apis', ['v1']),
  ],
  'VirtualService on a gateway': [
    virtualService('apis', {
      hosts: ['*'],
      gateways: ['other/edge'],
      http: [routeTo('apis', { port: { number: 80 } })],
    }),
    virtualService('apis', { hosts: ['*'], gateways: ['other/edge'], http: [routeTo('apis')] }),
  ],
  'VirtualService in the mesh': [
    virtualService('apis', { hosts: ['apis'], http: [{ ...routeTo('apis'), timeout: '1s' }] }),
    virtualService('apis', { hosts: ['apis'], http: [routeTo('apis')] }),
  ],
};

test.each(Object.entries(PAIRS))('nobody else compares a copy with its like: %s', (_, [first, last]) => {
  const rest = [service('apis'), deployment('apis', { app: 'apis', version: 'v1' })].filter(
    ({ kind }) => kind !== last.kind,
  );
  const loud = (manifests: readonly unknown[]) =>
    Mesh.fromManifests([...manifests])
      .check()
      .filter(({ severity }) => severity !== Severity.INFO)
      .map(({ check: id }) => id);
  expect(loud([...rest, last])).toEqual([]);
  expect(loud([first, ...rest, last])).toEqual(['duplicate-object']);
});

test('requests go by the manifest that is applied last', () => {
  const to = (host: string) => virtualService('apis', { hosts: ['*'], gateways: ['edge'], http: [routeTo(host)] });
  const mesh = Mesh.fromManifests([
    gateway('edge', [server('HTTP', 80)]),
    to('old'),
    ...['old', 'new'].flatMap((name) => [service(name), deployment(name)]),
    to('new'),
  ]);
  const [destination] = mesh.route({ url: 'http://apis.example.com/' }).destinations;
  expect(destination.host).toBe('new.shop.svc.cluster.local');
});
