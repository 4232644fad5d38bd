import { Testing } from 'cdk8s';
import { route } from 'cdk8s-versioned-mesh/jest';
import { ArgoRolloutChart } from './argo-rollout';

test('the route that the Rollout writes weights into has its name, and the stable version gets all', () => {
  const chart = new ArgoRolloutChart(Testing.app(), 'apis');
  const decision = route(chart, { url: 'http://apis.example.com/' });
  expect(decision).toReachService('apis-stable');
  expect(decision.ruleName).toBe('primary');
});
