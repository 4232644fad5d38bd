/*
 * argo-rollouts: that Argo Rollouts finds what it changes. What it asks of a VirtualService is in its package
 * rollout/trafficrouting/istio (ValidateHTTPRoutes).
 */
import { App, Testing } from 'cdk8s';
import { Mesh } from 'cdk8s-versioned-mesh';
import { route } from 'cdk8s-versioned-mesh/jest';
import { ArgoRolloutsChart } from '../../examples/argo-rollouts/chart';
import { type Manifest, only } from '../support/synth';
import { complaintsAbout, expectValid } from '../support/valid';

const chart = new ArgoRolloutsChart(new App(), 'argo-rollouts');
const manifests: Manifest[] = Testing.synth(chart);
const rollout = only(manifests, 'Rollout');
const { canary } = rollout.spec.strategy as {
  canary: {
    stableService: string;
    canaryService: string;
    trafficRouting: { istio: { virtualService: { name: string; routes: string[] } } };
  };
};

test('is this', () => {
  expect(manifests).toMatchSnapshot();
});

test('would be accepted by a cluster, the Rollout by the schema of its CRD', () => {
  expectValid(manifests);
});

test('that schema knows fields and their types', () => {
  const changed = (strategy: object) => complaintsAbout({ ...rollout, spec: { ...rollout.spec, strategy } });
  expect(changed({ canary: { ...canary, canaryServices: 'apis-canary' } })).toEqual([
    expect.stringContaining('canaryServices'),
  ]);
  expect(changed({ canary: { ...canary, steps: [{ setWeight: '5' }] } })).toEqual([
    expect.stringContaining('spec.strategy.canary.steps[0].setWeight'),
  ]);
});

test('the Rollout finds the route by its name, with both destinations by the names of their Services', () => {
  const { name, routes } = canary.trafficRouting.istio.virtualService;
  const { http } = only(manifests, 'VirtualService', name).spec as { http: { name?: string }[] };
  expect(http.filter((each) => routes.includes(each.name ?? ''))).toEqual([
    {
      name: 'primary',
      route: [
        { destination: { host: canary.stableService, port: { number: 80 } }, weight: 100 },
        { destination: { host: canary.canaryService, port: { number: 80 } }, weight: 0 },
      ],
    },
  ]);
});

test.each([canary.stableService, canary.canaryService])('Service %s selects the pods of the Rollout', (name) => {
  const { selector } = only(manifests, 'Service', name).spec;
  const { template } = rollout.spec as unknown as { template: { metadata: { labels: object } } };
  expect(template.metadata.labels).toMatchObject(selector as object);
});

test('all requests go to the stable Service before a rollout', () => {
  expect(route(chart, { url: 'http://apis.example.com/' })).toReachService(`${canary.stableService}.argo-apis`);
});

test('has nothing wrong', () => {
  expect(Mesh.fromChart(chart).check()).toEqual([]);
});
