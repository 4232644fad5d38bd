/*
 * What becomes of requests that a DestinationRule sends with another TLS than the pods take.
 */
import { mtlsConflict } from '../../src/checks/destination/mtls-conflict';
import { CaveatKind } from '../../src/envoy/caveat';
import type { RouteDecision } from '../../src/envoy/decision';
import { RouteOutcome } from '../../src/envoy/outcome';
import { app, gateway, mesh, routes } from './meshes';

const INJECTED = `
apiVersion: v1
kind: Namespace
metadata: {name: apps, labels: {istio-injection: enabled}}`;
const CLIENT = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: client, namespace: clients}
spec: {template: {metadata: {labels: {app: client}}}}`;
const clientsSpeak = (mode: string, host = 'a', metadata = 'name: a0, namespace: apps') => `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {${metadata}}
spec: {host: ${host}, trafficPolicy: {tls: {mode: ${mode}}}, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}`;
const peers = (mode: string, metadata = 'name: default, namespace: istio-system', selector = '') => `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {${metadata}}
spec: {mtls: {mode: ${mode}}, selector: {matchLabels: {${selector}}}}`;
const TO_V1 = '[{route: [{destination: {host: a, subset: v1}}]}]';
const TO_BOTH = '[{route: [{destination: {host: a}}]}]';

function ask(http: string, ...objects: string[]): RouteDecision {
  const all = [CLIENT, gateway(), app('a', ['v1', 'v2']), routes(http, 'hosts: [a], gateways: [mesh]'), ...objects];
  return mesh(...all).route({ url: 'http://a.apps/', from: 'mesh:clients/client' });
}

test.each([
  ['plain text', 'DISABLE', 'UC'],
  ['TLS without a certificate', 'SIMPLE', 'URX,UF'],
])('%s to a strict sidecar is answered with 503, as mtls-conflict says', (_, mode, flag) => {
  const objects = [INJECTED, clientsSpeak(mode), peers('STRICT')];
  const decision = ask(TO_V1, ...objects);
  expect(decision).toMatchObject({ outcome: RouteOutcome.UPSTREAM_TLS_FAILURE, status: 503, responseFlag: flag });
  expect(decision.destinations.map(({ workloads }) => workloads)).toEqual([[]]);
  expect(decision.explain()).toContain("accept only Istio's mutual TLS on port 8080");
  const severities: (string | undefined)[] = [];
  mtlsConflict.run(mesh(app('a', ['v1']), ...objects)._model, ({ severity }) => severities.push(severity));
  expect(severities).toEqual(['error']);
});

test('a gateway is a client like any other', () => {
  const http = routes('[{route: [{destination: {host: a, subset: v1}}]}]');
  const all = [INJECTED, gateway(), app('a', ['v1']), http, clientsSpeak('DISABLE'), peers('STRICT')];
  expect(mesh(...all).route({ url: 'http://a.example.com/' })).toMatchObject({ status: 503, responseFlag: 'UC' });
});

test('of several pods, those that are strict refuse their share', () => {
  const ofV1 = peers('STRICT', 'name: v1, namespace: apps', 'version: v1');
  const decision = ask(TO_BOTH, INJECTED, clientsSpeak('DISABLE'), ofV1);
  expect(decision.outcome).toBe(RouteOutcome.FORWARD);
  expect(decision.destinations.map(({ outcome, weight }) => [outcome, weight])).toEqual([
    [RouteOutcome.FORWARD, 50],
    [RouteOutcome.UPSTREAM_TLS_FAILURE, 50],
  ]);
  expect(decision.versions).toEqual({ v2: 50, none: 50 });
});

test.each([
  ['no DestinationRule speaks of TLS', [INJECTED, peers('STRICT')]],
  ['both speak mutual TLS', [INJECTED, clientsSpeak('ISTIO_MUTUAL'), peers('STRICT')]],
  ['both kinds are welcome', [INJECTED, clientsSpeak('DISABLE'), peers('PERMISSIVE')]],
  [
    'no sidecar is there to be strict',
    [INJECTED.replace('enabled', 'disabled'), clientsSpeak('DISABLE'), peers('STRICT')],
  ],
  [
    'a policy of the root namespace has a selector, so that Istio ignores it',
    [INJECTED, clientsSpeak('DISABLE'), peers('STRICT', undefined, 'app: a')],
  ],
])('arrives where %s', (_, objects) => {
  const decision = ask(TO_V1, ...objects);
  expect(decision.outcome).toBe(RouteOutcome.FORWARD);
  expect(decision.caveats).toEqual([]);
});

test.each([
  [
    'the manifests do not show whether the pods have a sidecar',
    [clientsSpeak('DISABLE'), peers('STRICT')],
    'if the pods get a sidecar',
  ],
  [
    "Istio's TLS meets no sidecar, and the application might read it",
    [INJECTED.replace('enabled', 'disabled'), clientsSpeak('ISTIO_MUTUAL')],
    'the TLS connection reaches the application',
  ],
])('says that it may fail where %s', (_, objects, words) => {
  const decision = ask(TO_V1, ...objects);
  expect(decision.outcome).toBe(RouteOutcome.FORWARD);
  expect(decision.caveats).toEqual([
    expect.objectContaining({
      kind: CaveatKind.NOT_EVALUATED,
      object: 'apps/a0',
      text: expect.stringContaining(words),
      place: expect.objectContaining({ path: 'spec.trafficPolicy.tls.mode' }),
    }),
  ]);
});

const SHOP = `
apiVersion: v1
kind: Namespace
metadata: {name: web, labels: {istio-injection: enabled}}
---
apiVersion: v1
kind: Namespace
metadata: {name: plain, labels: {istio-injection: disabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: client, namespace: web}
spec: {template: {metadata: {labels: {app: client}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: client, namespace: plain}
spec: {template: {metadata: {labels: {app: client}}}}`;
const HOMES = ['apps', 'web', 'plain', 'istio-system'];
const SCOPES = ['', 'exportTo: ["*"], ', 'exportTo: ["."], ', 'exportTo: [web], ', 'exportTo: [plain], '];
const FOR_SOME = 'workloadSelector: {matchLabels: {app: client}}, ';

test.each(HOMES.flatMap((home) => [...SCOPES, FOR_SOME].map((scope) => [home, scope] as const)))(
  'mtls-conflict finds a rule of %s with %j if some client gets 503 by it',
  (home, scope) => {
    const rule = clientsSpeak('DISABLE', 'a.apps.svc.cluster.local', `name: plain-text, namespace: ${home}`);
    const all = [INJECTED, SHOP, app('a', ['v1']), rule.replace('spec: {', `spec: {${scope}`), peers('STRICT')];
    const found = mesh(...all);
    const clients = ['apps/a-v1', 'web/client', 'plain/client'].map((name) =>
      found.route({ url: 'http://a.apps.svc.cluster.local/', from: `mesh:${name}` }),
    );
    const fails = clients.some(({ outcome }) => outcome === RouteOutcome.UPSTREAM_TLS_FAILURE);
    const severities: (string | undefined)[] = [];
    mtlsConflict.run(found._model, ({ severity }) => severities.push(severity));
    expect(severities.includes('error')).toBe(fails);
  },
);
