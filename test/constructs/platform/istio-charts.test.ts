/*
 * What Istio's charts make of the props, by the real Helm and the real charts.
 */
import { App, Chart, Testing } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-27';
import {
  HeaderRoutedMesh,
  IstioBase,
  IstioCharts,
  Istiod,
  IstioGateway,
  IstioPlatform,
  type IstioPlatformProps,
  Mesh,
  Ztunnel,
} from 'cdk8s-versioned-mesh';
import { fullPlatform } from '../../support/full-platform';
import { CHARTS, describeWithCharts, HELM } from '../../support/istio-charts';
import { refusalOf } from '../../support/refusal';
import { type Manifest, newChart, only, synth } from '../../support/synth';
import { versioned } from '../../support/versioned';

// Helm renders the kinds in a second, and several times so on a machine that does other things.
jest.setTimeout(60_000);

/** The charts are those of Istio's sources, which name no release. */
const images = { hub: 'registry.istio.io/release', tag: '1.31.0' };
const common = () => ({ charts: IstioCharts.directory(CHARTS), helm: HELM });
const withImages = () => ({ ...common(), ...images });

function platform(props: Partial<IstioPlatformProps> = {}): Manifest[] {
  return synth(new IstioPlatform(new App(), 'istio', { ...withImages(), ...props }));
}

/** Kind, namespace and name of each, in order. */
function titlesOf(manifests: readonly Manifest[]): string[] {
  return manifests.map(({ kind, metadata: { namespace, name } }) => [kind, namespace, name].filter(Boolean).join(' '));
}

function podOf(manifests: readonly Manifest[], kind: string, name: string): k8s.PodSpec {
  return (only(manifests, kind, name).spec as unknown as k8s.DeploymentSpec).template.spec as k8s.PodSpec;
}

/** The mesh configuration, as YAML. */
function meshConfigOf(manifests: readonly Manifest[], name = 'istio'): string {
  return (only(manifests, 'ConfigMap', name) as unknown as { data: { mesh: string } }).data.mesh;
}

function webhooksOf(manifests: readonly Manifest[]): [string, string | undefined][] {
  return manifests
    .filter(({ kind }) => kind === 'ValidatingWebhookConfiguration')
    .flatMap((manifest) => (manifest as unknown as { webhooks: { name: string; failurePolicy?: string }[] }).webhooks)
    .map(({ name, failurePolicy }) => [name, failurePolicy]);
}

describeWithCharts('a platform with the fewest props', () => {
  let manifests: Manifest[];
  beforeAll(() => {
    manifests = platform();
  });

  test('is this', () => expect(titlesOf(manifests)).toMatchSnapshot());

  test('is the same at each synth', () => expect(platform()).toEqual(manifests));

  test('leaves nothing open about how its mesh routes', () => {
    const { caveats } = Mesh.fromManifests(manifests).route({ url: 'http://example.com/' });
    expect(caveats).toEqual([]);
    const strict = platform({
      values: { istiod: { meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } } } },
    });
    const mesh = Mesh.fromManifests([...strict, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }]);
    expect(mesh.route({ url: 'http://example.com/', from: 'mesh:default/a' }).outcome).toBe('BLOCKED');
  });

  test('begins with its namespaces, strict as their pods are', () => {
    expect(manifests.slice(0, 2).map(({ metadata }) => [metadata.name, metadata.labels])).toEqual([
      ['istio-ingress', { 'pod-security.kubernetes.io/enforce': 'restricted' }],
      ['istio-system', { 'pod-security.kubernetes.io/enforce': 'restricted' }],
    ]);
  });

  test.each(['istiod', 'istio-ingressgateway'])('the pods of %s are what restricted asks for', (name) => {
    const { securityContext, containers, volumes = [], hostNetwork } = podOf(manifests, 'Deployment', name);
    const [{ securityContext: own }] = containers;
    expect({ ...securityContext, ...own }).toMatchObject({
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(volumes.filter((volume) => 'hostPath' in volume)).toEqual([]);
    expect(hostNetwork).toBeUndefined();
  });

  test('validates from the start as istiod has it later', () => {
    expect(webhooksOf(manifests)).toEqual([
      ['validation.istio.io', 'Fail'],
      ['rev.validation.istio.io', 'Fail'],
    ]);
  });

  test('keeps its kinds, by a policy that is deleted after them', () => {
    const kinds = manifests.map(({ kind }) => kind);
    expect(kinds.lastIndexOf('CustomResourceDefinition')).toBeLessThan(kinds.indexOf('ValidatingAdmissionPolicy'));
    expect(kinds.indexOf('ValidatingAdmissionPolicy')).toBeLessThan(kinds.indexOf('ValidatingAdmissionPolicyBinding'));
    const labels = manifests
      .filter(({ kind }) => kind === 'CustomResourceDefinition')
      .map(({ metadata }) => metadata.labels);
    expect(labels).toHaveLength(15);
    for (const label of labels) {
      expect(label).toMatchObject({ 'app.kubernetes.io/part-of': 'istio' });
    }
  });

  test('writes no line of access log, and its gateway has the ports of the chart', () => {
    expect(meshConfigOf(manifests)).not.toContain('accessLogFile');
    const { type, ports } = only(manifests, 'Service', 'istio-ingressgateway').spec as unknown as k8s.ServiceSpec;
    expect([type, ports?.map(({ port }) => port)]).toEqual(['LoadBalancer', [15021, 80, 443]]);
  });
});

describeWithCharts('a platform with all props', () => {
  let manifests: Manifest[];
  beforeAll(() => {
    const { charts, helm } = common();
    manifests = synth(fullPlatform(new App(), charts, helm));
  });

  test('is this', () => expect(titlesOf(manifests)).toMatchSnapshot());

  test('is in order: kinds, plugin, istiod, ztunnel, gateway', () => {
    const titles = titlesOf(manifests);
    const order = [
      'Namespace mesh',
      'CustomResourceDefinition virtualservices.networking.istio.io',
      'ValidatingAdmissionPolicyBinding keep-istio-kinds',
      'DaemonSet mesh istio-cni-node',
      'Deployment mesh istiod-1-31',
      'DaemonSet mesh ztunnel',
      'Deployment edge front',
    ].map((title) => titles.indexOf(title));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order[0]).toBeGreaterThanOrEqual(0);
  });

  test('lets the plugin and ztunnel do as they must, and the gateway not', () => {
    const level = (name: string) => only(manifests, 'Namespace', name).metadata.labels;
    expect(level('mesh')).toEqual({ 'pod-security.kubernetes.io/enforce': 'privileged' });
    expect(level('edge')).toEqual({ 'pod-security.kubernetes.io/enforce': 'restricted' });
  });

  test('takes every image from the hub, by the tag', () => {
    const images = manifests
      .filter(({ kind }) => /Deployment|DaemonSet/.test(kind))
      .flatMap(({ kind, metadata }) => podOf(manifests, kind, metadata.name).containers.map(({ image }) => image));
    expect(images).toEqual([
      'example.com/istio/install-cni:9.9.9-distroless',
      'example.com/istio/pilot:9.9.9-distroless',
      'example.com/istio/ztunnel:9.9.9',
      'auto',
    ]);
  });

  test('has exactly so many pods where fewest and most are the same', () => {
    expect(only(manifests, 'Deployment', 'istiod-1-31').spec.replicas).toBe(2);
    const scalers = manifests.filter(({ kind }) => kind === 'HorizontalPodAutoscaler');
    expect(scalers.map(({ metadata, spec }) => [metadata.name, spec.minReplicas, spec.maxReplicas])).toEqual([
      ['front', 3, 6],
    ]);
    expect(only(manifests, 'Deployment', 'front').spec).not.toHaveProperty('replicas');
  });

  test('asks for what the props say, and for nothing of the chart', () => {
    for (const name of ['istiod-1-31', 'front']) {
      expect(podOf(manifests, 'Deployment', name).containers[0].resources).toEqual({
        requests: { cpu: '100m' },
        limits: { memory: '1024Mi' },
      });
    }
  });

  test('is the one that namespaces without a revision mean', () => {
    const tag = only(manifests, 'MutatingWebhookConfiguration', 'istio-revision-tag-default-mesh');
    expect(JSON.stringify(tag)).toContain('"istio-injection","operator":"In","values":["enabled"]');
    const validator = only(manifests, 'ValidatingWebhookConfiguration', 'istiod-default-validator');
    expect(JSON.stringify(validator)).toContain('"name":"istiod-1-31"');
    expect(only(manifests, 'Deployment', 'front').spec).toMatchObject({
      template: { metadata: { labels: { 'istio.io/rev': '1-31' } } },
    });
  });

  test('is ambient', () => {
    expect(meshConfigOf(manifests, 'istio-1-31')).toContain('ISTIO_META_ENABLE_HBONE');
    const cni = only(manifests, 'ConfigMap', 'istio-cni-config') as unknown as { data: { AMBIENT_ENABLED: string } };
    expect(cni.data.AMBIENT_ENABLED).toBe('true');
    const env = podOf(manifests, 'DaemonSet', 'ztunnel').containers[0].env;
    expect(env).toContainEqual({ name: 'XDS_ADDRESS', value: 'istiod-1-31.mesh.svc:15012' });
  });

  test('has values merged last', () => {
    const mesh = meshConfigOf(manifests, 'istio-1-31');
    expect(mesh).toContain('accessLogEncoding: TEXT\naccessLogFile: /dev/stdout\n');
    expect(mesh).toContain('outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n');
    expect(only(manifests, 'Deployment', 'front').spec).toMatchObject({
      template: { metadata: { annotations: { 'example.com/team': 'edge', 'inject.istio.io/templates': 'gateway' } } },
    });
  });

  test('has the Service of the props', () => {
    expect(only(manifests, 'Service', 'front').spec).toMatchObject({
      type: 'NodePort',
      ports: [{ port: 15021 }, { name: 'http2', port: 80, targetPort: 8080, nodePort: 30080 }],
    });
  });
});

describeWithCharts('a platform otherwise', () => {
  test('with the plugin for sidecars has no init container with capabilities, nor ztunnel', () => {
    const manifests = platform({ cni: true });
    expect(titlesOf(manifests).filter((title) => title.startsWith('DaemonSet'))).toEqual([
      'DaemonSet istio-system istio-cni-node',
    ]);
    const { data } = only(manifests, 'ConfigMap', 'values') as unknown as { data: { 'merged-values': string } };
    expect(JSON.parse(data['merged-values'])).toMatchObject({ cni: { enabled: true } });
  });

  test('with all in one namespace has it once', () => {
    const titles = titlesOf(platform({ cni: true, gateway: { namespace: 'istio-system' } }));
    expect(titles.filter((title) => title.startsWith('Namespace'))).toEqual(['Namespace istio-system']);
  });

  test('with values that the schema of the gateway does not have is refused', () => {
    const gateway = { replicas: 3 };
    expect(refusalOf(() => platform({ values: { gateway } }))).toMatch(
      /^istio\/gateway: chart 'gateway' cannot be rendered: helm failed, and says '.*additional properties 'replicas' not allowed'\. Correct what it names, as a rule in values\.$/,
    );
  });

  test('with a misspelt value of istiod is refused', () => {
    expect(refusalOf(() => platform({ values: { istiod: { meshConfg: {} } } }))).toContain(
      "did you mean 'meshConfig'?",
    );
  });

  test('by charts of no release, without hub and tag, is refused', () => {
    expect(refusalOf(() => new IstioPlatform(new App(), 'istio', common()))).toContain(
      "istio/istiod: chart 'istiod' is of no release, as those in Istio's sources are: its images would be those of registry.istio.io/testing with the tag 'latest'",
    );
    expect(refusalOf(() => new IstioPlatform(new App(), 'istio', { ...common(), cni: true }))).toContain(
      "chart 'cni' is",
    );
    expect(refusalOf(() => new Ztunnel(newChart(), 'z', common()))).toContain("chart 'ztunnel' is");
  });

  test('with a profile among its values is refused', () => {
    expect(refusalOf(() => platform({ values: { istiod: { profile: 'tiny' } } }))).toContain("values: profile 'tiny'");
  });

  test('with a platform that there is not is refused', () => {
    expect(refusalOf(() => platform({ values: { istiod: { platform: 'tiny' } } }))).toContain('unknown platform tiny');
  });
});

describeWithCharts('the parts in charts of their own', () => {
  test('come before what the app has of their kinds, whatever is made first', () => {
    const app = new App();
    const apis = new Chart(app, 'apis', { namespace: 'apis' });
    new HeaderRoutedMesh(apis, 'mesh', { hosts: ['apis.example.com'], ...versioned(apis) });
    const base = new Chart(app, 'base');
    new IstioBase(base, 'base', common());
    const files = app.synthYaml();
    expect(files.indexOf('kind: CustomResourceDefinition')).toBeGreaterThan(0);
    expect(files.indexOf('kind: CustomResourceDefinition')).toBeLessThan(files.indexOf('kind: VirtualService'));
  });

  test('beside an older control plane', () => {
    const app = new App();
    new IstioPlatform(app, 'istio', { ...withImages(), revision: '1-30' });
    new Istiod(new Chart(app, 'next'), 'istiod', { ...withImages(), revision: '1-31' });
    const text = app.synthYaml();
    expect(text).toContain('name: istiod-1-30\n');
    expect(text).toContain('name: istiod-1-31\n');
  });

  test('in a chart with a namespace leave what belongs to the whole cluster without', () => {
    const chart = newChart();
    new IstioBase(chart, 'base', common());
    new Istiod(chart, 'istiod', withImages());
    new IstioGateway(chart, 'gateway', common());
    const namespaces = Testing.synth(chart).map(({ kind, metadata }) => `${kind} ${metadata.namespace}`);
    expect([...new Set(namespaces)].sort()).toMatchSnapshot();
  });
});
