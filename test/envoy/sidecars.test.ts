import { RouteOutcome } from '../../src/envoy/outcome';
import { OutboundTrafficPolicy } from '../../src/proxy/outbound-traffic-policy';
import { app, mesh, meshWith, routes } from './meshes';

const FROM = 'mesh:apps/web-v1';
const TO = (destination: string) => `[{route: [{destination: {${destination}}}]}]`;

function from(model: ReturnType<typeof mesh>, url: string, from: string = FROM, headers: Record<string, string> = {}) {
  return model.route({ url, from, headers });
}

describe('without VirtualService', () => {
  const model = mesh(app('web'), app('a', ['v1', 'v2']));

  test.each(['a', 'a.apps', 'a.apps.svc', 'a.apps.svc.cluster.local', 'A'])('the service is reached as %s', (host) => {
    const decision = from(model, `http://${host}/x`);
    expect(decision.outcome).toBe(RouteOutcome.FORWARD);
    expect(decision.destinations[0].workloads.map(({ name }) => name)).toEqual(['a-v1', 'a-v2']);
    expect(decision.retries?.attempts).toBe(2);
  });

  test('from another namespace the short name is not known', () => {
    const other = '{apiVersion: v1, kind: Pod, metadata: {name: job, namespace: other}}';
    const model = mesh(app('a'), other);
    expect(from(model, 'http://a/', 'mesh:other/job').outcome).toBe(RouteOutcome.PASSTHROUGH);
    expect(from(model, 'http://a.apps/', 'mesh:other/job').outcome).toBe(RouteOutcome.FORWARD);
  });

  test('an unknown host passes through, or is blocked', () => {
    expect(from(model, 'http://example.org/').outcome).toBe(RouteOutcome.PASSTHROUGH);
    const strict = meshWith({ outboundTrafficPolicy: OutboundTrafficPolicy.REGISTRY_ONLY }, app('web'));
    expect(from(strict, 'http://example.org/')).toMatchObject({ outcome: RouteOutcome.BLOCKED, status: 502 });
  });

  test('a host from a ServiceEntry is known', () => {
    const entry = `{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: e, namespace: apps}, spec: {hosts: [api.example.org], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}}`;
    const decision = from(mesh(app('web'), entry), 'http://api.example.org/');
    expect(decision.outcome).toBe(RouteOutcome.FORWARD);
    expect(decision.destinations[0]).toMatchObject({ host: 'api.example.org', workloadsKnown: false });
  });

  test('a workload that does not exist is an error that names those that do', () => {
    expect(() => from(model, 'http://a/', 'mesh:apps/nobody')).toThrow(
      /no workload has this namespace and name.*mesh:apps\/web-v1/,
    );
  });
});

describe('a VirtualService for the mesh', () => {
  const documents = [app('web'), app('a', ['v1', 'v2']), app('b')];
  const v2 = TO('host: a, subset: v2');
  const subset = (model: ReturnType<typeof mesh>, source?: string) =>
    from(model, 'http://a/', source).destinations[0].subset;

  test.each([
    ['no gateways written', 'hosts: [a]', 'v2'],
    ['mesh among the gateways', 'hosts: [a], gateways: [ingress, mesh]', 'v2'],
    ['only a gateway', 'hosts: [a], gateways: [ingress]', undefined],
    ['the host in full', 'hosts: [a.apps.svc.cluster.local]', 'v2'],
    ['a name with a dot is not completed', 'hosts: [a.apps]', undefined],
    ['a wildcard', "hosts: ['*.apps.svc.cluster.local']", 'v2'],
    ['not exported', 'hosts: [a], exportTo: [other]', undefined],
  ])('%s', (_, spec, expected) => {
    expect(subset(mesh(...documents, routes(v2, spec)))).toBe(expected);
  });

  test('of two for one host the first by name has it, and nothing is merged', () => {
    const first = routes(
      `[{match: [{uri: {prefix: /x}}], ${v2.slice(2, -1)}]`,
      'hosts: [a]',
      'name: first, namespace: apps',
    );
    const second = routes(v2, 'hosts: [a]', 'name: second, namespace: apps');
    expect(from(mesh(...documents, first, second), 'http://a/').outcome).toBe(RouteOutcome.NO_ROUTE);
  });

  test('an explicit host comes before a wildcard', () => {
    const wide = routes(TO('host: b'), "hosts: ['*.apps.svc.cluster.local']", 'name: a-wide, namespace: apps');
    const exact = routes(v2, 'hosts: [a]', 'name: z-exact, namespace: apps');
    expect(subset(mesh(...documents, wide, exact))).toBe('v2');
  });

  test('sourceLabels and sourceNamespace are the caller’s', () => {
    const rules = (match: string) =>
      `[{match: [{${match}}], route: [{destination: {host: a, subset: v2}}]}, {route: [{destination: {host: a, subset: v1}}]}]`;
    const byLabel = mesh(...documents, routes(rules('sourceLabels: {app: web}'), 'hosts: [a]'));
    expect(subset(byLabel)).toBe('v2');
    expect(subset(byLabel, 'mesh:apps/b-v1')).toBe('v1');
    const byNamespace = mesh(...documents, routes(rules('sourceNamespace: other'), 'hosts: [a]'));
    expect(subset(byNamespace)).toBe('v1');
  });

  test('whose rules are all for other ports leaves the service as it is', () => {
    const rules = '[{match: [{port: 8080}], route: [{destination: {host: a, subset: v2}}]}]';
    const decision = from(mesh(...documents, routes(rules, 'hosts: [a]')), 'http://a/');
    expect(decision).toMatchObject({ outcome: RouteOutcome.FORWARD, virtualService: undefined });
  });

  test('for a host that is no service counts on port 80 only', () => {
    const model = mesh(...documents, app('c', ['v1'], '{name: http, port: 81}'), routes(v2, 'hosts: [made.up]'));
    expect(from(model, 'http://made.up/').destinations[0]?.subset).toBe('v2');
    expect(from(model, 'http://made.up:81/').outcome).toBe(RouteOutcome.PASSTHROUGH);
  });

  test('a destination that lacks the port of the listener must name its own', () => {
    const other = app('c', ['v1'], '{name: http, port: 8080}');
    expect(from(mesh(...documents, other, routes(TO('host: c'), 'hosts: [a]')), 'http://a/').outcome).toBe(
      RouteOutcome.NO_CLUSTER,
    );
    const named = routes(TO('host: c, port: {number: 8080}'), 'hosts: [a]');
    expect(from(mesh(...documents, other, named), 'http://a/').outcome).toBe(RouteOutcome.FORWARD);
  });
});

describe('the protocol of the port', () => {
  const v2 = TO('host: a, subset: v2');
  test.each([
    ['http by name', '{name: http, port: 80}', RouteOutcome.FORWARD, 'v2'],
    ['http by the part before the dash', '{name: http-web, port: 80}', RouteOutcome.FORWARD, 'v2'],
    ['no name: found out by looking', '{port: 80}', RouteOutcome.FORWARD, 'v2'],
    ['a name that says nothing', '{name: httpport, port: 80}', RouteOutcome.FORWARD, 'v2'],
    ['tcp: http rules do not apply', '{name: tcp, port: 80}', RouteOutcome.TCP_FORWARD, undefined],
    ['appProtocol comes before the name', '{name: tcp, appProtocol: http, port: 80}', RouteOutcome.FORWARD, 'v2'],
    ['MySQL’s port is never looked at', '{port: 3306}', RouteOutcome.TCP_FORWARD, undefined],
  ])('%s', (_, port, outcome, subset) => {
    const number = /port: (\d+)/.exec(port)?.[1];
    const decision = from(
      mesh(app('web'), app('a', ['v1', 'v2'], port), routes(v2, 'hosts: [a]')),
      `http://a:${number}/`,
    );
    expect(decision.outcome).toBe(outcome);
    expect(decision.destinations[0].subset).toBe(subset);
  });
});

describe('DestinationRules', () => {
  const rule = (name: string, namespace: string, extra = '') =>
    `{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: ${name}, namespace: ${namespace}}, spec: {host: a.apps.svc.cluster.local, subsets: [{name: extra, labels: {version: v1}}]${extra}}}`;
  const toExtra = routes(TO('host: a, subset: extra'), 'hosts: [a]');
  const documents = [
    app('web'),
    app('a'),
    '{apiVersion: v1, kind: Pod, metadata: {name: job, namespace: other}}',
    toExtra,
  ];

  test.each([
    ['several of one host in one namespace are one', rule('z', 'apps'), FROM, RouteOutcome.FORWARD],
    ['another namespace’s is not looked at', rule('z', 'third'), FROM, RouteOutcome.NO_CLUSTER],
    ['the client’s namespace comes first', rule('z', 'other'), 'mesh:other/job', RouteOutcome.FORWARD],
    ['the service’s namespace, if exported', rule('z', 'apps'), 'mesh:other/job', RouteOutcome.FORWARD],
    [
      'the service’s namespace, if not exported',
      rule('z', 'apps', ", exportTo: ['.']"),
      'mesh:other/job',
      RouteOutcome.NO_CLUSTER,
    ],
  ])('%s', (_, more, source, outcome) => {
    expect(from(mesh(...documents, more), 'http://a.apps/', source).outcome).toBe(outcome);
  });

  test('the root namespace’s is the last resort', () => {
    const service =
      '{apiVersion: v1, kind: Service, metadata: {name: a, namespace: apps}, spec: {selector: {app: web}, ports: [{name: http, port: 80}]}}';
    const model = mesh(app('web'), service, rule('z', 'istio-system'), toExtra);
    expect(from(model, 'http://a/').outcome).toBe(RouteOutcome.FORWARD);
  });
});

test('a service is also known by its absolute name', () => {
  const decision = mesh(app('a')).route({
    url: 'http://a.apps.svc.cluster.local/',
    headers: { host: 'a.apps.svc.cluster.local.' },
    from: 'mesh:apps/a-v1',
  });
  expect(decision.outcome).toBe(RouteOutcome.FORWARD);
});
