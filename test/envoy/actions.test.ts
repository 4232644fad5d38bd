import { RouteOutcome } from '../../src/envoy/outcome';
import type { RouteRequest } from '../../src/envoy/request';
import { app, gateway, mesh, routes } from './meshes';

const URL = 'http://a.example.com/api/items?page=2';
const TO_A = 'route: [{destination: {host: a}}]';

function decide(rule: string, request: Partial<RouteRequest> = {}, servers?: string) {
  const decision = mesh(gateway(servers), app('a', ['v1', 'v2']), app('b'), routes(`[{${rule}}]`));
  return decision.route({ url: URL, ...request });
}

describe('a redirect', () => {
  test.each([
    ['uri keeps the query', 'redirect: {uri: /new}', 301, 'http://a.example.com/new?page=2'],
    ['uri without its first slash gets one', 'redirect: {uri: new}', 301, 'http://a.example.com/new?page=2'],
    ['uri with a query of its own', "redirect: {uri: '/new?x=1'}", 301, 'http://a.example.com/new?x=1'],
    ['authority', 'redirect: {authority: b.example.com}', 301, 'http://b.example.com/api/items?page=2'],
    ['scheme and code', 'redirect: {scheme: https, redirectCode: 308}', 308, 'https://a.example.com/api/items?page=2'],
    ['port', 'redirect: {port: 8443, scheme: https}', 301, 'https://a.example.com:8443/api/items?page=2'],
    [
      'the usual port of the scheme is not written',
      'redirect: {port: 443, scheme: https}',
      301,
      'https://a.example.com/api/items?page=2',
    ],
    [
      'derivePort of the server',
      'redirect: {derivePort: FROM_REQUEST_PORT, authority: b.example.com}',
      301,
      'http://b.example.com/api/items?page=2',
    ],
  ])('%s', (_, rule, status, location) => {
    expect(decide(rule)).toMatchObject({ outcome: RouteOutcome.REDIRECT, status, location, destinations: [] });
  });

  test('a code that Envoy does not know decides nothing', () => {
    expect(decide('redirect: {uri: /x, redirectCode: 304}').outcome).toBe(RouteOutcome.UNDECIDED);
  });

  test('httpsRedirect on the server comes before any rule, also where no rule has the host', () => {
    const servers =
      "[{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*.example.com'], tls: {httpsRedirect: true}}]";
    const moved = { outcome: RouteOutcome.REDIRECT, status: 301 };
    expect(decide(TO_A, {}, servers)).toMatchObject({ ...moved, location: 'https://a.example.com/api/items?page=2' });
    const elsewhere = decide(TO_A, { url: 'http://b.example.com/' }, servers);
    expect(elsewhere).toMatchObject({ ...moved, location: 'https://b.example.com/' });
  });
});

test('a direct response is given by the proxy', () => {
  const decision = decide('directResponse: {status: 503, body: {string: closed}}');
  expect(decision).toMatchObject({ outcome: RouteOutcome.DIRECT_RESPONSE, status: 503, body: 'closed' });
});

describe('a fault', () => {
  test('for every request decides it', () => {
    const decision = decide(`fault: {abort: {httpStatus: 418, percentage: {value: 100}}}, ${TO_A}`);
    expect(decision).toMatchObject({ outcome: RouteOutcome.FAULT, status: 418, responseFlag: 'FI' });
  });

  test('for some requests is told', () => {
    const decision = decide(
      `fault: {abort: {httpStatus: 500, percentage: {value: 12.5}}, delay: {fixedDelay: 1.5s, percentage: {value: 1}}}, ${TO_A}`,
    );
    expect(decision.outcome).toBe(RouteOutcome.FORWARD);
    expect(decision.fault).toEqual({ abortStatus: 500, abortPercentage: 12.5, delayMillis: 1500, delayPercentage: 1 });
  });

  test('without percentage strikes nobody', () => {
    const decision = decide(`fault: {abort: {httpStatus: 500}}, ${TO_A}`);
    expect(decision.outcome).toBe(RouteOutcome.FORWARD);
    expect(decision.fault).toBeUndefined();
  });

  test('with a gRPC status answers 200, since that status goes into a header', () => {
    expect(decide(`fault: {abort: {grpcStatus: UNAVAILABLE, percentage: {value: 100}}}, ${TO_A}`)).toMatchObject({
      outcome: RouteOutcome.FAULT,
      status: 200,
    });
  });
});

describe('a preflight', () => {
  const PREFLIGHT = { origin: 'http://cors.com', 'access-control-request-method': 'POST' };
  const cors = (origins: string, more = '') => `corsPolicy: {allowOrigins: [${origins}]${more}}, `;
  const ask = (rule: string, headers: object = {}, request: Partial<RouteRequest> = {}) =>
    decide(rule, { method: 'OPTIONS', headers: { ...PREFLIGHT, ...headers }, ...request });

  test('of an origin that the rule allows is answered by the proxy', () => {
    const decision = ask(cors("{exact: 'http://cors.com'}") + TO_A);
    expect(decision).toMatchObject({ outcome: RouteOutcome.PREFLIGHT, status: 200, destinations: [], versions: {} });
    expect(decision.ruleIndex).toBe(0);
    expect(decision.explain()).toContain('200       → the proxy answers the preflight by itself (CORS)');
    expect(decision.explain()).toContain('corsPolicy allows the origin http://cors.com');
  });

  test.each([
    ['prefix', "{prefix: 'http://'}", 'http://cors.com', true],
    ['regex', "{regex: 'http.*cors.*'}", 'http://cors.com', true],
    ['regex of the whole origin', "{regex: 'cors'}", 'http://cors.com', false],
    ['one of several', "{exact: a}, {exact: 'http://cors.com'}", 'http://cors.com', true],
    ['case counts', "{exact: 'http://cors.com'}", 'HTTP://cors.com', false],
    ['an asterisk is every origin', "{exact: '*'}", 'null', true],
    ['a pattern that takes an asterisk is every origin', "{regex: '[^a-z]'}", 'https://b.com', true],
    ['no origins', '', 'http://cors.com', false],
  ])('origins: %s', (_, origins, origin, isAllowed) => {
    const { outcome } = ask(cors(origins) + TO_A, { origin });
    expect(outcome).toBe(isAllowed ? RouteOutcome.PREFLIGHT : RouteOutcome.FORWARD);
  });

  test('by the older allowOrigin', () => {
    expect(ask(`corsPolicy: {allowOrigin: ['http://cors.com']}, ${TO_A}`).outcome).toBe(RouteOutcome.PREFLIGHT);
    expect(ask(`corsPolicy: {allowOrigin: ['http://c']}, ${TO_A}`).outcome).toBe(RouteOutcome.FORWARD);
  });

  test('of another origin goes on, unless it is to be ignored: then it is answered, without a permission', () => {
    const elsewhere = { origin: 'http://evil.com' };
    const forwarded = ask(cors('{exact: a}') + TO_A, elsewhere);
    expect(forwarded.outcome).toBe(RouteOutcome.FORWARD);
    expect(forwarded.explain()).toContain('does not allow the origin http://evil.com, and the preflight goes on');
    const ignored = ask(cors('{exact: a}', ', unmatchedPreflights: IGNORE') + TO_A, elsewhere);
    expect(ignored).toMatchObject({ outcome: RouteOutcome.PREFLIGHT, status: 200 });
    expect(ignored.explain()).toContain('without a permission');
  });

  test.each([
    ['GET', { method: 'GET' }, {}],
    ['without an origin', {}, { origin: '' }],
    ['without the method that is to follow', {}, { 'access-control-request-method': '' }],
  ])('is none: %s', (_, request, headers) => {
    expect(ask(cors("{exact: '*'}") + TO_A, headers, request).outcome).toBe(RouteOutcome.FORWARD);
  });

  test.each([
    ['a rule without a policy', TO_A, RouteOutcome.FORWARD],
    ['a redirect', `${cors("{exact: '*'}")}redirect: {uri: /b}`, RouteOutcome.REDIRECT],
    ['a direct response', `${cors("{exact: '*'}")}directResponse: {status: 204}`, RouteOutcome.DIRECT_RESPONSE],
    [
      'a fault, which comes first',
      `${cors("{exact: '*'}")}fault: {abort: {httpStatus: 418, percentage: {value: 100}}}, ${TO_A}`,
      RouteOutcome.FAULT,
    ],
    [
      'a destination that does not exist',
      `${cors("{exact: '*'}")}route: [{destination: {host: missing}}]`,
      RouteOutcome.PREFLIGHT,
    ],
  ])('at %s', (_, rule, outcome) => {
    expect(ask(rule).outcome).toBe(outcome);
  });

  test('beside a fault for some requests is answered for the others, and is copied nowhere', () => {
    const fault = 'fault: {abort: {httpStatus: 418, percentage: {value: 50}}}';
    const decision = ask(`${cors("{exact: '*'}")}${fault}, mirror: {host: b}, ${TO_A}`);
    expect(decision).toMatchObject({ outcome: RouteOutcome.PREFLIGHT, mirrors: [] });
    expect(decision.explain()).toContain('418 FI    → 50% of the requests: an injected fault');
  });

  test('is told no client of gRPC in other words', () => {
    const decision = ask(cors("{exact: '*'}") + TO_A, { 'content-type': 'application/grpc' });
    expect(decision).toMatchObject({ outcome: RouteOutcome.PREFLIGHT, status: 200, grpcStatus: undefined });
  });
});

describe('the request that arrives', () => {
  test.each([
    ['a prefix is replaced', 'match: [{uri: {prefix: /api}}], rewrite: {uri: /v2}', { path: '/v2/items?page=2' }],
    ['without uri match, the first slash is', 'rewrite: {uri: /v2/}', { path: '/v2/api/items?page=2' }],
    [
      'an exact path is replaced whole',
      'match: [{uri: {exact: /api/items}}], rewrite: {uri: /all}',
      { path: '/all?page=2' },
    ],
    [
      'a path matched by regex is replaced whole',
      'match: [{uri: {regex: /api/.*}}], rewrite: {uri: /all}',
      { path: '/all?page=2' },
    ],
    [
      'by regex, with groups',
      "rewrite: {uriRegexRewrite: {match: '^/api/([a-z]+)', rewrite: '/\\1/of/api'}}",
      { path: '/items/of/api?page=2' },
    ],
    ['authority', 'rewrite: {authority: inner.example.com}', { authority: 'inner.example.com' }],
    ['authority by header operation', 'headers: {request: {set: {Host: inner}}}', { authority: 'inner' }],
    [
      'rewrite.authority comes before the header operation',
      "rewrite: {authority: outer}, headers: {request: {set: {':authority': inner}}}",
      { authority: 'outer' },
    ],
    [
      'headers are removed, then set, then added',
      'headers: {request: {set: {x-a: set}, add: {X-A: added}, remove: [x-b, X-C]}}',
      { headers: { 'x-a': 'set,added', 'x-d': '4' } },
    ],
    [
      'an empty value does nothing',
      'headers: {request: {set: {x-a: ""}, remove: [x-b, x-c, x-d]}}',
      { headers: { 'x-a': '1' } },
    ],
  ])('%s', (_, rule, expected) => {
    const decision = decide(`${rule}, ${TO_A}`, { headers: { 'x-a': '1', 'x-b': '2', 'x-c': '3', 'x-d': '4' } });
    expect(decision.destinations[0].request).toMatchObject({ method: 'GET', authority: 'a.example.com', ...expected });
    expect(decision.destinations[0].request.headers).toEqual(
      'headers' in expected ? expected.headers : { 'x-a': '1', 'x-b': '2', 'x-c': '3', 'x-d': '4' },
    );
  });

  test.each([
    ['of which Envoy keeps one value', 'accept', 'text/html'],
    ['of which Envoy keeps each value', 'x-a', ',text/html'],
  ])('a value is added to an empty header %s', (_, name, expected) => {
    const decision = decide(`headers: {request: {add: {${name}: text/html}}}, ${TO_A}`, { headers: { [name]: '' } });
    expect(decision.destinations[0].request.headers).toEqual({ [name]: expected });
  });

  const setBoth = (others: string) =>
    `headers: {request: {set: {x-a: route}}}, route: [{destination: {host: a, subset: v1}, weight: 50, headers: {request: {set: {x-a: own}}}}${others}]`;

  test('a single destination has the last word on a header', () => {
    expect(decide(setBoth('')).destinations[0].request.headers).toEqual({ 'x-a': 'own' });
  });

  test('of several, each speaks before the route', () => {
    const decision = decide(setBoth(', {destination: {host: a, subset: v2}, weight: 50}'));
    expect(decision.destinations.map(({ request }) => request.headers)).toEqual([
      { 'x-a': 'route' },
      { 'x-a': 'route' },
    ]);
  });

  test('header operations come too late to be matched', () => {
    const decision = mesh(
      gateway(),
      app('a', ['v1', 'v2']),
      routes(`[{match: [{headers: {x-new: {}}}], route: [{destination: {host: a, subset: v2}}]},
        {headers: {request: {set: {x-new: "1"}}}, route: [{destination: {host: a, subset: v1}}]}]`),
    ).route({ url: URL });
    expect(decision.destinations[0].subset).toBe('v1');
  });
});

describe('destinations', () => {
  const shares = (route: string) =>
    decide(`route: [${route}]`).destinations.map(({ subset, weight }) => [subset, weight]);

  test('share by weight, whatever the sum', () => {
    const route = '{destination: {host: a, subset: v1}, weight: 1}, {destination: {host: a, subset: v2}, weight: 3}';
    expect(shares(route)).toEqual([
      ['v1', 25],
      ['v2', 75],
    ]);
  });

  test('of weight 0 get nothing', () => {
    const route = '{destination: {host: a, subset: v1}}, {destination: {host: a, subset: v2}, weight: 5}';
    expect(shares(route)).toEqual([['v2', 100]]);
  });

  test('alone get everything, also with weight 0', () => {
    expect(shares('{destination: {host: a, subset: v1}, weight: 0}')).toEqual([['v1', 100]]);
  });

  test('are workloads in the end', () => {
    const [destination] = decide('route: [{destination: {host: a, subset: v2}}]').destinations;
    expect(destination).toMatchObject({ host: 'a.apps.svc.cluster.local', port: 80, targetPort: 8080 });
    expect(destination.workloads).toMatchObject([{ kind: 'Deployment', namespace: 'apps', name: 'a-v2', replicas: 1 }]);
  });

  test.each([
    ['an unknown host', 'host: nowhere', RouteOutcome.NO_CLUSTER, 503, 'NC'],
    ['a short name with a dot, which is not completed', 'host: a.apps', RouteOutcome.NO_CLUSTER, 503, 'NC'],
    ['an unknown subset', 'host: a, subset: v9', RouteOutcome.NO_CLUSTER, 503, 'NC'],
    ['an unknown port', 'host: a, port: {number: 81}', RouteOutcome.NO_CLUSTER, 503, 'NC'],
  ])('%s', (_, destination, outcome, status, responseFlag) => {
    expect(decide(`route: [{destination: {${destination}}}]`)).toMatchObject({ outcome, status, responseFlag });
  });

  test.each([
    ['whose labels no pod has', 'labels: {version: v9}'],
    ['whose only workload has no replicas', 'labels: {version: idle}'],
  ])('a subset %s', (_, labels) => {
    const decision = mesh(
      gateway(),
      app('a'),
      `{apiVersion: apps/v1, kind: Deployment, metadata: {name: idle, namespace: apps}, spec: {replicas: 0, template: {metadata: {labels: {app: a, version: idle}}}}}`,
      `{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: more, namespace: apps}, spec: {host: a, subsets: [{name: odd, ${labels}}]}}`,
      routes('[{route: [{destination: {host: a, subset: odd}}]}]'),
    ).route({ url: URL });
    expect(decision).toMatchObject({ outcome: RouteOutcome.NO_ENDPOINTS, status: 503, responseFlag: 'UH' });
  });

  describe('in a subset by a label that pods get only in the cluster', () => {
    const to = (kind: string, labels: string, replicas = 1) =>
      mesh(
        gateway(),
        '{apiVersion: v1, kind: Service, metadata: {name: a, namespace: apps}, spec: {selector: {app: a}, ports: [{port: 80}]}}',
        `{apiVersion: ${kind === 'Rollout' ? 'argoproj.io' : 'apps'}/v1, kind: ${kind}, metadata: {name: a, namespace: apps, labels: {app: a}}, spec: {replicas: ${replicas}, template: {metadata: {labels: {app: a}}}}}`,
        `{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: a, namespace: apps}, spec: {host: a, subsets: [{name: odd, labels: ${labels}}]}}`,
        routes('[{route: [{destination: {host: a, subset: odd}}]}]'),
      ).route({ url: URL });

    test.each([
      ['Deployment', '{pod-template-hash: 5d8f}'],
      ['Deployment', '{app: a, topology.istio.io/cluster: east}'],
      ['Pod', '{topology.kubernetes.io/zone: b}'],
      ['Rollout', '{rollouts-pod-template-hash: 5d8f}'],
      ['DaemonSet', '{controller-revision-hash: 5d8f}'],
      ['StatefulSet', '{statefulset.kubernetes.io/pod-name: a-0}'],
      ['StatefulSet', "{apps.kubernetes.io/pod-index: '0'}"],
    ])('%s %s: a place whose pods are not known', (kind, labels) => {
      const decision = to(kind, labels);
      expect(decision.outcome).toBe(RouteOutcome.FORWARD);
      expect(decision.destinations[0]).toMatchObject({ workloadsKnown: false, workloads: [{ kind, name: 'a' }] });
    });

    test.each([
      ['another label contradicts', 'Deployment', '{pod-template-hash: 5d8f, version: v2}', 1],
      ['no controller makes the pod', 'Pod', '{pod-template-hash: 5d8f}', 1],
      ['its kind gets other labels', 'Deployment', '{statefulset.kubernetes.io/pod-name: a-0}', 1],
      ['there are no pods', 'Deployment', '{pod-template-hash: 5d8f}', 0],
    ])('nobody answers where %s', (_, kind, labels, replicas) => {
      expect(to(kind, labels, replicas).outcome).toBe(RouteOutcome.NO_ENDPOINTS);
    });
  });

  test.each([
    ['alike', '[]', '[]', RouteOutcome.FORWARD],
    ['to the gateway alone by the later one', '[]', '[infra]', RouteOutcome.NO_CLUSTER],
    ['to others by the later one', '[]', '[other]', RouteOutcome.FORWARD],
    ['to the gateway, and to more by the later one', '[infra]', '[infra, other]', RouteOutcome.FORWARD],
    ['to the gateway, and to all by the later one', '[infra]', '["*"]', RouteOutcome.NO_CLUSTER],
    ['to the gateway and more, and to it alone by the later one', '[infra, other]', '[infra]', RouteOutcome.NO_CLUSTER],
  ])('in a subset of one of two DestinationRules, exported %s', (_, first, second, outcome) => {
    const rule = (name: string, exportTo: string, subsets: string) =>
      `{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: ${name}, namespace: apps}, spec: {host: a, exportTo: ${exportTo}, subsets: ${subsets}}}`;
    const decision = mesh(
      gateway(),
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: gw, namespace: infra}, spec: {template: {metadata: {labels: {istio: ingressgateway}}}}}',
      '{apiVersion: v1, kind: Service, metadata: {name: a, namespace: apps}, spec: {selector: {app: a}, ports: [{port: 80}]}}',
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: apps}, spec: {template: {metadata: {labels: {app: a}}}}}',
      rule('a-1', first, '[{name: all, labels: {app: a}}]'),
      rule('a-2', second, '[]'),
      routes('[{route: [{destination: {host: a, subset: all}}]}]'),
    ).route({ url: URL });
    expect(decision.outcome).toBe(outcome);
  });

  test('behind a Service for one pod of a StatefulSet are not known', () => {
    const decision = mesh(
      gateway(),
      '{apiVersion: v1, kind: Service, metadata: {name: a, namespace: apps}, spec: {selector: {statefulset.kubernetes.io/pod-name: db-0}, ports: [{port: 80}]}}',
      '{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, namespace: apps}, spec: {template: {metadata: {labels: {app: db}}}}}',
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: apps}, spec: {template: {metadata: {labels: {app: web}}}}}',
      routes(`[{${TO_A}}]`),
    ).route({ url: URL });
    expect(decision.destinations[0]).toMatchObject({ workloadsKnown: false, workloads: [{ name: 'db' }] });
  });

  test('of a ServiceEntry with a workloadSelector are the WorkloadEntries of its namespace with the labels', () => {
    const workloadEntry = (name: string, namespace: string, labels: string) =>
      `{apiVersion: networking.istio.io/v1, kind: WorkloadEntry, metadata: {name: ${name}, namespace: ${namespace}}, spec: {address: 10.0.0.1, labels: ${labels}}}`;
    const decision = mesh(
      gateway(),
      '{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: vm, namespace: apps}, spec: {hosts: [vm.com], resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], workloadSelector: {labels: {app: vm}}}}',
      '{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: vm, namespace: apps}, spec: {host: vm.com, subsets: [{name: v2, labels: {version: v2}}]}}',
      workloadEntry('vm-1', 'apps', '{app: vm, version: v1}'),
      workloadEntry('vm-2', 'apps', '{app: vm, version: v2}'),
      workloadEntry('vm-3', 'other', '{app: vm, version: v2}'),
      routes('[{route: [{destination: {host: vm.com, subset: v2}}]}]'),
    ).route({ url: URL });
    expect(decision.outcome).toBe(RouteOutcome.FORWARD);
    expect(decision.destinations[0].workloads).toEqual([
      { kind: 'WorkloadEntry', namespace: 'apps', name: 'vm-2', replicas: 1, version: 'v2' },
    ]);
  });

  test('of which some do not exist still forward the rest', () => {
    const decision = decide(
      'route: [{destination: {host: nowhere}, weight: 50}, {destination: {host: a}, weight: 50}]',
    );
    expect(decision.outcome).toBe(RouteOutcome.FORWARD);
    expect(decision.destinations.map(({ outcome }) => outcome)).toEqual([
      RouteOutcome.NO_CLUSTER,
      RouteOutcome.FORWARD,
    ]);
  });

  test('behind a Service without selector are not known, which is said', () => {
    const decision = mesh(
      gateway(),
      '{apiVersion: v1, kind: Service, metadata: {name: a, namespace: apps}, spec: {ports: [{port: 80}]}}',
      routes(`[{${TO_A}}]`),
    ).route({ url: URL });
    expect(decision.outcome).toBe(RouteOutcome.FORWARD);
    expect(decision.destinations[0].workloadsKnown).toBe(false);
    expect(decision.explain()).toContain('endpoints are not in the manifests');
  });
});

describe('what else is in force', () => {
  test('by default: two retries, no time limit', () => {
    const decision = decide(TO_A);
    expect(decision.timeoutMillis).toBeUndefined();
    expect(decision.retries).toEqual({
      attempts: 2,
      retryOn: 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes',
    });
  });

  test.each([
    ['attempts: 0', undefined],
    ['perTryTimeout: 2s', undefined],
    ['attempts: 3, perTryTimeout: 250ms', { attempts: 3, perTryTimeoutMillis: 250 }],
    ['attempts: 1, retryOn: "5xx,409"', { attempts: 1, retryOn: '5xx,409,retriable-status-codes' }],
  ])('retries {%s}', (retries, expected) => {
    const actual = decide(`retries: {${retries}}, ${TO_A}`).retries;
    expected === undefined ? expect(actual).toBeUndefined() : expect(actual).toMatchObject(expected);
  });

  test('a timeout', () => {
    expect(decide(`timeout: 1m30s, ${TO_A}`).timeoutMillis).toBe(90_000);
  });

  test('mirrors, of both forms', () => {
    const decision = decide(
      `mirror: {host: b}, mirrorPercentage: {value: 10}, mirrors: [{destination: {host: a, subset: v2}}, {destination: {host: b}, percentage: {value: 0}}], ${TO_A}`,
    );
    expect(decision.mirrors).toEqual([
      {
        host: 'b.apps.svc.cluster.local',
        port: 80,
        percentage: 10,
        outcome: RouteOutcome.FORWARD,
        workloads: [expect.objectContaining({ kind: 'Deployment', name: 'b-v1' })],
      },
      {
        host: 'a.apps.svc.cluster.local',
        subset: 'v2',
        port: 80,
        percentage: 100,
        outcome: RouteOutcome.FORWARD,
        workloads: [expect.objectContaining({ kind: 'Deployment', name: 'a-v2' })],
      },
    ]);
  });
});

test('a mirror that does not exist gets no copies, and changes nothing for the client', () => {
  const decision = decide(`mirror: {host: a, subset: v9}, ${TO_A}`);
  expect(decision.outcome).toBe(RouteOutcome.FORWARD);
  expect(decision.mirrors).toEqual([
    {
      host: 'a.apps.svc.cluster.local',
      subset: 'v9',
      port: 80,
      percentage: 100,
      outcome: RouteOutcome.NO_CLUSTER,
      workloads: [],
    },
  ]);
});

test('a path with an escaped NUL is refused', () => {
  expect(decide(TO_A, { url: 'http://a.example.com/%00' })).toMatchObject({
    outcome: RouteOutcome.BAD_REQUEST,
    status: 400,
  });
});

test('pods without the port that targetPort names do not answer on it', () => {
  const decision = mesh(
    gateway(),
    app('a', ['v1'], '{name: http, port: 80, targetPort: web}'),
    routes(`[{${TO_A}}]`),
  ).route({ url: URL });
  expect(decision).toMatchObject({ outcome: RouteOutcome.NO_ENDPOINTS, status: 503, responseFlag: 'UH' });
  expect(decision.explain()).toContain('without the port that targetPort names');
});
