/*
 * A user stays on the version that the shares drew: cookies on both sides, read before the shares.
 */
import { Duration } from 'cdk8s';
import { type GatewayOptions, HeaderMatch, SameSite, type SessionAffinity, TrafficSource } from 'cdk8s-versioned-mesh';
import { refusalOf, testRefusals } from '../../support/refusal';
import { type Entry, Routed, reached } from '../../support/routed';

const hours = Duration.hours(8);

function canary(percent: number, affinity: Partial<SessionAffinity> = {}, more: object = {}): Routed {
  return new Routed(({ v2 }) => ({
    defaultRoute: { split: [{ version: v2, percent }], sessionAffinity: { maxAge: hours, ...affinity } },
    ...more,
  }));
}

function withCookie(value: string): { headers: { cookie: string } } {
  return { headers: { cookie: `a=b; apis-version=${value}; c=d` } };
}

function cookiesOf({ route = [] }: Entry): unknown[] {
  return route.map(
    (destination) => (destination as unknown as { headers: Cookies }).headers.response.add['set-cookie'],
  );
}

interface Cookies {
  readonly response: { readonly add: { readonly 'set-cookie': string } };
}

test('who has no cookie is drawn, and both sides set one, which they add to those of the app', () => {
  const made = canary(10);
  expect(reached(made.ask())).toEqual(['v1 90', 'v2 10']);
  expect(cookiesOf(made.entries()[2])).toEqual([
    'apis-version=v1:90; Path=/; Max-Age=28800; HttpOnly; SameSite=Lax',
    'apis-version=v2; Path=/; Max-Age=28800; HttpOnly; SameSite=Lax',
  ]);
});

test('who has one stays on its side', () => {
  const made = canary(10);
  expect(reached(made.ask('/', withCookie('v2')))).toEqual(['v2']);
  expect(reached(made.ask('/', withCookie('v1:90')))).toEqual(['v1']);
});

test('the next step draws users of the default again, and leaves those of the canary there', () => {
  const made = canary(25);
  expect(reached(made.ask('/', withCookie('v1:90')))).toEqual(['v1 75', 'v2 25']);
  expect(reached(made.ask('/', withCookie('v2')))).toEqual(['v2']);
});

test('at 0 percent nobody stays on the canary, at 100 nobody on the default', () => {
  expect(reached(canary(0).ask('/', withCookie('v2')))).toEqual(['v1']);
  expect(reached(canary(100).ask('/', withCookie('v1:90')))).toEqual(['v2']);
  expect(canary(0).entries()).toHaveLength(2);
});

test('shares that move between two canaries are another cookie of the default, too', () => {
  const cookies = [
    [5, 10],
    [10, 5],
  ].map(([first, second]) => {
    const made = new Routed(({ v2, v3 }) => ({
      defaultRoute: {
        split: [
          { version: v2, percent: first },
          { version: v3, percent: second },
        ],
        sessionAffinity: { maxAge: hours },
      },
    }));
    return String(cookiesOf(made.entries()[3])[0]).split(';')[0];
  });
  expect(cookies).toEqual(['apis-version=v1:85~5~10', 'apis-version=v1:85~10~5']);
});

test("the user's rules win over the cookie", () => {
  const made = canary(10);
  made.mesh.route(made.v1, HeaderMatch.exact('x-version', 'v1'));
  expect(reached(made.ask('/', { headers: { cookie: 'apis-version=v2', 'x-version': 'v1' } }))).toEqual(['v1']);
});

test('a rule keeps its users apart from those of others', () => {
  const made = new Routed();
  made.mesh.route(made.v1, HeaderMatch.present('x-beta'), {
    name: 'beta',
    split: [{ version: made.v2, percent: 50 }],
    sessionAffinity: { maxAge: hours },
  });
  const cookie = 'apis-version=v2';
  expect(reached(made.ask('/', { headers: { cookie, 'x-beta': '' } }))).toEqual(['v2']);
  expect(reached(made.ask('/', { headers: { cookie } }))).toEqual(['v1']);
  expect(made.entries().map(({ name }) => name)).toEqual(['beta-v1', 'beta-v2', 'beta', undefined]);
});

test('inside the mesh there are the shares alone, in a VirtualService of their own', () => {
  const made = canary(10, {}, { traffic: TrafficSource.GATEWAY_AND_MESH });
  expect(made.mesh.routeObjects.map(({ name }) => name)).toEqual(['ingress', 'apis']);
  expect(made.entries()).toHaveLength(3);
  expect(made.entries('apis')).toEqual([
    {
      route: [
        { destination: { host: 'apis', subset: 'v1', port: { number: 80 } }, weight: 90 },
        { destination: { host: 'apis', subset: 'v2', port: { number: 80 } }, weight: 10 },
      ],
    },
  ]);
  expect(reached(made.askInside('http://apis/', withCookie('v2')))).toEqual(['v1 90', 'v2 10']);
  expect(reached(made.ask('/', withCookie('v2')))).toEqual(['v2']);
});

test('the attributes of the cookie are those that are asked for', () => {
  const made = canary(10, {
    cookieName: 'side',
    path: '/100%',
    domain: 'example.com',
    secure: true,
    sameSite: SameSite.NONE,
  });
  expect(cookiesOf(made.entries()[2])[1]).toBe(
    'side=v2; Path=/100%%; Domain=example.com; Max-Age=28800; Secure; HttpOnly; SameSite=None',
  );
});

test.each<[string, GatewayOptions | undefined, boolean]>([
  ['that serves HTTPS, the cookie is secure', { tls: { credentialName: 'cert' } }, true],
  ['of HTTP only, it is not, or browsers would not keep it', undefined, false],
])('behind a gateway %s', (_, gatewayOptions, isSecure) => {
  const [, , split] = canary(10, {}, { gatewayOptions }).entries();
  expect(String(cookiesOf(split)[0]).includes('Secure')).toBe(isSecure);
});

describe('refused are', () => {
  const affinity = (given: Partial<SessionAffinity>) => () => canary(10, given);
  const made = new Routed();
  const sessionAffinity = { maxAge: hours };
  testRefusals([
    ['no time', () => canary(10, { maxAge: undefined }), 'sessionAffinity.maxAge is missing', 'Duration.hours(8)'],
    ['half a second', affinity({ maxAge: Duration.millis(500) }), "maxAge '0.5 s'", 'whole number of seconds'],
    ['no time at all', affinity({ maxAge: Duration.seconds(0) }), "maxAge '0 s'"],
    ['a bad name', affinity({ cookieName: 'a b' }), "cookieName 'a b' is not the name of a cookie"],
    ['a bad path', affinity({ path: 'a' }), "path 'a' is not the path of a cookie"],
    ['a path with an attribute', affinity({ path: '/; Secure' }), "path '/; Secure'"],
    ['a bad domain', affinity({ domain: 'a;b' }), "domain 'a;b' is not the domain"],
    ['a cookie that browsers drop', affinity({ sameSite: SameSite.NONE, secure: false }), 'SameSite.NONE', 'secure'],
    ['no shares', () => new Routed(() => ({ defaultRoute: { sessionAffinity } })), 'there is no split'],
    ['inside the mesh', () => canary(10, {}, { traffic: TrafficSource.MESH }), 'from inside the mesh only', 'cookies'],
    [
      'a rule on a cookie',
      () =>
        made.mesh.route(made.v1, HeaderMatch.cookie('a', 'b'), {
          split: [{ version: made.v2, percent: 1 }],
          sessionAffinity,
        }),
      'asks about the cookie header already',
    ],
    [
      'changes that take it away',
      () =>
        made.mesh.route(made.v1, HeaderMatch.present('x-a'), {
          split: [{ version: made.v2, percent: 1 }],
          sessionAffinity,
          responseHeaders: { remove: ['Set-Cookie'] },
        }),
      "'set-cookie'",
      'responseHeaders.add',
    ],
  ]);

  test('a service without paths', () => {
    const reviews = made.another('reviews');
    const split = [{ version: reviews.v2, percent: 1 }];
    const act = () =>
      made.mesh.addService(reviews.service, { defaultVersion: reviews.v1, defaultRoute: { split, sessionAffinity } });
    expect(refusalOf(act)).toContain("service 'reviews' is reached from inside the mesh only");
    expect(made.mesh.routeObjects).toHaveLength(1);
  });
});
