import { Testing } from 'cdk8s';
import { ShopChart } from './chart';

test('the chart', () => {
  expect(Testing.synth(new ShopChart(Testing.app(), 'shop'))).toMatchSnapshot();
});
