/*
 * What the README says, below each of its charts, of callers inside the mesh.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart, Testing } from 'cdk8s';
import {
  FlaskLikeApp,
  HeaderMatch,
  HeaderRoutedMesh,
  Mesh,
  TrafficSource,
  VersionedService,
} from 'cdk8s-versioned-mesh';
import { SNIPPETS } from '../../docs/snippets/synth';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8').replace(/\s+/g, ' ');
const CHROME = { 'user-agent': 'Mozilla/5.0 Chrome/140.0' };
const BETA = { 'x-version': 'beta' };

/** The shares of versions, in whole percent, that a pod of another namespace gets. */
type Ask = (url: string, headers?: { readonly [name: string]: string }) => { readonly [version: string]: number };

const SAID: { readonly [snippet: string]: { readonly sentence: string; readonly holds: (ask: Ask) => void } } = {
  'two-versions': {
    sentence:
      'Callers inside the mesh do not pass the gateway: at `http://apis.apis` they get v1 and v2 mixed by their pods, four to two, ' +
      'whatever the header. With `traffic: TrafficSource.GATEWAY_AND_MESH` in the props of the HeaderRoutedMesh the rules hold for them, too.',
    holds: (ask) => {
      expect(ask('http://apis.apis')).toEqual({ v1: 67, v2: 33 });
      expect(ask('http://apis.apis', CHROME)).toEqual({ v1: 67, v2: 33 });
    },
  },
  'flask-like-app': {
    sentence:
      'Callers inside the mesh get its pods at `http://frontend`, and no header changes that: there is one version.',
    holds: (ask) => {
      expect(ask('http://frontend.default')).toEqual({ none: 100 });
      expect(ask('http://frontend.default', BETA)).toEqual({ none: 100 });
    },
  },
  'versioned-service': {
    sentence:
      'Nothing routes it so far: callers inside the mesh get both versions at `http://reviews:9080`, mixed by their pods, four to one, ' +
      'whatever the header. A HeaderRoutedMesh whose `traffic` includes the mesh changes that.',
    holds: (ask) => {
      expect(ask('http://reviews.default:9080')).toEqual({ '1.4.0': 80, '2.0.0-rc.1': 20 });
      expect(ask('http://reviews.default:9080', BETA)).toEqual({ '1.4.0': 80, '2.0.0-rc.1': 20 });
    },
  },
  'header-routed-mesh': {
    sentence:
      'With `GATEWAY_AND_MESH` these rules hold for callers inside the mesh, too, at `http://shop` and `http://reviews`. Without that line ' +
      'they would get v1 and v2 of each mixed by their pods, whatever the header.',
    holds: (ask) => {
      for (const url of ['http://shop.default', 'http://reviews.default']) {
        expect(ask(url)).toEqual({ v1: 100 });
        expect(ask(url, BETA)).toEqual({ v2: 100 });
      }
      expect(ask('http://shop.default', { cookie: 'group=b' })).toEqual({ v2: 100 });
    },
  },
};

test('each chart of the README says what callers inside the mesh get', () => {
  expect(Object.keys(SAID)).toEqual(Object.keys(SNIPPETS));
});

test.each(Object.entries(SAID))('%s: it is said, and so', (name, { sentence, holds }) => {
  expect(README).toContain(sentence);
  holds(insideMeshOf((app) => SNIPPETS[name](app, name)));
});

test.each([TrafficSource.GATEWAY_AND_MESH, TrafficSource.MESH])(
  'with traffic %s the rules hold inside, too',
  (traffic) => {
    const ask = insideMeshOf((app) => {
      const chart = new Chart(app, 'apis', { namespace: 'apis' });
      const apis = new VersionedService(chart, 'apis', { port: 80 });
      const [v1, v2] = ['v1', 'v2'].map((version) =>
        apis.addVersion(version, { image: `ghcr.io/acme/apis:${version}` }),
      );
      const hosts = traffic === TrafficSource.MESH ? undefined : ['apis.example.com'];
      new HeaderRoutedMesh(chart, 'ingress', { hosts, service: apis, defaultVersion: v1, traffic }).route(
        v2,
        HeaderMatch.contains('user-agent', 'Chrome'),
      );
    });
    expect(ask('http://apis.apis')).toEqual({ v1: 100 });
    expect(ask('http://apis.apis', CHROME)).toEqual({ v2: 100 });
  },
);

/** Asks as a pod in a namespace of its own, so that a name means the same wherever the chart is. */
function insideMeshOf(make: (app: ReturnType<typeof Testing.app>) => void): Ask {
  const app = Testing.app();
  make(app);
  const elsewhere = new Chart(app, 'elsewhere', { namespace: 'elsewhere' });
  new FlaskLikeApp(elsewhere, 'client', { image: 'ghcr.io/acme/client:1.0.0' });
  const mesh = Mesh.fromApp(app);
  return (url, headers) => {
    const { versions } = mesh.route({ url, headers, from: 'mesh:elsewhere/client' });
    return Object.fromEntries(Object.entries(versions).map(([version, share]) => [version, Math.round(share)]));
  };
}
