/*
 * Istio by Flux and by Argo CD: what they are told is what `helm install` would be told, in the order in which the parts need each
 * other, and without Helm at synth.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-27';
import {
  type ArgoCdOptions,
  DataPlaneMode,
  type FluxOptions,
  IstioBase,
  IstioCharts,
  Istiod,
  IstioGateway,
  IstioPlatform,
  type IstioPlatformProps,
  MeshNamespace,
  PlatformDelivery,
} from 'cdk8s-versioned-mesh';
import { load, loadAll } from 'js-yaml';
import { AS_KUBECTL_READS } from '../../../src/syntax/kubectl-yaml';
import { CHARTS, describeWithCharts, HELM } from '../../support/istio-charts';
import { refusalOf, testRefusals } from '../../support/refusal';
import { kinds, type Manifest, newChart, only, synth } from '../../support/synth';
import { expectValid } from '../../support/valid';

/** A command that is not there: whoever asks it fails. */
const NO_HELM = '/nowhere/helm';
const MIRROR = IstioCharts.repository('https://charts.example.com/istio', '1.31.0');
const AMBIENT = { dataPlane: DataPlaneMode.AMBIENT };

describe('Flux', () => {
  const flux = (props?: Partial<IstioPlatformProps>, options?: FluxOptions) =>
    platform({ delivery: PlatformDelivery.flux(options), ...props });

  test.each([
    ['of a registry', { ...AMBIENT }],
    ['of a mirror by HTTPS', { charts: MIRROR }],
  ])('is told what its API takes, of charts %s', (_what, props) => {
    const manifests = flux(props);
    expectValid(manifests.filter(isForController));
    expect(manifests.filter(isForController)).toMatchSnapshot();
  });

  test('installs each part after the one before it', () => {
    const order = releasesOf(flux(AMBIENT)).map(({ metadata, spec }) => [metadata.name, spec.dependsOn]);
    const dependsOn = (name: string) => [{ name, namespace: 'flux-system' }];
    expect(order).toEqual([
      ['istio-base', undefined],
      ['istio-cni', dependsOn('istio-base')],
      ['istiod', dependsOn('istio-cni')],
      ['ztunnel', dependsOn('istiod')],
      ['istio-ingressgateway', dependsOn('ztunnel')],
    ]);
  });

  test('has the releases where helm install -n would have them, from beside its own objects', () => {
    const manifests = flux({ namespace: 'mesh' }, { namespace: 'gitops', interval: Duration.minutes(5) });
    expect(only(manifests, 'HelmRelease', 'istiod')).toMatchObject({
      metadata: { namespace: 'gitops' },
      spec: { releaseName: 'istiod', targetNamespace: 'mesh', storageNamespace: 'mesh', interval: '300s' },
    });
    expect(only(manifests, 'OCIRepository', 'istiod')).toMatchObject({
      metadata: { namespace: 'gitops' },
      spec: {
        url: 'oci://registry.istio.io/release/charts/istiod',
        ref: { tag: '1.31.0' },
        layerSelector: { operation: 'copy' },
      },
    });
  });

  test('has the chart of exactly that release from a repository', () => {
    const manifests = flux({ charts: MIRROR });
    expect(only(manifests, 'HelmRelease', 'istiod').spec.chart).toEqual({
      spec: { chart: 'istiod', version: '1.31.0', sourceRef: { kind: 'HelmRepository', name: 'istiod' } },
    });
    expect(only(manifests, 'HelmRepository', 'istiod').spec.url).toBe('https://charts.example.com/istio');
  });

  test('waits for no part that somebody else installs', () => {
    const chart = newChart();
    const charts = IstioCharts.oci('1.31.0');
    const base = new IstioBase(chart, 'base', { charts, delivery: PlatformDelivery.argoCd() });
    const gateway = new IstioGateway(chart, 'door', { charts, delivery: PlatformDelivery.flux() });
    gateway.node.addDependency(base);
    expect(only(synth(chart), 'HelmRelease').spec).not.toHaveProperty('dependsOn');
  });
});

describe('Argo CD', () => {
  const argoCd = (props?: Partial<IstioPlatformProps>, options?: ArgoCdOptions) =>
    platform({ delivery: PlatformDelivery.argoCd(options), ...props });

  test.each([
    ['of a registry', { ...AMBIENT }],
    ['of a mirror by HTTPS', { charts: MIRROR }],
  ])('is told what its API takes, of charts %s', (_what, props) => {
    const manifests = argoCd(props);
    expectValid(manifests.filter(isForController));
    expect(manifests.filter(isForController)).toMatchSnapshot();
  });

  test('syncs each part in a wave after the one before it, and all after the namespaces', () => {
    const waves = releasesOf(argoCd(AMBIENT)).map(({ metadata }) => [
      metadata.name,
      metadata.annotations?.['argocd.argoproj.io/sync-wave'],
    ]);
    expect(waves).toEqual([
      ['istio-base', '1'],
      ['istio-cni', '2'],
      ['istiod', '3'],
      ['ztunnel', '4'],
      ['istio-ingressgateway', '5'],
    ]);
  });

  test('knows a registry by a URL without a scheme, and a repository by one with it', () => {
    expect(only(argoCd(), 'Application', 'istiod').spec.source).toMatchObject({
      repoURL: 'registry.istio.io/release/charts',
      chart: 'istiod',
      targetRevision: '1.31.0',
      helm: { releaseName: 'istiod' },
    });
    expect(only(argoCd({ charts: MIRROR }), 'Application', 'istiod').spec.source).toMatchObject({
      repoURL: 'https://charts.example.com/istio',
      chart: 'istiod',
    });
  });

  test('prunes no kind, and takes nothing of Istio with an Application that is deleted', () => {
    const manifests = argoCd();
    expect(only(manifests, 'Application', 'istio-base').spec.syncPolicy).toMatchObject({
      automated: { prune: false },
      syncOptions: ['ServerSideApply=true', 'Prune=false'],
    });
    expect(only(manifests, 'Application', 'istiod').spec.syncPolicy).toMatchObject({
      automated: { prune: true },
      syncOptions: ['ServerSideApply=true'],
    });
    for (const { metadata } of releasesOf(manifests)) {
      expect(metadata).not.toHaveProperty('finalizers');
    }
  });

  test('is where it is said to be, for the cluster that is said', () => {
    const options: Required<ArgoCdOptions> = { namespace: 'gitops', project: 'mesh', server: 'https://10.0.0.1:6443' };
    expect(only(argoCd({}, options), 'Application', 'istiod')).toMatchObject({
      metadata: { namespace: 'gitops' },
      spec: {
        project: 'mesh',
        destination: { server: 'https://10.0.0.1:6443', namespace: 'istio-system' },
        syncPolicy: { syncOptions: ['ServerSideApply=true', 'CreateNamespace=true'] },
      },
    });
  });
});

describe.each([
  ['Flux', PlatformDelivery.flux()],
  ['Argo CD', PlatformDelivery.argoCd()],
])('%s', (controller, delivery) => {
  test('namespaces are written as they are, before all', () => {
    expect(kinds(platform({ delivery })).slice(0, 2)).toEqual(['Namespace', 'Namespace']);
  });

  test('values go to the charts as props and values say, and the same bytes at every synth', () => {
    const props = {
      delivery,
      revision: '1-31',
      hub: 'mirror.example.com/istio',
      values: { istiod: { env: { A: 'b' } } },
    };
    const values = valuesOf(platform(props), 'istiod-1-31');
    expect(values).toMatchObject({ revision: '1-31', env: { A: 'b' }, global: { hub: 'mirror.example.com/istio' } });
    expect(platform(props)).toEqual(platform(props));
  });

  test('charts of a folder are refused, and leave nothing behind', () => {
    const app = new App();
    const charts = IstioCharts.directory(__dirname);
    const message = refusalOf(() => new IstioPlatform(app, 'istio', { charts, delivery, helm: NO_HELM }));
    expect(message).toContain(`istio/base: charts are those of a folder, and ${controller} fetches charts itself`);
    expect(message).toContain("write IstioCharts.oci('1.31.0')");
    expect(app.node.children).toEqual([]);
  });
});

describeWithCharts('what is written as objects, the controllers install', () => {
  const resources = { cpu: { request: Cpu.millis(250) }, memory: { limit: Size.gibibytes(1) } };
  const props = {
    hub: 'registry.istio.io/release',
    tag: '1.31.0',
    istiod: { resources },
    gateway: { resources },
    values: { istiod: { global: { proxy: { resources: { limits: null } } }, env: { A: 'b' } } },
  };
  let written: unknown[];
  beforeAll(() => {
    written = platform({ charts: IstioCharts.directory(CHARTS), helm: HELM, ...props }).map(significant);
  });

  test.each([
    ['Flux', 'istiod', 'istiod', 'istio-system'],
    ['Flux', 'istio-ingressgateway', 'gateway', 'istio-ingress'],
    ['Argo CD', 'istiod', 'istiod', 'istio-system'],
    ['Argo CD', 'istio-ingressgateway', 'gateway', 'istio-ingress'],
  ])('%s: %s', (controller, release, chart, namespace) => {
    const delivery = controller === 'Flux' ? PlatformDelivery.flux() : PlatformDelivery.argoCd();
    const objects = installed(platform({ delivery, ...props }), release, chart, namespace);
    expect(objects.length).toBeGreaterThan(3);
    for (const object of objects) {
      expect(written).toContainEqual(object);
    }
  });
});

describe('what is made beside a platform comes after what it needs', () => {
  test.each([
    ['in its chart', (made: IstioPlatform) => made],
    ['in a chart before', (made: IstioPlatform) => new Chart(made.node.root as App, 'a')],
  ])('%s', (_where, chartFor) => {
    const charts = IstioCharts.oci('1.31.0');
    const namesBefore = (delivery: PlatformDelivery, name: string) => {
      const made = new IstioPlatform(new App(), 'istio', { charts, delivery, revision: '1-31' });
      const chart = chartFor(made);
      new IstioGateway(chart, 'door', { charts, delivery, name: 'door' });
      new Istiod(chart, 'older', { charts, delivery, revision: '1-30' });
      const manifests: Manifest[] = loadAll((made.node.root as App).synthYaml()) as Manifest[];
      const [{ spec, metadata }] = releasesOf(manifests).filter((release) => release.metadata.name === name);
      const dependsOn = (spec.dependsOn ?? []) as { name: string }[];
      return [...dependsOn.map((each) => each.name), metadata.annotations?.['argocd.argoproj.io/sync-wave']];
    };
    const flux = PlatformDelivery.flux();
    expect(namesBefore(flux, 'istiod-1-30')).toContain('istio-base');
    expect(namesBefore(flux, 'door')).toEqual(expect.arrayContaining(['istio-base', 'istiod-1-31', 'istiod-1-30']));
    const waves = ['istio-base', 'istiod-1-30', 'door'].map((name) =>
      Number(namesBefore(PlatformDelivery.argoCd(), name)),
    );
    expect(waves).toEqual([...waves].sort((a, b) => a - b));
    expect(new Set(waves).size).toBe(3);
  });

  test('a Namespace that the app makes elsewhere, too', () => {
    const app = new App();
    const props = { charts: IstioCharts.oci('1.31.0'), delivery: PlatformDelivery.flux(), createNamespaces: false };
    const made = new IstioPlatform(app, 'istio', props);
    const namespaces = new Chart(app, 'namespaces');
    new MeshNamespace(namespaces, 'istio-system');
    app.synthYaml();
    expect(app.charts).toEqual([namespaces, made]);
  });
});

test('Flux is told of other values that hold a null by another name, which it sees at once', () => {
  const froms = [1, 2, 2].map((cpu) => {
    const istiod = { resources: { cpu: { limit: Cpu.units(cpu) } } };
    return only(platform({ delivery: PlatformDelivery.flux(), istiod }), 'HelmRelease', 'istiod').spec.valuesFrom;
  });
  expect(froms[0]).not.toEqual(froms[1]);
  expect(froms[1]).toEqual(froms[2]);
});

describe('what is refused', () => {
  testRefusals([
    [
      'a namespace of Flux',
      () => PlatformDelivery.flux({ namespace: 'a.b' }),
      "PlatformDelivery.flux: namespace 'a.b'",
    ],
    [
      'half a second',
      () => PlatformDelivery.flux({ interval: Duration.millis(500) }),
      'interval 0.5 s',
      'whole number',
    ],
    ['an option of Flux', () => PlatformDelivery.flux({ intervall: 5 } as never), "did you mean 'interval'?"],
    [
      'a namespace of Argo CD',
      () => PlatformDelivery.argoCd({ namespace: '' }),
      "PlatformDelivery.argoCd: namespace ''",
    ],
    ['a project', () => PlatformDelivery.argoCd({ project: 'My Mesh' }), "PlatformDelivery.argoCd: project 'My Mesh'"],
    ['a server by name', () => PlatformDelivery.argoCd({ server: 'in-cluster' }), "server 'in-cluster'", "'https://"],
  ]);
});

function platform(props: Partial<IstioPlatformProps>): Manifest[] {
  const given = { charts: IstioCharts.oci('1.31.0'), helm: NO_HELM, ...props };
  return Testing.synth(new IstioPlatform(new App(), 'istio', given));
}

function isForController({ kind }: Manifest): boolean {
  return ['HelmRelease', 'OCIRepository', 'HelmRepository', 'Application', 'Namespace'].includes(kind);
}

function releasesOf(manifests: readonly Manifest[]): Manifest[] {
  return manifests.filter(({ kind }) => kind === 'HelmRelease' || kind === 'Application');
}

function valuesOf(manifests: readonly Manifest[], name: string): unknown {
  const [{ kind, spec }] = releasesOf(manifests).filter(({ metadata }) => metadata.name === name);
  if (kind === 'Application') {
    return load((spec.source as { helm: { values: string } }).helm.values);
  }
  const [{ name: from }] = (spec.valuesFrom as { name: string }[] | undefined) ?? [{ name: '' }];
  const { data } = (manifests.find(({ metadata }) => metadata.name === from) ?? {}) as { data?: object };
  return data === undefined ? spec.values : load((data as { 'values.yaml': string })['values.yaml']);
}

/** What Helm makes of a release as a controller is told of it, and as it was read from its objects. */
function installed(manifests: readonly Manifest[], release: string, chart: string, namespace: string): unknown[] {
  const args = ['template', release, join(CHARTS, chart), '--namespace', namespace, '--values', '-'];
  const input = JSON.stringify(valuesOf(manifests, release));
  const { stdout } = spawnSync(HELM, args, { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return loadAll(stdout, { schema: AS_KUBECTL_READS }).filter(Boolean).map(significant);
}

/** Without what cdk8s leaves out where it reads or writes objects: what is null, and annotations that are none. */
function significant(object: unknown): unknown {
  return JSON.parse(
    JSON.stringify(object, (_key, value) => (JSON.stringify(value) === '{}' ? undefined : (value ?? undefined))),
  );
}
