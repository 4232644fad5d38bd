import { Chart, Testing } from 'cdk8s';
import { search } from './traffic-policy';

const chart = new Chart(Testing.app(), 'search', { namespace: 'shop' });
search(chart);
const { spec } = Testing.synth(chart).find(({ kind }) => kind === 'DestinationRule');
const [v1, v2] = spec.subsets;

test('half of the pods may be ejected at once, so that one of two is', () => {
  expect(spec.trafficPolicy.outlierDetection.maxEjectionPercent).toBe(50);
});

test('v1 has the limits of the service, v2 its own and the rest of the service', () => {
  expect(spec.trafficPolicy.connectionPool.http).toEqual({ http1MaxPendingRequests: 50, http2MaxRequests: 200 });
  expect(v1.trafficPolicy).toBeUndefined();
  expect(v2.trafficPolicy.connectionPool.http).toEqual({ http1MaxPendingRequests: 25, http2MaxRequests: 100 });
  expect(Object.keys(v2.trafficPolicy)).toEqual(['connectionPool']);
});
