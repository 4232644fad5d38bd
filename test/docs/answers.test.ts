/*
 * What the documentation shows of the matchers and of the checks at synth is what they print.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart, Testing } from 'cdk8s';
import { VersionedService } from 'cdk8s-versioned-mesh';
import { routes } from '../../docs/snippets/dead-rule';
import { ApisChart } from '../../docs/snippets/two-versions';
import { route } from '../../src/testing/jest';

jest.mock('cdk8s-versioned-mesh/jest', () => jest.requireActual('../../src/testing/jest'), { virtual: true });

describe('the tests of routes that are shown pass', () => {
  require('../../docs/snippets/routes.test');
});

test('a failed expectation reads as shown', () => {
  const chart = new ApisChart(Testing.app(), 'apis');
  const decision = route(chart, { url: 'http://apis.example.com/', headers: { 'user-agent': 'chrome' } });
  expect(messageOf(() => expect(decision).toReachVersion('v2'))).toBe(read('route-failure.txt'));
  expect(read('pytest-failure.txt')).toContain(decision.explain());
});

test('a rule that is never reached stops synth as shown', () => {
  const app = Testing.app();
  const chart = new Chart(app, 'apis', { namespace: 'apis' });
  const apis = new VersionedService(chart, 'apis', { port: 80 });
  for (const version of ['v1', 'v2', 'v3']) {
    apis.addVersion(version, { image: `ghcr.io/acme/apis:${version}` });
  }
  routes(chart, apis);
  expect(messageOf(() => app.synth())).toBe(read('synth-failure.txt'));
});

function read(file: string): string {
  return readFileSync(join(__dirname, file), 'utf8').trimEnd();
}

/** The message of what is thrown, without the colours of a terminal. */
function messageOf(failing: () => void): string {
  try {
    failing();
  } catch (error) {
    return (error as Error).message.replace(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '');
  }
  throw new Error('did not fail');
}
