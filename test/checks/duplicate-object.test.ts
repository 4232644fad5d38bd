import { Mesh } from 'cdk8s-versioned-mesh';
import { duplicateObject } from '../../src/checks/duplicate-object';
import { Severity } from '../../src/checks/finding';
import { gatewayConflict } from '../../src/checks/gateway-conflict';
import { overlappingSelectors } from '../../src/checks/overlapping-selectors';
import { describeCheck } from './cases';
import { check, deployment, gateway, manifest, server, service } from './manifests';

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

test('no object is at odds with itself', () => {
  const edge = gateway('edge', [server('HTTP', 80)]);
  expect(check(overlappingSelectors, [deployment('a'), deployment('a')])).toEqual([]);
  expect(check(gatewayConflict, [edge, edge])).toEqual([]);
  expect(check(gatewayConflict, [gateway('edge', [server('HTTP', 80)]), gateway('edge', [server('TCP', 80)])])).toEqual(
    [],
  );
});
