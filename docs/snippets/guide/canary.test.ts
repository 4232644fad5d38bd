import { Testing } from 'cdk8s';
import { route } from 'cdk8s-versioned-mesh/jest';
import { CanaryChart } from './canary';

const url = 'http://apis.example.com/';
const visitor = (percent: number, headers: Record<string, string> = {}) =>
  route(new CanaryChart(Testing.app(), 'apis', percent), { url, headers });

test('a tenth of the visitors gets v2, and the header overrides the dice', () => {
  expect(visitor(10)).toSplitVersions({ v1: 90, v2: 10 });
  expect(visitor(10, { 'x-version': 'v1', cookie: 'apis-version=v2' })).toReachVersion('v1');
  expect(visitor(10, { 'x-version': 'v2' })).toReachVersion('v2');
});

test('a visitor stays on the side that the cookie names', () => {
  expect(visitor(10, { cookie: 'apis-version=v1:v2~10' })).toReachVersion('v1');
  expect(visitor(10, { cookie: 'apis-version=v2' })).toReachVersion('v2');
});

test('at the next step the users of v1 are drawn again, and those of v2 stay there', () => {
  expect(visitor(25, { cookie: 'apis-version=v1:v2~10' })).toSplitVersions({ v1: 75, v2: 25 });
  expect(visitor(25, { cookie: 'apis-version=v2' })).toReachVersion('v2');
});

test('0 % takes everybody back at once, 100 % takes everybody over', () => {
  expect(visitor(0, { cookie: 'apis-version=v2' })).toReachVersion('v1');
  expect(visitor(100, { cookie: 'apis-version=v1:v2~10' })).toReachVersion('v2');
});
