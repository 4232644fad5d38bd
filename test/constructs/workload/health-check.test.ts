import { Duration } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-27';
import { Probe } from 'cdk8s-plus-27';
import { FlaskLikeApp, type FlaskLikeAppProps, HealthCheck } from 'cdk8s-versioned-mesh';
import { testRefusals } from '../../support/refusal';
import { containerIn, manifestsOf } from '../../support/synth';
import { expectValid } from '../../support/valid';

test('by default the port is asked, on the port of the app, and an app has two minutes to start', () => {
  const tcpSocket = { port: 8000 };
  expect(probes({ port: 8000 })).toEqual({
    readinessProbe: { tcpSocket, periodSeconds: 10, failureThreshold: 3 },
    livenessProbe: { tcpSocket, periodSeconds: 10, failureThreshold: 3 },
    startupProbe: { tcpSocket, periodSeconds: 2, failureThreshold: 60 },
  });
});

test('a path is asked on the port of the app, not on port 80', () => {
  const { readinessProbe } = probes({ port: 8000, readiness: HealthCheck.http('/readyz?full=1') });
  expect(readinessProbe?.httpGet).toMatchObject({ path: '/readyz?full=1', port: 8000 });
  expect(readinessProbe).not.toHaveProperty('tcpSocket');
});

test('a command is run in the container', () => {
  const command = ['python', 'check.py'];
  expect(probes({ liveness: HealthCheck.command(command) }).livenessProbe?.exec).toEqual({ command });
});

test('each of the three is set on its own, or left out', () => {
  const none = HealthCheck.none();
  expect(Object.keys(probes({ readiness: none }))).toEqual(['livenessProbe', 'startupProbe']);
  expect(Object.keys(probes({ liveness: none }))).toEqual(['readinessProbe', 'startupProbe']);
  expect(Object.keys(probes({ startup: none }))).toEqual(['readinessProbe', 'livenessProbe']);
});

test('patience is as it was set, and only where it was', () => {
  const startup = HealthCheck.tcp({
    period: Duration.seconds(4),
    timeout: Duration.seconds(3),
    failureThreshold: 9,
    initialDelay: Duration.minutes(1),
  });
  expect(probes({ startup }).startupProbe).toMatchObject({
    periodSeconds: 4,
    timeoutSeconds: 3,
    failureThreshold: 9,
    initialDelaySeconds: 60,
  });
});

test('one check serves two apps, each on its own port', () => {
  const readiness = HealthCheck.http('/readyz');
  expect(probes({ port: 8000, readiness }).readinessProbe?.httpGet).toHaveProperty('port', 8000);
  expect(probes({ port: 9000, readiness }).readinessProbe?.httpGet).toHaveProperty('port', 9000);
});

describe('what is no health check', () => {
  const period = Duration.seconds(1);
  testRefusals([
    ['a path without /', () => HealthCheck.http('healthz'), "HealthCheck.http: path 'healthz'", '/healthz'],
    ['no path', () => HealthCheck.http(undefined as never), 'HealthCheck.http: path is missing', '/healthz'],
    ['a URL', () => HealthCheck.http('http://localhost/'), "'http://localhost/'", '/healthz'],
    ['a path with a space', () => HealthCheck.http('/a b'), "'/a b'"],
    ['no command', () => HealthCheck.command([]), 'HealthCheck.command', "['python', 'check.py']"],
    ['a string for a command', () => HealthCheck.command('true' as never), "['python', 'check.py']"],
    ['numbers in a command', () => HealthCheck.command(['sleep', 5 as never]), 'command[1] 5', 'quotes'],
    ['no failures at all', () => HealthCheck.tcp({ failureThreshold: 0 }), 'failureThreshold 0', '1 or more'],
    ['a fraction of a failure', () => HealthCheck.tcp({ failureThreshold: 1.5 }), 'failureThreshold 1.5'],
    ['failures in words', () => HealthCheck.tcp({ failureThreshold: '3' as never }), "failureThreshold '3'"],
    ['more failures than a number holds', () => HealthCheck.tcp({ failureThreshold: 2 ** 31 }), '2147483648'],
    ['a period of nothing', () => HealthCheck.tcp({ period: Duration.seconds(0) }), 'period 0 s', '1 or more'],
    ['a fraction of a second', () => HealthCheck.tcp({ period: Duration.millis(1500) }), 'period 1.5 s'],
    ['a timeout of nothing', () => HealthCheck.tcp({ timeout: Duration.millis(200) }), 'timeout 0.2 s'],
    ['a fraction of a delay', () => HealthCheck.tcp({ initialDelay: Duration.millis(1) }), 'initialDelay 0.001 s'],
    ['a number for a Duration', () => HealthCheck.tcp({ period: 5 as never }), 'period 5', 'Duration.seconds(5)'],
    ['null for options', () => HealthCheck.http('/', null as never), 'null', '{ period:'],
    ['a Probe of cdk8s-plus', () => probes({ readiness: Probe.fromHttpGet('/') as never }), 'readiness', 'Health'],
    ['a path as check', () => probes({ startup: '/healthz' as never }), "startup '/healthz'", 'HealthCheck.http'],
  ]);

  test('no delay is one', () => {
    expect(() => HealthCheck.tcp({ initialDelay: Duration.seconds(0), period })).not.toThrow();
  });
});

type Probes = Pick<k8s.Container, 'readinessProbe' | 'livenessProbe' | 'startupProbe'>;

function probes(props: Partial<FlaskLikeAppProps>): Probes {
  const manifests = manifestsOf((chart) => new FlaskLikeApp(chart, 'apis', { image: 'apis:1', ...props }));
  expectValid(manifests);
  const { readinessProbe, livenessProbe, startupProbe } = containerIn(manifests);
  return JSON.parse(JSON.stringify({ readinessProbe, livenessProbe, startupProbe }));
}
