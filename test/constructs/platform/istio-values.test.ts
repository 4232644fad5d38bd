/*
 * What the props of Istio's parts are among the values of its charts. What the charts make of them is in istio-charts.test.ts.
 */
import { App, Chart, Size } from 'cdk8s';
import { Cpu, ServiceType } from 'cdk8s-plus-27';
import {
  AccessLog,
  DataPlaneMode,
  FlaskLikeApp,
  IstioBase,
  type IstioBaseProps,
  IstioCharts,
  IstioCni,
  Istiod,
  type IstiodProps,
  IstioGateway,
  type IstioGatewayProps,
  IstioPlatform,
  type IstioPlatformProps,
  MeshNamespace,
  Ztunnel,
} from 'cdk8s-versioned-mesh';
import { FakeHelm } from '../../support/fake-helm';
import { type Refusal, refusalOf, testRefusals } from '../../support/refusal';
import { kinds, newChart, synth } from '../../support/synth';

const helm = new FakeHelm();
const common = { charts: helm.charts, helm: helm.path };

afterAll(() => helm.remove());

function istiod(props: Partial<IstiodProps>): unknown {
  new Istiod(newChart(), 'istiod', { ...common, ...props });
  return helm.values;
}

function gateway(props: Partial<IstioGatewayProps>): unknown {
  new IstioGateway(newChart(), 'gateway', { ...common, ...props });
  return helm.values;
}

function base(props: Partial<IstioBaseProps>): unknown {
  new IstioBase(newChart(), 'base', { ...common, ...props });
  return helm.values;
}

function platform(props: Partial<IstioPlatformProps> = {}, app = new App()): IstioPlatform {
  return new IstioPlatform(app, 'istio', { ...common, ...props });
}

const FAIL_CLOSED = { base: { validationFailurePolicy: 'Fail' } };
const SECCOMP = { seccompProfile: { type: 'RuntimeDefault' } };

describe('Istiod', () => {
  test('without props', () => {
    expect(istiod({})).toEqual({ ...FAIL_CLOSED, ...SECCOMP, global: { istioNamespace: 'istio-system' } });
  });

  test('hub, tag and namespace', () => {
    expect(istiod({ hub: 'example.com/istio', tag: '1.31.0', namespace: 'mesh' })).toMatchObject({
      global: { hub: 'example.com/istio', tag: '1.31.0', istioNamespace: 'mesh' },
    });
  });

  test('a revision and other names', () => {
    expect(istiod({ revision: '1-31', revisionTags: ['default', 'stable'] })).toMatchObject({
      revision: '1-31',
      revisionTags: ['default', 'stable'],
    });
  });

  test('ambient mode brings the profile and the plugin', () => {
    expect(istiod({ dataPlane: DataPlaneMode.AMBIENT })).toMatchObject({ profile: 'ambient', cni: { enabled: true } });
    expect(istiod({ dataPlane: DataPlaneMode.SIDECAR, cni: true })).toMatchObject({ cni: { enabled: true } });
    expect(istiod({ dataPlane: DataPlaneMode.SIDECAR, cni: true })).not.toHaveProperty('profile');
  });

  test.each([
    [AccessLog.TEXT, { accessLogFile: '/dev/stdout', accessLogEncoding: 'TEXT' }],
    [AccessLog.JSON, { accessLogFile: '/dev/stdout', accessLogEncoding: 'JSON' }],
    [AccessLog.NONE, { accessLogFile: '' }],
  ])('access log %s', (accessLog, meshConfig) => {
    expect(istiod({ accessLog })).toMatchObject({ meshConfig });
  });

  test.each<[Partial<IstiodProps>, object]>([
    [{ minReplicas: 2 }, { autoscaleEnabled: true, autoscaleMin: 2, autoscaleMax: 5 }],
    [{ minReplicas: 7 }, { autoscaleEnabled: false, replicaCount: 7 }],
    [{ maxReplicas: 3 }, { autoscaleEnabled: true, autoscaleMin: 1, autoscaleMax: 3 }],
    [{ maxReplicas: 1 }, { autoscaleEnabled: false, replicaCount: 1 }],
    [
      { minReplicas: 2, maxReplicas: 2 },
      { autoscaleEnabled: false, replicaCount: 2 },
    ],
  ])('pods %j', (props, values) => {
    expect(istiod(props)).toMatchObject(values);
  });

  test('resources take the place of those of the chart, whole', () => {
    const cpu = { request: Cpu.millis(100) };
    const memory = { limit: Size.gibibytes(1) };
    expect(istiod({ resources: { cpu, memory } })).toMatchObject({
      resources: { requests: { cpu: '100m', memory: null }, limits: { cpu: null, memory: '1024Mi' } },
    });
    expect(istiod({ resources: { ephemeralStorage: { limit: Size.gibibytes(2) } } })).toMatchObject({
      resources: { limits: { 'ephemeral-storage': '2048Mi' } },
    });
  });

  test('says what it is, as far as values say otherwise', () => {
    const made = new Istiod(newChart(), 'istiod', { ...common, revision: 'a', revisionTags: ['b'], namespace: 'mesh' });
    expect(made).toMatchObject({ namespace: 'mesh', revision: 'a', dataPlane: DataPlaneMode.SIDECAR, cni: false });
    made.revisionTags.push('c');
    expect(made.revisionTags).toEqual(['b']);
    const other = new Istiod(newChart(), 'istiod', { ...common, values: { cni: { enabled: true } } });
    expect(other.cni).toBe(true);
  });
});

describe('the other parts', () => {
  test('IstioBase', () => {
    expect(base({})).toEqual({ ...FAIL_CLOSED, global: { istioNamespace: 'istio-system' } });
    expect(base({ defaultRevision: '1-31', namespace: 'mesh' })).toMatchObject({
      defaultRevision: '1-31',
      global: { istioNamespace: 'mesh' },
    });
  });

  test('IstioCni', () => {
    new IstioCni(newChart(), 'cni', { ...common, hub: 'h', tag: 't' });
    expect(helm.values).toEqual({ global: { hub: 'h', tag: 't' } });
    new IstioCni(newChart(), 'cni', { ...common, dataPlane: DataPlaneMode.AMBIENT });
    expect(helm.values).toMatchObject({ profile: 'ambient' });
  });

  test('Ztunnel', () => {
    new Ztunnel(newChart(), 'z', { ...common, hub: 'h', tag: 't', revision: '1-31', namespace: 'mesh' });
    expect(helm.values).toEqual({ hub: 'h', tag: 't', revision: '1-31', istioNamespace: 'mesh' });
  });
});

describe('IstioGateway', () => {
  test('without props', () => {
    const sysctls = [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }];
    expect(gateway({})).toEqual({ service: {}, securityContext: { ...SECCOMP, sysctls } });
  });

  test('Service, with the port of its own state first', () => {
    const ports = [{ port: 80, targetPort: 8080, nodePort: 30080 }, { port: 443 }, { port: 31400, name: 'tcp' }];
    expect(gateway({ serviceType: ServiceType.NODE_PORT, ports: [...ports, { port: 9000 }] })).toMatchObject({
      service: {
        type: 'NodePort',
        ports: [
          { name: 'status-port', port: 15021, protocol: 'TCP', targetPort: 15021 },
          { name: 'http2', port: 80, protocol: 'TCP', targetPort: 8080, nodePort: 30080 },
          { name: 'https', port: 443, protocol: 'TCP', targetPort: 443 },
          { name: 'tcp', port: 31400, protocol: 'TCP', targetPort: 31400 },
          { name: 'port-9000', port: 9000, protocol: 'TCP', targetPort: 9000 },
        ],
      },
    });
  });

  test('pods', () => {
    expect(gateway({ minReplicas: 2, maxReplicas: 4, revision: '1-31' })).toMatchObject({
      revision: '1-31',
      autoscaling: { enabled: true, minReplicas: 2, maxReplicas: 4 },
    });
    expect(gateway({ minReplicas: 3, maxReplicas: 3 })).toMatchObject({
      autoscaling: { enabled: false },
      replicaCount: 3,
    });
  });

  test.each<[Partial<IstioGatewayProps>, object, string]>([
    [{}, { app: 'istio-ingressgateway', istio: 'ingressgateway' }, 'istio-ingress/istio-ingressgateway'],
    [{ name: 'front', namespace: 'edge' }, { app: 'front', istio: 'front' }, 'edge/front'],
    [
      { values: { labels: { istio: 'door' }, serviceAccount: { name: 'doorman' } } },
      { app: 'istio-ingressgateway', istio: 'door' },
      'istio-ingress/doorman',
    ],
    [
      { values: { serviceAccount: { create: false } } },
      { app: 'istio-ingressgateway', istio: 'ingressgateway' },
      'istio-ingress/default',
    ],
  ])('%j is found by its labels and account', (props, selector, serviceAccount) => {
    const made = new IstioGateway(newChart(), 'gateway', { ...common, ...props });
    expect(made).toMatchObject({ selector, serviceAccount });
  });
});

describe('IstioPlatform', () => {
  test('hands to each part what is its own', () => {
    const made = platform({
      revision: '1-31',
      dataPlane: DataPlaneMode.AMBIENT,
      namespace: 'mesh',
      hub: 'h',
      accessLog: AccessLog.TEXT,
      istiod: { minReplicas: 2 },
      gateway: { namespace: 'edge', minReplicas: 3 },
      values: { ztunnel: { meshConfig: {} } },
    });
    expect(made.istiod).toMatchObject({ revision: '1-31', namespace: 'mesh', cni: true, revisionTags: ['default'] });
    expect(made.gateway).toMatchObject({ namespace: 'edge', serviceAccount: 'edge/istio-ingressgateway' });
    expect(helm.valuesOf('base')).toMatchObject({ defaultRevision: '1-31', global: { istioNamespace: 'mesh' } });
    expect(helm.valuesOf('cni')).toEqual({ profile: 'ambient', global: { hub: 'h' } });
    expect(helm.valuesOf('istiod')).toMatchObject({
      revision: '1-31',
      revisionTags: ['default'],
      profile: 'ambient',
      autoscaleMin: 2,
      meshConfig: { accessLogEncoding: 'TEXT' },
      global: { hub: 'h', istioNamespace: 'mesh' },
    });
    expect(helm.valuesOf('ztunnel')).toEqual({ hub: 'h', istioNamespace: 'mesh', revision: '1-31', meshConfig: {} });
    expect(helm.valuesOf('gateway')).toMatchObject({ revision: '1-31', autoscaling: { minReplicas: 3 } });
  });

  test('writes no namespaces where that is said, and comes after those of the app', () => {
    const app = new App();
    const namespaces = new Chart(app, 'zoo');
    const made = platform({ createNamespaces: false, gateway: { namespace: 'default' } }, app);
    new MeshNamespace(namespaces, 'istio-system');
    expect(kinds(synth(made))).not.toContain('Namespace');
    app.synthYaml();
    expect(app.charts).toEqual([namespaces, made]);
  });

  test('whose revision is not the default one has no tag for it', () => {
    expect(platform({ revision: '1-31', defaultRevision: '1-30' }).istiod.revisionTags).toEqual([]);
    expect(platform({ revision: '1-31', defaultRevision: 'default' }).istiod.revisionTags).toEqual([]);
    expect(platform().istiod.revisionTags).toEqual([]);
  });

  test.each([
    [undefined, '1-31'],
    ['1-30', '1-30'],
    ['default', undefined],
  ])('whose default revision is %j has a gateway of it', (defaultRevision, revision) => {
    platform({ revision: '1-31', defaultRevision });
    expect((helm.valuesOf('gateway') as { revision?: string }).revision).toBe(revision);
  });
});

describe('the file of the platform is the first', () => {
  /** The charts of an app, in the order of their files. */
  const charts = (build: (app: App) => void) => {
    const app = new App();
    build(app);
    app.synthYaml();
    return app.charts.map(({ node }) => node.id);
  };

  test('whatever is made before it', () => {
    const order = charts((app) => {
      new MeshNamespace(new Chart(app, 'namespace'), 'apis');
      new FlaskLikeApp(new Chart(app, 'apis', { namespace: 'apis' }), 'apis', { image: 'apis:1' });
      platform({}, app);
    });
    expect(order).toEqual(['istio', 'namespace', 'apis']);
  });

  test('but for what it comes after itself', () => {
    const order = charts((app) => {
      new Chart(app, 'apis');
      new Istiod(new Chart(app, 'istio'), 'istiod', common);
      new MeshNamespace(new Chart(app, 'namespace'), 'istio-system');
    });
    expect(order).toEqual(['namespace', 'istio', 'apis']);
  });

  test('among those for its cluster', () => {
    const order = charts((app) => {
      new Chart(app, 'other').node.setContext('cdk8s-versioned-mesh/cluster', 'other');
      platform({}, app);
    });
    expect(order).toEqual(['other', 'istio']);
  });
});

const charts = helm.charts;
const long = 'a'.repeat(60);

describe('what cannot be is refused', () => {
  const refused = (what: string, act: () => unknown, ...says: string[]): Refusal => [what, act, ...says];
  testRefusals([
    refused(
      'no charts',
      () => new Istiod(newChart(), 'i', {} as never),
      'charts is missing',
      "IstioCharts.oci('1.31.0')",
    ),
    refused('charts by name', () => istiod({ charts: '1.31' as never }), "charts '1.31' is of the wrong kind"),
    refused('a version in part', () => IstioCharts.oci('1.31'), "version '1.31' is not a release in full"),
    refused('a v before it', () => IstioCharts.oci('v1.31.0'), "version 'v1.31.0' has a v", "write '1.31.0'"),
    refused(
      'a delivery by name',
      () => istiod({ delivery: 'flux' as never }),
      "delivery 'flux' is of the wrong kind",
      'PlatformDelivery.manifests(), PlatformDelivery.flux() or PlatformDelivery.argoCd()',
    ),
    refused('a range', () => IstioCharts.oci('^1.31.0'), 'each synth would take whatever is the latest'),
    refused('no URL', () => IstioCharts.repository('charts.example.com', '1.31.0'), 'is not the URL of a repository'),
    refused(
      'no folder',
      () => IstioCharts.directory('no/such'),
      "path 'no/such' is not a folder",
      'it was looked for as',
    ),
    refused('a namespace', () => istiod({ namespace: 'Istio' }), "namespace 'Istio' is not a DNS label"),
    refused('a version for a revision', () => istiod({ revision: '1.31' }), "revision '1.31'", "write '1-31'"),
    refused('a long revision', () => istiod({ revision: long }), 'has 60 characters', 'at most 46'),
    refused(
      'the word default',
      () => istiod({ revision: 'default' }),
      "revision 'default' is Istio's word",
      'leave revision out',
    ),
    refused(
      'a tag of no revision',
      () => istiod({ revisionTags: ['default'] }),
      "revisionTags[0] 'default' names this control plane already",
    ),
    refused('a tag twice', () => istiod({ revision: 'a', revisionTags: ['b', 'b'] }), "revisionTags[1] 'b'"),
    refused(
      'a revision by value',
      () => istiod({ values: { revision: 'a' } }),
      'values: revision is what the prop of this name is for',
    ),
    refused(
      'a gateway by value',
      () => gateway({ values: { name: 'a' } }),
      'values: name is what the prop of this name is for',
    ),
    refused(
      'a namespace by value',
      () => istiod({ values: { global: { istioNamespace: 'mesh' } } }),
      'values: global.istioNamespace is what the prop namespace is for',
    ),
    refused(
      'the namespace of the webhook by value',
      () => base({ values: { global: { istioNamespace: 'mesh' } } }),
      'the prop namespace',
    ),
    refused('a default by value', () => base({ values: { defaultRevision: '1-30' } }), 'the prop of this name'),
    refused(
      'a profile by value',
      () => istiod({ values: { profile: 'ambient' } }),
      "values: profile 'ambient' is many values in one",
      'set dataPlane',
    ),
    refused(
      'a profile of the plugin by value',
      () => new IstioCni(newChart(), 'c', { ...common, values: { profile: 'ambient' } }),
      "set dataPlane for 'ambient'",
    ),
    refused(
      'values where they once were',
      () => istiod({ values: { pilot: { cni: { enabled: true } } } }),
      'values: pilot is where earlier releases had these values',
      'write what it has at the top level',
    ),
    refused(
      'where istiod is, by value of ztunnel',
      () => new Ztunnel(newChart(), 'z', { ...common, values: { istioNamespace: 'mesh' } }),
      'values: istioNamespace is what the prop namespace is for',
    ),
    refused('no hub', () => istiod({ hub: '' }), "hub '' is empty", 'registry.example.com/istio'),
    refused('a hub with a slash', () => istiod({ hub: 'a.io/istio/' }), "hub 'a.io/istio/' ends in '/'"),
    refused('a hub with a scheme', () => istiod({ hub: 'https://a.io/istio' }), "hub 'https://a.io/istio' "),
    refused('a hub with a tag', () => istiod({ hub: 'a.io:5000/istio:1.31.0' }), 'has a tag or a digest'),
    refused('a hub in capitals', () => platform({ hub: 'a.io/Istio' }), "hub 'a.io/Istio' has capitals"),
    refused('no tag', () => istiod({ tag: '' }), "tag '' is empty"),
    refused('an image for a tag', () => istiod({ tag: 'a:1' }), "tag 'a:1' is no tag of an image"),
    refused(
      'a label that is a number',
      () => gateway({ values: { labels: { istio: 1 } } }),
      'values.labels.istio 1 is',
    ),
    refused('a label that is null', () => gateway({ values: { labels: { app: null } } }), 'values.labels.app null is'),
    refused('a label with a space', () => gateway({ values: { labels: { app: 'x y' } } }), "values.labels.app 'x y' "),
    refused('a label that is empty', () => gateway({ values: { labels: { app: '' } } }), "values.labels.app '' is"),
    refused(
      'a password in a URL',
      () => IstioCharts.repository('https://user:secret@charts.example.com', '1.31.0'),
      'IstioCharts.repository: url has a user or password in it',
      'helm registry login',
      'Secret',
    ),
    refused('no pods', () => istiod({ minReplicas: 0 }), 'minReplicas 0 is not a number of pods'),
    refused('half a pod', () => gateway({ maxReplicas: 1.5 }), 'maxReplicas 1.5 is not a number of pods'),
    refused(
      'fewest above most',
      () => gateway({ minReplicas: 3, maxReplicas: 2 }),
      'minReplicas 3 is more than maxReplicas 2',
    ),
    refused(
      'a request above its limit',
      () => istiod({ resources: { cpu: { request: Cpu.units(2), limit: Cpu.units(1) } } }),
      'resources.cpu: the request of 2000 m exceeds the limit',
    ),
    refused('a long name', () => gateway({ name: long }), 'and a release of Helm at most 53'),
    refused('a name that no Service has', () => gateway({ name: '1st' }), "name '1st' begins with a digit"),
    refused('no ports', () => gateway({ ports: [] }), 'ports is empty'),
    refused('a port that is none', () => gateway({ ports: [{ port: 0 }] }), 'ports[0].port 0 is not a port'),
    refused(
      'a port twice',
      () => gateway({ ports: [{ port: 80 }, { port: 80, name: 'b' }] }),
      'ports[1].port 80 is that of another port',
    ),
    refused(
      'a name twice',
      () => gateway({ ports: [{ port: 80 }, { port: 81, name: 'http2' }] }),
      "ports[1].name 'http2' is that of another port",
    ),
    refused(
      'the port of the state',
      () => gateway({ ports: [{ port: 15021 }] }),
      'ports[0].port 15021 is one on which',
    ),
    refused(
      'its name',
      () => gateway({ ports: [{ port: 1, name: 'status-port' }] }),
      'on which the gateway says that it is ready',
    ),
    refused(
      'a port of Envoy',
      () => gateway({ ports: [{ port: 80, targetPort: 15090 }] }),
      'ports[0].targetPort 15090 is one on which',
    ),
    refused(
      'a port of nodes without nodes',
      () => gateway({ serviceType: ServiceType.CLUSTER_IP, ports: [{ port: 80, nodePort: 30080 }] }),
      'ports[0].nodePort 30080 has no meaning for a ClusterIP Service',
    ),
    refused('a name elsewhere', () => gateway({ serviceType: ServiceType.EXTERNAL_NAME }), 'leads to no pods'),
    refused(
      'ambient without its plugin',
      () => platform({ dataPlane: DataPlaneMode.AMBIENT, cni: false }),
      'leave cni out',
    ),
    refused(
      'values of no plugin',
      () => platform({ values: { cni: {} } }),
      'values.cni has no meaning without the CNI plugin',
    ),
    refused(
      'values of no ztunnel',
      () => platform({ cni: true, values: { ztunnel: {} } }),
      'values.ztunnel has no meaning',
    ),
    refused('a namespace of Kubernetes', () => platform({ namespace: 'kube-system' }), "namespace 'kube-system' is"),
    refused(
      'the gateway in the default namespace',
      () => platform({ gateway: { namespace: 'default' } }),
      "namespace 'default' is Kubernetes' own",
      'createNamespaces: false',
    ),
    refused(
      'a default that it is not',
      () => platform({ defaultRevision: '1-30' }),
      "defaultRevision '1-30' is not what",
    ),
    refused(
      'a misspelt prop of a part',
      () => platform({ istiod: { minReplica: 1 } as never }),
      "did you mean 'minReplicas'?",
    ),
  ]);

  test('and a password is not quoted', () => {
    expect(refusalOf(() => IstioCharts.repository('oci://user:secret@example.com', '1.31.0'))).not.toContain('secret');
  });

  test.each(['docker.io/istio', 'localhost:5000/istio', 'istio', 'my-registry:5000'])('but not hub %s', (hub) => {
    expect(istiod({ hub, tag: '1.31.0-distroless' })).toMatchObject({ global: { hub } });
  });

  test('and Helm is not asked', () => {
    const asked = helm.calls.length;
    expect(refusalOf(() => new Istiod(newChart(), 'i', { charts, helm: helm.path, minReplicas: -1 }))).toContain('-1');
    expect(helm.calls).toHaveLength(asked);
  });
});
