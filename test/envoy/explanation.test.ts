import { RouteOutcome } from '../../src/envoy/outcome';
import { TraceKind, TraceState } from '../../src/envoy/trace';
import { app, gateway, mesh, routes } from './meshes';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** Two Services behind one Gateway, as somebody wrote them by hand. */
function twoServices(protocol: string) {
  const service = (name: string) => `
{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {selector: {app: ${name}}, ports: [{port: 80, targetPort: 8000}]}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}}, spec: {template: {metadata: {labels: {app: ${name}}}}}}`;
  return mesh(
    service('romo-valadez-kubernetes-service'),
    service('romo-valadez-istio-service'),
    `
apiVersion: networking.istio.io/v1alpha3
kind: Gateway
metadata: {name: apis-gateway}
spec:
  selector: {app: istio-ingressgateway}
  servers: [{port: {number: 80, name: tcp, protocol: ${protocol}}, hosts: ['*']}]`,
    `
apiVersion: networking.istio.io/v1alpha3
kind: VirtualService
metadata: {name: apis-service-ingress}
spec:
  hosts: ['*']
  gateways: [apis-gateway]
  http:
  - match: [{headers: {user-agent: {regex: '.*Chrome.*'}}}]
    route: [{destination: {host: romo-valadez-kubernetes-service}}]
  - route: [{destination: {host: romo-valadez-istio-service}}]`,
  );
}

describe('two services split by browser', () => {
  const ask = (protocol: string, userAgent: string) =>
    twoServices(protocol).route({ url: 'http://localhost/', headers: { 'User-Agent': userAgent } });

  test('on a TCP server the connection is refused, for every browser', () => {
    for (const userAgent of [CHROME, 'curl/8.5.0']) {
      const decision = ask('TCP', userAgent);
      expect(decision).toMatchObject({ outcome: RouteOutcome.NO_LISTENER, status: undefined, destinations: [] });
      expect(decision.explain()).toMatch(/^refused/);
      expect(decision.explain()).toMatch(/server tcp:80 has protocol TCP, .*only tcp routes.*connection is refused/);
    }
  });

  test.each([
    [CHROME, 'romo-valadez-kubernetes-service'],
    ['curl/8.5.0', 'romo-valadez-istio-service'],
  ])('on an HTTP server %s reaches %s', (userAgent, service) => {
    const [destination] = ask('HTTP', userAgent).destinations;
    expect(destination).toMatchObject({ host: `${service}.default.svc.cluster.local`, targetPort: 8000 });
    expect(destination.workloads).toMatchObject([{ kind: 'Deployment', namespace: 'default', name: service }]);
  });
});

describe('the trace', () => {
  const model = mesh(
    gateway(),
    app('a', ['v1', 'v2']),
    routes(`
  [{match: [{headers: {user-agent: {regex: '.*Chrome.*'}}}], route: [{destination: {host: a, subset: v2}}]},
   {route: [{destination: {host: a, subset: v1}}]}]`),
  );
  const url = 'http://a.example.com/';

  test('names each thing that was looked at, where it stands, and whether it matched', () => {
    const server = { kind: 'Gateway', namespace: 'apps', name: 'ingress', path: 'spec.servers[0]', file: 'test' };
    const rules = { kind: 'VirtualService', namespace: 'apps', name: 'routes', file: 'test' };
    const chrome = { field: 'headers', name: 'user-agent', operator: 'regex', wanted: '.*Chrome.*', matched: false };
    expect(JSON.parse(JSON.stringify(model.route({ url }).trace))).toEqual([
      {
        kind: TraceKind.GATEWAY,
        object: 'apps/ingress',
        path: 'spec.servers[0]',
        text: 'server http:80 accepts host a.example.com',
        matched: true,
        place: { ...server, line: 5 },
      },
      {
        kind: TraceKind.VIRTUAL_SERVICE,
        object: 'apps/routes',
        path: 'spec.http[0].match[0]',
        text: 'rule 1 of 2   user-agent ~ .*Chrome.* (there is none)   no match',
        matched: false,
        place: { ...rules, path: 'spec.http[0].match[0]', line: 33 },
        rule: { state: TraceState.NOT_MATCHED, index: 0, matchIndex: 0, conditions: [chrome] },
      },
      {
        kind: TraceKind.VIRTUAL_SERVICE,
        object: 'apps/routes',
        path: 'spec.http[1]',
        text: 'rule 2 of 2   every request   matched',
        matched: true,
        place: { ...rules, path: 'spec.http[1]', line: 34 },
        rule: { state: TraceState.MATCHED, index: 1, conditions: [] },
      },
      {
        kind: TraceKind.DESTINATION,
        object: 'a.apps.svc.cluster.local:80, subset v1',
        path: 'spec.http[1].route[0]',
        text: 'version=v1 → 1 Deployment',
        matched: true,
      },
    ]);
  });

  test('says what the request has where a condition is not met, and which rules were not reached', () => {
    const { trace } = model.route({ url, headers: { 'user-agent': CHROME } });
    expect(trace.flatMap(({ rule }) => rule ?? [])).toMatchObject([
      { state: TraceState.MATCHED, conditions: [{ actual: CHROME, matched: true }] },
      { state: TraceState.NOT_REACHED, index: 1, conditions: [] },
    ]);
    expect(model.route({ url, headers: { 'user-agent': 'curl' } }).trace[1].text).toContain('.*Chrome.* (is curl)');
  });

  test('is part of the data that a decision is for programs', () => {
    const decision = model.route({ url });
    expect(JSON.parse(JSON.stringify(decision))).toMatchObject({
      outcome: 'FORWARD',
      destinations: [{ host: 'a.apps.svc.cluster.local', subset: 'v1', workloads: [{ name: 'a-v1' }] }],
      rule: { object: { kind: 'VirtualService', namespace: 'apps', name: 'routes' }, index: 1 },
      trace: JSON.parse(JSON.stringify(decision.trace)),
    });
  });

  test('is the decision as text', () => {
    const decision = model.route({ url });
    expect(`${decision}`).toBe(decision.explain());
  });

  test('is told to people in a few lines', () => {
    expect(model.route({ url, headers: { 'user-agent': CHROME } }).explain()).toBe(
      [
        'forwarded → a v2   Deployment apps/a-v2 (1 replica), port 8080',
        '  gateway         apps/ingress           server http:80 accepts host a.example.com',
        '  virtualservice  apps/routes            rule 1 of 2   user-agent ~ .*Chrome.*   matched',
        '  virtualservice  apps/routes            rule 2 of 2   not reached',
        '  destination     a.apps:80, subset v2   version=v2 → 1 Deployment',
      ].join('\n'),
    );
  });

  test.each([
    ['a subset that is not there', '{host: a, subset: v9}', 'has no subset v9, only v1, v2'],
    ['a port that is not there', '{host: a, port: {number: 81}}', 'has no port 81, only 80'],
    ['a host that is not there', '{host: b}', 'no Service or ServiceEntry has the host b.apps.svc.cluster.local'],
  ])('says what is missing: %s', (_, destination, reason) => {
    const broken = mesh(gateway(), app('a', ['v1', 'v2']), routes(`[{route: [{destination: ${destination}}]}]`));
    expect(broken.route({ url }).explain()).toContain(reason);
  });

  test('says that a Service is there and not to be seen', () => {
    const broken = mesh(
      gateway(),
      '{apiVersion: v1, kind: Service, metadata: {name: b, namespace: apps, annotations: {networking.istio.io/exportTo: .}}, spec: {ports: [{port: 80}]}}',
      routes('[{route: [{destination: {host: b}}]}]'),
    );
    expect(broken.route({ url }).explain()).toContain(
      'Service apps/b has the host b.apps.svc.cluster.local, and is not exported to namespace istio-system',
    );
  });

  describe('which gateway pods were assumed', () => {
    const pods = (labels: string, container = 'istio-proxy') =>
      `{apiVersion: apps/v1, kind: Deployment, metadata: {name: gw, namespace: apps}, spec: {template: {metadata: {labels: {${labels}}}, spec: {containers: [{name: ${container}}]}}}}`;
    const mixed = gateway().replace('{istio: ingressgateway}', '{app: istio-ingress, istio: ingressgateway}');
    const said = (...documents: string[]) =>
      mesh(...documents, app('a'), routes('[{route: [{destination: {host: a}}]}]')).route({ url });

    test.each([
      ['none are given', [gateway()]],
      ['they are given', [gateway(), pods('istio: ingressgateway')]],
      [
        'those that the Gateway selects are not known to be gateways, nor any others',
        [gateway(), pods('istio: ingressgateway', 'envoy')],
      ],
    ])('not said where %s', (_, documents) => {
      expect(said(...documents).explain()).not.toContain('assuming');
    });

    test.each([
      ['others are given', [gateway(), pods('istio: ingress')], 'no gateway pods labelled istio=ingressgateway,app='],
      ['hardly any pod has such labels', [mixed], 'no gateway pods labelled app=istio-ingress,istio=ingressgateway'],
      [
        'an application has the labels, and there are gateways',
        [gateway(), pods('istio: ingressgateway', 'app'), pods('istio: ingress').replace('name: gw', 'name: edge')],
        'no gateway pods with the labels of Deployment apps/gw',
      ],
    ])('said where %s', (_, documents, words) => {
      const decision = said(...documents);
      expect(decision.outcome).toBe(RouteOutcome.FORWARD);
      expect(decision.explain()).toContain(words);
      expect(decision.explain()).toContain('assuming that the cluster has them');
    });

    test('not said of pods that the caller describes', () => {
      const decision = mesh(mixed, app('a'), routes('[{route: [{destination: {host: a}}]}]')).route({
        url,
        gatewayLabels: { app: 'istio-ingress', istio: 'ingressgateway' },
      });
      expect(decision.explain()).not.toContain('assuming');
    });
  });

  test.each([
    [
      'an HTTP server listens',
      'HTTP',
      'server x:8080 listens, but no Service leads to port 8080',
      'http routes do not count',
    ],
    [
      'a TCP server without routes does not',
      'TCP',
      'has protocol TCP, for which Istio reads only tcp routes',
      'listens, but',
    ],
  ])('says that no Service leads to the port: %s', (_, protocol, said, unsaid) => {
    const text = mesh(
      gateway(`[{port: {number: 8080, name: x, protocol: ${protocol}}, hosts: ['*']}]`),
      '{apiVersion: v1, kind: Service, metadata: {name: gw, namespace: infra}, spec: {selector: {istio: ingressgateway}, ports: [{port: 80}]}}',
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: gw, namespace: infra}, spec: {template: {metadata: {labels: {istio: ingressgateway}}}}}',
      app('a'),
      routes('[{route: [{destination: {host: a}}]}]'),
    )
      .route({ url: 'http://a.example.com:8080/' })
      .explain();
    expect(text).toContain(said);
    expect(text).not.toContain(unsaid);
    expect(text).toContain('no Service in front of');
  });

  test('says why a host is not known', () => {
    const narrow = gateway('[{port: {number: 80, name: http, protocol: HTTP}, hosts: [b.example.com]}]');
    const text = mesh(narrow, app('a'), routes('[{route: [{destination: {host: a}}]}]')).route({ url }).explain();
    expect(text).toContain('404 NR');
    expect(text).toContain('accepts only b.example.com, not a.example.com');
  });
});

describe('what a rule does besides', () => {
  const told = (rule: string, ...more: string[]) =>
    mesh(gateway(), app('a'), app('b'), routes(`[{${rule}}]`), ...more)
      .route({ url: 'http://a.example.com/x?q=1' })
      .explain();
  const TO_A = 'route: [{destination: {host: a}}]';

  test.each([
    ['fault: {delay: {fixedDelay: 2s, percentage: {value: 50}}}', 'a fault delays 50% of the requests by 2000 ms'],
    ['fault: {abort: {httpStatus: 418, percentage: {value: 30}}}', 'a fault aborts 30% of the requests with 418'],
    ['mirrors: [{destination: {host: b}}]', 'copies every request to b.apps.svc.cluster.local:80'],
    ['timeout: 5s', 'gives up after 5000 ms'],
    ['retries: {attempts: 3, retryOn: 5xx, perTryTimeout: 1s}', 'up to 3 retries, 1000 ms each, on 5xx'],
    ['retries: {attempts: 0}', 'no retries'],
    ['rewrite: {uri: /y, authority: b.com}', 'rewritten to path /yx?q=1 and authority b.com'],
    ['headers: {request: {set: {x-a: one}, remove: [x-b]}}', 'request headers: sets x-a; removes x-b'],
    ['headers: {response: {add: {x-a: one}}}', 'response headers: adds x-a'],
    ['name: beta', 'rule 1 of 1 (beta)   every request   matched'],
  ])('%s is told', (rule, text) => {
    expect(told(`${rule}, ${TO_A}`)).toContain(text);
  });

  test('nothing is told of what Istio does by default', () => {
    expect(told(TO_A).split('\n')).toHaveLength(4);
  });

  test('a rule of a delegate is told with its place there', () => {
    const delegate =
      '{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: sub, namespace: apps}, spec: {http: [{match: [{uri: {exact: /}}], route: [{destination: {host: b}}]}, {route: [{destination: {host: a}}]}]}}';
    expect(told('delegate: {name: sub}', delegate)).toContain('rule 2 of 2 (rule 2 of delegate apps/sub)');
  });
});

describe('endpoints', () => {
  const to = (host: string) => routes(`[{route: [{destination: {host: ${host}}}]}]`);
  const slice = (endpoint: string) =>
    `{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: s, namespace: apps, labels: {kubernetes.io/service-name: a}}, endpoints: [${endpoint}]}`;
  const service =
    '{apiVersion: v1, kind: Service, metadata: {name: a, namespace: apps}, spec: {ports: [{name: http, port: 80}]}}';

  test.each([
    ['an address in an EndpointSlice answers', '{addresses: [10.0.0.1]}', RouteOutcome.FORWARD],
    [
      'one that is not ready does not',
      '{addresses: [10.0.0.1], conditions: {ready: false}}',
      RouteOutcome.NO_ENDPOINTS,
    ],
  ])('%s', (_, endpoint, outcome) => {
    expect(mesh(gateway(), service, slice(endpoint), to('a')).route({ url: 'http://a.example.com/' }).outcome).toBe(
      outcome,
    );
  });

  test('an address belongs to a subset by the labels of its pod', () => {
    const pod = '{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: apps, labels: {version: v1}}}';
    const rule =
      '{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: a, namespace: apps}, spec: {host: a, subsets: [{name: v1, labels: {version: v1}}]}}';
    const ask = (endpoint: string) =>
      mesh(gateway(), service, pod, rule, slice(endpoint), to('a, subset: v1')).route({ url: 'http://a.example.com/' });
    expect(ask('{addresses: [10.0.0.1], targetRef: {kind: Pod, name: p}}').destinations[0].workloads).toMatchObject([
      { kind: 'Pod', name: 'p' },
    ]);
    expect(ask('{addresses: [10.0.0.1]}').outcome).toBe(RouteOutcome.NO_ENDPOINTS);
  });

  test('an ExternalName Service stands for another host, which the mesh must know', () => {
    const alias =
      '{apiVersion: v1, kind: Service, metadata: {name: alias, namespace: apps}, spec: {type: ExternalName, externalName: a.apps.svc.cluster.local, ports: [{name: http, port: 80}]}}';
    const known = mesh(gateway(), app('a'), alias, to('alias')).route({ url: 'http://a.example.com/' });
    expect(known.destinations[0]).toMatchObject({ host: 'a.apps.svc.cluster.local', outcome: RouteOutcome.FORWARD });
    const unknown = mesh(gateway(), alias, to('alias')).route({ url: 'http://a.example.com/' });
    expect(unknown.outcome).toBe(RouteOutcome.NO_CLUSTER);
  });
});
