/*
 * requests-before-pods and removed-while-routed: what is wrong with the step from one state of the manifests to the next.
 */
import { Mesh } from 'cdk8s-versioned-mesh';
import {
  deployment,
  destinationRule,
  gateway,
  type Manifest,
  routeTo,
  server,
  service,
  virtualService,
} from './manifests';

/** Two versions at most, the shares of the default route by version. */
function state(shares: { readonly [version: string]: number }, pods: readonly string[] = Object.keys(shares)): Mesh {
  const route = Object.entries(shares).map(([subset, weight]) => ({ destination: { host: 'apis', subset }, weight }));
  return mesh([
    service('apis'),
    ...pods.map((version) => deployment(`apis-${version}`, { app: 'apis', version })),
    destinationRule('apis', 'apis', pods),
    virtualService('apis', { hosts: ['apis'], http: [{ route }] }),
  ]);
}

function mesh(objects: readonly Manifest[]): Mesh {
  return Mesh.fromManifests([...objects]);
}

const STEPS = ['requests-before-pods', 'removed-while-routed'];

function found(previous: Mesh, next: Mesh): string[] {
  const findings = next.check({ previous }).filter(({ check }) => STEPS.includes(check));
  return findings.map(({ check, severity, message }) => `${severity} ${check}: ${message}`);
}

test('each step of a rollout that begins at 0 % and ends with a retired version is in order', () => {
  const states = [
    state({ v1: 100 }),
    state({ v1: 100, v2: 0 }),
    state({ v1: 90, v2: 10 }),
    state({ v1: 0, v2: 100 }),
    state({ v2: 100 }, ['v1', 'v2']),
    state({ v2: 100 }),
  ];
  const steps = states.slice(1).map((next, index) => found(states[index], next));
  expect(steps).toEqual([[], [], [], [], []]);
});

test('a version that gets requests with its first pods', () => {
  expect(found(state({ v1: 100 }), state({ v1: 90, v2: 10 }))).toEqual([
    expect.stringMatching(/^error requests-before-pods: .*subset v2 of apis.*Deployment shop\/apis-v2 had no pods/),
  ]);
});

test('a version that goes while the state before still sends it requests', () => {
  expect(found(state({ v1: 50, v2: 50 }), state({ v2: 100 }))).toEqual([
    expect.stringMatching(/^error removed-while-routed: .*subset v1 of apis.*Deployment shop\/apis-v1/),
  ]);
});

test('both at once', () => {
  expect(found(state({ v1: 100 }), state({ v2: 100 }))).toHaveLength(2);
});

test('nothing is said of a first state, nor of one without its VirtualService', () => {
  const nothing = mesh([service('other')]);
  expect(found(nothing, state({ v1: 100 }))).toEqual([]);
  expect(found(state({ v1: 100 }), nothing)).toEqual([]);
});

const REVIEWS = [service('reviews'), deployment('reviews-v1', { app: 'reviews', version: 'v1' })];
const NEXT = [...REVIEWS, deployment('reviews-v2', { app: 'reviews', version: 'v2' })];
const SUBSETS = destinationRule('reviews', 'reviews', ['v1', 'v2']);
const beta = { match: [{ headers: { 'x-lane': { exact: 'beta' } } }], ...routeTo('reviews', { subset: 'v2' }) };
const inside = virtualService('reviews-inside', {
  hosts: ['reviews'],
  http: [beta, routeTo('reviews', { subset: 'v1' })],
});
const outside = virtualService('reviews', {
  hosts: ['reviews', 'reviews.example.com'],
  gateways: ['edge', 'mesh'],
  http: [routeTo('reviews', { subset: 'v1' })],
});

describe('a VirtualService that is new, for a service that', () => {
  test('has pods already', () => {
    expect(found(mesh(REVIEWS), mesh([...NEXT, SUBSETS, inside]))).toEqual([
      expect.stringMatching(/^error requests-before-pods: .*subset v2 of reviews.*reviews-v2 had no pods/),
    ]);
  });

  test('another VirtualService led to', () => {
    const before = mesh([...REVIEWS, SUBSETS, outside]);
    expect(found(before, mesh([...NEXT, SUBSETS, inside, outside]))).toHaveLength(1);
  });

  test('has a Service for each version, and callers by its name', () => {
    const own = service('reviews-v2', { selector: { app: 'reviews', version: 'v2' } });
    const routes = virtualService('reviews', { hosts: ['reviews'], http: [routeTo('reviews-v2')] });
    expect(found(mesh(REVIEWS), mesh([...NEXT, own, routes]))).toHaveLength(1);
  });

  test('is new, too', () => {
    expect(found(mesh(BOTH_APPS.slice(0, 4)), mesh(BOTH_APPS))).toEqual([]);
    expect(found(mesh(BOTH_APPS), mesh(BOTH_APPS.slice(0, 4)))).toEqual([]);
  });
});

/** Two apps that have nothing in common, though both take all hosts of a gateway. */
const BOTH_APPS = ['a', 'b'].flatMap((name) => [
  service(name),
  deployment(name),
  gateway(name, [server('HTTP', 80)]),
  virtualService(name, { hosts: ['*'], gateways: [name], http: [routeTo(name)] }),
]);

test('a version that goes together with the VirtualService that led there, while its service stays', () => {
  expect(found(mesh([...NEXT, SUBSETS, inside]), mesh(REVIEWS))).toEqual([
    expect.stringMatching(/^error removed-while-routed: .*subset v2 of reviews.*reviews-v2/),
  ]);
});

test('the help goes for a rule as well as for a share', () => {
  const [finding] = mesh([...NEXT, SUBSETS, inside]).check({ previous: mesh(REVIEWS) });
  expect(finding.help).toMatch(/without this route \(for a canary: with a share of 0 %\)/);
});

test('without a state before, steps are not looked at', () => {
  const findings = state({ v1: 90, v2: 10 }).check();
  expect(findings.filter(({ check }) => STEPS.includes(check))).toEqual([]);
});

test('the state before is a mesh', () => {
  const wrong = { previous: 'dist' } as unknown as { previous: Mesh };
  expect(() => state({ v1: 100 }).check(wrong)).toThrow(/Mesh.check: a string is not a Mesh; write previous: /);
});
