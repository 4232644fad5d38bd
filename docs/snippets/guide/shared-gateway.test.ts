import { Testing } from 'cdk8s';
import { route } from 'cdk8s-versioned-mesh/jest';
import { EdgeChart } from './shared-gateway';

const chart = new EdgeChart(Testing.app(), 'edge');
const ask = (url: string, headers: Record<string, string> = {}) => route(chart, { url, headers });

test('each host has its services', () => {
  expect(ask('https://shop.example.com/')).toReachWorkload('web-v1');
  expect(ask('https://partners.example.com/')).toReachWorkload('partners-v1');
  expect(ask('http://shop.example.com/')).toRedirectTo('https://shop.example.com/', 301);
});

test('paths lead to services, by whole segments', () => {
  expect(ask('https://shop.example.com/cart/items')).toReachWorkload('cart-v1');
  expect(ask('https://shop.example.com/carts')).toReachWorkload('web-v1');
});

test('the reviews see their own paths, and a rule of theirs acts there', () => {
  const decision = ask('https://shop.example.com/api/reviews/42', { 'x-version': 'beta' });
  expect(decision).toReachWorkload('reviews-v2');
  expect(decision.destinations[0].request.path).toBe('/42');
  expect(ask('https://shop.example.com/', { 'x-version': 'beta' })).toReachWorkload('web-v1');
});
