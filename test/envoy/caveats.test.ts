/*
 * What a decision rests on: policies that nobody evaluates, refused objects, the age of objects, and what is assumed.
 */
import { type Caveat, CaveatKind } from '../../src/envoy/caveat';
import { RouteOutcome } from '../../src/envoy/outcome';
import { readText } from '../../src/manifests/text';
import { Mesh } from '../../src/mesh';
import { app, gateway, mesh, meshWith, routes } from './meshes';

const INJECTED = `
apiVersion: v1
kind: Namespace
metadata: {name: apps, labels: {istio-injection: enabled}}`;
const CLIENT = `
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: apps}`;
const TO_V1 = '[{route: [{destination: {host: a, subset: v1}}]}]';
const IN_MESH = 'hosts: [a], gateways: [mesh]';
const SHOP = [INJECTED, gateway(), app('a', ['v1', 'v2']), routes(TO_V1)];
const fromOutside = { url: 'http://a.example.com/' };
const fromClient = { url: 'http://a/', from: 'mesh:apps/client' };

function policy(kind: string, ref: string, spec: string, annotations = ''): string {
  const [namespace, name] = ref.split('/');
  return `
apiVersion: security.istio.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}, annotations: {${annotations}}}
spec: {${spec}}`;
}

function textsOf(caveats: readonly Caveat[], kind: CaveatKind): readonly string[] {
  return caveats.filter((caveat) => caveat.kind === kind).map(({ text }) => text);
}

describe('policies that nobody evaluates', () => {
  const ask = (...policies: string[]) =>
    textsOf(mesh(...SHOP, ...policies).route(fromOutside).caveats, CaveatKind.NOT_EVALUATED);

  test.each([
    [
      'of the pods that answer',
      policy('AuthorizationPolicy', 'apps/p', 'action: DENY, rules: [{}]'),
      ['Deployment apps/a-v1', 'matches gets 403'],
    ],
    [
      'by their labels',
      policy('AuthorizationPolicy', 'apps/p', 'selector: {matchLabels: {version: v1}}'),
      ['gets 403 unless a rule of this or another such policy allows it'],
    ],
    [
      'of the mesh',
      policy('AuthorizationPolicy', 'istio-system/p', 'action: CUSTOM, rules: [{}]'),
      ['the gateway (pods labelled', 'Deployment apps/a-v1', 'its provider decides'],
    ],
    [
      'of the gateway, whose namespace nobody knows',
      policy('AuthorizationPolicy', 'edge/p', 'selector: {matchLabels: {istio: ingressgateway}}'),
      ['is for the gateway'],
    ],
    [
      'that read tokens',
      policy(
        'RequestAuthentication',
        'apps/p',
        'jwtRules: [{issuer: i, outputClaimToHeaders: [{header: x-user, claim: sub}]}]',
      ),
      ['gets 401', 'become the headers x-user'],
    ],
  ])('are named: %s', (_, object, words) => {
    const texts = ask(object);
    expect(texts).toHaveLength(1);
    expect(words.filter((word) => !texts[0].includes(word))).toEqual([]);
  });

  test.each([
    ['AUDIT', policy('AuthorizationPolicy', 'apps/p', 'action: AUDIT, rules: [{}]')],
    ['a dry run', policy('AuthorizationPolicy', 'apps/p', 'rules: []', "istio.io/dry-run: 'true'")],
    ['DENY without rules', policy('AuthorizationPolicy', 'apps/p', 'action: DENY')],
    ['ALLOW of everything', policy('AuthorizationPolicy', 'apps/p', 'rules: [{}]')],
    ['RequestAuthentication without rules', policy('RequestAuthentication', 'apps/p', 'selector: {}')],
    ['other pods', policy('AuthorizationPolicy', 'apps/p', 'selector: {matchLabels: {version: v2}}')],
    ['another namespace', policy('AuthorizationPolicy', 'other/p', 'action: DENY, rules: [{}]')],
    [
      'a Gateway of the Gateway API',
      policy('AuthorizationPolicy', 'apps/p', 'targetRefs: [{kind: Gateway, name: g}], action: DENY, rules: [{}]'),
    ],
    [
      'another kind by that name',
      policy('AuthorizationPolicy', 'apps/p', 'action: DENY, rules: [{}]').replace(
        'security.istio.io/v1',
        'example.com/v1',
      ),
    ],
  ])('are not named where they refuse nothing here: %s', (_, object) => expect(ask(object)).toEqual([]));

  test('of ALLOW beside one that allows everything', () => {
    const some = 'rules: [{from: [{source: {namespaces: [x]}}]}]';
    const narrow = policy('AuthorizationPolicy', 'apps/some', some);
    const wide = (ref: string) => policy('AuthorizationPolicy', ref, 'rules: [{}]');
    expect(ask(narrow, wide('apps/all'))).toEqual([]);
    expect(ask(narrow, wide('istio-system/all'))).toEqual([]);
    expect(ask(narrow, wide('other/all'))).toHaveLength(1);
    // What refuses by itself is not taken back.
    expect(ask(policy('AuthorizationPolicy', 'apps/deny', `action: DENY, ${some}`), wide('apps/all'))).toHaveLength(1);
    // The gateway is in one of these namespaces, and perhaps not in that of the policy which allows everything.
    const atGateway = (ref: string, rules: string) =>
      policy('AuthorizationPolicy', ref, `selector: {matchLabels: {istio: ingressgateway}}, ${rules}`);
    expect(ask(atGateway('one/some', some), atGateway('two/all', 'rules: [{}]'))).toHaveLength(1);
  });

  test('do nothing at pods without a sidecar, nor for a request that does not get as far', () => {
    const deny = policy('AuthorizationPolicy', 'istio-system/p', 'action: DENY, rules: [{}]');
    const bare = [INJECTED.replace('enabled', 'disabled'), CLIENT, app('a'), deny];
    expect(mesh(...bare).route(fromClient).caveats).toEqual([]);
    expect(mesh(...SHOP, deny).route({ url: 'http://a.example.com:81/' }).caveats).toEqual([]);
  });
});

describe('objects that are refused', () => {
  const broken =
    '[{match: [{headers: {h: {regex: "("}}}], route: [{destination: {host: a}}]}, {route: [{destination: {host: a}}]}]';
  const refusedIn = (...documents: string[]) =>
    mesh(...documents)
      .route(fromOutside)
      .caveats.filter(({ kind }) => kind === CaveatKind.REFUSED);

  test.each([
    ['a VirtualService', [gateway(), app('a'), routes(broken)], 'apps/routes'],
    [
      'one of which no rule matches',
      [gateway(), app('a'), routes('[{match: [{headers: {h: {prefix: ""}}}], route: [{destination: {host: a}}]}]')],
      'apps/routes',
    ],
    [
      'a Gateway',
      [
        gateway(
          '[{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"], tls: {mode: SIMPLE}}, {port: {number: 80, protocol: HTTP}, hosts: ["*", "a/b/c"]}]',
        ),
        app('a'),
        routes(TO_V1),
      ],
      'apps/ingress',
    ],
    [
      'a DestinationRule',
      [
        gateway(),
        app('a').replace('labels: {version: v1}}]', 'labels: {version: v1}}, {name: "", labels: {a: b}}]'),
        routes(TO_V1),
      ],
      'apps/a',
    ],
    ['a Service', [gateway(), app('a', ['v1'], '{name: http, port: 80, targetPort: [8080]}'), routes(TO_V1)], 'apps/a'],
  ])('%s', (_, documents, object) => {
    expect(refusedIn(...documents)).toEqual([expect.objectContaining({ object, place: expect.anything() })]);
  });

  test('a delegate, where its rule takes the request', () => {
    const root = routes('[{match: [{uri: {prefix: /}}], delegate: {name: part, namespace: apps}}]');
    const part = routes(broken, 'hosts: []', 'name: part, namespace: apps').replace('hosts: [], ', '');
    expect(refusedIn(gateway(), app('a'), root, part)).toEqual([expect.objectContaining({ object: 'apps/part' })]);
  });

  test.each([
    [
      'another VirtualService',
      [...SHOP, routes(broken, "hosts: ['b.example.com'], gateways: [ingress]", 'name: b, namespace: apps')],
    ],
    ['a subset of another DestinationRule', [...SHOP, app('b').replace('labels: {version: v1}}]', 'labels: 7}]')]],
    [
      'what its author has switched off',
      [
        gateway(),
        app('a'),
        routes(broken, undefined, "name: routes, namespace: apps, annotations: {cdk8s-versioned-mesh/ignore: '*'}"),
      ],
    ],
    [
      'a value that a placeholder stands for',
      [gateway(), app('a'), routes(`[{timeout: '{{ .Values.timeout }}', route: [{destination: {host: a}}]}]`)],
    ],
    [
      'what does nothing, and is admitted',
      [
        gateway(),
        app('a'),
        routes('[{rewrite: {uriRegexRewrite: {match: "/x", rewrite: "\\\\1"}}, route: [{destination: {host: a}}]}]'),
      ],
    ],
  ])('not %s', (_, documents) => expect(refusedIn(...documents)).toEqual([]));
});

describe('what the age of objects decides', () => {
  const wide = (metadata = 'name: wide, namespace: apps', host?: string) =>
    routes('[{match: [{uri: {prefix: /api}}], route: [{destination: {host: a, subset: v1}}]}]', host, metadata);
  const narrow = (metadata = 'name: zoom, namespace: apps', host?: string, subset = 'v2') =>
    routes(
      `[{match: [{uri: {prefix: /api/v2}}], route: [{destination: {host: a, subset: ${subset}}}]}]`,
      host,
      metadata,
    );
  const base = [gateway(), CLIENT, app('a', ['v1', 'v2'])];
  const ages = (documents: readonly string[], request: object = {}) =>
    mesh(...documents)
      .route({ url: 'http://a.example.com/api/v2', ...request })
      .caveats.filter(({ kind }) => kind === CaveatKind.AGE);

  test('rules of two VirtualServices that both take the request', () => {
    expect(ages([...base, wide(), narrow()])).toEqual([
      expect.objectContaining({ object: 'apps/zoom', text: expect.stringContaining('a v2') }),
    ]);
  });

  test('the host itself, inside the mesh, where the other may have no rule for the request', () => {
    const inMesh = [...base, wide(undefined, IN_MESH), narrow(undefined, IN_MESH)];
    const request = { url: 'http://a/api', from: 'mesh:apps/client' };
    expect(ages(inMesh, { ...request, url: 'http://a/api/v2' })).toEqual([
      expect.objectContaining({ text: expect.stringContaining('a v2') }),
    ]);
    expect(ages(inMesh, request)).toEqual([expect.objectContaining({ text: expect.stringContaining('404 NR') })]);
  });

  test('a subset that two DestinationRules define', () => {
    const other = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: z, namespace: apps}
spec: {host: a, subsets: [{name: v1, labels: {version: v2}}]}`;
    expect(ages([...base, wide(), other])).toEqual([
      expect.objectContaining({ object: 'apps/z', text: expect.stringContaining('version=v2') }),
    ]);
    expect(ages([...base, wide(), other.replace('version: v2', 'version: v1')])).toEqual([]);
  });

  test('a port for which servers of two Gateways do not mix', () => {
    const tcp = gateway('[{port: {number: 80, name: tcp, protocol: TCP}, hosts: ["*"]}]', 'zoom');
    expect(ages([...base, wide(), tcp])).toEqual([expect.objectContaining({ object: 'apps/zoom' })]);
  });

  test.each([
    [
      'the age of both is known',
      [
        wide("name: wide, namespace: apps, creationTimestamp: '2024-01-01T00:00:00Z'"),
        narrow("name: zoom, namespace: apps, creationTimestamp: '2024-01-02T00:00:00Z'"),
      ],
    ],
    ['both answer alike', [wide(), narrow(undefined, undefined, 'v1')]],
    ['they are for other hosts', [wide(), narrow(undefined, "hosts: ['b.example.com'], gateways: [ingress]")]],
    [
      'a rule for every request goes last in any case',
      [wide(), routes('[{route: [{destination: {host: a, subset: v2}}]}]', undefined, 'name: zoom, namespace: apps')],
    ],
    [
      'one is for fewer namespaces, and so comes first',
      [wide(), narrow(undefined, "exportTo: [istio-system], hosts: ['a.example.com'], gateways: [ingress]")],
    ],
  ])('says nothing where %s', (_, documents) => expect(ages([...base, ...documents])).toEqual([]));
});

describe('what is assumed', () => {
  const elsewhere = [app('a'), routes(TO_V1, "hosts: ['a.example.com'], gateways: [infra/shared]")];

  test('without a word, a Gateway that is elsewhere is not there, and the trace says how to assume it', () => {
    const decision = mesh(...elsewhere).route(fromOutside);
    expect(decision.outcome).toBe(RouteOutcome.NO_LISTENER);
    expect(decision.explain()).toContain('Gateway infra/shared, which the manifests do not contain; --assume-gateway');
    expect(
      mesh(gateway(), ...elsewhere)
        .route(fromOutside)
        .explain(),
    ).toContain('--assume-gateway');
  });

  test.each(['http://a.example.com/', 'https://a.example.com/'])('%s comes in where it is assumed', (url) => {
    const decision = meshWith({ assumeGateways: true }, ...elsewhere).route({ url });
    expect(decision.outcome).toBe(RouteOutcome.FORWARD);
    expect(decision.caveats).toEqual([
      expect.objectContaining({
        kind: CaveatKind.ASSUMED,
        object: 'infra/shared',
        text: expect.stringContaining('443'),
      }),
    ]);
  });

  test('for no more than the hosts of what is bound to it, and beside Gateways that are there', () => {
    const assuming = (...documents: string[]) => meshWith({ assumeGateways: true }, ...elsewhere, ...documents);
    expect(assuming().route({ url: 'http://b.example.com/' }).outcome).toBe(RouteOutcome.NO_VIRTUAL_HOST);
    const own = routes(TO_V1, "hosts: ['b.example.com'], gateways: [ingress]", 'name: b, namespace: apps');
    const both = assuming(gateway(), own);
    expect(both.route(fromOutside).outcome).toBe(RouteOutcome.FORWARD);
    expect(both.route({ url: 'http://b.example.com/' })).toMatchObject({ outcome: RouteOutcome.FORWARD, caveats: [] });
    expect(both.check().filter(({ kind, name }) => kind === 'Gateway' && name === 'shared')).toEqual([]);
  });

  test('which of alternatives was taken', () => {
    const read = ['one/a.yaml', 'two/a.yaml'].flatMap((file) => readText(app('a'), file).manifests);
    const both = Mesh._fromRead({
      manifests: [...readText([gateway(), routes(TO_V1)].join('\n---\n'), 'base.yaml').manifests, ...read],
      unreadable: [],
    });
    expect(textsOf(both.route(fromOutside).caveats, CaveatKind.ASSUMED)).toEqual([
      expect.stringContaining('This is the answer with one; for another answer, name the paths'),
    ]);
  });
});

describe('rules that hold elsewhere', () => {
  test('from inside, not those of a VirtualService for every host, which Istio refuses there', () => {
    const [every, one] = ["'*'", "'*.apps.svc.cluster.local'"].map((host) =>
      mesh(
        INJECTED,
        CLIENT,
        app('a'),
        app('b'),
        gateway(),
        routes('[{route: [{destination: {host: b}}]}]', `hosts: [${host}], gateways: [ingress]`),
      )
        .route(fromClient)
        .explain(),
    );
    expect(every).not.toContain('has rules for');
    expect(one).toContain(
      "has rules for a at Gateway apps/ingress only; to have them here, add 'mesh' to spec.gateways",
    );
  });

  test.each([
    [
      'a VirtualService for the mesh',
      [app('a'), CLIENT, routes(TO_V1, IN_MESH)],
      'rules for a inside the mesh only; to ask from inside the mesh, use --from mesh:apps/',
    ],
    [
      'a Service',
      [app('a'), gateway()],
      'Service apps/a has the host a inside the mesh; to ask from inside the mesh, use --from mesh:apps/a-v1',
    ],
  ])('from outside, %s', (_, documents, words) => {
    expect(
      mesh(...documents)
        .route({ url: 'http://a/' })
        .explain(),
    ).toContain(words);
  });

  test.each([
    ['with the host', 'hosts: [a], gateways: [ingress]', "add 'mesh' to spec.gateways"],
    ['that lead to it', "hosts: ['a.example.com'], gateways: [ingress]", 'add a.apps.svc.cluster.local to spec.hosts'],
  ])('inside the mesh, rules %s at a gateway only', (_, spec, words) => {
    const decision = mesh(gateway(), CLIENT, app('a'), routes(TO_V1, spec)).route(fromClient);
    expect(decision.outcome).toBe(RouteOutcome.FORWARD);
    expect(decision.explain()).toContain(words);
  });
});
