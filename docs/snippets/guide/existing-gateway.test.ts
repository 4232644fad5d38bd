import { Testing } from 'cdk8s';
import { TenantChart } from './existing-gateway';

test('the routes are bound to the Gateway of the platform team, and none is made', () => {
  const manifests = Testing.synth(new TenantChart(Testing.app(), 'apis'));
  expect(manifests.map(({ kind }) => kind)).not.toContain('Gateway');
  expect(manifests.find(({ kind }) => kind === 'VirtualService').spec.gateways).toEqual(['istio-ingress/public']);
});
