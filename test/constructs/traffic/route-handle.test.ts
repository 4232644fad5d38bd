/*
 * What route() and its like return: a name, where it leads, and patches that stay with the route whatever its place.
 */
import { Duration, JsonPatch } from 'cdk8s';
import { HeaderMatch, PathMatch, RequestMatch, SourceMatch, TrafficSource } from 'cdk8s-versioned-mesh';
import { refusalOf } from '../../support/refusal';
import { Routed, reached } from '../../support/routed';

const beta = HeaderMatch.present('x-beta');

test('a route says what it is', () => {
  const made = new Routed(() => ({ defaultRoute: { name: 'primary' } }));
  const reviews = made.another('reviews');
  const routes = [
    made.mesh.route(made.v2, beta, { name: 'beta' }),
    made.mesh.defaultRoute,
    made.mesh.addService(reviews.service, { defaultVersion: reviews.v1 }),
    made.mesh.respond(beta, { status: 410, service: reviews.service }),
  ];
  expect(routes.map(({ name, service, version }) => [name, service.name, version?.version])).toEqual([
    ['beta', 'apis', 'v2'],
    ['primary', 'apis', 'v1'],
    [undefined, 'reviews', 'v1'],
    [undefined, 'reviews', undefined],
  ]);
});

test('patches stay with their route, wherever it stands', () => {
  const made = new Routed();
  const route = made.mesh.route(made.v2, beta);
  made.mesh.route(made.v3, PathMatch.exact('/a'));
  route.addJsonPatch(JsonPatch.add('/timeout', '5s'));
  made.mesh.defaultRoute.addJsonPatch(JsonPatch.add('/name', 'last'), JsonPatch.replace('/name', 'the-last'));
  expect(made.entries().map(({ timeout, name }) => [timeout, name])).toEqual([
    ['5s', undefined],
    [undefined, undefined],
    [undefined, 'the-last'],
  ]);
});

test('what a route writes as several entries is patched in each', () => {
  const made = new Routed(({ v2 }) => ({
    traffic: TrafficSource.GATEWAY_AND_MESH,
    defaultRoute: { split: [{ version: v2, percent: 10 }], sessionAffinity: { maxAge: Duration.hours(1) } },
  }));
  made.mesh.defaultRoute.addJsonPatch(JsonPatch.add('/timeout', '5s'));
  expect(made.entries().map(({ timeout }) => timeout)).toEqual(['5s', '5s', '5s']);
  expect(made.entries('apis').map(({ timeout }) => timeout)).toEqual(['5s']);
});

test('a patch that cannot be applied names its route', () => {
  const made = new Routed();
  const route = made.mesh.route(made.v2, beta, { name: 'beta' });
  route.addJsonPatch(JsonPatch.add('/spec/http/0/timeout', '5s'));
  expect(() => made.manifests).toThrow(
    "chart/ingress: the patch 'add /spec/http/0/timeout' of the route 'beta' to version 'v2' of service 'apis' cannot be applied",
  );
});

test('a test that fails says so', () => {
  const made = new Routed();
  made.mesh.defaultRoute.addJsonPatch(JsonPatch.test('/name', 'a'));
  expect(() => made.manifests).toThrow("the patch 'test /name' of the default route of service 'apis' fails");
});

test('a patch of lists acts once on each entry, whatever entries share and however often the app is synthesized', () => {
  const made = new Routed(({ v2 }) => ({
    defaultRoute: {
      split: [{ version: v2, percent: 10 }],
      sessionAffinity: { maxAge: Duration.hours(1) },
      corsPolicy: { allowOrigins: ['https://shop.example.com'], allowMethods: ['GET'] },
      responseHeaders: { remove: ['server'] },
    },
  }));
  const methods = ['GET', 'PUT'];
  made.mesh.defaultRoute.addJsonPatch(
    JsonPatch.add('/corsPolicy/allowMethods/-', 'PUT'),
    JsonPatch.add('/headers/response/remove/-', 'x-powered-by'),
  );
  const remove = ['server', 'x-powered-by'];
  for (const entries of [made.entries(), made.entries()]) {
    expect(entries).toHaveLength(3);
    for (const entry of entries) {
      expect(entry).toMatchObject({ corsPolicy: { allowMethods: methods }, headers: { response: { remove } } });
    }
  }
});

test('a patch of one rule leaves others alone that have the same match', () => {
  const made = new Routed();
  const match = HeaderMatch.exact('x-group', 'beta');
  const first = made.mesh.route(made.v2, match);
  made.mesh.route(made.v3, RequestMatch.allOf(match, PathMatch.exact('/a')));
  first.addJsonPatch(JsonPatch.replace('/match/0/headers/x-group/exact', 'gamma'));
  expect(made.entries().map((entry) => entry.match)).toEqual([
    [{ headers: { 'x-group': { exact: 'gamma' } } }],
    [{ headers: { 'x-group': { exact: 'beta' } }, uri: { exact: '/a' } }],
    undefined,
  ]);
  expect(reached(made.ask('/a', { headers: { 'x-group': 'beta' } }))).toEqual(['v3']);
});

test('what keeps users by a cookie has destinations, a match and a name of its own, which no patch reaches', () => {
  const made = new Routed(({ v2 }) => ({
    defaultRoute: { split: [{ version: v2, percent: 10 }], sessionAffinity: { maxAge: Duration.hours(1) } },
  }));
  made.mesh.defaultRoute.addJsonPatch(
    JsonPatch.replace('/route/0/weight', 80),
    JsonPatch.replace('/route/1/weight', 20),
    JsonPatch.add('/name', 'drawn'),
    JsonPatch.add('/rewrite', { authority: 'a.example.com' }),
  );
  expect(made.entries().map(({ name, route, rewrite }) => [name, route?.map(({ weight }) => weight), rewrite])).toEqual(
    [
      [undefined, [undefined], { authority: 'a.example.com' }],
      [undefined, [undefined], { authority: 'a.example.com' }],
      ['drawn', [80, 20], { authority: 'a.example.com' }],
    ],
  );
});

test('what is not a patch is refused', () => {
  const route = new Routed().mesh.defaultRoute;
  expect(refusalOf(() => route.addJsonPatch({ op: 'add' } as never))).toContain('is not a patch; write one as in');
});

describe('from both sides', () => {
  const traffic = TrafficSource.GATEWAY_AND_MESH;

  test('one VirtualService serves both where they are told the same', () => {
    const made = new Routed(() => ({ traffic }));
    made.mesh.route(made.v2, beta, { timeout: Duration.seconds(1) });
    expect(made.mesh.routeObjects.map(({ name }) => name)).toEqual(['ingress']);
  });

  test('a rule about the caller is for the sidecars, and alternatives to it for both', () => {
    const made = new Routed(() => ({ traffic }));
    made.mesh.route(made.v2, SourceMatch.namespace('shop'));
    expect(made.mesh.routeObjects.map(({ name }) => name)).toEqual(['ingress', 'apis']);
    expect(made.entries()).toHaveLength(1);
    expect(made.entries('apis')).toHaveLength(2);
    expect(made.askInside('http://apis/').destinations[0].subset).toBe('v2');
    expect(made.askInside('http://apis.example.com/').destinations[0].subset).toBe('v2');
    expect(made.ask().destinations[0].subset).toBe('v1');
  });

  test('two VirtualServices of one name are refused, and nothing is left of the rule', () => {
    const made = new Routed(() => ({ traffic, name: 'apis' }));
    expect(refusalOf(() => made.mesh.route(made.v2, SourceMatch.namespace('shop')))).toContain(
      "would be called 'apis', as another of this mesh is",
    );
    expect(made.entries('apis')).toHaveLength(1);
  });
});

test('a rule about the caller is refused where only the gateway asks', () => {
  const made = new Routed();
  expect(refusalOf(() => made.mesh.route(made.v2, SourceMatch.labels({ app: 'a' })))).toContain('GATEWAY_AND_MESH');
});
