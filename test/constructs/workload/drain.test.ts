/*
 * How a pod ends: first no new requests, then the signal, and only long after it the kill.
 */
import { Duration } from 'cdk8s';
import { Drain, FlaskLikeApp, type FlaskLikeAppProps } from 'cdk8s-versioned-mesh';
import { refusalOf, testRefusals } from '../../support/refusal';
import { containerIn, manifestsOf, podIn } from '../../support/synth';
import { complaintsAbout, expectValid } from '../../support/valid';

test('a pod pauses for 5 s, and then has 30 s to end', () => {
  expect(ending({})).toEqual({ preStop: ['sleep', '5'], grace: 35 });
});

test.each([1, 40, 600])('a pause of %d s moves the kill back by as much', (seconds) => {
  expect(ending({ drain: Drain.sleepCommand(Duration.seconds(seconds)) })).toEqual({
    preStop: ['sleep', String(seconds)],
    grace: seconds + 30,
  });
});

test('Kubernetes itself may pause, with nothing of the image', () => {
  const manifests = manifestsOf(
    (chart) => new FlaskLikeApp(chart, 'apis', { image: 'apis:1', drain: Drain.sleep(Duration.seconds(9)) }),
  );
  expect(containerIn(manifests).lifecycle).toEqual({ preStop: { sleep: { seconds: 9 } } });
  expect(podIn(manifests).terminationGracePeriodSeconds).toBe(39);
  // The schemas of 1.36 know the action, those of 1.27 do not.
  expect(manifests.flatMap(complaintsAbout)).toEqual([expect.stringContaining('Kubernetes 1.27')]);
});

test('an image without sleep brings a command of its own', () => {
  const command = ['python', '-c', 'import time; time.sleep(7)'];
  expect(ending({ drain: Drain.command(command, Duration.seconds(7)) })).toEqual({ preStop: command, grace: 37 });
});

test('an app that waits by itself gets no pause', () => {
  expect(ending({ drain: Drain.none() })).toEqual({ preStop: undefined, grace: 30 });
});

test('a period of grace is the one that was set, down to a second more than the drain', () => {
  const drain = Drain.sleepCommand(Duration.seconds(5));
  expect(ending({ drain, terminationGracePeriod: Duration.minutes(2) }).grace).toBe(120);
  expect(ending({ drain, terminationGracePeriod: Duration.seconds(6) }).grace).toBe(6);
  expect(ending({ drain: Drain.none(), terminationGracePeriod: Duration.seconds(1) }).grace).toBe(1);
});

test.each([1, 5])('a grace of %d s within the drain is refused: the process would never hear of its end', (seconds) => {
  const message = refusalOf(() => ending({ terminationGracePeriod: Duration.seconds(seconds) }));
  expect(message).toContain(`chart/apis: terminationGracePeriod ${seconds} s does not exceed the drain of 5 s`);
});

describe('what is no drain', () => {
  const command = ['sleep', '5'];
  testRefusals([
    ['a pause of nothing', () => Drain.sleepCommand(Duration.seconds(0)), 'Drain.sleepCommand', '0 s', 'Drain.none()'],
    [
      'a fraction of a second',
      () => Drain.sleepCommand(Duration.millis(1500)),
      'Drain.sleepCommand',
      '1.5 s',
      'whole number',
    ],
    ['no command', () => Drain.command([], Duration.seconds(5)), 'Drain.command', "['sleep', '5']"],
    ['no time', () => Drain.command(command, Duration.seconds(0)), 'Drain.command', '0 s'],
    ['a number for a Duration', () => Drain.sleepCommand(5 as never), 'Drain.sleepCommand', '5', 'Duration.seconds(5)'],
    ['nothing at all', () => Drain.sleepCommand(undefined as never), 'Drain.sleepCommand', 'Duration.seconds(5)'],
    ['a string for a command', () => Drain.command('sleep 5' as never, Duration.seconds(5)), "['sleep', '5']"],
    ['numbers in a command', () => Drain.command(['sleep', 5 as never], Duration.seconds(5)), 'command[1] 5', 'quotes'],
    ['a Duration as drain', () => ending({ drain: Duration.seconds(5) as never }), 'drain', 'Drain.sleepCommand'],
    ['a number as grace', () => ending({ terminationGracePeriod: 60 as never }), 'Period 60', 'Duration.seconds(5)'],
    ['no grace', () => ending({ terminationGracePeriod: Duration.seconds(0) }), 'Period 0 s', '1 or more'],
    ['half a second', () => ending({ terminationGracePeriod: Duration.millis(35_500) }), '35.5 s', 'whole number'],
  ]);
});

function ending(props: Partial<FlaskLikeAppProps>): { preStop?: string[]; grace?: number } {
  const manifests = manifestsOf((chart) => new FlaskLikeApp(chart, 'apis', { image: 'apis:1', ...props }));
  expectValid(manifests);
  return {
    preStop: containerIn(manifests).lifecycle?.preStop?.exec?.command,
    grace: podIn(manifests).terminationGracePeriodSeconds,
  };
}
