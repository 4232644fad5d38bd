import { type App, Testing } from 'cdk8s';
import { Mesh } from '../../src/mesh';
import { route } from '../../src/testing/jest';
import { shopChart, shopYaml } from './shop';

const REQUEST = { url: 'http://shop.example.com/' };
const BETA = { ...REQUEST, headers: { 'x-version': 'beta' } };

const TO_BOTH = '[{ route: [{ destination: { host: shop } }] }]';
const TO_V2 = '[{ route: [{ destination: { host: shop, subset: two } }] }]';
const SPLIT =
  '[{ route: [{ destination: { host: shop, subset: one }, weight: 90 }, { destination: { host: shop, subset: two }, weight: 10 }] }]';
const REDIRECT = '[{ redirect: { uri: /new, redirectCode: 308 } }]';
const NOWHERE = '[{ route: [{ destination: { host: shop, subset: three } }] }]';
const ABORT =
  '[{ fault: { abort: { httpStatus: 418, percentage: { value: 100 } } }, route: [{ destination: { host: shop } }] }]';

describe('what a test may speak of', () => {
  const chart = shopChart();

  test.each([
    ['a chart', chart],
    ['an app', chart.node.root as App],
    ['a mesh', Mesh.fromChart(chart)],
    ['manifests', Testing.synth(chart)],
    [
      'YAML',
      shopYaml(
        '[{ match: [{ headers: { x-version: { exact: beta } } }], route: [{ destination: { host: shop, subset: two } }] }]',
      ),
    ],
  ])('%s', (_name, subject) => {
    expect(route(subject, BETA)).toReachVersion('v2');
  });

  test('the chart as it is now, not as it was when first asked', () => {
    const changing = shopChart();
    expect(route(changing, REQUEST)).toReachVersion('v1');
    changing.node.tryRemoveChild('shop');
    expect(route(changing, REQUEST)).not.toReachVersion('v1');
  });

  test('nothing else', () => {
    expect(() => route(42 as never, REQUEST)).toThrow('42 has no manifests; pass a Chart, an App, a Mesh,');
  });
});

describe('what is reached', () => {
  test('a version is the label of the pods, not the name of the subset', () => {
    expect(route(shopYaml(TO_V2), REQUEST)).toReachVersion('v2');
    expect(route(shopYaml(TO_V2), REQUEST)).not.toReachVersion('two');
    expect(route(shopYaml(TO_V2), REQUEST)).toReachSubset('two');
    expect(route(shopYaml(TO_V2), REQUEST)).not.toReachSubset('one');
  });

  test.each(['shop', 'shop.shop', 'shop.shop.svc.cluster.local'])('a service may be called %s', (name) => {
    expect(route(shopYaml(TO_V2), REQUEST)).toReachService(name);
  });

  test('the beginning of a name is not the name', () => {
    expect(route(shopYaml(TO_V2), REQUEST)).not.toReachService('sho');
    expect(route(shopYaml(TO_V2), REQUEST)).not.toReachService('shop.other');
  });

  test('requests of which a fault aborts a share do not reach anything, and are not kept from it', () => {
    const some = route(shopYaml(ABORT.replace('100', '30')), REQUEST);
    expect(() => expect(some).toReachService('shop')).toThrow('aborted with 418 (30 %)');
    expect(() => expect(some).not.toReachService('shop')).toThrow();
    const toV2 = route(
      shopYaml(TO_V2.replace('[{', '[{ fault: { abort: { httpStatus: 418, percentage: { value: 30 } } },')),
      REQUEST,
    );
    expect(() => expect(toV2).toReachVersion('v2')).toThrow('v2 (70 %), aborted with 418 (30 %)');
    expect(() => expect(toV2).toSplitVersions({ v2: 100 })).toThrow('aborted with 418');
  });

  test('workloads, with or without namespace', () => {
    expect(route(shopYaml(TO_V2), REQUEST)).toReachWorkload('shop-v2');
    expect(route(shopYaml(TO_V2), REQUEST)).toReachWorkload('shop/shop-v2');
    expect(route(shopYaml(TO_V2), REQUEST)).not.toReachWorkload('other/shop-v2');
  });

  test.each([
    ['weights', SPLIT],
    ['pods', TO_BOTH],
  ])('a split by %s neither reaches one of its versions nor leaves it out', (_by, http) => {
    const split = route(shopYaml(http), REQUEST);
    expect(() => expect(split).toReachVersion('v2')).toThrow();
    expect(() => expect(split).not.toReachVersion('v2')).toThrow();
    expect(split).not.toReachVersion('v3');
  });

  test('shares, by weight and by number of pods', () => {
    expect(route(shopYaml(SPLIT), REQUEST)).toSplitVersions({ v1: 90, v2: 10 });
    expect(route(shopYaml(TO_BOTH), REQUEST)).toSplitVersions({ v1: 75, v2: 25 });
    expect(route(shopYaml(TO_V2), REQUEST)).toSplitVersions({ v1: 0, v2: 100 });
    expect(route(shopYaml(SPLIT), REQUEST)).not.toSplitVersions({ v1: 50, v2: 50 });
    expect(route(shopYaml(SPLIT), REQUEST)).not.toSplitVersions({ v1: 90 });
    expect(route(shopYaml(SPLIT), REQUEST)).not.toSplitVersions({ v1: 90, v3: 10 });
  });

  test('shares, as data', () => {
    expect(route(shopYaml(SPLIT), REQUEST).versions).toEqual({ v1: 90, v2: 10 });
    expect(route(shopYaml(TO_V2).replaceAll('version: v2', 'release: v2'), REQUEST).versions).toEqual({ none: 100 });
    const aborted = route(shopYaml(ABORT.replace('100', '40')), REQUEST);
    expect(aborted.versions).toEqual({ v1: 45, v2: 15, 'aborted with 418': 40 });
    expect(route(shopYaml(NOWHERE), REQUEST).versions).toEqual({});
  });

  test.each([
    ['a destination that does not exist', NOWHERE],
    ['a fault that takes every request', ABORT],
  ])('%s reaches nothing', (_what, http) => {
    const decision = route(shopYaml(http), REQUEST);
    expect(decision).not.toReachVersion('v1');
    expect(decision).not.toReachService('shop');
    expect(decision).not.toSplitVersions({ v1: 75, v2: 25 });
  });
});

describe('how it ends', () => {
  test('statuses of the mesh itself', () => {
    expect(route(shopYaml(TO_V2), { url: 'http://other.example.com/' })).toRespondWith(404);
    expect(route(shopYaml(NOWHERE), REQUEST)).toRespondWith(503);
    expect(route(shopYaml(ABORT), REQUEST)).toRespondWith(418);
    expect(route(shopYaml(TO_V2), REQUEST)).not.toRespondWith(404);
  });

  test('a refused connection', () => {
    expect(route(shopYaml(TO_V2), { url: 'http://shop.example.com:8080/' })).toHaveOutcome('NO_LISTENER');
    expect(route(shopYaml(TO_V2), REQUEST)).not.toHaveOutcome('NO_LISTENER');
  });

  test('redirects', () => {
    const decision = route(shopYaml(REDIRECT), REQUEST);
    expect(decision).toRedirectTo('http://shop.example.com/new');
    expect(decision).toRedirectTo('http://shop.example.com/new', 308);
    expect(decision).not.toRedirectTo('http://shop.example.com/new', 301);
    expect(decision).not.toRedirectTo('http://shop.example.com/');
    expect(route(shopYaml(TO_V2), REQUEST)).not.toRedirectTo('http://shop.example.com/new');
  });

  test('an outcome that does not exist is a mistake of the test, under .not too', () => {
    expect(() => expect(route(shopYaml(TO_V2), REQUEST)).not.toHaveOutcome('REFUSED' as never)).toThrow(
      "There is no outcome 'REFUSED'. The outcomes are: FORWARD,",
    );
  });
});

describe('a failure', () => {
  test('names what was expected and received, and prints the trace', () => {
    const message = failureOf(() => expect(route(shopChart(), REQUEST)).toReachVersion('v2'));
    expect(message).toMatch(
      /^expect\(route\)\.toReachVersion\(expected\)\n\nExpected version: "v2"\nReceived version: "v1"\n\n/,
    );
    expect(message).toContain('rule 1 of 2   x-version');
    expect(message).toContain('Deployment shop/shop-v1');
  });

  test('says so under .not', () => {
    const message = failureOf(() => expect(route(shopChart(), REQUEST)).not.toReachVersion('v1'));
    expect(message).toContain('expect(route).not.toReachVersion(expected)\n\nExpected version: not "v1"');
  });

  test('shows the shares of a split', () => {
    expect(failureOf(() => expect(route(shopYaml(SPLIT), REQUEST)).toReachSubset('two'))).toContain(
      'Received subset: "one (90 %), two (10 %)"',
    );
  });

  test.each([
    ['the chart itself', shopChart(), 'a Chart'],
    ['nothing', undefined, 'undefined'],
  ])('of a value that is no decision, but %s, does not pass under .not', (_name, value, called) => {
    expect(() => expect(value).not.toReachVersion('v2')).toThrow(
      `must be what route(chart, { url: … }) or mesh.route({ url: … }) returns; it is ${called}.`,
    );
  });
});

describe('what proves nothing', () => {
  const REFUSED = '[{ timeout: 1 fortnight, route: [{ destination: { host: shop, subset: two } }] }]';
  const UNDECIDED = shopYaml('[{ redirect: { uri: /new, redirectCode: 399 } }]');

  test('a decision that rests on a refused object passes nothing unless that is allowed, nor under .not', () => {
    const decision = route(shopYaml(REFUSED), REQUEST);
    const message = failureOf(() => expect(decision).toReachVersion('v2'));
    expect(message).toContain('VirtualService shop/shop is refused');
    expect(message).toContain('{ allowRefused: true } as the last argument');
    expect(() => expect(decision).not.toReachVersion('v1')).toThrow('is refused');
    expect(() => expect(decision).not.toRespondWith(404)).toThrow('is refused');
    expect(decision).toReachVersion('v2', { allowRefused: true });
    expect(decision).not.toReachVersion('v1', { allowRefused: true });
    expect(decision).toHaveOutcome('FORWARD', { allowRefused: true });
  });

  test('what the manifests do not decide passes only where just that is expected', () => {
    const decision = route(UNDECIDED, REQUEST);
    expect(decision).toHaveOutcome('UNDECIDED');
    expect(() => expect(decision).not.toReachVersion('v2')).toThrow('the manifests do not decide the request');
    expect(() => expect(decision).not.toRespondWith(404)).toThrow('the manifests do not decide the request');
    expect(() => expect(decision).not.toHaveOutcome('FORWARD')).toThrow('the manifests do not decide the request');
  });

  test('a Gateway that is elsewhere may be assumed', () => {
    const bound = shopYaml(TO_V2).replace('gateways: [ingress]', 'gateways: [infra/shared]');
    expect(route(bound, REQUEST)).toRespondWith(404);
    expect(route(bound, REQUEST, { assumeGateways: true })).toReachVersion('v2');
  });
});

/** The message of a failed expectation without Jest's colours. */
function failureOf(expectation: () => void): string {
  try {
    expectation();
  } catch (error) {
    return (error as Error).message.replace(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '');
  }
  throw new Error('did not fail');
}
