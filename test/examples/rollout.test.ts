/*
 * The rollout of apis: that each state answers as meant, that each step can be applied, and that a state left out is found.
 */
import { App, Testing } from 'cdk8s';
import { Mesh, type RouteRequest } from 'cdk8s-versioned-mesh';
import 'cdk8s-versioned-mesh/jest';
import { RolloutChart, STATES } from '../../examples/apis/rollout';
import { type Manifest, only } from '../support/synth';
import { expectValid } from '../support/valid';

const app = new App();
const charts = new Map(Object.entries(STATES).map(([name, state]) => [name, new RolloutChart(app, name, state)]));
const meshes = new Map([...charts].map(([name, chart]) => [name, Mesh.fromChart(chart)]));
const NAMES = [...meshes.keys()];

function mesh(name: string): Mesh {
  return meshes.get(name) as Mesh;
}

function ask(name: string, headers: RouteRequest['headers'] = {}) {
  return mesh(name).route({ url: 'http://apis.example.com/', headers });
}

/** The cookie that a user brings back after one visit, by the version that answered it. */
function cookieOf(name: string, version: string): string {
  const { http } = only(manifestsOf(name), 'VirtualService').spec as { http: { route: Destination[] }[] };
  const destination = http.at(-1)?.route.find(({ destination: { subset } }) => subset === version);
  return destination?.headers.response.add['set-cookie'].split(';')[0] as string;
}

interface Destination {
  readonly destination: { readonly subset: string };
  readonly headers: { readonly response: { readonly add: { readonly 'set-cookie': string } } };
}

function manifestsOf(name: string): Manifest[] {
  return Testing.synth(charts.get(name) as RolloutChart);
}

test('all states are synthesized by one app', () => {
  expect(() => app.synthYaml()).not.toThrow();
});

describe.each([
  ['0-v1', { v1: 100 }],
  ['1-0-percent', { v1: 100 }],
  ['2-5-percent', { v1: 95, v2: 5 }],
  ['3-25-percent', { v1: 75, v2: 25 }],
  ['4-50-percent', { v1: 50, v2: 50 }],
  ['5-100-percent', { v2: 100 }],
  ['6-v1-retired', { v2: 100 }],
  ['7-v2', { v2: 100 }],
])('state %s', (name, shares) => {
  test('answers by these shares', () => {
    expect(ask(name)).toSplitVersions(shares);
  });

  test('would be accepted by a cluster', () => {
    const manifests = manifestsOf(name);
    expectValid(manifests);
    expect(manifests.filter(({ kind }) => ['DestinationRule', 'VirtualService'].includes(kind))).toMatchSnapshot();
  });

  test('has nothing wrong', () => {
    expect(mesh(name)).toHaveNoMeshFindings();
  });
});

describe('a user', () => {
  test.each(['2-5-percent', '3-25-percent', '4-50-percent'])('in state %s stays where the dice put them', (name) => {
    for (const version of ['v1', 'v2']) {
      expect(ask(name, { cookie: cookieOf(name, version) })).toReachVersion(version);
    }
  });

  test('who has v2 keeps it through the steps', () => {
    const cookie = cookieOf('2-5-percent', 'v2');
    for (const name of NAMES.slice(NAMES.indexOf('2-5-percent'))) {
      expect(ask(name, { cookie })).toReachVersion('v2');
    }
  });

  test('who has v1 is drawn again at the next step', () => {
    const cookie = cookieOf('2-5-percent', 'v1');
    expect(ask('3-25-percent', { cookie })).toSplitVersions({ v1: 75, v2: 25 });
  });

  test('who has v2 is back at v1 where the rollout goes back to 0 %', () => {
    const cookie = cookieOf('4-50-percent', 'v2');
    expect(ask('1-0-percent', { cookie })).toReachVersion('v1');
  });

  test('gets the version that a header asks for, as long as it may serve', () => {
    expect(ask('4-50-percent', { 'x-version': 'v1' })).toReachVersion('v1');
    expect(ask('2-5-percent', { 'x-version': 'v2' })).toReachVersion('v2');
    expect(ask('1-0-percent', { 'x-version': 'v2' })).toReachVersion('v1');
    expect(ask('6-v1-retired', { 'x-version': 'v1' })).toReachVersion('v2');
  });
});

describe('a step', () => {
  const findings = (from: string, to: string) =>
    mesh(to)
      .check({ previous: mesh(from) })
      .map(({ check }) => check);

  test.each(NAMES.slice(1).map((name, index) => [NAMES[index], name]))('from %s to %s can be applied', (from, to) => {
    expect(findings(from, to)).toEqual([]);
  });

  test.each(NAMES.slice(2, 6).map((name, index) => [name, NAMES[index + 1]]))('back from %s to %s, too', (from, to) => {
    expect(findings(from, to)).toEqual([]);
  });

  test('that leaves out the state of 0 % is found', () => {
    expect(findings('0-v1', '2-5-percent')).toEqual(['requests-before-pods']);
  });

  test('that leaves out the retirement is found', () => {
    expect(findings('5-100-percent', '7-v2')).toEqual(['removed-while-routed']);
  });
});
