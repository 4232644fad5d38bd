/*
 * What is asked of Helm, and what is said where it does not do it. A script stands in for it.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Chart } from 'cdk8s';
import {
  DataPlaneMode,
  IstioBase,
  IstioCharts,
  IstioCni,
  Istiod,
  type IstiodProps,
  IstioGateway,
  IstioPlatform,
  Ztunnel,
} from 'cdk8s-versioned-mesh';
import { type Answers, FakeHelm } from '../../support/fake-helm';
import { refusalOf } from '../../support/refusal';
import { newChart, synth } from '../../support/synth';

const helms: FakeHelm[] = [];

/** One that answers so, and is gone after the tests. */
function fake(answers?: Answers): FakeHelm {
  const helm = new FakeHelm(answers);
  helms.push(helm);
  return helm;
}

afterAll(() => {
  for (const helm of helms) {
    helm.remove();
  }
});

/** An Istiod in a chart of its own, and with which sentence it was refused. */
function istiod(helm: FakeHelm, props: Partial<IstiodProps> = {}): Istiod {
  return new Istiod(newChart(), 'istiod', { charts: helm.charts, helm: helm.path, ...props });
}

describe('each part is one release', () => {
  const helm = fake();
  const common = { charts: helm.charts, helm: helm.path };

  test.each<[string, (chart: Chart) => unknown, string]>([
    ['IstioBase', (chart) => new IstioBase(chart, 'p', common), 'istio-base …/charts/base --namespace istio-system'],
    ['Istiod', (chart) => new Istiod(chart, 'p', common), 'istiod …/charts/istiod --namespace istio-system'],
    [
      'Istiod with a revision',
      (chart) => new Istiod(chart, 'p', { ...common, revision: '1-31', namespace: 'mesh' }),
      'istiod-1-31 …/charts/istiod --namespace mesh',
    ],
    ['IstioCni', (chart) => new IstioCni(chart, 'p', common), 'istio-cni …/charts/cni --namespace istio-system'],
    ['Ztunnel', (chart) => new Ztunnel(chart, 'p', common), 'ztunnel …/charts/ztunnel --namespace istio-system'],
    [
      'IstioGateway',
      (chart) => new IstioGateway(chart, 'p', common),
      'istio-ingressgateway …/charts/gateway --namespace istio-ingress',
    ],
    [
      'IstioGateway with a name',
      (chart) => new IstioGateway(chart, 'p', { ...common, name: 'front', namespace: 'edge' }),
      'front …/charts/gateway --namespace edge',
    ],
  ])('%s', (_, build, call) => {
    build(newChart());
    expect(helm.calls.at(-1)).toBe(`template ${call} --values -`);
  });
});

test('what Helm prints is written, in the order of its kinds', () => {
  const objects = ['b', 'a'].map(
    (name) => `kind: ConfigMap\napiVersion: v1\nmetadata: {name: ${name}}\ndata: {key: "yes", other: 0o17}`,
  );
  const chart = newChart();
  const helm = fake({ objects: `${objects.join('\n---\n')}\n---\n# nothing\n` });
  new Istiod(chart, 'istiod', { charts: helm.charts, helm: helm.path });
  expect(synth(chart)).toEqual([
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'b', namespace: 'shop' },
      data: { key: 'yes', other: 15 },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'shop' },
      data: { key: 'yes', other: 15 },
    },
  ]);
});

describe('of what Helm prints and the API server would not take, nothing is written', () => {
  test.each<[string, Answers, string]>([
    ['no YAML', { objects: 'kind: [' }, 'is no YAML in line 1 ('],
    ['nothing', { objects: '' }, 'has no objects; set helm to the path of Helm'],
    ['comments', { objects: '# nothing\n---\n' }, 'has no objects'],
    ['text', { objects: 'hello\n' }, `has '"hello"', which is no object of Kubernetes`],
    ['no kind', { objects: 'apiVersion: v1\nmetadata: {name: a}' }, `has '{"apiVersion":"v1","metadata":`],
    ['no name', { objects: 'apiVersion: v1\nkind: X\nmetadata: {}' }, 'which is no object of Kubernetes'],
    ['a number for a kind', { objects: 'apiVersion: v1\nkind: 1\nmetadata: {name: a}' }, 'no object of Kubernetes'],
    ['values that are no YAML', { values: 'a: [' }, 'what helm prints of its values is no YAML in line'],
  ])('%s', (_, answers, says) => {
    const chart = newChart();
    const helm = fake(answers);
    const message = refusalOf(() => new Istiod(chart, 'istiod', { charts: helm.charts, helm: helm.path }));
    expect(message).toMatch(/^chart\/istiod: chart 'istiod' cannot be re(ndered|ad): what helm .*\.$/);
    expect(message).toContain(says);
    expect(chart.node.children).toEqual([]);
  });
});

test('what belongs to the whole cluster does not get the namespace of the chart', () => {
  const helm = fake({
    objects: 'kind: ClusterRole\napiVersion: rbac.authorization.k8s.io/v1\nmetadata: {name: istiod}',
  });
  const chart = newChart();
  new IstioBase(chart, 'base', { charts: helm.charts, helm: helm.path });
  expect(synth(chart).map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
    ['ClusterRole', undefined],
    ['ValidatingAdmissionPolicy', undefined],
    ['ValidatingAdmissionPolicyBinding', undefined],
  ]);
});

test('two objects of one name and kind are both written, whatever their groups', () => {
  const objects = ['a.example.com/v1', 'b.example.com/v1'].map(
    (api) => `apiVersion: ${api}\nkind: X\nmetadata: {name: x}`,
  );
  const helm = fake({ objects: objects.join('\n---\n') });
  const chart = newChart();
  new Istiod(chart, 'istiod', { charts: helm.charts, helm: helm.path });
  expect(synth(chart)).toHaveLength(2);
});

describe('Helm itself', () => {
  test.each<[string, Answers | undefined, Partial<IstiodProps>, string[]]>([
    [
      'is missing',
      undefined,
      { helm: '/no/such/helm' },
      ["the command helm, '/no/such/helm', is not there", 'install Helm 3.7 or later', 'or set helm to its path'],
    ],
    [
      'is a folder',
      undefined,
      { helm: tmpdir() },
      [`the command helm, '${tmpdir()}', is a folder`, 'set helm to the path of Helm 3.7 or later'],
    ],
    [
      'may not be run',
      undefined,
      { helm: join(__dirname, 'helm.test.ts') },
      ['cannot be run (EACCES)', 'set helm to its path'],
    ],
    [
      'is another command, as ls',
      { failure: { of: 'version', says: "ls: unrecognized option '--short'" } },
      {},
      [
        "/helm', is not Helm: asked for its version, it failed, and says 'ls: unrecognized option '--short''",
        'set helm to the path of Helm 3.7 or later',
      ],
    ],
    [
      'is an old kubectl',
      { version: 'Client Version: v1.27.3' },
      {},
      ["is not Helm: asked for its version, it says 'Client Version: v1.27.3'"],
    ],
    ['is empty text', undefined, { helm: '' }, ["helm '' is no command", "leave it out for 'helm'"]],
    ['is too old', { version: 'v3.6.2+gee407bd' }, {}, ["is version 3.6, and Istio's charts need 3.7 or later"]],
    ['is Helm 2', { version: 'Client: v2.17.0+ga690bad' }, {}, ['is version older than 3.0']],
    ['is something else', { version: 'hello' }, {}, ["is not Helm: asked for its version, it says 'hello'"]],
    [
      'does not tell its version',
      { failure: { of: 'version', says: '' } },
      {},
      ['is not Helm: asked for its version, it failed, and says nothing; set'],
    ],
    [
      'cannot render',
      { failure: { of: 'template', says: 'Error: execution error\nat (istiod/x.yaml): unknown profile foo\n' } },
      { values: { platform: 'foo' } },
      [
        "chart 'istiod' cannot be rendered: helm failed, and says 'Error: execution error at (istiod/x.yaml): unknown profile foo'",
        'Correct what it names, as a rule in values.',
      ],
    ],
    [
      'says a lot, in colours',
      { failure: { of: 'template', says: `\u001b[31m${'x'.repeat(5000)}` } },
      {},
      ["says '\\u001b[31mxxx", "x… (5005 characters)'. Correct"],
    ],
    [
      'cannot read the chart',
      { failure: { of: 'show', says: 'Error: Chart.yaml' } },
      {},
      ['cannot be read: helm failed'],
    ],
  ])('%s', (_, answers, props, says) => {
    const helm = fake(answers);
    const chart = newChart();
    const message = refusalOf(() => new Istiod(chart, 'istiod', { charts: helm.charts, helm: helm.path, ...props }));
    for (const part of says) {
      expect(message).toContain(part);
    }
    expect(message).toMatch(/^chart\/istiod: /);
    expect(message).toMatch(/\.$/);
    expect(message.length).toBeLessThan(1200);
    expect(message).not.toContain('\u001b');
    expect(chart.node.children).toEqual([]);
  });

  test.each(['v3.7.0', 'v3.22', 'v4.3.1+g0123'])('may be %s', (version) => {
    expect(() => istiod(fake({ version }))).not.toThrow();
  });
});

describe('charts of no release', () => {
  const IMAGES = 'hub: "", tag: "", global: {hub: example.com/testing, tag: latest}';
  const SOURCES = `_internal_defaults_do_not_set: {base: {}, seccompProfile: {}, ${IMAGES}}`;

  test('have images of whichever build is the last, and are refused without hub and tag', () => {
    expect(refusalOf(() => istiod(fake({ values: SOURCES })))).toBe(
      "chart/istiod: chart 'istiod' is of no release, as those in Istio's sources are: its images would be those of example.com/testing with the tag 'latest', whatever that is on the day; set hub and tag, as in hub: 'registry.istio.io/release', tag: '1.31.0', or take the charts of a release.",
    );
    expect(refusalOf(() => istiod(fake({ values: SOURCES }), { tag: '1.31.0' }))).toContain(
      "those of example.com/testing with the tag '1.31.0'",
    );
  });

  test.each<Partial<IstiodProps>>([
    { hub: 'h', tag: 't' },
    { values: { hub: 'h', tag: 'latest' } },
    { values: { global: { hub: 'h', tag: 't' } } },
    { values: { image: 'example.com/pilot:1' } },
  ])('are none of this with %j', (props) => {
    const values = `${SOURCES}\nimage: pilot\n`;
    expect(() => istiod(fake({ values }), props)).not.toThrow();
  });
});

describe('values', () => {
  test('of a chart that has no such value are refused, with the one that is meant', () => {
    const helm = fake();
    expect(refusalOf(() => istiod(helm, { values: { meshconfig: {} } }))).toBe(
      "chart/istiod: values: chart 'istiod' has no value 'meshconfig', and would leave it aside without a word; did you mean 'meshConfig'?",
    );
    expect(helm.wasAskedToRender).toBe(false);
  });

  test('that this library writes and the chart does not know are not held against the user', () => {
    const helm = fake({ values: 'defaults: {meshConfig: {}}' });
    expect(refusalOf(() => istiod(helm, { values: { meshConfig: {} } }))).toMatch(
      /^chart\/istiod: chart 'istiod' from '.+\/charts' does not know the value 'base', which this library writes: it is of a release/,
    );
  });

  test('that are nothing like any have all listed', () => {
    expect(refusalOf(() => istiod(fake(), { values: { somethingElse: 1 } }))).toMatch(
      /it has autoscaleEnabled, .*profile, .* and trafficDistribution\.$/,
    );
  });

  test.each(['platform', 'compatibilityVersion', 'crlConfigMapName'])(
    '%s is one that the chart does not list',
    (name) => {
      expect(() => istiod(fake(), { values: { [name]: 'x' } })).not.toThrow();
    },
  );

  test('of the gateway are for its schema to refuse', () => {
    const helm = fake();
    new IstioGateway(newChart(), 'g', { charts: helm.charts, helm: helm.path, values: { anything: 1 } });
    expect(helm.calls).toHaveLength(1);
  });

  test('are merged last: maps deeply, anything else in place', () => {
    const helm = fake();
    const given = { global: { hub: 'other', logging: { level: 'debug' } }, revisionTags: undefined, resources: null };
    istiod(helm, { hub: 'mine', tag: '1', values: given });
    expect(helm.values).toMatchObject({
      global: { hub: 'other', tag: '1', istioNamespace: 'istio-system', logging: { level: 'debug' } },
      resources: null,
    });
  });

  test.each<[string, unknown, string]>([
    ['a function', () => 1, "values['meshConfig']['x'] (a function) is nothing that a file of values can hold"],
    ['no number', Number.NaN, "values['meshConfig']['x'] NaN is nothing"],
    ['a date', new Date(0), "values['meshConfig']['x'] (an object of class Date) is nothing"],
    ['a hole in a list', [1, undefined], "values['meshConfig']['x'][1] undefined is nothing"],
    ['a key of JavaScript', JSON.parse('{"__proto__": 1}'), "the key '__proto__'"],
  ])('with %s are refused', (_, x, says) => {
    const helm = fake();
    expect(refusalOf(() => istiod(helm, { values: { meshConfig: { x } } }))).toContain(says);
    expect(helm.calls).toEqual([]);
  });

  test('that hold themselves are refused', () => {
    const values: { [key: string]: unknown } = {};
    values.meshConfig = { values };
    expect(refusalOf(() => istiod(fake(), { values }))).toContain('is nested more than 100 levels deep');
  });
});

describe('charts from a repository', () => {
  let said = '';
  let write: jest.SpyInstance;

  beforeEach(() => {
    said = '';
    write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      said += text;
      return true;
    });
  });
  afterEach(() => write.mockRestore());

  /** The temporary folders of fetched charts. */
  const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('istio-charts-'));

  test('are fetched once by OCI, which is said, and nothing of them is left', () => {
    const helm = fake();
    const before = folders();
    istiod(helm, { charts: IstioCharts.oci('1.31.0') });
    const [pull, show, template, ...more] = helm.calls;
    expect(pull).toMatch(
      /^pull oci:\/\/registry\.istio\.io\/release\/charts\/istiod --version 1\.31\.0 --destination \S+$/,
    );
    expect(show).toMatch(/^show values \S+\/istiod-1\.31\.0\.tgz$/);
    expect(template).toMatch(/^template istiod \S+\/istiod-1\.31\.0\.tgz --namespace istio-system --values -$/);
    expect(more).toEqual([]);
    expect(said).toBe(
      "chart/istiod: fetched Istio's chart istiod 1.31.0 from oci://registry.istio.io/release/charts\n",
    );
    expect(folders()).toEqual(before);
  });

  test('are fetched by HTTPS, too', () => {
    const helm = fake();
    istiod(helm, { charts: IstioCharts.repository('https://charts.example.com/istio/', '1.31.0') });
    expect(helm.calls[0]).toMatch(
      /^pull istiod --repo https:\/\/charts\.example\.com\/istio --version 1\.31\.0 --destination \S+$/,
    );
  });

  test('that do not answer are said to, and nothing is left', () => {
    const helm = fake({ failure: { of: 'pull', says: 'Error: dial tcp: no such host' } });
    const before = folders();
    const message = refusalOf(() => istiod(helm, { charts: IstioCharts.oci('1.31.0') }));
    expect(message).toContain(
      "chart 'istiod' 1.31.0 cannot be fetched from 'oci://registry.istio.io/release/charts': helm failed, and says 'Error: dial tcp: no such host'",
    );
    expect(message).toContain('use IstioCharts.directory');
    expect(said).toBe('');
    expect(folders()).toEqual(before);
  });

  test('by OCI need Helm 3.8', () => {
    const helm = fake({ version: 'v3.7.2' });
    expect(refusalOf(() => istiod(helm, { charts: IstioCharts.oci('1.31.0') }))).toContain(
      'is version 3.7, and charts from an OCI registry need 3.8 or later',
    );
    expect(() => istiod(helm)).not.toThrow();
    const props = { charts: IstioCharts.oci('1.31.0'), helm: '/no/such/helm' };
    expect(refusalOf(() => istiod(helm, props))).toContain('install Helm 3.8 or later');
  });
});

test('Helm that somebody else ended is said to be', () => {
  const helm = fake();
  writeFileSync(helm.path, '#!/bin/sh\nif [ "$1" = version ]; then echo v3.18.4; else kill -9 $$; fi\n');
  expect(refusalOf(() => istiod(helm))).toContain('helm was ended by another (SIGKILL), and says nothing.');
});

describe('a folder of charts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'charts-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The chart that is rendered where the folder has these files. */
  const rendered = (...files: string[]) => {
    const charts = mkdtempSync(join(folder, 'c-'));
    for (const file of files) {
      mkdirSync(join(charts, file, '..'), { recursive: true });
      writeFileSync(join(charts, file), '');
    }
    const helm = fake();
    istiod(helm, { charts: IstioCharts.directory(charts) });
    return helm.calls.at(-1)?.replace(charts, '…').split(' ')[2];
  };

  test.each([
    [['istiod/Chart.yaml', 'istiod-1.31.0.tgz']],
    [['istiod/Chart.yaml', 'istio-control/istio-discovery/Chart.yaml']],
  ])('with %j has it twice', (files) => {
    expect(refusalOf(() => rendered(...files))).toContain("has chart 'istiod' more than once, as 'istiod' and '");
  });

  test('that has another chart there is refused', () => {
    const charts = mkdtempSync(join(folder, 'c-'));
    mkdirSync(join(charts, 'istiod'));
    writeFileSync(join(charts, 'istiod/Chart.yaml'), 'apiVersion: v2\nname: gateway\n');
    const helm = fake();
    expect(refusalOf(() => istiod(helm, { charts: IstioCharts.directory(charts) }))).toMatch(
      /^chart\/istiod: '.+\/istiod' is chart 'gateway' and not 'istiod'; fetch that into there\.$/,
    );
    expect(helm.calls).toEqual([]);
  });

  test('that is gone is said to be', () => {
    const path = mkdtempSync(join(folder, 'c-'));
    const charts = IstioCharts.directory(path);
    rmSync(path, { recursive: true });
    expect(refusalOf(() => istiod(fake(), { charts }))).toMatch(
      /the folder of charts '.+' cannot be read \(ENOENT\); name/,
    );
  });

  test('has them as helm pull writes them, unpacked, or as the sources have them', () => {
    expect(rendered('istiod-1.31.0.tgz', 'istio-1.0.tgz', 'istiod-remote-1.31.0.tgz')).toBe('…/istiod-1.31.0.tgz');
    expect(rendered('istiod/Chart.yaml')).toBe('…/istiod');
    expect(rendered('istio-control/istio-discovery/Chart.yaml')).toBe('…/istio-control/istio-discovery');
  });

  test('without the chart is refused', () => {
    expect(refusalOf(() => rendered('base-1.31.0.tgz'))).toMatch(
      /chart 'istiod' is not in '.+', neither as the folder istiod\/ or istio-control\/istio-discovery\/ nor as a file istiod-….tgz; fetch it/,
    );
  });

  test('with two releases of it is refused', () => {
    expect(refusalOf(() => rendered('istiod-1.31.0.tgz', 'istiod-1.30.1.tgz'))).toContain(
      "more than once, as 'istiod-1.30.1.tgz' and 'istiod-1.31.0.tgz'; keep the one that is meant.",
    );
  });
});

describe('nothing is left of a platform', () => {
  test('of which one part fails', () => {
    const helm = fake({ failure: { of: 'template', says: 'Error: no' } });
    const app = new App();
    const build = (path: string) => new IstioPlatform(app, 'istio', { charts: helm.charts, helm: path });
    expect(refusalOf(() => build(helm.path))).toMatch(/^istio\/base: chart 'base' cannot be rendered/);
    expect(app.node.children).toEqual([]);
    expect(() => build(fake().path)).not.toThrow();
  });

  test('whose control plane fails after its kinds are rendered', () => {
    const app = new App();
    const helm = fake();
    const props = { charts: helm.charts, helm: helm.path, dataPlane: DataPlaneMode.AMBIENT, cni: false };
    expect(refusalOf(() => new IstioPlatform(app, 'istio', props))).toMatch(/^istio\/istiod: cni false leaves/);
    expect(app.node.children).toEqual([]);
  });
});

test('a chart cannot be rendered without an app above the platform', () => {
  expect(refusalOf(() => new IstioPlatform(undefined as unknown as App, 'istio', {} as never))).toContain(
    'is not a construct',
  );
  expect(refusalOf(() => new Istiod(new App() as unknown as Chart, 'istiod', {} as never))).toContain('is in no chart');
});
