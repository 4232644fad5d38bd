import { Chart, Testing } from 'cdk8s';
import { route } from 'cdk8s-versioned-mesh/jest';
import { shadow } from './mirror';
import { versioned } from './versioned';

const chart = new Chart(Testing.app(), 'apis', { namespace: 'apis' });
shadow(chart, versioned(chart, 'apis'));
const url = 'http://apis.example.com/';

test('v1 answers, and v2 gets copies of what only reads', () => {
  expect(route(chart, { url })).toReachVersion('v1');
  expect(route(chart, { url }).mirrors).toMatchObject([{ subset: 'v2', percentage: 5 }]);
  expect(route(chart, { url, method: 'POST' }).mirrors).toEqual([]);
});
