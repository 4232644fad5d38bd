/*
 * What takes long or fails: timeouts, retries, copies and failures on purpose.
 */
import { Duration } from 'cdk8s';
import { HeaderMatch, MethodMatch, RequestMatch, RetryOn, type RouteOptions } from 'cdk8s-versioned-mesh';
import { testRefusals } from '../../support/refusal';
import { Routed } from '../../support/routed';

const any = HeaderMatch.present('x-beta');
const reading = RequestMatch.allOf(any, MethodMatch.exact('GET', 'HEAD'));
const seconds = (n: number) => Duration.seconds(n);

function withRule(options: RouteOptions, match = any): Routed {
  const made = new Routed();
  made.mesh.route(made.v1, match, options);
  return made;
}

function asked(options: RouteOptions, match = any) {
  return withRule(options, match).ask('/', { headers: { 'x-beta': '' } });
}

test('a timeout ends the request, to the millisecond', () => {
  expect(asked({ timeout: Duration.millis(1500) }).timeoutMillis).toBe(1500);
});

test('retries are of what the app did not see, unless it is said otherwise', () => {
  expect(asked({ retries: { attempts: 3 } }).retries).toMatchObject({
    attempts: 3,
    retryOn: 'connect-failure,refused-stream',
  });
});

test('retries on the default route are the same', () => {
  const made = new Routed(() => ({ defaultRoute: { retries: { attempts: 1 } } }));
  expect(made.ask().retries).toMatchObject({ attempts: 1, retryOn: 'connect-failure,refused-stream' });
});

test('0 attempts end those that Istio makes unasked', () => {
  expect(asked({}).retries).toMatchObject({ attempts: 2 });
  expect(asked({ retries: { attempts: 0 } }).retries).toBeUndefined();
});

test('what the app may have carried out is tried again for methods that change nothing', () => {
  const retries = { attempts: 2, perTryTimeout: seconds(1), on: [RetryOn.GATEWAY_ERROR, RetryOn.RESET] };
  expect(asked({ timeout: seconds(3), retries }, reading).retries).toEqual({
    attempts: 2,
    retryOn: 'gateway-error,reset',
    perTryTimeoutMillis: 1000,
  });
});

test('and for the others where the user says that it does no harm', () => {
  const retries = { attempts: 2, on: [RetryOn.SERVER_ERROR] };
  expect(asked({ retries, idempotent: true }).retries).toMatchObject({ retryOn: '5xx' });
});

test('every condition is one that Istio takes', () => {
  const made = withRule({ retries: { attempts: 1, on: Object.values(RetryOn) }, idempotent: true });
  expect(() => made.manifests).not.toThrow();
});

test('a copy of a share goes to another version, its answers to nobody', () => {
  const made = new Routed();
  made.mesh.route(made.v1, reading, { mirror: { version: made.v2, percent: 0.5 } });
  const decision = made.ask('/', { headers: { 'x-beta': '' } });
  expect(decision.destinations.map(({ subset }) => subset)).toEqual(['v1']);
  expect(decision.mirrors).toMatchObject([{ subset: 'v2', percentage: 0.5 }]);
  made.manifests;
});

test('a failure on purpose strikes a share', () => {
  const fault = { delay: { duration: seconds(5), percent: 50 }, abort: { status: 503, percent: 0.5 } };
  const made = withRule({ fault });
  made.manifests;
  expect(made.ask('/', { headers: { 'x-beta': '' } }).fault).toEqual({
    abortStatus: 503,
    abortPercentage: 0.5,
    delayMillis: 5000,
    delayPercentage: 50,
  });
});

test('without a share it strikes all', () => {
  expect(asked({ fault: { abort: { status: 418 } } })).toMatchObject({ status: 418 });
});

test('a try that takes too long is tried again where a condition covers it', () => {
  for (const on of [RetryOn.RESET, RetryOn.GATEWAY_ERROR, RetryOn.SERVER_ERROR]) {
    const retries = { attempts: 1, perTryTimeout: seconds(1), on: [RetryOn.CONNECT_FAILURE, on] };
    expect(asked({ retries }, reading).retries).toMatchObject({ perTryTimeoutMillis: 1000 });
  }
});

describe('refused are', () => {
  const made = new Routed();
  const slow = (n: number) => ({ attempts: 2, perTryTimeout: seconds(n), on: [RetryOn.RESET] });
  const rule =
    (options: object, match = any) =>
    () =>
      made.mesh.route(made.v1, match, options);
  const retries = (given: object) => rule({ timeout: seconds(3), retries: { attempts: 2, ...given } });
  const fault = (given: object) => rule({ fault: given });
  testRefusals([
    ['a time for tries that nothing tries again', retries({ perTryTimeout: seconds(1) }), 'RetryOn.RESET', 'timeout'],
    [
      'the same, by conditions',
      retries({ perTryTimeout: seconds(1), on: [RetryOn.RESET_BEFORE_REQUEST] }),
      'perTryTimeout ends a try',
    ],
    [
      'half a millisecond',
      rule({ timeout: Duration.millis(0.5) }),
      'options.timeout of 0.5 ms is not',
      'Duration.millis(1)',
    ],
    ['a timeout of nothing', rule({ timeout: seconds(0) }), 'options.timeout of 0 ms is not'],
    ['a number for a timeout', rule({ timeout: 5 }), 'timeout 5', 'Duration.seconds'],
    ['a try less than none', retries({ attempts: -1 }), 'retries.attempts -1', 'whole number'],
    ['half a try', retries({ attempts: 0.5 }), 'retries.attempts 0.5'],
    ['no number of tries', retries({ attempts: undefined }), 'retries.attempts is missing'],
    [
      'no try, but a time for it',
      retries({ attempts: 0, perTryTimeout: seconds(1) }),
      'attempts is 0',
      'leave them out',
    ],
    ['no try, but conditions', retries({ attempts: 0, on: [RetryOn.RESET] }), 'attempts is 0'],
    ['no conditions', retries({ on: [] }), 'on is empty', 'attempts: 0'],
    ['a condition that is none', retries({ on: ['often'] }), "retries.on[0] 'often'", "'gateway-error'"],
    ['a try of no time', rule({ retries: slow(0), idempotent: true }), 'retries.perTryTimeout of 0 ms is not'],
    [
      'a try as long as all',
      rule({ timeout: seconds(3), retries: slow(3), idempotent: true }),
      'perTryTimeout 3s is not less than timeout 3s',
    ],
    ['what may be carried out twice', retries({ on: [RetryOn.GATEWAY_ERROR] }), "after 'gateway-error'", 'idempotent'],
    [
      'copies of anything',
      rule({ mirror: { version: made.v2, percent: 5 } }),
      'mirror',
      'GET, HEAD or OPTIONS',
      'idempotent',
    ],
    [
      'copies to itself',
      rule({ mirror: { version: made.v1, percent: 5 } }, reading),
      "mirror: version 'v1' is the route's own",
    ],
    ['copies without a share', rule({ mirror: { version: made.v2 } }, reading), 'mirror.percent is missing'],
    ['a failure of nothing', fault({}), 'neither delay nor abort'],
    ['a status that is none', fault({ abort: { status: 600 } }), 'fault.abort.status 600', '200 to 599'],
    ['a share of 101', fault({ abort: { status: 503, percent: 101 } }), 'fault.abort.percent 101'],
    ['a delay of nothing', fault({ delay: { duration: seconds(0) } }), 'fault.delay.duration of 0 ms is not'],
    [
      'a failure beside a timeout',
      rule({ fault: { abort: { status: 503 } }, timeout: seconds(1) }),
      'fault excludes timeout',
    ],
    [
      'a failure beside retries',
      rule({ fault: { abort: { status: 503 } }, retries: { attempts: 0 } }),
      'fault excludes',
    ],
    ['an option misspelt', rule({ tiemout: seconds(1) }), "'route.options.tiemout'", "'timeout'"],
  ]);

  testRefusals([
    [
      'a failure on the default route',
      () => new Routed(() => ({ defaultRoute: { fault: { abort: { status: 503 } } } as never })),
      "'defaultRoute.fault' is not known",
    ],
    [
      'copies of all that has no rule',
      () => new Routed(({ v2 }) => ({ defaultRoute: { mirror: { version: v2, percent: 5 } } })),
      'defaultRoute.mirror',
      'idempotent',
    ],
  ]);
});
