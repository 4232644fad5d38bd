import { Testing } from 'cdk8s';
import { route } from 'cdk8s-versioned-mesh/jest';
import { AdoptingChart } from './adopt';
import { HelmByServiceChart } from './helm-by-service';
import { HelmBySubsetChart } from './helm-by-subset';

const url = 'http://apis.example.com/';
const headers = { 'x-version': 'v2' };

test.each([HelmByServiceChart, HelmBySubsetChart])('Helm has v1, and v2 is made beside it', (HelmChart) => {
  const chart = new HelmChart(Testing.app(), 'apis');
  expect(route(chart, { url })).toReachWorkload('apis');
  expect(route(chart, { url, headers })).toReachWorkload('apis-v2');
});

test('every name of what runs already stays as it is', () => {
  const manifests = Testing.synth(new AdoptingChart(Testing.app(), 'apis'));
  const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  expect(names).toEqual([
    'Service apis',
    'DestinationRule apis',
    'Deployment apis',
    'PodDisruptionBudget apis-pdb',
    'HorizontalPodAutoscaler apis-hpa',
  ]);
  const { spec } = manifests[names.indexOf('Deployment apis')];
  expect(spec.selector.matchLabels).toEqual({ app: 'apis' });
  expect(spec.template.spec.serviceAccountName).toBe('apis-runner');
});
