/*
 * A user stays on the version that the shares drew: cookies on both sides, read before the shares.
 */
import { Duration } from 'cdk8s';
import {
  HeaderMatch,
  IngressGateway,
  SameSite,
  type ServiceVersion,
  type SessionAffinity,
  TrafficSource,
} from 'cdk8s-versioned-mesh';
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
    'apis-version=v1:v2~10; Path=/; Max-Age=28800; HttpOnly; SameSite=Lax',
    'apis-version=v2; Path=/; Max-Age=28800; HttpOnly; SameSite=Lax',
  ]);
});

test('who has one stays on its side', () => {
  const made = canary(10);
  expect(reached(made.ask('/', withCookie('v2')))).toEqual(['v2']);
  expect(reached(made.ask('/', withCookie('v1:v2~10')))).toEqual(['v1']);
});

test('the next step draws users of the default again, and leaves those of the canary there', () => {
  const made = canary(25);
  expect(reached(made.ask('/', withCookie('v1:v2~10')))).toEqual(['v1 75', 'v2 25']);
  expect(reached(made.ask('/', withCookie('v2')))).toEqual(['v2']);
});

test('at 0 percent nobody stays on the canary, at 100 nobody on the default', () => {
  expect(reached(canary(0).ask('/', withCookie('v2')))).toEqual(['v1']);
  expect(reached(canary(100).ask('/', withCookie('v1:v2~10')))).toEqual(['v2']);
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
  expect(cookies).toEqual(['apis-version=v1:v2~5:v3~10', 'apis-version=v1:v2~10:v3~5']);
});

test('shares of another version are another cookie of the default, whatever the order they are written in', () => {
  const made = new Routed(({ v2, v3 }) => ({
    defaultRoute: {
      split: [
        { version: v3, percent: 10 },
        { version: v2, percent: 0 },
      ],
      sessionAffinity: { maxAge: hours },
    },
  }));
  expect(reached(made.ask('/', withCookie('v1:v2~10')))).toEqual(['v1 90', 'v3 10']);
  expect(reached(made.ask('/', withCookie('v1:v3~10')))).toEqual(['v1']);
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

describe('the cookie is secure', () => {
  const tls = { credentialName: 'cert' };
  const isSecure = (made: Routed) =>
    cookiesOf(made.entries()[2]).every((cookie) => String(cookie).includes('; Secure'));
  const shared = (serve: (gateway: IngressGateway) => void, hosts?: string[]) =>
    new Routed(({ chart, v2 }) => {
      const gateway = new IngressGateway(chart, 'public');
      serve(gateway);
      const split = [{ version: v2, percent: 10 }];
      return { gateway, ...(hosts && { hosts }), defaultRoute: { split, sessionAffinity: { maxAge: hours } } };
    });

  test('behind a gateway that serves HTTPS, and redirects there', () => {
    expect(isSecure(canary(10, {}, { gatewayOptions: { tls } }))).toBe(true);
    expect(isSecure(shared((gateway) => gateway.addServer(['*.example.com'], { tls })))).toBe(true);
  });

  test('not behind one of HTTP, or browsers would not keep it', () => {
    expect(isSecure(canary(10))).toBe(false);
  });

  test('not where some come by HTTP', () => {
    const both = { ...tls, redirectHttp: false };
    expect(isSecure(canary(10, {}, { gatewayOptions: { tls: both } }))).toBe(false);
    const onAnotherPort = shared((gateway) => {
      gateway.addServer(['*.example.com'], { tls });
      gateway.addServer(['apis.example.com'], { port: 8080 });
    });
    expect(isSecure(onAnotherPort)).toBe(false);
  });

  test('not where HTTPS serves one of the hosts only, or a part', () => {
    const serve = (gateway: IngressGateway) => {
      gateway.addServer(['apis.example.com'], { tls });
      gateway.addServer(['apis.example.org']);
    };
    expect(isSecure(shared(serve, ['apis.example.com', 'apis.example.org']))).toBe(false);
  });

  test('wherever it is asked for', () => {
    expect(isSecure(canary(10, { secure: true }))).toBe(true);
  });
});

describe('two routes with cookies', () => {
  const sticky = (version: ServiceVersion, percent: number, more: Partial<SessionAffinity> = {}) => ({
    split: [{ version, percent }],
    sessionAffinity: { maxAge: hours, ...more },
  });
  const beta = HeaderMatch.present('x-beta');

  test('share one where they draw alike', () => {
    const made = canary(10);
    made.mesh.route(made.v1, beta, { ...sticky(made.v2, 10), timeout: Duration.seconds(1) });
    expect(reached(made.ask('/', { headers: { 'x-beta': '', cookie: 'apis-version=v2' } }))).toEqual(['v2']);
  });

  test('need two where they draw by different shares', () => {
    const made = canary(10);
    const act = (options: object) => () => made.mesh.route(made.v1, beta, options);
    for (const other of [sticky(made.v2, 50), sticky(made.v3, 10)]) {
      expect(refusalOf(act(other))).toContain(
        "cookie 'apis-version' is that of another route of service 'apis' already",
      );
    }
    expect(act(sticky(made.v2, 50, { cookieName: 'beta' }))).not.toThrow();
    expect(refusalOf(act(sticky(made.v2, 60, { cookieName: 'beta' })))).toContain("cookie 'beta'");
  });

  test('need two where they are of two services', () => {
    const made = canary(10, { cookieName: 'side' });
    const cart = made.another('cart');
    const add = (cookieName: string) => () =>
      made.mesh.addService(cart.service, {
        defaultVersion: cart.v1,
        paths: ['/cart'],
        defaultRoute: sticky(cart.v2, 10, { cookieName }),
      });
    expect(refusalOf(add('side'))).toContain("cookie 'side' is that of another route of service 'apis'");
    expect(add('cart-side')).not.toThrow();
  });
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
    ['one that they drop over HTTP', affinity({ sameSite: SameSite.NONE }), 'SameSite.NONE', 'set secure to true'],
    ['a secure name that is not', affinity({ cookieName: '__Secure-v' }), "cookieName '__Secure-v'", 'secure to true'],
    ['the name of a host without', affinity({ cookieName: '__host-v', secure: false }), "cookieName '__host-v'"],
    [
      'the name of a host with a domain',
      affinity({ cookieName: '__Host-v', secure: true, domain: 'example.com' }),
      "cookieName '__Host-v'",
      "'__Secure-'",
    ],
    ['the name of a host with a path', affinity({ cookieName: '__Host-v', secure: true, path: '/a' }), "'__Host-v'"],
    ["a stranger's domain", affinity({ domain: 'example.org' }), "domain 'example.org'", "host 'apis.example.com'"],
    ['a domain below the host', affinity({ domain: 'a.apis.example.com' }), "domain 'a.apis.example.com'"],
    [
      'more versions than a rule can ask for',
      () => {
        const many = new Routed();
        const split = Array.from({ length: 20 }, (_, index) => ({
          version: many.service.addVersion(`a${'.'.repeat(40)}a${index}`, {
            image: 'apis:1',
            subset: `s${index}`,
            name: `n${index}`,
          }),
          percent: 1,
        }));
        many.mesh.route(many.v1, HeaderMatch.present('x-a'), { split, sessionAffinity });
      },
      'would carry 20 shares',
    ],
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
