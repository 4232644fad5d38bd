/*
 * Several services under one host, each below paths of its own.
 */
import {
  HeaderMatch,
  type MeshServiceOptions,
  PathMatch,
  type RequestMatch,
  type RouteDecision,
  type ServiceVersion,
  TrafficSource,
  type VersionedService,
} from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import { refusalOf, testRefusals } from '../../support/refusal';
import { Routed, seen } from '../../support/routed';

interface Another {
  readonly service: VersionedService;
  readonly v1: ServiceVersion;
  readonly v2: ServiceVersion;
}

class Shop extends Routed {
  public add(id: string, options: Partial<MeshServiceOptions>): Another {
    const another = this.another(id);
    this.mesh.addService(another.service, { defaultVersion: another.v1, ...options });
    return another;
  }
}

function reachedIn(decision: RouteDecision): string {
  const [{ host, subset }] = decision.destinations;
  return `${host.split('.')[0]} ${subset}`;
}

const beta = { headers: { 'x-beta': '' } };
const isBeta = HeaderMatch.present('x-beta');

describe('services below paths', () => {
  const made = new Shop();
  const cart = made.add('cart', { paths: ['/cart', '/checkout/'] });
  const reviews = made.add('reviews', { paths: ['/cart/reviews', '/api/reviews'], rewritePath: '/' });
  made.mesh.route(made.v2, isBeta);
  made.mesh.route(cart.v2, isBeta);
  made.mesh.route(reviews.v2, PathMatch.under('/new'));

  test('are valid, and the gateway comes to all of them', () => {
    expect(made.manifests.length).toBeGreaterThan(0);
    expect(made.mesh.routeObjects.map(({ name }) => name)).toEqual(['ingress', 'cart', 'reviews']);
  });

  test.each([
    ['/', 'apis v1'],
    ['/cart', 'cart v1'],
    ['/cart/', 'cart v1'],
    ['/cart/items?a=b', 'cart v1'],
    ['/checkout', 'cart v1'],
    ['/carts', 'apis v1'],
    ['/a/cart', 'apis v1'],
    ['/cart/reviews', 'reviews v1'],
    ['/cart/reviews/new', 'reviews v2'],
    ['/cart/reviewsx', 'cart v1'],
    ['/api/reviews/new/1', 'reviews v2'],
    ['/api', 'apis v1'],
  ])('%s leads to %s', (path, expected) => {
    expect(reachedIn(made.ask(path))).toBe(expected);
  });

  test.each([
    ['/', 'apis v2'],
    ['/cart', 'cart v2'],
    ['/cart/reviews', 'reviews v1'],
  ])('%s with a header leads to %s', (path, expected) => {
    expect(reachedIn(made.ask(path, beta))).toBe(expected);
  });

  test.each([
    ['/cart/items', '/cart/items'],
    ['/cart/reviews', '/'],
    ['/cart/reviews/', '/'],
    ['/cart/reviews/1?a=b', '/1?a=b'],
    ['/api/reviews/new', '/new'],
  ])('of %s the app sees %s', (path, expected) => {
    expect(seen(made.ask(path))).toBe(expected);
  });

  test('inside the mesh each is asked by its own name, for its own paths', () => {
    expect(reachedIn(made.askInside('http://reviews/new'))).toBe('reviews v2');
    expect(seen(made.askInside('http://reviews/new'))).toBe('/new');
    expect(reachedIn(made.askInside('http://cart/', beta))).toBe('cart v2');
  });
});

test('a rule about whole paths acts where it meets those of the service', () => {
  const made = new Shop();
  const cart = made.add('cart', { paths: ['/cart'] });
  made.mesh.route(cart.v2, PathMatch.under('/cart/next'));
  made.mesh.route(cart.v2, PathMatch.exact('/elsewhere'));
  made.manifests;
  expect(reachedIn(made.ask('/cart/next/1'))).toBe('cart v2');
  expect(reachedIn(made.ask('/elsewhere'))).toBe('apis v1');
  expect(reachedIn(made.askInside('http://cart/elsewhere'))).toBe('cart v2');
});

test.each<[string, RequestMatch, string]>([
  ['/shop/cart/old/a', PathMatch.under('/base/old'), '/new/a'],
  ['/shop/cart/old', PathMatch.exact('/base/old'), '/new'],
  ['/shop/cart/a', PathMatch.under('/base'), '/new/a'],
  ['/shop/cart/a', PathMatch.under('/'), '/new/base/a'],
])('a rule of the service rewrites what the app would see of %s', (path, match, expected) => {
  const made = new Shop();
  const cart = made.add('cart', { paths: ['/shop/cart'], rewritePath: '/base' });
  const route = () => made.mesh.route(cart.v2, match, { rewrite: { path: '/new' } });
  route();
  expect(reachedIn(made.ask(path))).toBe('cart v2');
  expect(seen(made.ask(path))).toBe(expected);
  expect(seen(made.ask('/shop/cart'))).toBe(path === '/shop/cart/a' ? seen(made.ask('/shop/cart')) : '/base');
});

test.each(['/', '/base', '/base/'])(
  'by rewritePath %p the app sees what it would see inside the mesh',
  (rewritePath) => {
    const segments = fc.array(fc.stringMatching(/^[a-c]$/), { maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
    const root = rewritePath.replace(/\/$/, '');
    fc.assert(
      fc.property(
        segments.filter((path) => path !== '/'),
        segments,
        fc.constantFrom(PathMatch.exact, PathMatch.prefix, PathMatch.under, PathMatch.regex),
        segments,
        (folder, asked, kind, matched) => {
          const made = new Shop();
          const cart = made.add('cart', { paths: [folder], rewritePath });
          made.mesh.route(cart.v2, kind(root + matched));
          const path = folder + (asked === '/' ? '' : asked);
          const outside = made.ask(path);
          const forApp = seen(outside) ?? '';
          expect(forApp).toBe(root + (asked === '/' ? '' : asked) || '/');
          expect(reachedIn(outside)).toBe(reachedIn(made.askInside(`http://cart${forApp}`)));
        },
      ),
      { numRuns: 40 },
    );
  },
);

test('from both sides, the sidecars hear of the services by their names only', () => {
  const made = new Shop(() => ({ traffic: TrafficSource.GATEWAY_AND_MESH }));
  made.add('cart', { paths: ['/cart'] });
  expect(made.mesh.routeObjects.map(({ name }) => name)).toEqual(['ingress', 'apis', 'cart']);
  made.manifests;
  expect(reachedIn(made.ask('/cart'))).toBe('cart v1');
  expect(reachedIn(made.askInside('http://apis/cart'))).toBe('apis v1');
});

test('paths of one service that nothing stands between share an entry', () => {
  const made = new Shop();
  made.add('cart', { paths: ['/cart', '/checkout'], defaultRoute: { name: 'cart' } });
  expect(made.entries().map(({ name, match }) => [name, match?.length])).toEqual([
    ['cart', 2],
    [undefined, undefined],
  ]);
});

describe('refused are', () => {
  const add = (options: unknown) => () => new Shop().add('cart', options as MeshServiceOptions);
  const made = new Shop();
  made.add('reviews', { paths: ['/reviews'] });
  testRefusals([
    ['no path', add({ paths: [] }), 'paths is empty'],
    ['a path that is none', add({ paths: ['cart'] }), "addService.options.paths 'cart' is not a path"],
    ['a path with dots', add({ paths: ['/a/../b'] }), "paths '/a/../b' never arrives in that form", "write '/b'"],
    ['a path of encoded letters', add({ paths: ['/%61bc'] }), "write '/abc'"],
    ['a pattern', add({ paths: ['/a b'] }), "paths '/a b'"],
    ['all paths', add({ paths: ['/'] }), "paths '/' would take every request"],
    ['a path twice', add({ paths: ['/cart', '/cart/'] }), "paths '/cart/' is listed twice"],
    ["another's path", () => made.add('cart', { paths: ['/reviews'] }), "service 'reviews' already"],
    ['a rewriting of nothing', add({ rewritePath: '/' }), "rewritePath '/' takes the place of paths"],
    ['a rewriting that is none', add({ paths: ['/a'], rewritePath: 'a' }), "rewritePath 'a' is not a path"],
    [
      'paths without a gateway',
      () => new Shop(() => ({ traffic: TrafficSource.MESH })).add('cart', { paths: ['/cart'] }),
      'traffic is MESH',
    ],
    ['text', add({ paths: '/cart' }), "paths '/cart' is not a list"],
  ]);

  test('and nothing is left of it', () => {
    const shop = new Shop();
    const cart = shop.another('cart');
    const act = (options: Partial<MeshServiceOptions>) =>
      shop.mesh.addService(cart.service, { defaultVersion: cart.v1, ...options });
    for (const options of [{ paths: ['/'] }, { name: 'ingress' }, { name: 'A' }, { labels: { a: 'b c' } }]) {
      expect(refusalOf(() => act(options))).toMatch(/[.]$/);
      expect(shop.mesh.routeObjects).toHaveLength(1);
    }
    act({ paths: ['/cart'] });
    expect(reachedIn(shop.ask('/cart'))).toBe('cart v1');
  });
});
