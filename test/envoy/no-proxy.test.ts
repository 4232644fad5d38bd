/*
 * Requests of pods that have no proxy, or none that reads requests: which pods these are, and where their requests go.
 */
import fc from 'fast-check';
import { CaveatKind } from '../../src/envoy/caveat';
import type { RouteDecision } from '../../src/envoy/decision';
import { RouteOutcome } from '../../src/envoy/outcome';
import { mesh } from './meshes';

const WEB = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: apps}
spec: {selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}, {name: dns, port: 53, protocol: UDP}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web-v1, namespace: apps}
spec: {replicas: 3, template: {metadata: {labels: {app: web, version: v1}}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web-v2, namespace: apps}
spec: {template: {metadata: {labels: {app: web, version: v2}}}}`;

const RULES = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web, namespace: apps}
spec: {host: web, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: apps}
spec: {hosts: [web], http: [{route: [{destination: {host: web, subset: v2}}]}]}`;

/** Of this text of YAML's flow style. */
const namespace = (labels: string, name = 'apps') =>
  `{apiVersion: v1, kind: Namespace, metadata: {name: ${name}, labels: {${labels}}}}`;

const client = (pod = '', spec = '', of = 'apps') =>
  `{apiVersion: apps/v1, kind: Deployment, metadata: {name: client, namespace: ${of}}, spec: {template: {metadata: {${pod}}, spec: {${spec}}}}}`;

function ask(url: string, ...documents: string[]): RouteDecision {
  return mesh(...documents).route({ url, from: 'mesh:apps/client' });
}

const kinds = (decision: RouteDecision) => decision.caveats.map(({ kind }) => kind);

const ENABLED = namespace('istio-injection: enabled');
const BARE = [ENABLED, client("labels: {sidecar.istio.io/inject: 'false'}")];
const AMBIENT = [namespace('istio.io/dataplane-mode: ambient'), client()];

describe('a sidecar follows the rules', () => {
  test.each<[string, string[]]>([
    ['of a namespace that is not given', [client()]],
    ['by the namespace', [ENABLED, client()]],
    ['by a revision', [namespace('istio.io/rev: 1-31'), client()]],
    ['by the pods', [namespace(''), client("labels: {sidecar.istio.io/inject: 'true'}")]],
    ['by a revision of the pods', [namespace(''), client('labels: {istio.io/rev: canary}')]],
    ['where the label is no word that Istio knows', [ENABLED, client("labels: {sidecar.istio.io/inject: 'no'}")]],
    [
      'where the label says otherwise than the annotation',
      [ENABLED, client("labels: {sidecar.istio.io/inject: 'true'}, annotations: {sidecar.istio.io/inject: 'false'}")],
    ],
    ['beside ambient mode', [namespace('istio-injection: enabled, istio.io/dataplane-mode: ambient'), client()]],
    [
      'that the manifests contain',
      [
        namespace('istio-injection: disabled'),
        client(
          '',
          "containers: [{name: app}, {name: istio-proxy, image: 'example.com/proxyv2:1', args: [proxy, sidecar]}]",
        ),
      ],
    ],
    [
      'that starts before the app',
      [
        namespace(''),
        client(
          '',
          "containers: [{name: app}], initContainers: [{name: istio-proxy, image: 'proxyv2:1', args: [proxy, sidecar]}]",
        ),
      ],
    ],
    ['that the pods customise', [ENABLED, client('', 'containers: [{name: app}, {name: istio-proxy, image: auto}]')]],
  ])('%s', (_, documents) => {
    const decision = ask('http://web/', WEB, RULES, ...documents);
    expect(decision.versions).toEqual({ v2: 100 });
    expect(decision.caveats).toEqual([]);
  });
});

describe('nobody follows the rules', () => {
  test.each<[string, string[], string]>([
    ['label of the pods', BARE, 'label sidecar.istio.io/inject=false'],
    [
      'annotation of the pods',
      [ENABLED, client("annotations: {sidecar.istio.io/inject: 'false'}")],
      'annotation sidecar.istio.io/inject=false',
    ],
    ['label of the namespace', [namespace('istio-injection: disabled'), client()], 'istio-injection=disabled'],
    [
      'label of the namespace, whatever the pods and the revision say',
      [namespace('istio-injection: disabled, istio.io/rev: x'), client("labels: {sidecar.istio.io/inject: 'true'}")],
      'istio-injection=disabled',
    ],
    ['a value that no webhook knows', [namespace("istio-injection: 'true'"), client()], 'istio-injection=true'],
    ['the network of the node', [ENABLED, client('', 'hostNetwork: true')], 'network of their node'],
    ['no label', [namespace(''), client()], 'neither namespace apps nor the pods'],
    [
      'an annotation alone, which calls no webhook',
      [namespace(''), client("annotations: {sidecar.istio.io/inject: 'true'}")],
      'neither namespace apps nor the pods',
    ],
  ])('%s', (_, documents, why) => {
    const decision = ask('http://web/', WEB, RULES, ...documents);
    expect(decision.outcome).toBe(RouteOutcome.TCP_FORWARD);
    expect(decision.versions).toEqual({ v1: 75, v2: 25 });
    expect(decision.virtualService).toBeUndefined();
    expect(decision.trace[0].text).toContain(why);
  });

  test.each(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'])('in namespace %s', (system) => {
    const documents = [namespace('istio-injection: enabled', system), client('', '', system)];
    const decision = mesh(WEB, RULES, ...documents).route({ url: 'http://web.apps/', from: `mesh:${system}/client` });
    expect(decision.versions).toEqual({ v1: 75, v2: 25 });
  });

  test('and only where nobody has asked for a sidecar, it is an assumption', () => {
    expect(kinds(ask('http://web/', WEB, ...BARE))).toEqual([]);
    expect(kinds(ask('http://web/', WEB, namespace(''), client()))).toEqual([CaveatKind.ASSUMED]);
  });

  test('pods that insist on mutual TLS do not answer', () => {
    const strict = `{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: all, namespace: apps}, spec: {mtls: {mode: STRICT}}}`;
    expect(ask('http://web/', WEB, strict, ...BARE).caveats).toEqual([
      expect.objectContaining({
        kind: CaveatKind.NOT_EVALUATED,
        object: 'apps/all',
        text: expect.stringMatching(/web-v1.*, .*web-v2.* is STRICT: .* this client has none\.$/),
      }),
    ]);
    expect(ask('http://web/', WEB, strict, namespace('istio-injection: disabled'), client()).caveats).toEqual([]);
  });
});

describe('without a proxy', () => {
  const to = (url: string, ...documents: string[]) => ask(url, WEB, ...BARE, ...documents);
  const service = (spec: string) =>
    `{apiVersion: v1, kind: Service, metadata: {name: s, namespace: apps}, spec: {${spec}}}`;

  test('TLS goes the same way', () => {
    expect(to('https://web:80/')).toMatchObject({ outcome: RouteOutcome.TCP_FORWARD });
  });

  test.each(['web', 'web.apps', 'web.apps.svc', 'web.apps.svc.cluster.local'])('%s is found by DNS', (host) => {
    expect(to(`http://${host}/`).destinations).toMatchObject([{ subset: undefined, port: 80, targetPort: 8080 }]);
  });

  test.each([81, 53])('port %i of a Service is not open', (port) => {
    expect(to(`http://web:${port}/`).outcome).toBe(RouteOutcome.NO_LISTENER);
  });

  test.each(['gone', 'web.gone.svc.cluster.local', 'web.gone.svc'])('no address is known for %s', (host) => {
    const decision = to(`http://${host}/`);
    expect(decision).toMatchObject({ outcome: RouteOutcome.NO_ENDPOINTS, status: undefined });
    expect(decision.explain()).toContain(`no Service is called ${host}`);
  });

  test.each(['example.com', '192.0.2.7'])('a request for %s goes out, also where a ServiceEntry has it', (host) => {
    const entry = `{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: e, namespace: apps}, spec: {hosts: [example.com], addresses: [192.0.2.7], ports: [{number: 80, name: http, protocol: HTTP}], resolution: STATIC, endpoints: [{address: 192.0.2.8}]}}`;
    expect(to(`http://${host}/`, entry).outcome).toBe(RouteOutcome.PASSTHROUGH);
  });

  test('an address of a Service is that Service', () => {
    const decision = to('http://10.0.0.7/', service('clusterIP: 10.0.0.7, selector: {app: web}, ports: [{port: 80}]'));
    expect(decision.versions).toEqual({ v1: 75, v2: 25 });
  });

  test('nobody answers for a Service without pods', () => {
    const decision = to('http://s/', service('selector: {app: gone}, ports: [{port: 80}]'));
    expect(decision).toMatchObject({ outcome: RouteOutcome.NO_ENDPOINTS, status: undefined });
  });

  test('a WorkloadEntry is not behind a Service', () => {
    const entry = `{apiVersion: networking.istio.io/v1, kind: WorkloadEntry, metadata: {name: vm, namespace: apps}, spec: {address: 192.0.2.9, labels: {app: web}}}`;
    expect(to('http://web/', entry).destinations[0].workloads).toHaveLength(2);
    expect(ask('http://web/', WEB, entry, ...AMBIENT).destinations[0].workloads).toHaveLength(3);
  });

  test('a headless Service is its pods, at the port that was dialled', () => {
    const headless = service('clusterIP: None, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]');
    expect(to('http://s:9000/', headless).destinations).toMatchObject([{ port: 9000, targetPort: 9000 }]);
    expect(to('http://pod-0.s/', headless).versions).toEqual({ v1: 75, v2: 25 });
    const empty = service('clusterIP: None, selector: {app: gone}, ports: [{port: 80}]');
    expect(to('http://s/', empty).outcome).toBe(RouteOutcome.NO_ENDPOINTS);
  });

  test('an alias is followed, in the cluster and out of it', () => {
    const alias = (name: string) => service(`type: ExternalName, externalName: ${name}`);
    expect(to('http://s/', alias('web.apps.svc.cluster.local')).versions).toEqual({ v1: 75, v2: 25 });
    const outside = to('http://s/', alias('api.example.net'));
    expect(outside.outcome).toBe(RouteOutcome.PASSTHROUGH);
    expect(outside.explain()).toContain('api.example.net');
    expect(to('http://s/', alias('s')).outcome).toBe(RouteOutcome.NO_ENDPOINTS);
  });

  test('no object of Istio changes anything', () => {
    const any = fc.constantFrom(
      RULES,
      '{apiVersion: networking.istio.io/v1, kind: Sidecar, metadata: {name: s, namespace: apps}, spec: {egress: [{hosts: [./none.example]}]}}',
      '{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: a, namespace: apps}, spec: {hosts: [web.apps.svc.cluster.local, out.example.com], ports: [{number: 80, name: http, protocol: HTTP}, {number: 81, name: b, protocol: HTTP}], resolution: STATIC, endpoints: [{address: 192.0.2.1}]}}',
      '{apiVersion: networking.istio.io/v1, kind: WorkloadEntry, metadata: {name: w, namespace: apps}, spec: {address: 192.0.2.2, labels: {app: web, version: v3}}}',
      '{apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: any, namespace: apps}, spec: {hosts: ["*.example.com", web], http: [{directResponse: {status: 418}}]}}',
      '{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: g, namespace: apps}, spec: {selector: {app: client}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}}',
      '{apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: all, namespace: istio-system}, spec: {host: "*.local", trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}}',
    );
    const url = fc
      .tuple(
        fc.constantFrom('http', 'https'),
        fc.constantFrom('web', 'web.apps', 'gone', 'out.example.com', '192.0.2.1'),
        fc.constantFrom(80, 81),
      )
      .map(([scheme, host, port]) => `${scheme}://${host}:${port}/`);
    const sender = fc.constantFrom(BARE, [ENABLED, client('', 'hostNetwork: true')], [namespace(''), client()]);
    fc.assert(
      fc.property(fc.uniqueArray(any), url, sender, (istio, to, documents) => {
        const asJson = (...all: string[]) => JSON.stringify(ask(to, WEB, ...documents, ...all));
        expect(asJson(...istio)).toBe(asJson());
      }),
    );
  });
});

describe('in ambient mode', () => {
  test.each<[string, string[]]>([
    ['by the namespace', AMBIENT],
    ['by the pods', [client('labels: {istio.io/dataplane-mode: ambient}')]],
    [
      'by the namespace, with a word on the pods that istio-cni does not know',
      [AMBIENT[0], client('labels: {istio.io/dataplane-mode: x}')],
    ],
  ])('%s, no rule acts', (_, documents) => {
    const decision = ask('http://web/', WEB, RULES, namespace('', 'other'), ...documents);
    expect(decision.versions).toEqual({ v1: 75, v2: 25 });
    expect(decision.explain()).toContain('ambient mode');
  });

  test('the pods may opt out', () => {
    const decision = ask('http://web/', WEB, RULES, AMBIENT[0], client('labels: {istio.io/dataplane-mode: none}'));
    expect(decision.trace[0].text).toContain('has no proxy');
  });

  test.each([
    ['the namespace', namespace('istio.io/dataplane-mode: ambient, istio.io/use-waypoint: way'), '', 'apps/way'],
    ['the Service', AMBIENT[0], 'istio.io/use-waypoint: way, istio.io/use-waypoint-namespace: infra', 'infra/way'],
  ])('the waypoint of %s decides, and is not read', (_, ns, labels, waypoint) => {
    const bound = WEB.replace('{name: web, namespace: apps}', `{name: web, namespace: apps, labels: {${labels}}}`);
    const decision = ask('http://web/', bound, RULES, ns, client());
    expect(decision.outcome).toBe(RouteOutcome.UNDECIDED);
    expect(decision.caveats).toMatchObject([{ kind: CaveatKind.NOT_READ, object: 'apps/web' }]);
    expect(decision.caveats[0].text).toContain(waypoint);
  });

  test('the Service may opt out of the waypoint', () => {
    const free = WEB.replace(
      '{name: web, namespace: apps}',
      '{name: web, namespace: apps, labels: {istio.io/use-waypoint: none}}',
    );
    const ns = namespace('istio.io/dataplane-mode: ambient, istio.io/use-waypoint: way');
    expect(ask('http://web/', free, ns, client()).versions).toEqual({ v1: 75, v2: 25 });
  });

  test('a waypoint is not asked by sidecars, and by gateways only if they are told to', () => {
    const bound = (more: string) =>
      WEB.replace(
        '{name: web, namespace: apps}',
        `{name: web, namespace: apps, labels: {istio.io/use-waypoint: way${more}}}`,
      );
    expect(ask('http://web/', bound(''), RULES, ENABLED, client()).versions).toEqual({ v2: 100 });
    const edge = `{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: g, namespace: apps}, spec: {selector: {istio: ingress}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}}`;
    const rules = RULES.replace('hosts: [web]', 'hosts: [web], gateways: [g]');
    const outside = (labels: string) =>
      mesh(bound(labels), rules, edge).route({ url: 'http://web.apps.svc.cluster.local/' });
    expect(outside('').versions).toEqual({ v2: 100 });
    const told = outside(", istio.io/ingress-use-waypoint: 'true'");
    expect(told.outcome).toBe(RouteOutcome.UNDECIDED);
    expect(told.explain()).toContain('waypoint apps/way');
  });

  test('what a ServiceEntry stands for is not read', () => {
    const entry = `{apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: e, namespace: apps}, spec: {hosts: ["*.example.com"], ports: [{number: 80, name: http, protocol: HTTP}]}}`;
    expect(kinds(ask('http://a.example.com/', WEB, entry, ...AMBIENT))).toEqual([CaveatKind.NOT_READ]);
    expect(ask('http://a.example.com/', WEB, ...AMBIENT).outcome).toBe(RouteOutcome.PASSTHROUGH);
  });
});

describe('a subset of a headless Service', () => {
  const headless = WEB.replace('spec: {selector', 'spec: {clusterIP: None, selector');

  test('chooses no pod for a sidecar, and is not named as if it did', () => {
    const decision = ask('http://web/', headless, RULES, client());
    expect(decision.versions).toEqual({ v1: 75, v2: 25 });
    expect(decision.explain()).toContain('web, any pod, not only v2');
    expect(decision.explain()).toContain('subset v2 chooses no pod');
  });
});

describe('the configuration of pods without a proxy', () => {
  test('is a sentence', () => {
    const [configuration, ...others] = mesh(WEB, RULES, ...BARE).proxyConfigurations({ from: 'mesh:apps/client' });
    expect(others).toEqual([]);
    expect(`${configuration}`).toContain('has no proxy, since the pods have the label sidecar.istio.io/inject=false');
    expect(configuration.toJSON()).toMatchObject({ listeners: [], routes: [], clusters: [] });
    expect(mesh(WEB, RULES, ...AMBIENT).proxyConfigurations()).toEqual([]);
  });
});
