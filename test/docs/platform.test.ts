/*
 * The snippets of the page about the platform, where Helm and Istio's charts are: `conformance/prepare` gets both.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Yaml } from 'cdk8s';
import { Mesh } from 'cdk8s-versioned-mesh';
import { CHARTS, describeWithCharts, HELM } from '../support/istio-charts';

const ROOT = join(__dirname, '../..');

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  // biome-ignore lint/suspicious/noExplicitAny: whatever a manifest has
  readonly [field: string]: any;
}

/** The charts with a release for their images, as Istio publishes them. */
function releasedCharts(folder: string): string {
  const charts = join(folder, 'charts');
  cpSync(CHARTS, charts, { recursive: true });
  for (const chart of ['istiod', 'cni', 'ztunnel']) {
    const file = join(charts, chart, 'values.yaml');
    const values = readFileSync(file, 'utf8').replaceAll('registry.istio.io/testing', 'registry.istio.io/release');
    writeFileSync(file, values.replace('tag: latest', 'tag: 1.31.0'));
  }
  return charts;
}

describeWithCharts('with Helm and the charts, the snippets of docs/platform.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'platform-snippets-'));
  const read = (file: string): Manifest[] => Yaml.load(join(folder, file));
  const named = (objects: readonly Manifest[], kind: string, name: string) =>
    objects.find((object) => object.kind === kind && object.metadata.name === name);

  beforeAll(() => {
    execFileSync(
      process.execPath,
      ['-r', './examples/typescript.js', 'test/docs/platform-snippets.ts', folder, releasedCharts(folder)],
      { cwd: ROOT, env: { ...process.env, PATH: `${dirname(HELM)}${delimiter}${process.env.PATH}` } },
    );
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('shop: the file of the platform comes first, and its gateway serves the host', () => {
    expect(readdirSync(join(folder, 'shop'))).toEqual(['0000-istio.k8s.yaml', '0001-shop.k8s.yaml']);
    const mesh = Mesh.fromFiles([join(folder, 'shop')]);
    expect(mesh.check().filter(({ severity }) => severity !== 'info')).toEqual([]);
    const { outcome, destinations } = mesh.route({ url: 'https://shop.example.com/' });
    expect([outcome, destinations.map(({ host }) => host)]).toEqual(['FORWARD', ['web.shop.svc.cluster.local']]);
    expect(named(read('shop/0001-shop.k8s.yaml'), 'Gateway', 'public')?.spec.selector).toEqual({
      app: 'istio-ingressgateway',
      istio: 'ingressgateway',
    });
  });

  test('values: what is merged last is there, and what the props say', () => {
    const objects = read('values/istio.k8s.yaml');
    expect(named(objects, 'ConfigMap', 'istio')?.data.mesh).toContain('REGISTRY_ONLY');
    expect(named(objects, 'ConfigMap', 'istio')?.data.mesh).toContain('accessLogEncoding: JSON');
    expect(named(objects, 'Service', 'istio-public')?.spec).toMatchObject({ type: 'NodePort' });
    expect(named(objects, 'HorizontalPodAutoscaler', 'istiod')?.spec.minReplicas).toBe(2);
  });

  test('upgrade: two control planes side by side, and the older is the default', () => {
    const objects = read('upgrade/istio.k8s.yaml');
    const deployments = objects.filter(({ kind }) => kind === 'Deployment').map(({ metadata }) => metadata.name);
    expect(deployments.sort()).toEqual(['istio-ingressgateway', 'istiod-1-31', 'istiod-1-32']);
    const tag = named(objects, 'MutatingWebhookConfiguration', 'istio-revision-tag-default');
    expect(tag?.webhooks[0].clientConfig.service.name).toBe('istiod-1-31');
    const validator = named(objects, 'ValidatingWebhookConfiguration', 'istiod-default-validator');
    expect(validator?.webhooks[0].clientConfig.service.name).toBe('istiod-1-31');
  });
});
