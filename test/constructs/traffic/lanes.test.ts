/*
 * Lanes: one key through a chain of services, each by its version of the lane where it has one.
 */
import { Duration } from 'cdk8s';
import {
  HeaderMatch,
  type LaneOptions,
  Mesh,
  PathMatch,
  RequestMatch,
  SourceMatch,
  TrafficSource,
} from 'cdk8s-versioned-mesh';
import { refusalOf, testRefusals } from '../../support/refusal';
import { Routed, reached } from '../../support/routed';
import { newChart } from '../../support/synth';
import { versioned } from '../../support/versioned';

const baggage = HeaderMatch.baggage('lane', 'beta');
const onLane = { headers: { baggage: 'user=ann,lane=beta' } };

/** apis → reviews → ratings, of which apis and ratings have a version on the lane; cart is below a path. */
function chain(options: Partial<LaneOptions> = {}) {
  const made = new Routed(() => ({ defaultRoute: { timeout: Duration.seconds(3) } }));
  const [reviews, ratings, cart] = ['reviews', 'ratings', 'cart'].map((id) => made.another(id));
  made.mesh.addService(reviews.service, { defaultVersion: reviews.v1 });
  made.mesh.addService(ratings.service, { defaultVersion: ratings.v1 });
  made.mesh.addService(cart.service, { defaultVersion: cart.v1, paths: ['/cart'] });
  const routes = made.mesh.addLane('beta', { match: baggage, versions: [made.v2, ratings.v2], ...options });
  return { made, routes };
}

describe('a lane by baggage', () => {
  const { made, routes } = chain();

  test('leads each service to its version of the lane, or to its default', () => {
    made.manifests;
    expect(reached(made.ask('/', onLane))).toEqual(['v2']);
    expect(reached(made.askInside('http://ratings/', onLane))).toEqual(['v2']);
    expect(reached(made.askInside('http://reviews/', onLane))).toEqual(['v1']);
    expect(reached(made.ask())).toEqual(['v1']);
  });

  test('does what the default does, but to its version', () => {
    expect(made.ask('/', onLane)).toMatchObject({ timeoutMillis: 3000, ruleName: 'lane-beta' });
  });

  test('returns its routes', () => {
    expect(routes.map(({ name, service }) => `${name} ${service.name}`)).toEqual([
      'lane-beta apis',
      'lane-beta ratings',
    ]);
  });

  test('says which header apps have to pass on', () => {
    for (const manifest of made.manifests.filter(({ kind }) => kind === 'VirtualService')) {
      expect(manifest.metadata.annotations).toEqual({ 'cdk8s-versioned-mesh/propagated-headers': 'baggage' });
    }
    made.mesh.addLane('dev', { match: HeaderMatch.exact('X-Lane', 'dev'), versions: [made.v3] });
    const late = made.another('late');
    made.mesh.addService(late.service, { defaultVersion: late.v1 });
    expect(made.mesh.routeObjects.map(({ metadata }) => metadata.toJson().annotations)).toEqual(
      made.mesh.routeObjects.map(() => ({ 'cdk8s-versioned-mesh/propagated-headers': 'baggage,x-lane' })),
    );
  });
});

describe('an entry at the gateway', () => {
  const entry = HeaderMatch.cookie('lane', 'beta');
  const { made } = chain({ entry });
  const coming = { headers: { cookie: 'lane=beta', baggage: 'user=ann' } };

  test('is no reason for a warning that the key comes too late for the rules of other services', () => {
    const ids = Mesh.fromChart(made.chart)
      .check()
      .map(({ check }) => check);
    expect(ids).not.toContain('header-set-before-match');
  });

  test('adds the key to what is in the header', () => {
    made.manifests;
    const decision = made.ask('/', coming);
    expect(reached(decision)).toEqual(['v2']);
    expect(decision.destinations[0].request.headers.baggage).toBe('user=ann,lane=beta');
  });

  test('adds it on the way to services that have no version of the lane, too', () => {
    const decision = made.ask('/cart', coming);
    expect(reached(decision)).toEqual(['v1']);
    expect(decision.destinations[0].request.headers.baggage).toBe('user=ann,lane=beta');
  });

  test('leaves a request alone that has the key', () => {
    const decision = made.ask('/', { headers: { ...coming.headers, ...onLane.headers } });
    expect(decision.destinations[0].request.headers.baggage).toBe('user=ann,lane=beta');
  });

  test('does nothing inside the mesh', () => {
    expect(reached(made.askInside('http://ratings/', coming))).toEqual(['v1']);
  });

  test('sets a header of its own', () => {
    const other = chain({ match: HeaderMatch.exact('x-lane', 'beta'), entry }).made;
    const [destination] = other.ask('/', { headers: { cookie: 'lane=beta', 'x-lane': 'other' } }).destinations;
    expect(destination.request.headers['x-lane']).toBe('beta');
  });

  test('writes nothing else about headers', () => {
    const headersOf = (match: RequestMatch) => {
      const entries = chain({ match, entry }).made.entries();
      return entries.flatMap(({ headers }) => headers ?? []);
    };
    expect(headersOf(baggage)[0]).toEqual({ request: { add: { baggage: 'lane=beta' } } });
    expect(headersOf(HeaderMatch.exact('x-lane', 'beta'))[0]).toEqual({ request: { set: { 'x-lane': 'beta' } } });
  });

  test('keeps the shares of a service without a version of the lane', () => {
    const shop = new Routed(({ v2 }) => ({
      defaultRoute: { split: [{ version: v2, percent: 10 }], sessionAffinity: { maxAge: Duration.hours(1) } },
    }));
    const reviews = shop.another('reviews');
    shop.mesh.addService(reviews.service, { defaultVersion: reviews.v1 });
    shop.mesh.addLane('beta', { match: baggage, entry, versions: [reviews.v2] });
    shop.manifests;
    expect(reached(shop.ask('/', coming))).toEqual(['v1 90', 'v2 10']);
  });

  test('from both sides, the gateway has a VirtualService of its own', () => {
    const both = new Routed(() => ({ traffic: TrafficSource.GATEWAY_AND_MESH }));
    both.mesh.addLane('beta', { match: baggage, entry, versions: [both.v2] });
    both.manifests;
    expect(both.mesh.routeObjects.map(({ name }) => name)).toEqual(['ingress', 'apis']);
    expect(reached(both.askInside('http://apis/', coming))).toEqual(['v1']);
    expect(reached(both.askInside('http://apis/', onLane))).toEqual(['v2']);
  });
});

describe('refused are', () => {
  const made = new Routed();
  const strange = versioned(newChart(), 'strange').defaultVersion;
  const lane =
    (options: object, name = 'beta') =>
    () =>
      made.mesh.addLane(name, { match: baggage, versions: [made.v2], ...options });
  const key = (match: RequestMatch) => lane({ match });
  const remedy = "HeaderMatch.baggage('lane', 'beta')";
  testRefusals([
    ['a name that is none', lane({}, 'A b'), "addLane: name 'A b'", "write 'a-b'"],
    ['no version', lane({ versions: [] }), 'versions is empty'],
    ['a version by name', lane({ versions: ['v2'] }), "versions[0] 'v2' is a string", "service.version('v2')"],
    ['two versions of a service', lane({ versions: [made.v2, made.v3] }), "versions 'v2' and 'v3'", 'one a service'],
    ["a stranger's version", lane({ versions: [strange] }), "service 'strange', which this mesh does not route"],
    ['no key', lane({ match: undefined }), 'addLane.options.match is missing'],
    ['a part of a header', key(HeaderMatch.prefix('x-lane', 'b')), 'match is not one key', remedy],
    ['a path', key(PathMatch.exact('/a')), 'match is not one key'],
    ['two headers', key(RequestMatch.allOf(baggage, HeaderMatch.present('x-a'))), 'match is not one key'],
    ['either of two', key(RequestMatch.anyOf(baggage, HeaderMatch.exact('x-a', 'b'))), 'match is not one key'],
    ['what it is not', key(RequestMatch.not(HeaderMatch.exact('x-a', 'b'))), 'match is not one key'],
    ['an entry by the caller', lane({ entry: SourceMatch.namespace('a') }), 'whom only sidecars know'],
    ['a header of clients', key(HeaderMatch.exact('Cookie', 'lane=beta')), "header 'Cookie' of match", "'x-lane'"],
    ['one that names the browser', key(HeaderMatch.exact('user-agent', 'beta')), "header 'user-agent'"],
    ['all of the baggage', key(HeaderMatch.exact('baggage', 'lane=beta')), "header 'baggage'", remedy],
    ['a pseudo-header', key(HeaderMatch.exact(':authority', 'a.b')), 'match is not one key'],
  ]);

  test('an entry where no gateway leads', () => {
    const inside = new Routed(() => ({ traffic: TrafficSource.MESH }));
    const act = () => inside.mesh.addLane('beta', { match: baggage, versions: [inside.v2], entry: baggage });
    expect(refusalOf(act)).toContain('addLane.options.entry acts at the gateway');
    expect(inside.entries()).toHaveLength(1);
  });

  test('an entry that takes a VirtualService of a name that is taken, and nothing is left of the lane', () => {
    const both = new Routed(() => ({ name: 'apis', traffic: TrafficSource.GATEWAY_AND_MESH }));
    const entry = HeaderMatch.cookie('lane', 'beta');
    expect(refusalOf(() => both.mesh.addLane('beta', { match: baggage, versions: [both.v2], entry }))).toContain(
      "'apis'",
    );
    expect(both.entries('apis')).toHaveLength(1);
    expect(both.mesh.addLane('beta', { match: baggage, versions: [both.v2] })).toHaveLength(1);
  });

  test('a lane twice, and paths that an entry would miss', () => {
    const { made: shop } = chain({ entry: HeaderMatch.cookie('lane', 'beta') });
    expect(refusalOf(() => shop.mesh.addLane('beta', { match: baggage, versions: [shop.v2] }))).toContain(
      "'beta' is there",
    );
    const late = shop.another('late');
    const act = () => shop.mesh.addService(late.service, { defaultVersion: late.v1, paths: ['/late'] });
    expect(refusalOf(act)).toContain('add services first');
  });
});
