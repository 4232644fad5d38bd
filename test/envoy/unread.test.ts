/*
 * Objects that nobody reads here: a decision that they can change is undecided and says why, and every other is as it was.
 */

import { CaveatKind, RouteOutcome } from 'cdk8s-versioned-mesh';
import fc from 'fast-check';
import type { RouteRequest } from '../../src/envoy/request';
import { app, gateway, meshWith, routes } from './meshes';

const SERVERS = `[{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']},
  {port: {number: 443, name: https, protocol: HTTPS}, hosts: ['*.example.com'], tls: {mode: SIMPLE, credentialName: c}}]`;
const CLIENT = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: client, namespace: apps}
spec: {template: {metadata: {labels: {app: client}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: client, namespace: other}
spec: {template: {metadata: {labels: {app: client}}}}`;
const RULES = '[{route: [{destination: {host: a, subset: v1}}]}]';
const SYSTEM = [
  gateway(SERVERS),
  app('a', ['v1', 'v2']),
  app('b'),
  routes(RULES),
  routes(RULES, 'hosts: [a]', 'name: inside, namespace: apps'),
  CLIENT,
];

const REQUESTS: { readonly [name: string]: RouteRequest } = {
  'gateway a': { url: 'http://a.example.com/' },
  'gateway a TLS': { url: 'https://a.example.com/' },
  'gateway unknown': { url: 'http://b.example.com/' },
  'gateway other port': { url: 'http://a.example.com:8081/' },
  'mesh a': { url: 'http://a/', from: 'mesh:apps/client' },
  'mesh b': { url: 'http://b/', from: 'mesh:apps/client' },
  'mesh a from other': { url: 'http://a.apps/', from: 'mesh:other/client' },
  'mesh outside': { url: 'http://elsewhere.org/', from: 'mesh:apps/client' },
};
const ALL = Object.keys(REQUESTS);
const GATEWAY = ALL.filter((name) => name.startsWith('gateway'));
const LISTENING = GATEWAY.filter((name) => name !== 'gateway other port');
const MESH = ALL.filter((name) => name.startsWith('mesh'));

const isUndecided = (document: string, system: readonly string[] = SYSTEM) => {
  const model = meshWith({}, ...system, document);
  return ALL.filter((name) => model.route(REQUESTS[name]).outcome === RouteOutcome.UNDECIDED);
};

const VALUE = 'value: {name: x}';
const filter = (patches: string, spec = '', metadata = 'name: f, namespace: istio-system') => `
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {${metadata}}
spec: {${spec}configPatches: [${patches}]}`;
const patch = (applyTo: string, match: string, what = `operation: INSERT_BEFORE, ${VALUE}`) =>
  filter(`{applyTo: ${applyTo}, match: {${match}}, patch: {${what}}}`);
const wasm = (spec: string, metadata = 'name: w, namespace: istio-system') => `
apiVersion: extensions.istio.io/v1alpha1
kind: WasmPlugin
metadata: {${metadata}}
spec: {url: oci://x, ${spec}}`;
const kubernetesGateway = (spec = '', metadata = 'name: gw, namespace: apps') => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {${metadata}}
spec: {gatewayClassName: istio, ${spec}listeners: [{name: http, port: 80, protocol: HTTP, hostname: '*.example.com'}]}`;
const route = (spec: string, kind = 'HTTPRoute', metadata = 'name: r, namespace: apps') => `
apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: {${metadata}}
spec: {${spec}, rules: [{backendRefs: [{name: b, port: 80}]}]}`;
const ingress = (host: string, metadata: string, spec = '') => `
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: i, namespace: apps${metadata}}
spec: {${spec}rules: [{host: ${host}, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: b, port: {number: 80}}}}]}}]}`;
const ISTIO_CLASS = ', annotations: {kubernetes.io/ingress.class: istio}';
const ATTACHED = 'addresses: [{type: Hostname, value: ingress.istio-system.svc.cluster.local}], ';
const TO_GATEWAY = 'parentRefs: [{name: gw}]';
const TO_SERVICE = "parentRefs: [{kind: Service, group: '', name: a}]";

const TOUCHED: readonly [what: string, document: string, touched: readonly string[]][] = [
  [
    'EnvoyFilter of the root namespace without a selector',
    patch('HTTP_FILTER', 'context: ANY'),
    [...LISTENING, ...MESH],
  ],
  ['EnvoyFilter without a context', patch('HTTP_FILTER', ''), [...LISTENING, ...MESH]],
  ['EnvoyFilter for gateways', patch('HTTP_FILTER', 'context: GATEWAY'), LISTENING],
  ['EnvoyFilter for sidecars', patch('HTTP_FILTER', 'context: SIDECAR_OUTBOUND'), MESH],
  ['EnvoyFilter for what comes in at a pod', patch('HTTP_FILTER', 'context: SIDECAR_INBOUND'), []],
  ['EnvoyFilter for waypoints', patch('HTTP_FILTER', 'context: WAYPOINT'), []],
  [
    'EnvoyFilter for one port',
    patch('HTTP_FILTER', 'context: GATEWAY, listener: {portNumber: 443}'),
    ['gateway a TLS'],
  ],
  [
    'EnvoyFilter for the port of the usual gateway pods',
    patch('NETWORK_FILTER', 'context: GATEWAY, listener: {portNumber: 8443}'),
    ['gateway a TLS'],
  ],
  [
    'EnvoyFilter for a listener by name',
    patch('HTTP_FILTER', "context: SIDECAR_OUTBOUND, listener: {name: '0.0.0.0_9080'}"),
    [],
  ],
  [
    'EnvoyFilter for connections that pass through',
    patch('NETWORK_FILTER', 'context: SIDECAR_OUTBOUND, listener: {name: virtualOutbound}'),
    ['mesh outside'],
  ],
  [
    'EnvoyFilter for bytes',
    patch('NETWORK_FILTER', 'listener: {filterChain: {filter: {name: envoy.filters.network.tcp_proxy}}}'),
    [],
  ],
  [
    'EnvoyFilter for a name of TLS',
    patch('HTTP_FILTER', 'context: GATEWAY, listener: {filterChain: {sni: a.example.com}}'),
    ['gateway a TLS'],
  ],
  [
    'EnvoyFilter for a virtual host',
    patch('HTTP_ROUTE', 'routeConfiguration: {vhost: {name: "a.example.com:80"}}', `operation: INSERT_FIRST, ${VALUE}`),
    ['gateway a'],
  ],
  [
    'EnvoyFilter for a domain of the mesh',
    patch(
      'VIRTUAL_HOST',
      'routeConfiguration: {vhost: {domainName: a.apps.svc.cluster.local}}',
      `operation: MERGE, ${VALUE}`,
    ),
    ['mesh a', 'mesh a from other'],
  ],
  [
    'EnvoyFilter that adds a virtual host',
    patch('VIRTUAL_HOST', 'context: GATEWAY', 'operation: ADD, value: {domains: [b.example.com]}'),
    ['gateway unknown'],
  ],
  [
    'EnvoyFilter for the routes of a Gateway, which plain HTTP does not tell',
    patch(
      'ROUTE_CONFIGURATION',
      'context: GATEWAY, routeConfiguration: {gateway: apps/ingress}',
      `operation: MERGE, ${VALUE}`,
    ),
    ['gateway a TLS'],
  ],
  [
    'EnvoyFilter that adds a listener',
    patch('LISTENER', 'context: GATEWAY', 'operation: ADD, value: {address: {socket_address: {port_value: 8081}}}'),
    ['gateway other port'],
  ],
  [
    'EnvoyFilter for a cluster',
    patch('CLUSTER', 'cluster: {service: b.apps.svc.cluster.local}', `operation: MERGE, ${VALUE}`),
    ['mesh b'],
  ],
  [
    'EnvoyFilter for a subset',
    patch('CLUSTER', 'context: GATEWAY, cluster: {subset: v1}', 'operation: REMOVE'),
    ['gateway a', 'gateway a TLS'],
  ],
  ['EnvoyFilter that adds a cluster', patch('CLUSTER', '', `operation: ADD, ${VALUE}`), []],
  ['EnvoyFilter for how a proxy starts', patch('BOOTSTRAP', '', `operation: MERGE, ${VALUE}`), []],
  ['EnvoyFilter with nothing in it', filter(''), []],
  ['EnvoyFilter with an empty value', patch('HTTP_FILTER', '', 'operation: MERGE, value: {}'), []],
  ['EnvoyFilter without an operation', patch('HTTP_FILTER', '', VALUE), []],
  ['EnvoyFilter for proxies of an old release', patch('HTTP_FILTER', "proxy: {proxyVersion: '^1\\.16.*'}"), []],
  [
    'EnvoyFilter for proxies of this release',
    patch('HTTP_FILTER', "context: GATEWAY, proxy: {proxyVersion: '1\\.31'}"),
    LISTENING,
  ],
  [
    'EnvoyFilter of a namespace',
    filter(`{applyTo: HTTP_FILTER, patch: {operation: ADD, ${VALUE}}}`, '', 'name: f, namespace: other'),
    ['mesh a from other'],
  ],
  [
    'EnvoyFilter for some pods',
    filter(
      `{applyTo: HTTP_FILTER, patch: {operation: ADD, ${VALUE}}}`,
      'workloadSelector: {labels: {app: client}}, ',
      'name: f, namespace: apps',
    ),
    MESH.filter((name) => name !== 'mesh a from other'),
  ],
  [
    'EnvoyFilter for gateway pods that are not given, which may be in any namespace',
    filter(
      `{applyTo: HTTP_FILTER, patch: {operation: ADD, ${VALUE}}}`,
      'workloadSelector: {labels: {istio: ingressgateway}}, ',
      'name: f, namespace: edge',
    ),
    LISTENING,
  ],
  [
    'EnvoyFilter with targetRefs, which hold for the Gateway API only',
    filter(
      `{applyTo: HTTP_FILTER, patch: {operation: ADD, ${VALUE}}}`,
      'targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: gw}], ',
    ),
    [],
  ],
  ['WasmPlugin', wasm('match: []'), [...LISTENING, ...MESH]],
  ['WasmPlugin for some pods', wasm('selector: {matchLabels: {istio: ingressgateway}}'), LISTENING],
  ['WasmPlugin for servers', wasm('match: [{mode: SERVER}]'), []],
  ['WasmPlugin for clients on a port', wasm('match: [{mode: CLIENT, ports: [{number: 443}]}]'), ['gateway a TLS']],

  ['Gateway of the Gateway API without routes', kubernetesGateway(), []],
  [
    'Gateway of the Gateway API with a route',
    `${kubernetesGateway()}\n---${route(`${TO_GATEWAY}, hostnames: [b.example.com]`)}`,
    ['gateway unknown'],
  ],
  [
    'a route for a host that both gateways have',
    `${kubernetesGateway()}\n---${route(TO_GATEWAY)}`,
    ['gateway a', 'gateway unknown'],
  ],
  ['a route for another host', `${kubernetesGateway()}\n---${route(`${TO_GATEWAY}, hostnames: [c.example.com]`)}`, []],
  [
    'a route of another listener',
    `${kubernetesGateway()}\n---${route('parentRefs: [{name: gw, sectionName: https}]')}`,
    [],
  ],
  ['a route of a Gateway that is not there', route(TO_GATEWAY), []],
  [
    'a Gateway of the Gateway API on the pods of Istio’s',
    `${kubernetesGateway(ATTACHED)}\n---${route(`${TO_GATEWAY}, hostnames: ['*.example.com', a.example.com]`)}`,
    ['gateway a', 'gateway unknown'],
  ],
  [
    'the same for a wider host than that of the VirtualService, to which no request falls through',
    `${kubernetesGateway(ATTACHED)}\n---${route(`${TO_GATEWAY}, hostnames: ['*.example.com']`)}`,
    ['gateway unknown'],
  ],
  [
    'a waypoint',
    `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: waypoint, namespace: apps}
spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}`,
    [],
  ],
  [
    'a namespace whose Services gateways call by a waypoint',
    `
apiVersion: v1
kind: Namespace
metadata: {name: apps, labels: {istio-injection: enabled, istio.io/use-waypoint: waypoint, istio.io/ingress-use-waypoint: 'true'}}`,
    ['gateway a', 'gateway a TLS'],
  ],
  ['a route of a Service', route(TO_SERVICE), ['mesh a', 'mesh a from other']],
  ['a route of a Service on another port', route("parentRefs: [{kind: Service, group: '', name: a, port: 81}]"), []],
  [
    'a route of a Service in the namespace of some clients',
    route(
      "parentRefs: [{kind: Service, group: '', name: a, namespace: apps}]",
      'HTTPRoute',
      'name: r, namespace: other',
    ),
    ['mesh a from other'],
  ],
  ['a route of a Service for bytes', route(TO_SERVICE, 'TCPRoute'), []],

  ['Ingress of Istio', ingress('b.example.com', ISTIO_CLASS), ['gateway unknown']],
  ['Ingress of Istio for a host that a VirtualService has, too', ingress('a.example.com', ISTIO_CLASS), ['gateway a']],
  ['Ingress without a class, which Istio leaves to others', ingress('b.example.com', ''), []],
  [
    'Ingress without a class where the default class is that of Istio',
    `${ingress('b.example.com', '')}
---
{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: mine, annotations: {ingressclass.kubernetes.io/is-default-class: 'true'}}, spec: {controller: istio.io/ingress-controller}}`,
    ['gateway unknown'],
  ],
  [
    'Ingress without a class where MeshConfig takes those',
    `${ingress('b.example.com', '')}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: istio, namespace: istio-system}, data: {mesh: 'ingressControllerMode: DEFAULT'}}`,
    ['gateway unknown'],
  ],
  [
    'Ingress of Istio where MeshConfig calls that another class',
    `${ingress('b.example.com', ISTIO_CLASS)}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: istio, namespace: istio-system}, data: {mesh: 'ingressClass: mesh'}}`,
    [],
  ],
  [
    'Ingress of Istio where MeshConfig turns that off',
    `${ingress('b.example.com', ISTIO_CLASS)}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: istio, namespace: istio-system}, data: {mesh: 'ingressControllerMode: "OFF"'}}`,
    [],
  ],
  ['Ingress of another class', ingress('b.example.com', '', 'ingressClassName: nginx, '), []],
  [
    'Ingress of a class whose controller is Istio',
    `${ingress('b.example.com', '', 'ingressClassName: mine, ')}
---
{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: mine}, spec: {controller: istio.io/ingress-controller}}`,
    ['gateway unknown'],
  ],
  [
    'Telemetry, which changes what is reported of a request',
    `{apiVersion: telemetry.istio.io/v1, kind: Telemetry, metadata: {name: t, namespace: istio-system}, spec: {accessLogging: [{disabled: true}]}}`,
    [],
  ],
];

test.each(TOUCHED)('%s', (_, document, touched) => {
  expect(isUndecided(document)).toEqual(ALL.filter((name) => touched.includes(name)));
});

const shown = (name: string, ...documents: string[]) => meshWith({}, ...documents).route(REQUESTS[name]);

test('a decision says by what it could change, where that stands, and what would be without it', () => {
  const decision = shown('gateway a', ...SYSTEM, patch('HTTP_FILTER', 'context: GATEWAY'));
  expect(decision.caveats).toMatchObject([
    {
      kind: CaveatKind.NOT_READ,
      object: 'istio-system/f',
      place: { kind: 'EnvoyFilter', path: 'spec.configPatches[0]', file: 'test', line: expect.any(Number) },
    },
  ]);
  expect(decision.explain()).toMatch(
    /^undecided .*\nbut .*EnvoyFilter istio-system\/f changes the gateway \(HTTP_FILTER\)/,
  );
  expect(decision.explain()).toMatch(/rule 1 of 1 .* matched/);
  expect(decision.status).toBeUndefined();
});

test('what changes the sidecars of the pods that get the request is told, and where it goes stands', () => {
  const inbound = patch('HTTP_FILTER', 'context: SIDECAR_INBOUND');
  for (const name of ['gateway a', 'mesh a']) {
    const decision = shown(name, ...SYSTEM, inbound);
    expect(decision.outcome).toBe(RouteOutcome.FORWARD);
    expect(decision.caveats).toMatchObject([{ kind: CaveatKind.NOT_EVALUATED, object: 'istio-system/f' }]);
  }
  const elsewhere = filter(
    `{applyTo: HTTP_FILTER, match: {context: SIDECAR_INBOUND}, patch: {operation: ADD, ${VALUE}}}`,
    'workloadSelector: {labels: {app: b}}, ',
  );
  expect(shown('mesh a', ...SYSTEM, elsewhere).caveats).toEqual([]);
});

describe('where the mesh has no Gateway of Istio’s', () => {
  const [, a, b] = SYSTEM;
  const api = [a, b, kubernetesGateway(), route(`${TO_GATEWAY}, hostnames: [a.example.com]`)];

  test('a host that only the Gateway API serves', () => {
    const decision = shown('gateway a', ...api);
    expect(decision.outcome).toBe(RouteOutcome.UNDECIDED);
    expect(decision.explain()).toContain(
      'HTTPRoute apps/r of Gateway apps/gw (gateway.networking.k8s.io) serves a.example.com',
    );
  });

  test('another host there gets an answer of it, too', () => {
    expect(shown('gateway unknown', ...api).outcome).toBe(RouteOutcome.UNDECIDED);
  });

  test('and a port that nobody opens is closed', () => {
    expect(shown('gateway other port', ...api).outcome).toBe(RouteOutcome.NO_LISTENER);
  });

  test('a host that only an Ingress serves', () => {
    const decision = shown('gateway a', a, b, ingress('a.example.com', ISTIO_CLASS));
    expect(decision.outcome).toBe(RouteOutcome.UNDECIDED);
    expect(decision.caveats).toMatchObject([{ object: 'apps/i' }]);
  });
});

test('gateway pods that the request names are not those of the Gateway API', () => {
  const both = meshWith({}, ...SYSTEM, kubernetesGateway(), route(TO_GATEWAY));
  const asked = { url: 'http://b.example.com/', gatewayLabels: { istio: 'ingressgateway' } };
  expect(both.route(asked).outcome).toBe(RouteOutcome.NO_VIRTUAL_HOST);
});

test('whatever is added, it makes decisions undecided or leaves them alone', () => {
  const plain = meshWith({}, ...SYSTEM);
  const without = new Map(ALL.map((name) => [name, plain.route(REQUESTS[name])]));
  const [patches, others] = [true, false].map((isPatch) =>
    TOUCHED.filter(([what]) => isPatch === /^(EnvoyFilter|WasmPlugin)/.test(what)),
  );
  fc.assert(
    // Of the Gateway API one case at a time: a Gateway and the route of another case may serve more than each by itself.
    fc.property(fc.subarray([...patches], { maxLength: 4 }), fc.constantFrom(...others), (some, one) => {
      const added = [one, ...some];
      const touched = new Set(added.flatMap(([, , names]) => names));
      const documents = added.map(([, document], index) => document.replace(/name: [fw],/, `name: f${index},`));
      const model = meshWith({}, ...SYSTEM, ...documents);
      for (const name of ALL) {
        const decision = model.route(REQUESTS[name]);
        if (touched.has(name)) {
          expect(decision.outcome).toBe(RouteOutcome.UNDECIDED);
          expect(decision.caveats.length).toBeGreaterThan(0);
        } else {
          expect(decision.caveats.filter(({ kind }) => kind !== CaveatKind.NOT_EVALUATED)).toEqual([]);
          expect({ ...(decision.toJSON() as object), caveats: [] }).toEqual(without.get(name)?.toJSON());
        }
      }
    }),
    { numRuns: 100 },
  );
});
