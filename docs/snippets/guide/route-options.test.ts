import { Chart, Testing } from 'cdk8s';
import { route } from 'cdk8s-versioned-mesh/jest';
import { routes } from './route-options';
import { versioned } from './versioned';

const chart = new Chart(Testing.app(), 'apis', { namespace: 'apis' });
routes(chart, versioned(chart, 'apis'));
const ask = (path: string, options: { method?: string; headers?: Record<string, string> } = {}) =>
  route(chart, { url: `http://apis.example.com${path}`, ...options });

test('the gateway answers by itself', () => {
  expect(ask('/v0/orders')).toRedirectTo('http://archive.example.com/v0/orders', 301);
  expect(ask('/robots.txt')).toRespondWith(200);
});

test('a search takes three seconds at most, and is tried three times', () => {
  expect(ask('/search/shoes')).toReachVersion('v2');
  expect(ask('/search/shoes')).toMatchObject({
    timeoutMillis: 3000,
    retries: { attempts: 2, perTryTimeoutMillis: 1000, retryOn: 'connect-failure,gateway-error' },
  });
  expect(ask('/search', { method: 'POST' })).toReachVersion('v1');
});

test('the app sees its own paths, by whole segments', () => {
  const { timeoutMillis, destinations } = ask('/api/v2/orders?open=1', { headers: { 'x-internal': '1' } });
  expect(timeoutMillis).toBe(2000);
  expect(destinations[0].request).toMatchObject({ path: '/orders?open=1', headers: { 'x-api': 'v2' } });
  expect(destinations[0].request.headers).not.toHaveProperty('x-internal');
  expect(ask('/api/v20')).toReachVersion('v1');
});

test('who rehearses waits', () => {
  expect(ask('/', { headers: { 'x-rehearsal': 'slow' } }).fault).toMatchObject({ delayMillis: 5000 });
});
