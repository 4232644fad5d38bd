import { Testing } from 'cdk8s';
import { route } from 'cdk8s-versioned-mesh/jest';
import { ShopChart } from './chart';

const chart = new ShopChart(Testing.app(), 'shop');
const url = 'http://shop.example.com/';

test('the chart', () => {
  expect(Testing.synth(chart)).toMatchSnapshot();
});

test('its routes', () => {
  expect(route(chart, { url, headers: { 'x-version': 'v2' } })).toReachVersion('v2');
  expect(route(chart, { url })).toReachVersion('v1');
  expect(chart).toHaveNoMeshFindings();
});
