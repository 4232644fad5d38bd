import { Testing } from 'cdk8s';
import { route } from 'cdk8s-versioned-mesh/jest';
import { LaneChart } from './lane';

const chart = new LaneChart(Testing.app(), 'shop');
const baggage = 'lane=beta';

test('a cookie puts a request on the lane, and the gateway adds the key', () => {
  const decision = route(chart, { url: 'http://shop.example.com/', headers: { cookie: 'lane=beta' } });
  expect(decision).toReachWorkload('shop-beta');
  expect(decision.destinations[0].request.headers.baggage).toBe(baggage);
});

test('the key leads on, by the default where a service has no version of the lane', () => {
  const from = (caller: string) => ({ from: `mesh:shop/${caller}`, headers: { baggage } });
  expect(route(chart, { url: 'http://reviews/', ...from('shop-beta') })).toReachWorkload('reviews-v1');
  expect(route(chart, { url: 'http://ratings/', ...from('reviews-v1') })).toReachWorkload('ratings-beta');
});

test('an app that does not pass the key on ends the lane', () => {
  expect(route(chart, { url: 'http://ratings/', from: 'mesh:shop/reviews-v1' })).toReachWorkload('ratings-v1');
});
