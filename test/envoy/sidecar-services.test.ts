/*
 * Services of every kind as a sidecar meets them. Each case is one in which the simulator once differed from Istio and Envoy, or
 * the neighbour of one.
 */

import { RouteOutcome } from '../../src/envoy/outcome';
import { OutboundTrafficPolicy } from '../../src/proxy/outbound-traffic-policy';
import { app, mesh, meshWith, routes } from './meshes';

const FROM = 'mesh:apps/web-v1';
const STRICT = { outboundTrafficPolicy: OutboundTrafficPolicy.REGISTRY_ONLY };

function ask(model: ReturnType<typeof mesh>, url: string, host?: string) {
  return model.route({ url, from: FROM, ...(host === undefined ? {} : { headers: { host } }) });
}

function entry(spec: string, metadata: string = 'name: e, namespace: apps'): string {
  return `{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {${metadata}}, spec: {${spec}}}`;
}

function service(metadata: string, spec: string): string {
  return `{apiVersion: v1, kind: Service, metadata: {${metadata}}, spec: {${spec}}}`;
}

function reached(decision: ReturnType<typeof ask>): readonly string[] {
  return decision.destinations.flatMap(({ workloads }) => workloads.map(({ name }) => name));
}

const HTTP_80 = 'ports: [{number: 80, name: http, protocol: HTTP}]';
const TCP_80 = 'ports: [{number: 80, name: tcp, protocol: TCP}]';
const DB = 'hosts: [db.example.org], resolution: STATIC, endpoints: [{address: 1.1.1.1}]';

describe('a ServiceEntry', () => {
  test('without address takes every connection to its port, if its port is TCP', () => {
    const model = mesh(app('web', ['v1'], '{name: http, port: 81}'), entry(`${DB}, ${TCP_80}`));
    expect(ask(model, 'http://elsewhere.org/').outcome).toBe(RouteOutcome.TCP_FORWARD);
    expect(ask(model, 'http://web:81/').outcome).toBe(RouteOutcome.FORWARD);
  });

  test('and leaves it to HTTP where a service speaks HTTP on the port', () => {
    const model = mesh(app('web'), entry(`${DB}, ${TCP_80}`));
    expect(ask(model, 'http://elsewhere.org/').outcome).toBe(RouteOutcome.PASSTHROUGH);
    expect(reached(ask(model, 'http://web/'))).toEqual(['web-v1']);
  });

  test('with an address takes the connections to that', () => {
    const model = mesh(app('web'), entry(`${DB}, ${TCP_80}, addresses: [10.0.0.9/32]`));
    expect(ask(model, 'http://10.0.0.9/').outcome).toBe(RouteOutcome.TCP_FORWARD);
    expect(ask(model, 'http://db.example.org/').outcome).toBe(RouteOutcome.TCP_FORWARD);
    expect(ask(model, 'http://10.0.0.8/').outcome).toBe(RouteOutcome.PASSTHROUGH);
  });

  test('that shares its address among several hosts leaves to chance which of them is called by the address', () => {
    const hosts = entry(`hosts: [a.example.org, b.example.org], addresses: [10.0.0.9], ${HTTP_80}, resolution: DNS`);
    const rule = routes('[{directResponse: {status: 418}}]', 'hosts: [b.example.org]');
    expect(ask(mesh(app('web'), hosts), 'http://10.0.0.9/').outcome).toBe(RouteOutcome.UNDECIDED);
    expect(ask(mesh(app('web'), hosts), 'http://10.0.0.9/', 'b.example.org').outcome).toBe(RouteOutcome.FORWARD);
    expect(ask(mesh(app('web'), hosts, rule), 'http://10.0.0.9/').status).toBe(418);
  });

  test('with a range of addresses takes the connections to these, HTTP or not', () => {
    const model = mesh(app('web'), entry(`${DB}, ${TCP_80}, addresses: [10.0.0.0/24]`));
    expect(ask(model, 'http://10.0.0.8/').outcome).toBe(RouteOutcome.TCP_FORWARD);
    expect(ask(model, 'http://10.0.1.8/').outcome).toBe(RouteOutcome.PASSTHROUGH);
  });

  describe('that leaves the address to the app, beside another of its host and namespace,', () => {
    const older = 'name: e, namespace: apps, creationTimestamp: 2026-01-01T00:00:00Z';
    const younger = 'name: f, namespace: apps, creationTimestamp: 2026-01-02T00:00:00Z';
    const none = entry(`hosts: [db.example.org], ${TCP_80}`, older);
    const client = app('web', ['v1'], '{name: http, port: 81}');
    const beside = (spec: string, port = 'number: 80, name: tls, protocol: TLS') =>
      mesh(client, none, entry(`hosts: [db.example.org], ports: [{${port}}], ${spec}`, younger));

    test('has no listener where that knows endpoints by name only', () => {
      const model = beside('resolution: DNS');
      expect(ask(model, 'http://elsewhere.org/').outcome).toBe(RouteOutcome.PASSTHROUGH);
      expect(ask(model, 'http://db.example.org/').outcome).toBe(RouteOutcome.PASSTHROUGH);
    });

    test('has one for each address where that writes some down', () => {
      const model = beside('resolution: STATIC, endpoints: [{address: 1.1.1.1}]');
      expect(ask(model, 'http://1.1.1.1/').outcome).toBe(RouteOutcome.TCP_FORWARD);
      expect(ask(model, 'http://1.1.1.2/').outcome).toBe(RouteOutcome.PASSTHROUGH);
    });

    test.each([
      ['has none', 'resolution: STATIC, endpoints: []', undefined],
      ['is open, too', 'resolution: NONE', undefined],
      ['has another port', 'resolution: DNS', 'number: 82, name: tcp, protocol: TCP'],
    ])('has the one of all addresses where that %s', (_, spec, port) => {
      expect(ask(beside(spec, port), 'http://elsewhere.org/').outcome).toBe(RouteOutcome.TCP_FORWARD);
    });

    test('may have one at any address where pods stand behind that', () => {
      const model = beside('resolution: STATIC, workloadSelector: {labels: {app: web}}');
      expect(ask(model, 'http://1.1.1.1/').outcome).toBe(RouteOutcome.UNDECIDED);
      expect(ask(model, 'http://db.example.org/').outcome).toBe(RouteOutcome.UNDECIDED);
      expect(ask(model, 'http://elsewhere.org/').outcome).toBe(RouteOutcome.PASSTHROUGH);
    });

    test('takes nothing from a Service that has an address', () => {
      const model = mesh(
        app('web', ['v1'], '{name: tcp, port: 80}'),
        entry(`hosts: [web.apps.svc.cluster.local], ${TCP_80}`),
      );
      expect(ask(model, 'http://web/').outcome).toBe(RouteOutcome.TCP_FORWARD);
      expect(ask(model, 'http://10.0.0.1/').outcome).toBe(RouteOutcome.UNDECIDED);
    });
  });

  test('for TLS gets nothing else', () => {
    const tls = entry(`${DB}, ports: [{number: 80, name: tls, protocol: TLS}]`);
    expect(ask(mesh(app('web', ['v1'], '{name: http, port: 81}'), tls), 'http://db.example.org/').outcome).toBe(
      RouteOutcome.PASSTHROUGH,
    );
    expect(ask(meshWith(STRICT, app('web'), tls), 'http://db.example.org:80/')).toMatchObject({
      outcome: RouteOutcome.BLOCKED,
      status: 502,
    });
  });

  test.each([
    ['STATIC', 'endpoints: []', RouteOutcome.NO_ENDPOINTS],
    ['DNS', 'endpoints: [{address: a.example.net, labels: {v: b}}]', RouteOutcome.NO_CLUSTER],
    ['DNS', 'endpoints: []', RouteOutcome.NO_CLUSTER],
    ['DNS', 'endpoints: [{address: a.example.net, labels: {v: a}}]', RouteOutcome.FORWARD],
    ['NONE', 'endpoints: []', RouteOutcome.FORWARD],
  ])('whose subset has nobody, resolved by %s with %s', (resolution, endpoints, outcome) => {
    const model = mesh(
      app('web'),
      entry(`hosts: [db.example.org], ${HTTP_80}, resolution: ${resolution}, ${endpoints}`),
      '{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: d, namespace: apps}, spec: {host: db.example.org, subsets: [{name: a, labels: {v: a}}]}}',
      routes('[{route: [{destination: {host: db.example.org, subset: a}}]}]', 'hosts: [db.example.org]'),
    );
    expect(ask(model, 'http://db.example.org/').outcome).toBe(outcome);
  });

  test('keeps its host, where rules name the Service of that host by a port that it has not', () => {
    const model = (port: number) =>
      mesh(
        app('web'),
        service(
          "name: db, namespace: apps, annotations: { networking.istio.io/exportTo: '~' }",
          'clusterIP: None, ports: [{name: tcp, port: 81}]',
        ),
        entry(`hosts: [db.apps.svc.cluster.local], ${HTTP_80}`, 'name: e, namespace: shop'),
        routes(`[{route: [{destination: {host: db, port: {number: ${port}}}}]}]`, 'hosts: [alias.example.org]'),
      );
    expect(ask(model(1234), 'http://db.apps.svc.cluster.local/').outcome).toBe(RouteOutcome.FORWARD);
    expect(ask(model(81), 'http://db.apps.svc.cluster.local/').outcome).toBe(RouteOutcome.NO_CLUSTER);
  });

  test('with capitals in its host has none of another either, which is exported elsewhere', () => {
    const capital = entry(`hosts: [DB.example.org], ${HTTP_80}`);
    const hidden = entry(`hosts: [db.example.org], ${HTTP_80}, exportTo: [shop]`, 'name: hidden, namespace: apps');
    expect(ask(mesh(app('web'), capital, hidden), 'http://db.example.org/').outcome).toBe(RouteOutcome.NO_CLUSTER);
  });

  test('with capitals in its host has clusters of that name, and none for the name in small letters', () => {
    const model = mesh(
      app('web'),
      entry(`hosts: [DB.example.org], ${HTTP_80}, resolution: STATIC, endpoints: [{address: 1.1.1.1}]`),
    );
    expect(ask(model, 'http://db.example.org/').outcome).toBe(RouteOutcome.NO_CLUSTER);
  });

  test('shares its endpoints with another for the same host, by the name of the port', () => {
    const other = (port: string) =>
      entry(
        `hosts: [db.example.org], resolution: STATIC, endpoints: [{address: 2.2.2.2}], ports: [{number: 81, name: ${port}, protocol: HTTP}]`,
        'name: f, namespace: apps, creationTimestamp: "2026-01-01T00:00:00Z"',
      );
    const first = `${DB}, ${HTTP_80}`;
    expect(reached(ask(mesh(app('web'), entry(first), other('http')), 'http://db.example.org/'))).toEqual([
      '1.1.1.1',
      '2.2.2.2',
    ]);
    expect(reached(ask(mesh(app('web'), entry(first), other('other')), 'http://db.example.org/'))).toEqual(['1.1.1.1']);
  });

  test('whose host DNS resolves gets no endpoint of a younger one without resolution', () => {
    const older = entry(
      'hosts: [db.example.org], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS',
      'name: old, namespace: apps, creationTimestamp: "2026-01-01T00:00:00Z"',
    );
    const younger = entry(
      'hosts: [db.example.org], ports: [{number: 80, name: http, protocol: HTTP}]',
      'name: new, namespace: apps, creationTimestamp: "2026-01-02T00:00:00Z"',
    );
    const subset =
      '{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: d, namespace: apps}, spec: {host: db.example.org, subsets: [{name: v1, labels: {version: v1}}]}}';
    const rule = routes('[{route: [{destination: {host: db.example.org, subset: v1}}]}]', 'hosts: [web]');
    const decision = ask(mesh(app('web'), older, younger, subset, rule), 'http://web/');
    expect(decision.outcome).toBe(RouteOutcome.NO_CLUSTER);
  });

  test('that is as old as another for the same host leaves it open', () => {
    const model = mesh(app('web'), entry(`${DB}, ${HTTP_80}`), entry(`${DB}, ${HTTP_80}`, 'name: f, namespace: apps'));
    const decision = ask(model, 'http://db.example.org/');
    expect(decision.outcome).toBe(RouteOutcome.UNDECIDED);
    expect(decision.explain()).toContain('several ServiceEntries of one namespace and age define db.example.org');
    expect(ask(model, 'http://web/').outcome).toBe(RouteOutcome.FORWARD);
  });

  test('of the caller’s namespace comes before one of another, and a Service before both', () => {
    const at = (address: string) =>
      `hosts: [db.example.org], ${HTTP_80}, resolution: STATIC, endpoints: [{address: ${address}}]`;
    const model = mesh(app('web'), entry(at('1.1.1.1'), 'name: a, namespace: other'), entry(at('2.2.2.2')));
    expect(reached(ask(model, 'http://db.example.org/'))).toEqual(['2.2.2.2']);
    const squatter = entry(
      `hosts: [web.apps.svc.cluster.local], ${HTTP_80}, resolution: STATIC, endpoints: [{address: 3.3.3.3}]`,
      'name: a, namespace: other',
    );
    expect(reached(ask(mesh(squatter, app('web')), 'http://web/'))).toEqual(['web-v1']);
  });

  test('gives the port of its endpoints', () => {
    const model = mesh(app('web'), entry(`${DB}, ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8000}]`));
    expect(ask(model, 'http://db.example.org/').destinations[0].targetPort).toBe(8000);
  });
});

describe('a Service without address', () => {
  const headless = (port: string) =>
    service('name: h, namespace: apps', `clusterIP: None, selector: {app: h}, ports: [${port}]`);
  const pods = (port: string = 'name: p, containerPort: 9') =>
    `{apiVersion: apps/v1, kind: Deployment, metadata: {name: h-v1, namespace: apps}, spec: {template: {metadata: {labels: {app: h, version: v1}}, spec: {containers: [{ports: [{${port}}]}]}}}}`;

  test.each(['h', 'h-0.h', 'h-0.h.apps.svc.cluster.local'])(
    'is reached as %s, at the port that was dialled',
    (host) => {
      const model = mesh(app('web'), headless('{name: http, port: 80, targetPort: 8080}'), pods());
      const [destination] = ask(model, `http://${host}/`).destinations;
      expect(destination).toMatchObject({ outcome: RouteOutcome.FORWARD, targetPort: 80 });
      expect(destination.workloads.map(({ name }) => name)).toEqual(['h-v1']);
    },
  );

  test('keeps the names of its pods where what is short for it is the host of a ServiceEntry', () => {
    const beside = (host: string) => {
      const other = entry(`hosts: ['${host}'], ${HTTP_80}, resolution: NONE`);
      return mesh(app('web'), headless('{name: http, port: 80}'), pods(), other);
    };
    expect(ask(beside('h.apps'), 'http://1.1.1.1/', 'h-0.h.apps').outcome).toBe(RouteOutcome.FORWARD);
    expect(ask(beside('*.h.apps'), 'http://1.1.1.1/', 'h-0.h.apps').outcome).toBe(RouteOutcome.UNDECIDED);
  });

  test('does not care about subsets', () => {
    const model = mesh(
      app('web'),
      headless('{name: http, port: 80}'),
      pods(),
      '{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: h, namespace: apps}, spec: {host: h, subsets: [{name: v2, labels: {version: v2}}]}}',
      routes('[{route: [{destination: {host: h, subset: v2}}]}]', 'hosts: [h]'),
    );
    expect(reached(ask(model, 'http://h/'))).toEqual(['h-v1']);
  });

  test('as the destination of another host leads to wherever the app dialled', () => {
    const to = routes('[{route: [{destination: {host: h}}]}]', 'hosts: [web]');
    const [destination] = ask(
      mesh(app('web'), headless('{name: http, port: 80}'), pods(), to),
      'http://web/',
    ).destinations;
    expect(destination).toMatchObject({ outcome: RouteOutcome.FORWARD, workloadsKnown: false, workloads: [] });
  });

  test('gets no copies as a mirror: nothing was dialled for them', () => {
    const rule = routes('[{route: [{destination: {host: web}}], mirrors: [{destination: {host: h}}]}]', 'hosts: [web]');
    const decision = ask(mesh(app('web'), headless('{name: http, port: 80}'), pods(), rule), 'http://web/');
    expect(decision.mirrors[0]).toMatchObject({ outcome: RouteOutcome.NO_ENDPOINTS, workloads: [] });
  });

  test('and without pods is not to be found', () => {
    const decision = ask(mesh(app('web'), headless('{name: http, port: 80}')), 'http://h/');
    expect(decision).toMatchObject({ outcome: RouteOutcome.NO_ENDPOINTS, status: undefined });
  });

  test('whose pods lack the port has no listener for them', () => {
    const strict = meshWith(
      STRICT,
      app('web', ['v1'], '{name: http, port: 81}'),
      headless('{name: tcp, port: 80, targetPort: q}'),
      pods(),
    );
    expect(ask(strict, 'http://h/').outcome).toBe(RouteOutcome.BLOCKED);
  });

  test('whose host a ServiceEntry has, too, leaves open where its listeners are', () => {
    const spec =
      'hosts: [h.apps.svc.cluster.local], resolution: DNS_ROUND_ROBIN, ports: [{number: 90, name: t, protocol: TLS}]';
    const model = mesh(app('web'), headless('{name: tcp, port: 90}'), pods(), entry(spec));
    const decision = ask(model, 'http://h:90/');
    expect(decision.outcome).toBe(RouteOutcome.UNDECIDED);
    expect(decision.explain()).toContain('ServiceEntry apps/e also has the host');
    expect(ask(mesh(app('web'), headless('{name: tcp, port: 90}'), pods()), 'http://h:90/').outcome).toBe(
      RouteOutcome.TCP_FORWARD,
    );
  });

  test('makes an address that nobody wrote down a riddle, where its pods have listeners', () => {
    const model = (port: string) => mesh(app('web'), headless(port), pods());
    expect(ask(model('{name: tcp, port: 90}'), 'http://10.9.9.9:90/').outcome).toBe(RouteOutcome.UNDECIDED);
    expect(ask(model('{name: http, port: 90}'), 'http://10.9.9.9:90/').outcome).toBe(RouteOutcome.PASSTHROUGH);
  });
});

describe('an ExternalName Service', () => {
  const alias = (target: string, ports = '') =>
    service('name: alias, namespace: apps', `type: ExternalName, externalName: ${target}${ports}`);

  test.each(['', ', ports: [{name: http, port: 80}]'])('is another name for its target; with it %s', (ports) => {
    const model = mesh(app('web'), alias('web.apps.svc.cluster.local', ports));
    expect(reached(ask(model, 'http://alias/'))).toEqual(['web-v1']);
  });

  test('is followed to where a connection really goes', () => {
    const model = mesh(app('web', ['v1'], '{name: tcp, port: 80}'), alias('web.apps.svc.cluster.local'));
    expect(ask(model, 'http://alias/').outcome).toBe(RouteOutcome.TCP_FORWARD);
    expect(ask(mesh(app('web'), alias('gone.example.net')), 'http://alias/').outcome).toBe(RouteOutcome.PASSTHROUGH);
  });
});

describe('rules for bytes', () => {
  const plain = app('a', ['v1', 'v2'], '{name: tcp, port: 90}');
  const tcp = (rules: string, spec = 'hosts: [a]') => routes(`[], tcp: ${rules}`, spec);
  const toV2 = (match = '') => `{${match}route: [{destination: {host: a, subset: v2}}]}`;
  const subset = (rule: string) => ask(mesh(app('web'), plain, rule), 'http://a:90/').destinations[0].subset;

  test.each([
    ['without match', tcp(`[${toV2()}]`), 'v2'],
    ['for the port', tcp(`[${toV2('match: [{port: 90}], ')}]`), 'v2'],
    ['for another port', tcp(`[${toV2('match: [{port: 91}], ')}]`), undefined],
    ['for the caller’s labels', tcp(`[${toV2('match: [{sourceLabels: {app: web}}], ')}]`), 'v2'],
    ['for another’s labels', tcp(`[${toV2('match: [{gateways: [mesh], sourceLabels: {app: b}}], ')}]`), undefined],
    ['for another namespace', tcp(`[${toV2('match: [{sourceNamespace: b}], ')}]`), undefined],
    ['of a wildcard', tcp(`[${toV2()}]`, "hosts: ['*.apps.svc.cluster.local']"), 'v2'],
    ['that name no destination', tcp(`[{route: []}, ${toV2()}]`), 'v2'],
  ])('count %s', (_, rule, expected) => {
    expect(subset(rule)).toBe(expected);
  });
});

describe('names', () => {
  test('that two services share belong to the one whose name it is in full', () => {
    const squatter = entry(
      `hosts: [web.apps], ${HTTP_80}, resolution: STATIC, endpoints: [{address: 1.1.1.1}]`,
      'name: a, namespace: other',
    );
    expect(reached(ask(mesh(app('web'), squatter), 'http://web.apps/'))).toEqual(['1.1.1.1']);
  });

  test('like those of a cluster are short for a ServiceEntry’s host too', () => {
    const ghost = entry(
      `hosts: [ghost.apps.svc.cluster.local], ${HTTP_80}, resolution: STATIC, endpoints: [{address: 1.1.1.1}]`,
    );
    expect(reached(ask(mesh(app('web'), ghost), 'http://ghost/'))).toEqual(['1.1.1.1']);
  });

  test('nobody knows get no route when the scheme is unknown', () => {
    const decision = mesh(app('web')).route({
      url: 'http://unknown.org/',
      from: FROM,
      headers: { 'x-forwarded-proto': '' },
    });
    expect(decision).toMatchObject({ outcome: RouteOutcome.NO_ROUTE, status: 404 });
  });
});

describe('exportTo', () => {
  const hidden = (value: string) =>
    service(
      `name: b, namespace: other, annotations: {networking.istio.io/exportTo: "${value}"}`,
      'selector: {app: b}, ports: [{name: http, port: 80}]',
    );

  test.each([
    ['.', RouteOutcome.PASSTHROUGH],
    ['apps', RouteOutcome.FORWARD],
    ['., apps', RouteOutcome.FORWARD],
    ['~', RouteOutcome.PASSTHROUGH],
  ])('of a Service: %s', (value, outcome) => {
    const pods = '{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: other, labels: {app: b}}, spec: {}}';
    expect(ask(mesh(app('web'), hidden(value), pods), 'http://b.other/').outcome).toBe(outcome);
  });
});

test('a name that DNS resolves for one ServiceEntry answers for no other one with the host', () => {
  const resolved = entry(
    'hosts: [db.example.org], resolution: DNS, endpoints: [{address: db-0.example.net}], ports: [{number: 443, name: http, protocol: HTTP}]',
    'name: f, namespace: apps, creationTimestamp: "2026-01-05T00:00:00Z"',
  );
  const told = entry(
    `hosts: [db.example.org], ${HTTP_80}, resolution: STATIC`,
    'name: e, namespace: apps, creationTimestamp: "2026-01-04T00:00:00Z"',
  );
  expect(ask(mesh(app('web'), told, resolved), 'http://db.example.org/').outcome).toBe(RouteOutcome.NO_ENDPOINTS);
});

test('x-forwarded-proto says in any case which scheme it was', () => {
  const rule = routes('[{redirect: {uri: /moved}}]', 'hosts: [elsewhere.org]');
  const decision = mesh(app('web'), rule).route({
    url: 'http://elsewhere.org/',
    from: FROM,
    headers: { 'x-forwarded-proto': 'HTTPS' },
  });
  expect(decision.location).toBe('https://elsewhere.org/moved');
});

test('in HTTP/2 a request says its scheme itself, whatever x-forwarded-proto says', () => {
  const rules = routes(
    '[{match: [{scheme: {exact: https}}], redirect: {uri: /secure}}, {redirect: {uri: /moved}}]',
    'hosts: [elsewhere.org]',
  );
  const decision = mesh(app('web'), rules).route({
    url: 'http://elsewhere.org/',
    from: FROM,
    headers: { 'x-forwarded-proto': 'https' },
    httpVersion: '2',
  });
  expect(decision.location).toBe('http://elsewhere.org/moved');
});

test('whether a Service that is exported to nobody has endpoints, where a rule of its own namespace names it, is open', () => {
  const hidden = service(
    'name: h, namespace: apps, annotations: {networking.istio.io/exportTo: "~"}',
    'selector: {app: web}, ports: [{name: http, port: 80}]',
  );
  const rule = routes('[{route: [{destination: {host: h}}]}]', 'hosts: [elsewhere.org]');
  const decision = ask(mesh(app('web'), hidden, rule), 'http://elsewhere.org/');
  expect(decision.outcome).toBe(RouteOutcome.UNDECIDED);
  expect(decision.explain()).toContain("exported to nobody ('~')");
});

test('a Service that its own namespace may not call takes its host from a ServiceEntry where a rule names it', () => {
  const hidden = service(
    'name: h, namespace: apps, annotations: {networking.istio.io/exportTo: other}',
    'selector: {app: web}, ports: [{name: http, port: 80}]',
  );
  const squatter = entry(
    `hosts: [h.apps.svc.cluster.local], ${HTTP_80}, resolution: STATIC, endpoints: [{address: 1.1.1.1}]`,
    'name: a, namespace: other',
  );
  const rule = routes('[{route: [{destination: {host: h}}]}]', 'hosts: [elsewhere.org]');
  expect(reached(ask(mesh(app('web'), hidden, squatter), 'http://h/'))).toEqual(['1.1.1.1']);
  expect(reached(ask(mesh(app('web'), hidden, squatter, rule), 'http://h/'))).toEqual(['web-v1']);
});

test('a DestinationRule with a workloadSelector counts for the workloads that it selects', () => {
  const rule = (selector: string) =>
    `{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: w, namespace: apps}, spec: {host: web, workloadSelector: {matchLabels: ${selector}}, subsets: [{name: mine, labels: {app: web}}]}}`;
  const to = routes('[{route: [{destination: {host: web, subset: mine}}]}]', 'hosts: [web]');
  const outcome = (selector: string) => ask(mesh(app('web'), rule(selector), to), 'http://web/').outcome;
  expect(outcome('{app: web}')).toBe(RouteOutcome.FORWARD);
  expect(outcome('{app: b}')).toBe(RouteOutcome.NO_CLUSTER);
});
