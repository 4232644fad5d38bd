import { RouteOutcome } from '../../src/envoy/outcome';
import { app, gateway, mesh, routes } from './meshes';

const TO = (host: string) => `[{route: [{destination: {host: ${host}}}]}]`;
const HTTP = '{number: 80, name: http, protocol: HTTP}';

function hostsOf(decision: { readonly destinations: readonly { readonly host: string }[] }): readonly string[] {
  return decision.destinations.map(({ host }) => host.split('.')[0]);
}

describe('the listener', () => {
  test.each(['HTTP', 'http', 'HTTP2', 'GRPC', 'GRPC-WEB'])('protocol %s reads HTTP', (protocol) => {
    const servers = `[{port: {number: 80, name: x, protocol: ${protocol}}, hosts: ['*']}]`;
    const decision = mesh(gateway(servers), app('a'), routes(TO('a'))).route({ url: 'http://a.example.com/' });
    expect(decision.outcome).toBe(RouteOutcome.FORWARD);
  });

  test.each(['TCP', 'MONGO', 'MYSQL'])('protocol %s with http rules only opens nothing', (protocol) => {
    const servers = `[{port: {number: 80, name: tcp, protocol: ${protocol}}, hosts: ['*']}]`;
    const decision = mesh(gateway(servers), app('a'), routes(TO('a'))).route({ url: 'http://a.example.com/' });
    expect(decision).toMatchObject({ outcome: RouteOutcome.NO_LISTENER, status: undefined });
    expect(decision.explain()).toContain('connection is refused');
  });

  test('protocol TCP with a tcp rule forwards bytes', () => {
    const servers = "[{port: {number: 80, name: tcp, protocol: TCP}, hosts: ['*']}]";
    const spec = "hosts: ['*'], gateways: [ingress], tcp: [{route: [{destination: {host: b}}]}]";
    const decision = mesh(gateway(servers), app('a'), app('b'), routes(TO('a'), spec)).route({ url: 'http://x.org/' });
    expect(decision.outcome).toBe(RouteOutcome.TCP_FORWARD);
    expect(hostsOf(decision)).toEqual(['b']);
  });

  test('a port without server refuses', () => {
    const decision = mesh(gateway(), app('a'), routes(TO('a'))).route({ url: 'http://a.example.com:8080/' });
    expect(decision.outcome).toBe(RouteOutcome.NO_LISTENER);
  });

  test('without a Service in front, the port may be one that leads to where a server listens', () => {
    const servers = "[{port: {number: 8080, name: http, protocol: HTTP}, hosts: ['*']}]";
    const documents = [gateway(servers), app('a'), routes(TO('a'))];
    const inFront = (ports: string) => `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: gw, namespace: infra}, spec: {template: {metadata: {labels: {istio: ingressgateway}}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: gw, namespace: infra}, spec: {selector: {istio: ingressgateway}, ports: [${ports}]}}`;
    const ask = (url: string, ...more: string[]) => mesh(...documents, ...more).route({ url });
    const asked = ask('http://a.example.com/');
    expect(asked.outcome).toBe(RouteOutcome.UNDECIDED);
    expect(asked.explain()).toContain('leads from port 80 to 8080');
    expect(ask('http://a.example.com:8080/').outcome).toBe(RouteOutcome.FORWARD);
    expect(ask('http://a.example.com:81/').outcome).toBe(RouteOutcome.NO_LISTENER);
    expect(ask('http://a.example.com/', inFront('{port: 8080}')).outcome).toBe(RouteOutcome.NO_LISTENER);
    expect(ask('http://a.example.com/', inFront('{port: 80, targetPort: 8080}')).outcome).toBe(RouteOutcome.FORWARD);
  });

  test('no Gateway at all', () => {
    expect(mesh(app('a')).route({ url: 'http://a.example.com/' }).outcome).toBe(RouteOutcome.NO_LISTENER);
  });

  test('the first Gateway has a port; a later one that does not mix is left out, with the reason', () => {
    const tcp = gateway("[{port: {number: 80, name: tcp, protocol: TCP}, hosts: ['*']}]", 'a-first');
    const decision = mesh(tcp, gateway(), app('a'), routes(TO('a'))).route({ url: 'http://a.example.com/' });
    expect(decision.outcome).toBe(RouteOutcome.NO_LISTENER);
    expect(decision.explain()).toMatch(/left out: port 80 is already used with protocol TCP.*a-first/);
  });

  test('the older Gateway is the first, whatever its name', () => {
    const older = "name: z-older, namespace: apps, creationTimestamp: '2020-01-01T00:00:00Z'";
    const newer = "name: a-newer, namespace: apps, creationTimestamp: '2024-01-01T00:00:00Z'";
    const of = (metadata: string, protocol: string) => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {${metadata}}
spec: {selector: {istio: x}, servers: [{port: {number: 80, name: x, protocol: ${protocol}}, hosts: ['*']}]}`;
    const spec = "hosts: ['*'], gateways: [z-older, a-newer]";
    const decision = mesh(of(newer, 'TCP'), of(older, 'HTTP'), app('a'), routes(TO('a'), spec)).route({
      url: 'http://a.org/',
    });
    expect(decision.outcome).toBe(RouteOutcome.FORWARD);
  });

  test('the Service in front of the gateway translates the port', () => {
    const pods = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: gw, namespace: infra}, spec: {template: {metadata: {labels: {istio: ingressgateway}}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: gw, namespace: infra}, spec: {selector: {istio: ingressgateway}, ports: [{port: 80, targetPort: 8080}]}}`;
    const both = `[{port: ${HTTP}, hosts: [a.example.com]}, {port: {number: 8080, name: more, protocol: HTTP}, hosts: [b.example.com]}]`;
    const spec = "hosts: ['*'], gateways: [ingress]";
    const model = mesh(pods, gateway(both), app('a'), routes(TO('a'), spec));
    expect(model.route({ url: 'http://a.example.com/' }).outcome).toBe(RouteOutcome.FORWARD);
    // The server for 8080 is on the same port of the pod, so that its host is reached through 80, and 8080 is not exposed.
    expect(model.route({ url: 'http://b.example.com/' }).outcome).toBe(RouteOutcome.FORWARD);
    expect(model.route({ url: 'http://b.example.com:8080/' }).outcome).toBe(RouteOutcome.NO_LISTENER);
  });
});

describe('TLS', () => {
  const HTTPS = '{number: 443, name: https, protocol: HTTPS}';
  const terminated = `[{port: ${HTTPS}, hosts: ['*.example.com'], tls: {mode: SIMPLE, credentialName: c}}]`;
  const passthrough = `[{port: ${HTTPS}, hosts: ['*.example.com'], tls: {mode: PASSTHROUGH}}]`;
  const SNI = 'tls: [{match: [{sniHosts: [a.example.com]}], route: [{destination: {host: b}}]}]';
  const spec = "hosts: ['*.example.com'], gateways: [ingress]";

  test.each([
    ['a server that ends TLS routes requests', terminated, spec, 'https://a.example.com/', RouteOutcome.FORWARD],
    ['a name that no server has', terminated, spec, 'https://a.example.org/', RouteOutcome.TLS_FAILURE],
    ['plain HTTP to a TLS port', terminated, spec, 'http://a.example.com:443/', RouteOutcome.TLS_FAILURE],
    ['TLS to a plain port', undefined, spec, 'https://a.example.com:80/', RouteOutcome.TLS_FAILURE],
    [
      'passthrough with http rules only opens nothing',
      passthrough,
      spec,
      'https://a.example.com/',
      RouteOutcome.NO_LISTENER,
    ],
    [
      'passthrough forwards by name',
      passthrough,
      `${spec}, ${SNI}`,
      'https://a.example.com/',
      RouteOutcome.TCP_FORWARD,
    ],
    [
      'passthrough knows no other name',
      passthrough,
      `${spec}, ${SNI}`,
      'https://b.example.com/',
      RouteOutcome.TLS_FAILURE,
    ],
  ])('%s', (_, servers, spec, url, outcome) => {
    expect(mesh(gateway(servers), app('a'), app('b'), routes(TO('a'), spec)).route({ url }).outcome).toBe(outcome);
  });

  test('of two Gateways with one TLS host on a port, the second is left out', () => {
    const second = gateway(
      `[{port: ${HTTPS}, hosts: ['*.example.com'], tls: {mode: SIMPLE, credentialName: c}}]`,
      'second',
    );
    const model = mesh(
      gateway(terminated),
      second,
      app('a'),
      routes(TO('a'), "hosts: ['*.example.com'], gateways: [second]"),
    );
    expect(model.route({ url: 'https://a.example.com/' }).outcome).toBe(RouteOutcome.NO_VIRTUAL_HOST);
  });
});

describe('the virtual host', () => {
  const model = mesh(
    gateway(`[{port: ${HTTP}, hosts: ['*.example.com', other.org]}]`),
    ...['exact', 'narrow', 'wide', 'any'].map((name) => app(name)),
    routes(TO('any'), "hosts: ['*'], gateways: [ingress]", 'name: z-any, namespace: apps'),
    routes(TO('wide'), "hosts: ['*.example.com'], gateways: [ingress]", 'name: wide, namespace: apps'),
    routes(TO('narrow'), "hosts: ['*.b.example.com'], gateways: [ingress]", 'name: narrow, namespace: apps'),
    routes(TO('exact'), 'hosts: [a.b.example.com], gateways: [ingress]', 'name: exact, namespace: apps'),
  );

  test.each([
    ['the exact name first', 'a.b.example.com', 'exact'],
    ['then the longest wildcard', 'x.b.example.com', 'narrow'],
    [
      'a wildcard stands for several labels; of two VirtualServices that come to share it, the first by name',
      'x.y.example.com',
      'wide',
    ],
    ['without case', 'A.B.Example.COM', 'exact'],
    ['without port', 'a.b.example.com:80', 'exact'],
    ['the name that the server and the rules share', 'other.org', 'any'],
  ])('%s', (_, host, expected) => {
    expect(hostsOf(model.route({ url: 'http://x.example.com/', headers: { Host: host } }))).toEqual([expected]);
  });

  test.each(['example.com', 'elsewhere.org', '.example.com'])('nobody has %s', (host) => {
    const decision = model.route({ url: 'http://x.example.com/', headers: { Host: host } });
    expect(decision).toMatchObject({ outcome: RouteOutcome.NO_VIRTUAL_HOST, status: 404, responseFlag: 'NR' });
  });

  test('a host with rules of which none matches is another 404', () => {
    const rules = '[{match: [{uri: {exact: /x}}], route: [{destination: {host: a}}]}]';
    const decision = mesh(gateway(), app('a'), routes(rules)).route({ url: 'http://a.example.com/' });
    expect(decision).toMatchObject({ outcome: RouteOutcome.NO_ROUTE, status: 404, responseFlag: 'NR' });
  });

  test.each([
    ['apps/*', RouteOutcome.FORWARD],
    ['./*', RouteOutcome.FORWARD],
    ['*/*', RouteOutcome.FORWARD],
    ['other/*', RouteOutcome.NO_VIRTUAL_HOST],
  ])('server host %s, rules in namespace apps', (host, outcome) => {
    const servers = `[{port: ${HTTP}, hosts: ['${host}']}]`;
    expect(mesh(gateway(servers), app('a'), routes(TO('a'))).route({ url: 'http://a.example.com/' }).outcome).toBe(
      outcome,
    );
  });

  test.each([
    ['ingress', RouteOutcome.FORWARD],
    ['apps/ingress', RouteOutcome.FORWARD],
    ['./ingress', RouteOutcome.FORWARD],
    ['ingress.apps.svc.cluster.local', RouteOutcome.FORWARD],
    ['other/ingress', RouteOutcome.NO_VIRTUAL_HOST],
    ['mesh', RouteOutcome.NO_VIRTUAL_HOST],
  ])('bound to gateway %s', (name, outcome) => {
    const model = mesh(gateway(), app('a'), routes(TO('a'), `hosts: ['*'], gateways: [${name}]`));
    expect(model.route({ url: 'http://a.example.com/' }).outcome).toBe(outcome);
  });

  test('exportTo decides which gateway sees the rules', () => {
    const spec = "hosts: ['*'], gateways: [ingress], exportTo: ['.']";
    const model = mesh(gateway(), app('a'), routes(TO('a'), spec));
    expect(model.route({ url: 'http://a.org/' }).outcome).toBe(RouteOutcome.NO_VIRTUAL_HOST);
    expect(model.route({ url: 'http://a.org/', gatewayNamespace: 'apps' }).outcome).toBe(RouteOutcome.FORWARD);
  });
});

describe('several VirtualServices for one host', () => {
  const header = (name: string) => `{match: [{headers: {${name}: {}}}], route: [{destination: {host: ${name}}}]}`;
  const all = (name: string) => `{route: [{destination: {host: ${name}}}]}`;
  const model = mesh(
    gateway(),
    ...['one', 'two', 'rest'].map((name) => app(name)),
    routes(`[${header('one')}, ${all('rest')}]`, undefined, 'name: a, namespace: apps'),
    routes(`[${header('two')}, ${all('two')}]`, undefined, 'name: b, namespace: apps'),
  );

  test.each([
    ['the first one’s rule', { one: '' }, 'one'],
    ['the second one’s rule comes before the first one’s rule for everything', { two: '' }, 'two'],
    ['the first by name wins where both match', { one: '', two: '' }, 'one'],
    ['of two rules for everything the first counts', {}, 'rest'],
  ])('%s', (_, headers, expected) => {
    expect(hostsOf(model.route({ url: 'http://a.example.com/', headers }))).toEqual([expected]);
  });

  test('private ones speak first, then those exported by name, then public ones', () => {
    const of = (name: string, exportTo: string) =>
      routes(
        TO(name),
        `hosts: [a.example.com], gateways: [apps/ingress], exportTo: ['${exportTo}']`,
        `name: ${name}, namespace: apps`,
      );
    const documents = [gateway(), app('a'), app('m'), app('z')];
    const pick = (...more: string[]) =>
      hostsOf(mesh(...documents, ...more).route({ url: 'http://a.example.com/', gatewayNamespace: 'apps' }));
    expect(pick(of('a', '*'), of('z', '.'))).toEqual(['z']);
    expect(pick(of('a', '*'), of('m', 'apps'))).toEqual(['m']);
  });
});

describe('several gateways', () => {
  const two = mesh(
    gateway(),
    `{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: inner, namespace: apps}, spec: {selector: {istio: inner}, servers: [{port: ${HTTP}, hosts: [b.example.com]}]}}`,
    app('a'),
    app('b'),
    routes(TO('a'), 'hosts: [a.example.com, b.example.com], gateways: [ingress]', 'name: a, namespace: apps'),
    routes(TO('b'), 'hosts: [b.example.com], gateways: [inner]', 'name: b, namespace: apps'),
  );

  test('the one that has the host is meant', () => {
    expect(hostsOf(two.route({ url: 'http://a.example.com/' }))).toEqual(['a']);
  });

  test('where both have it, it is not guessed', () => {
    expect(two.route({ url: 'http://b.example.com/' }).outcome).toBe(RouteOutcome.UNDECIDED);
    expect(hostsOf(two.route({ url: 'http://b.example.com/', gatewayLabels: { istio: 'inner' } }))).toEqual(['b']);
  });

  test('selectors by app and by istio mean the same pods of an installation', () => {
    const byApp = gateway("[{port: {number: 81, name: http, protocol: HTTP}, hosts: ['*']}]", 'by-app').replace(
      'istio: ingressgateway',
      'app: istio-ingressgateway',
    );
    const model = mesh(gateway(), byApp, app('a'), routes(TO('a'), "hosts: ['*'], gateways: [ingress, by-app]"));
    expect(model.route({ url: 'http://x.org/' }).outcome).toBe(RouteOutcome.FORWARD);
    expect(model.route({ url: 'http://x.org:81/' }).outcome).toBe(RouteOutcome.FORWARD);
  });
});

test('a rule for everything hides what follows it, on this gateway only', () => {
  const rules = `[{match: [{gateways: [mesh]}], route: [{destination: {host: b}}]},
    {match: [{port: 80}], route: [{destination: {host: a}}]},
    {match: [{uri: {prefix: /x}}], route: [{destination: {host: b}}]}]`;
  const decision = mesh(gateway(), app('a'), app('b'), routes(rules)).route({ url: 'http://a.example.com/x' });
  expect(hostsOf(decision)).toEqual(['a']);
  expect(decision.explain()).toContain('is never reached');
});

describe('delegates', () => {
  const root = (rule: string) =>
    routes(`[{${rule}, delegate: {name: inner, namespace: team}}, {route: [{destination: {host: rest}}]}]`);
  const inner = (rules: string, spec = 'exportTo: ["*"]') => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: inner, namespace: team}
spec: {${spec}, http: [${rules}]}`;
  const A = 'route: [{destination: {host: a.apps.svc.cluster.local}}]';
  const asked = (outer: string, rules: string, path: string, spec?: string) =>
    mesh(gateway(), app('a'), app('rest'), root(outer), inner(rules, spec)).route({
      url: `http://a.example.com${path}`,
    });

  test.each([
    ['a delegate without match takes the root’s', 'match: [{uri: {prefix: /a}}]', `{${A}}`, '/a/x', 'a'],
    [
      'both matches must hold',
      'match: [{uri: {prefix: /a}}]',
      `{match: [{uri: {prefix: /a/b}}], ${A}}`,
      '/a/x',
      'rest',
    ],
    ['both matches do hold', 'match: [{uri: {prefix: /a}}]', `{match: [{uri: {prefix: /a/b}}], ${A}}`, '/a/b/c', 'a'],
    [
      'a match that is no part of the root’s vanishes',
      'match: [{uri: {prefix: /a}}]',
      `{match: [{uri: {prefix: /b}}], ${A}}`,
      '/b',
      'rest',
    ],
    [
      'a regex on both sides vanishes',
      'match: [{uri: {regex: /a.*}}]',
      `{match: [{uri: {regex: /a.*}}], ${A}}`,
      '/a',
      'rest',
    ],
    ['different fields add up', 'match: [{uri: {prefix: /a}}]', `{match: [{method: {exact: GET}}], ${A}}`, '/a', 'a'],
  ])('%s', (_, outer, rules, path, expected) => {
    expect(hostsOf(asked(outer, rules, path))).toEqual([expected]);
  });

  test('what the root says fills what the delegate leaves open', () => {
    const decision = asked('match: [{uri: {prefix: /a}}], timeout: 7s, rewrite: {uri: /}', `{timeout: 3s, ${A}}`, '/a');
    expect(decision.timeoutMillis).toBe(3000);
    expect(decision.destinations[0].request.path).toBe('/');
    expect(decision.virtualService).toMatchObject({ namespace: 'apps', name: 'routes' });
    expect(decision.ruleObject).toMatchObject({ namespace: 'team', name: 'inner' });
  });

  test.each([
    ['', `{${A}}`, undefined],
    ['name: outer, ', `{${A}}`, 'outer'],
    ['', `{name: inner, ${A}}`, 'inner'],
    ['name: outer, ', `{name: inner, ${A}}`, 'outer-inner'],
    ['name: outer, ', `{name: inner, match: [{name: m}], ${A}}`, 'outer-inner.m'],
    ['', `{match: [{name: m}], ${A}}`, '.m'],
  ])('Envoy’s name of the route: %s%s', (outer, rules, expected) => {
    expect(asked(`${outer}match: [{uri: {prefix: /a}}]`, rules, '/a').ruleName).toBe(expected);
  });

  test.each([
    ['a delegate that is not exported here', 'exportTo: ["."]', 'is not exported to namespace apps'],
    ['a delegate with hosts of its own', 'hosts: [x.org]', 'has hosts of its own'],
  ])('%s vanishes, and the trace says so', (_, spec, reason) => {
    const decision = asked('match: [{uri: {prefix: /a}}]', `{${A}}`, '/a', spec);
    expect(hostsOf(decision)).toEqual(['rest']);
    expect(decision.explain()).toContain(reason);
  });
});

test("a server with the host '*/*' has no other virtual host of its own", () => {
  const server = "[{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*/*', a.example.com]}]";
  const everywhere = routes(
    '[{route: [{destination: {host: a}}]}]',
    "hosts: ['*'], gateways: [ingress]",
    'name: all, namespace: apps',
  );
  const one = routes('[{match: [{uri: {prefix: /api}}], route: [{destination: {host: a}}]}]');
  const decision = mesh(gateway(server), app('a'), everywhere, one).route({ url: 'http://a.example.com/' });
  expect(decision).toMatchObject({ outcome: RouteOutcome.NO_ROUTE, status: 404 });
});

describe('ServiceEntries behind a gateway', () => {
  const entry = (name: string, spec: string, namespace = 'apps', created = '') => `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ${name}, namespace: ${namespace}${created === '' ? '' : `, creationTimestamp: '${created}'`}}
spec: {hosts: [db.example.org], ${spec}}`;
  const port = (number: number) => `ports: [{number: ${number}, name: http-${number}, protocol: HTTP}]`;
  const at = (address: string) => `resolution: STATIC, endpoints: [{address: ${address}}]`;
  const to = (number: number) => `[{route: [{destination: {host: db.example.org, port: {number: ${number}}}}]}]`;
  const OTHER = 'name: routes, namespace: team';

  test('of one namespace put their ports together', () => {
    const entries = [entry('a', `${port(80)}, ${at('10.0.0.1')}`), entry('b', `${port(8080)}, ${at('10.0.0.2')}`)];
    const server = "[{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]";
    const route = routes(to(8080), "hosts: ['a.example.com'], gateways: [apps/ingress]", OTHER);
    const decision = mesh(gateway(server), ...entries, route).route({ url: 'http://a.example.com/' });
    expect(decision.outcome).toBe(RouteOutcome.FORWARD);
  });

  test('of one namespace and age with one port leave it open which is meant', () => {
    const entries = [entry('a', `${port(80)}, ${at('10.0.0.1')}`), entry('b', `${port(80)}, resolution: DNS`)];
    const decision = mesh(gateway(), ...entries, routes(to(80))).route({ url: 'http://a.example.com/' });
    expect(decision.outcome).toBe(RouteOutcome.UNDECIDED);
    expect(decision.explain()).toContain('several ServiceEntries of one namespace and age define db.example.org');
    const first = entry('c', `${port(8080)}, ${at('10.0.0.3')}`);
    const three = mesh(gateway(), first, ...entries, routes(to(80))).route({ url: 'http://a.example.com/' });
    expect(three.outcome).toBe(RouteOutcome.UNDECIDED);
  });

  test('of other namespaces do not, and the older counts', () => {
    const younger = entry('a', `${port(8080)}, ${at('10.0.0.1')}`, 'one', '2026-02-01T00:00:00Z');
    const older = entry('z', `${port(80)}, ${at('10.0.0.2')}`, 'two', '2026-01-01T00:00:00Z');
    const outcomeOf = (number: number) =>
      mesh(gateway(), younger, older, routes(to(number))).route({ url: 'http://a.example.com/' }).outcome;
    expect([outcomeOf(80), outcomeOf(8080)]).toEqual([RouteOutcome.FORWARD, RouteOutcome.NO_CLUSTER]);
  });

  test('without resolution have no endpoint there, since a gateway dials no address by itself', () => {
    const decision = mesh(gateway(), entry('a', `${port(80)}, resolution: NONE`), routes(to(80))).route({
      url: 'http://a.example.com/',
    });
    expect(decision).toMatchObject({ outcome: RouteOutcome.NO_ENDPOINTS, status: 503 });
    expect(decision.explain()).toContain('resolution NONE');
  });
});
