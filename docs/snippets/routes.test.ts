import { Testing } from 'cdk8s';
import { route } from 'cdk8s-versioned-mesh/jest';
import { ApisChart } from './two-versions';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

const chart = new ApisChart(Testing.app(), 'apis');
const url = 'http://apis.example.com/';

test('Chrome gets v2, everyone else v1', () => {
  expect(route(chart, { url, headers: { 'user-agent': CHROME } })).toReachVersion('v2');
  expect(route(chart, { url })).toReachVersion('v1');
});

test('nothing but this host is served, and nothing but port 80', () => {
  expect(route(chart, { url: 'http://other.example.com/' })).toRespondWith(404);
  expect(route(chart, { url: 'http://apis.example.com:8080/' })).toHaveOutcome('NO_LISTENER');
});

test('no rule is dead and no name is wrong', () => {
  expect(chart).toHaveNoMeshFindings();
});
