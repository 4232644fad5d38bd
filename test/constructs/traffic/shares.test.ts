/*
 * Shares of the requests: on the default, on a rule, among two versions and more.
 */
import { HeaderMatch, HeaderRoutedMesh, LoadBalancer, Mesh, Severity, VersionedService } from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import { refusalOf, testRefusals } from '../../support/refusal';
import { Routed, reached } from '../../support/routed';
import { newChart } from '../../support/synth';
import { versioned } from '../../support/versioned';

const beta = HeaderMatch.present('x-beta');

describe('on the default route', () => {
  test.each<[number, [number, number]]>([
    [10, [90, 10]],
    [0, [100, 0]],
    [100, [0, 100]],
    [0.1, [999, 1]],
    [0.5, [995, 5]],
    [33.25, [6675, 3325]],
    [33.333, [66_667, 33_333]],
    [99.9, [1, 999]],
  ])('%p percent are the weights %p, both versions written', (percent, weights) => {
    const made = new Routed(({ v2 }) => ({ defaultRoute: { split: [{ version: v2, percent }] } }));
    const [{ route = [] }] = made.entries();
    expect(route.map(({ destination }) => destination.subset)).toEqual(['v1', 'v2']);
    expect(route.map(({ weight }) => weight)).toEqual(weights);
  });

  test('several versions share, and the rest is for its own', () => {
    const made = new Routed(({ v2, v3 }) => ({
      defaultRoute: {
        split: [
          { version: v2, percent: 5 },
          { version: v3, percent: 15 },
        ],
      },
    }));
    expect(reached(made.ask())).toEqual(['v1 80', 'v2 5', 'v3 15']);
  });

  test('no targets are no split', () => {
    const [entry] = new Routed(() => ({ defaultRoute: { split: [] } })).entries();
    expect(entry.route).toEqual([{ destination: { host: 'apis', subset: 'v1', port: { number: 80 } } }]);
  });
});

test('a rule has shares of its own, beside those of the default', () => {
  const made = new Routed(({ v2 }) => ({ defaultRoute: { split: [{ version: v2, percent: 10 }] } }));
  made.mesh.route(made.v2, beta, { split: [{ version: made.v3, percent: 50 }] });
  expect(reached(made.ask('/', { headers: { 'x-beta': '1' } }))).toEqual(['v2 50', 'v3 50']);
  expect(reached(made.ask())).toEqual(['v1 90', 'v2 10']);
});

test('the shares of a service further in act inside the mesh', () => {
  const made = new Routed();
  const reviews = made.another('reviews');
  made.mesh.addService(reviews.service, {
    defaultVersion: reviews.v1,
    defaultRoute: { split: [{ version: reviews.v2, percent: 20 }] },
  });
  expect(reached(made.askInside('http://reviews/'))).toEqual(['v1 80', 'v2 20']);
});

test('any shares of at most three decimals are written as whole numbers in their proportion', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (thousandths) => {
      const percent = thousandths / 1000;
      const made = new Routed(({ v2 }) => ({ defaultRoute: { split: [{ version: v2, percent }] } }));
      const [{ route = [] }] = made.entries();
      const [own = 0, other = 0] = route.map(({ weight }) => weight);
      expect([own, other].every(Number.isInteger)).toBe(true);
      expect(other * 100_000).toBe(thousandths * (own + other));
    }),
    { numRuns: 20 },
  );
});

describe('refused are', () => {
  const made = new Routed();
  const { v1, v2, v3 } = made;
  const strange = versioned(newChart(), 'strange').defaultVersion;
  const split =
    (...targets: unknown[]) =>
    () =>
      made.mesh.route(v1, beta, { split: targets as never });
  testRefusals([
    ['more than all', split({ version: v2, percent: 60 }, { version: v3, percent: 40.5 }), 'add up to 100.5 percent'],
    ['less than nothing', split({ version: v2, percent: -1 }), 'split[0].percent -1', 'from 0 to 100'],
    ['more than 100', split({ version: v2, percent: 101 }), 'split[0].percent 101'],
    ['no number', split({ version: v2, percent: Number.NaN }), 'split[0].percent NaN'],
    ['four decimals', split({ version: v2, percent: 0.0001 }), 'split[0].percent 0.0001', 'three decimals', 'round it'],
    ['no share', split({ version: v2 }), 'split[0].percent is missing', 'as in 10'],
    [
      'a version twice',
      split({ version: v2, percent: 1 }, { version: v2, percent: 1 }),
      "split[1]: version 'v2'",
      'twice',
    ],
    ["the route's own", split({ version: v1, percent: 1 }), "version 'v1' is the route's own", 'leave it out'],
    ["another service's", split({ version: strange, percent: 1 }), "service 'strange', not of 'apis'"],
    [
      'a version by name',
      split({ version: 'v2', percent: 1 }),
      "split[0].version 'v2' is a string",
      "service.version('v2')",
    ],
  ]);

  test('a retired version, whatever its share', () => {
    const chart = newChart();
    const service = new VersionedService(chart, 'apis');
    const defaultVersion = service.addVersion('v1', { image: 'a:1' });
    const version = service.addVersion('v2', { image: 'a:2', retired: true });
    for (const percent of [0, 10]) {
      const defaultRoute = { split: [{ version, percent }] };
      const act = () => new HeaderRoutedMesh(chart, 'ingress', { hosts: ['*'], service, defaultVersion, defaultRoute });
      expect(refusalOf(act)).toContain("defaultRoute.split[0]: version 'v2' of service 'apis' is retired");
    }
    const mesh = new HeaderRoutedMesh(chart, 'ingress', { hosts: ['*'], service, defaultVersion });
    expect(refusalOf(() => mesh.route(version, beta))).toContain("version 'v2' of service 'apis' is retired");
  });

  test('shares among pods that users are to stay on', () => {
    const chart = newChart();
    const service = new VersionedService(chart, 'apis', { trafficPolicy: { loadBalancer: LoadBalancer.bySourceIp() } });
    const defaultVersion = service.addVersion('v1', { image: 'a:1' });
    const version = service.addVersion('v2', { image: 'a:2' });
    const defaultRoute = { split: [{ version, percent: 10 }] };
    const act = () => new HeaderRoutedMesh(chart, 'ingress', { hosts: ['*'], service, defaultVersion, defaultRoute });
    expect(refusalOf(act)).toContain('a load balancer that keeps a user on one pod');
  });
});

test('a route to a version without pods is warned of, and a share of 0 is not', () => {
  const made = new Routed();
  const v4 = made.service.addVersion('v4', { image: 'a:4', replicas: 0 });
  const warnings = () =>
    Mesh.fromChart(made.chart)
      .check()
      .filter(({ severity }) => severity !== Severity.INFO)
      .map(({ check }) => check);
  made.mesh.route(made.v1, beta, { split: [{ version: v4, percent: 0 }] });
  expect(warnings()).toEqual([]);
  made.mesh.route(v4, HeaderMatch.present('x-next'));
  expect(warnings()).toEqual(['destination-scaled-to-zero']);
});
