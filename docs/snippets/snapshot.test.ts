import { Testing } from 'cdk8s';
import { ApisChart } from './two-versions';

test('the apis chart', () => {
  expect(Testing.synth(new ApisChart(Testing.app(), 'apis'))).toMatchSnapshot();
});
