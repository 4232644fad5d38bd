import { Chart, Testing } from 'cdk8s';
import { FlaskLikeApp } from 'cdk8s-versioned-mesh';
import { route } from 'cdk8s-versioned-mesh/jest';
import { matches } from './matches';
import { versioned } from './versioned';

const chart = new Chart(Testing.app(), 'apis', { namespace: 'apis' });
matches(chart, versioned(chart, 'apis'));
for (const name of ['shop', 'batch']) {
  new FlaskLikeApp(chart, name, { image: `ghcr.io/acme/${name}:1` });
}
const outside = (path: string, headers: Record<string, string> = {}) =>
  route(chart, { url: `http://apis.example.com${path}`, headers });
const inside = (caller: string) => route(chart, { url: 'http://apis/', from: `mesh:apis/${caller}` });

test('either of two', () => {
  expect(outside('/', { cookie: 'a=b; group=beta' })).toReachVersion('v2');
  expect(outside('/?group=beta')).toReachVersion('v2');
  expect(outside('/?group=Beta')).toReachVersion('v1');
});

test('all but bots, and a request without the header is no bot', () => {
  expect(outside('/search/shoes')).toReachVersion('v2');
  expect(outside('/search/shoes', { 'user-agent': 'a bot' })).toReachVersion('v1');
});

test('what one caller sends', () => {
  expect(inside('shop')).toReachVersion('v2');
  expect(inside('batch')).toReachVersion('v1');
});

test('a member of the baggage, however it is encoded', () => {
  expect(outside('/', { baggage: 'user=ann,tenant=acme%20%26%20sons;ttl=1' })).toReachVersion('v2');
});
