/*
 * Pods and Services that somebody else makes: that a route reaches them, that nothing is made twice, and that what cannot work
 * is refused.
 */
import type { Chart } from 'cdk8s';
import {
  type ExistingVersionOptions,
  HeaderMatch,
  HeaderRoutedMesh,
  Mesh,
  Severity,
  TrafficSource,
  VersionedBy,
  VersionedService,
  type VersionedServiceProps,
  type VersionOptions,
} from 'cdk8s-versioned-mesh';
import { refusalOf, testRefusals } from '../../support/refusal';
import { kinds, manifestsOf, newChart, only, podLabelsIn, synth, titles } from '../../support/synth';
import { expectValid } from '../../support/valid';

const { SERVICES } = VersionedBy;
const EXISTING = { existingService: true } as const;
/** What a Helm chart gives its pods, and its Service asks for. */
const HELM = { 'app.kubernetes.io/name': 'apis', 'app.kubernetes.io/instance': 'shop' };

describe('pods of somebody else, behind a Service that is made here', () => {
  test('are a subset by the label version', () => {
    const manifests = manifestsOf((chart) => new VersionedService(chart, 'apis').addExistingVersion('1.4'));
    expectValid(manifests);
    expect(titles(manifests)).toEqual(['Service apis', 'DestinationRule apis']);
    expect(only(manifests, 'DestinationRule').spec.subsets).toEqual([{ name: '1-4', labels: { version: '1.4' } }]);
  });

  test('are a subset by whatever labels they carry, beside a version that is made here', () => {
    const manifests = manifestsOf((chart) => {
      const apis = new VersionedService(chart, 'apis', { selector: { component: 'apis' } });
      apis.addExistingVersion('v1', { labels: { track: 'stable' }, subset: 'stable' });
      apis.addVersion('v2', { image: 'apis:2' });
    });
    expect(only(manifests, 'Service').spec.selector).toEqual({ component: 'apis' });
    expect(only(manifests, 'DestinationRule').spec.subsets).toEqual([
      { name: 'stable', labels: { track: 'stable' } },
      { name: 'v2', labels: { version: 'v2' } },
    ]);
    expect(podLabelsIn(manifests, 'apis-v2')).toMatchObject({ component: 'apis', app: 'apis', version: 'v2' });
  });

  test('have a Service of their own, by Services', () => {
    const manifests = manifestsOf((chart) =>
      new VersionedService(chart, 'apis', { versionedBy: SERVICES }).addExistingVersion('v1'),
    );
    expectValid(manifests);
    expect(titles(manifests)).toEqual(['Service apis', 'Service apis-v1']);
    expect(only(manifests, 'Service', 'apis-v1').spec.selector).toEqual({ app: 'apis', version: 'v1' });
  });
});

describe('a Service of somebody else', () => {
  test('is not made, and reaches the pods of a new version by what it selects', () => {
    const chart = newChart();
    const apis = new VersionedService(chart, 'apis', { ...EXISTING, port: 8080, selector: HELM });
    apis.addExistingVersion('v1', { labels: { 'app.kubernetes.io/version': '1' } });
    apis.addVersion('v2', { image: 'apis:2' });
    const manifests = synth(chart);
    expect(apis.service).toBeUndefined();
    expect(kinds(manifests)).not.toContain('Service');
    expect(podLabelsIn(manifests, 'apis-v2')).toMatchObject({ ...HELM, app: 'apis', version: 'v2' });
  });

  test('of a Helm chart is the Service of one version, by Services: a route reaches each', () => {
    const chart = newChart();
    const apis = new VersionedService(chart, 'apis', { ...EXISTING, versionedBy: SERVICES });
    const v1 = apis.addExistingVersion('v1', { serviceName: 'apis' });
    const v2 = apis.addVersion('v2', { image: 'apis:2', podLabels: HELM });
    routed(chart, apis, v1).route(v2, HeaderMatch.exact('x-version', 'v2'));
    const mesh = Mesh.fromManifests([...synth(chart), helmService(), helmPods()]);
    expect(mesh.check().filter(({ severity }) => severity === Severity.ERROR)).toEqual([]);
    const host = (headers: object) => mesh.route({ url: 'http://apis.example.com/', headers: { ...headers } });
    expect(host({}).destinations.map((one) => one.host)).toEqual(['apis.shop.svc.cluster.local']);
    expect(host({ 'x-version': 'v2' }).destinations.map((one) => one.host)).toEqual(['apis-v2.shop.svc.cluster.local']);
  });

  test('that is the Service of one version has one rule, with the policy of both', () => {
    const rulesOf = (props: VersionedServiceProps, options: ExistingVersionOptions) =>
      manifestsOf((chart) => {
        const apis = new VersionedService(chart, 'apis', { ...EXISTING, versionedBy: SERVICES, ...props });
        apis.addExistingVersion('v1', { serviceName: 'apis', ...options });
      }).map(({ spec }) => spec);
    const [one, another] = [{ connectionPool: { maxRequests: 1 } }, { outlierDetection: { consecutive5xxErrors: 1 } }];
    const pool = { connectionPool: { http: { http2MaxRequests: 1 } } };
    const outliers = { outlierDetection: { consecutive5xxErrors: 1, maxEjectionPercent: 50 } };
    const host = 'apis';
    expect(rulesOf({ trafficPolicy: one }, {})).toEqual([{ host, trafficPolicy: pool }]);
    expect(rulesOf({}, { trafficPolicy: another })).toEqual([{ host, trafficPolicy: outliers }]);
    expect(rulesOf({ trafficPolicy: one }, { trafficPolicy: another })).toEqual([
      { host, trafficPolicy: { ...pool, ...outliers } },
    ]);
  });
});

test('the handle says what is known of the pods', () => {
  const apis = new VersionedService(newChart(), 'apis');
  const labels = { version: 'one' };
  const v1 = apis.addExistingVersion('v1', { labels, serviceAccountName: 'helm-apis' });
  labels.version = 'two';
  expect(v1).toMatchObject({ version: 'v1', subset: 'v1', serviceAccountName: 'helm-apis', retired: false });
  expect(v1.app).toBeUndefined();
  expect(v1.labels).toEqual({ app: 'apis', version: 'one' });
  const v2 = apis.addVersion('v2', { image: 'apis:2', podLabels: { tier: 'web' } });
  expect(v2.labels).toEqual({ app: 'apis', version: 'v2', tier: 'web' });
  const bare = new VersionedService(newChart(), 'apis', { ...EXISTING, versionedBy: SERVICES });
  const helm = bare.addExistingVersion('v1', { serviceName: 'helm-apis' });
  expect(helm.labels).toEqual({});
  expect(helm._hostFrom('shop')).toBe('helm-apis');
});

describe('a service', () => {
  const service = (props: VersionedServiceProps) => () => new VersionedService(newChart(), 'apis', props);
  testRefusals([
    ['that selects nothing', service({ selector: {} }), 'chart/apis: selector is empty', "{ app: 'apis' }"],
    ['that selects one version', service({ selector: { version: 'v1' } }), "version 'v1'", 'leave that label out'],
    [
      'that selects another app',
      service({ app: 'a', selector: { app: 'b' } }),
      "app 'b'",
      "app 'a'",
      'make them equal',
    ],
    ['with a selector that is no map', service({ selector: 'app=apis' as never }), "selector 'app=apis' is not a map"],
    ['with a label that is none', service({ selector: { app: 'a b' } }), "app 'a b'"],
    [
      'that is there, with a type',
      service({ ...EXISTING, serviceType: 'NodePort' as never }),
      "serviceType 'NodePort'",
      'leave it out',
    ],
    [
      'that is there, with a name of its port',
      service({ ...EXISTING, portName: 'http-a' }),
      "portName 'http-a'",
      'leave it out',
    ],
    [
      'that is there by a word',
      service({ existingService: 'yes' as never }),
      "existingService 'yes' is neither true nor false",
    ],
  ]);
});

describe('an existing version', () => {
  const version = (options: ExistingVersionOptions, props?: VersionedServiceProps) => () =>
    new VersionedService(newChart(), 'apis', props).addExistingVersion('v1', options);
  const services = { versionedBy: SERVICES };
  const beside = (options: ExistingVersionOptions) => () => {
    const apis = new VersionedService(newChart(), 'apis');
    apis.addVersion('v2', { image: 'apis:2', podLabels: { tier: 'web' } });
    apis.addExistingVersion('v1', options);
  };
  testRefusals([
    ['without labels', version({ labels: {} }), "chart/apis: version 'v1': labels is empty", 'leave it out'],
    ['with labels that are none', version({ labels: { a: 'b c' } }), "'b c'"],
    ['with a label that its Service does not select', version({ labels: { app: 'web' } }), "'app' 'web'", "'apis'"],
    ['with labels of another', beside({ labels: { tier: 'web' } }), 'tier=web', "version 'v2'"],
    ['with the label of all', beside({ labels: { app: 'apis' } }), 'app=apis', "version 'v2'"],
    ['with the label of another', beside({ labels: { version: 'v2' } }), 'version=v2', 'would reach the other'],
    ['with a Service, by subsets', version({ serviceName: 'a' }), "serviceName 'a'", 'set versionedBy to SERVICES'],
    ['with the Service of all', version({ serviceName: 'apis' }, services), "serviceName 'apis'", 'would reach all'],
    ['with a Service that is none', version({ serviceName: 'A' }, services), "version 'v1': serviceName 'A'", "'a'"],
    ['of which nothing is known', version({}, { ...services, ...EXISTING }), 'neither serviceName nor labels is set'],
    ['with an account that is none', version({ serviceAccountName: 'A b' }), "serviceAccountName 'A b'"],
    ['with an image', version({ image: 'a' } as never), "chart/apis: version 'v1': option 'image' is not known"],
    ['by its name alone', version('v1' as never), "version 'v1': the argument 'v1' is not an object"],
    [
      'that is there',
      () => refuseTwice((apis) => apis.addVersion('v1', { image: 'a:1' })),
      "version 'v1' is there already",
    ],
    [
      'called like a part',
      () => new VersionedService(newChart(), 'apis').addExistingVersion('Service'),
      "'Service'",
      'something else',
    ],
    [
      'of the Service of another',
      () => refuseTwice((apis) => apis.addExistingVersion('v2', { serviceName: 'one' }), services),
      "version 'v1' already",
    ],
    [
      'with no Service known for one made here',
      () => new VersionedService(newChart(), 'apis', EXISTING).addVersion('v2', { image: 'a:2' }),
      "version 'v2' is made here",
      'set selector',
    ],
  ]);

  test.each<[string, VersionedServiceProps, ExistingVersionOptions]>([
    ['its Service', { versionedBy: SERVICES }, { serviceName: 'A' }],
    ['its labels', {}, { labels: { version: 'v2' } }],
    ['its policy', {}, { trafficPolicy: { connectionPool: {} } }],
  ])('that was refused for %s leaves nothing behind, and can be added again', (_what, props, wrong) => {
    const build = (act: (apis: VersionedService) => void) =>
      manifestsOf((chart) => {
        const apis = new VersionedService(chart, 'apis', props);
        apis.addVersion('v2', { image: 'apis:2' });
        act(apis);
        apis.addExistingVersion('v1');
      });
    const retried = build((apis) => refusalOf(() => apis.addExistingVersion('v1', wrong)));
    expect(retried).toEqual(build(() => undefined));
  });
});

describe('a service that calls others', () => {
  const { addVersion } = VersionedService.prototype;
  test('is known by its namespace, the accounts of its versions, and what selects its pods', () => {
    const apis = new VersionedService(newChart(), 'apis');
    apis.addExistingVersion('v1', { labels: { version: 'v1', tier: 'web' }, serviceAccountName: 'helm' });
    addVersion.call(apis, 'v2', { image: 'apis:2', podLabels: { tier: 'web' } });
    expect(apis.callerIdentity()).toMatchObject({ namespace: 'shop', podLabels: { app: 'apis' } });
    expect(apis.callerIdentity().serviceAccounts).toHaveLength(2);
  });

  test('whose pods share more than what selects them is known by that alone', () => {
    const selector = { component: 'apis' };
    const apis = new VersionedService(newChart(), 'apis', { selector });
    for (const version of ['v1', 'v2']) {
      apis.addVersion(version, { image: 'a:1', selector: { ...HELM, version }, podLabels: { 'istio.io/rev': 'a' } });
    }
    expect(apis.callerIdentity().podLabels).toEqual(selector);
  });

  test('of whose pods no label is known is known by its namespace', () => {
    const apis = new VersionedService(newChart(), 'apis', { ...EXISTING, versionedBy: SERVICES });
    apis.addExistingVersion('v1', { serviceName: 'helm', serviceAccountName: 'helm' });
    expect(apis.callerIdentity()).toEqual({ namespace: 'shop', serviceAccounts: ['helm'] });
  });

  testRefusals([
    [
      'with an account that is not known',
      () => {
        const apis = new VersionedService(newChart(), 'apis');
        apis.addExistingVersion('v1');
        apis.callerIdentity();
      },
      "chart/apis: calls other services, but the ServiceAccount of version 'v1'",
      'set serviceAccountName',
    ],
    [
      'from no namespace',
      () => new VersionedService(newChart({ namespace: undefined }), 'apis').callerIdentity(),
      'chart/apis: has no namespace',
      'set namespace',
    ],
  ]);
});

describe('a service of which nothing is made', () => {
  const services = { ...EXISTING, versionedBy: SERVICES } as const;
  const withVersion = (props: VersionedServiceProps, options: ExistingVersionOptions) => () =>
    manifestsOf((chart) => {
      new VersionedService(chart, 'apis', { ...services, ...props }).addExistingVersion('v1', options);
    });
  const theirs = { serviceName: 'apis' };
  testRefusals([
    [
      'with a name of its port',
      withVersion({ portName: 'http-a' }, theirs),
      'chart/apis',
      'portName is set',
      'leave it out',
    ],
    ['with a port of its pods', withVersion({ targetPort: 8000 }, theirs), 'targetPort is set'],
    ['with labels', withVersion({ labels: { team: 'a' } }, theirs), 'labels is set'],
    ['with annotations', withVersion({ annotations: { 'example.com/a': 'a' } }, theirs), 'annotations is set'],
  ]);

  test('but a Service or a rule may have all of them', () => {
    const props = { portName: 'http-a', targetPort: 8000, labels: { team: 'a' } };
    expect(withVersion(props, { labels: { track: 'a' } })).not.toThrow();
    expect(
      withVersion({ labels: { team: 'a' } }, { ...theirs, trafficPolicy: { connectionPool: { maxRequests: 1 } } }),
    ).not.toThrow();
  });
});

describe('the pods of two Deployments', () => {
  const wide = { selector: { app: 'apis' }, image: 'apis:1' };
  const two = (one: Partial<VersionOptions>, another: Partial<VersionOptions>) => () => {
    const apis = new VersionedService(newChart(), 'apis');
    apis.addVersion('v1', { image: 'apis:1', ...one });
    apis.addVersion('v2', { image: 'apis:2', ...another });
  };
  const autoscaling = { maxReplicas: 3 };
  testRefusals([
    [
      'of which an autoscaler counts both',
      two({ ...wide, autoscaling }, {}),
      "chart/apis: version 'v1': its Deployment selects app=apis, which the pods of version 'v2' carry, too",
      'its autoscaler would count their CPU',
      'set replicas',
    ],
    [
      'of which an autoscaler counts both, in either order',
      two({}, { ...wide, autoscaling }),
      "version 'v2': its",
      "'v1'",
    ],
    [
      'that the other carries by recommendation',
      two({ selector: { 'app.kubernetes.io/name': 'apis' }, autoscaling }, {}),
      'app.kubernetes.io/name=apis',
    ],
    ['that select each other’s', two(wide, wide), 'and the other way round', 'leave out selector on one of them'],
    [
      'of which somebody else makes one',
      () => {
        const apis = new VersionedService(newChart(), 'apis');
        apis.addExistingVersion('v1');
        apis.addVersion('v2', { ...wide, autoscaling });
      },
      "version 'v2': its Deployment",
      "version 'v1' carry",
    ],
  ]);

  test('may be those of one that is taken over, beside one that is made anew', () => {
    expect(two(wide, {})).not.toThrow();
    expect(two(wide, { autoscaling })).not.toThrow();
    expect(two({ ...wide, selector: { ...wide.selector, version: 'v1' }, autoscaling }, {})).not.toThrow();
  });
});

test('a service that was refused leaves nothing behind', () => {
  const chart = newChart();
  refusalOf(() => new VersionedService(chart, 'apis', { trafficPolicy: { connectionPool: {} } }));
  refusalOf(() => new VersionedService(chart, 'apis', { destinationRule: { name: 'A' } }));
  expect(chart.node.children).toEqual([]);
  expect(() => new VersionedService(chart, 'apis')).not.toThrow();
});

/** Adds version v1 of the Service `one` or by its labels, and then another. */
function refuseTwice(act: (apis: VersionedService) => void, props?: VersionedServiceProps): void {
  const apis = new VersionedService(newChart(), 'apis', props);
  apis.addExistingVersion('v1', props === undefined ? {} : { serviceName: 'one' });
  act(apis);
}

function routed(chart: Chart, service: VersionedService, defaultVersion: ReturnType<VersionedService['version']>) {
  const props = { hosts: ['apis.example.com'], traffic: TrafficSource.GATEWAY, service, defaultVersion, checks: false };
  return new HeaderRoutedMesh(chart, 'mesh', props);
}

function helmService(): object {
  const metadata = { name: 'apis', namespace: 'shop' };
  const spec = { selector: { ...HELM, version: 'helm' }, ports: [{ port: 80, name: 'http', targetPort: 5000 }] };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec };
}

function helmPods(): object {
  const labels = { ...HELM, version: 'helm' };
  const template = {
    metadata: { labels },
    spec: { containers: [{ name: 'app', image: 'apis:1', ports: [{ containerPort: 5000 }] }] },
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'apis', namespace: 'shop' },
    spec: { selector: { matchLabels: labels }, template },
  };
}
