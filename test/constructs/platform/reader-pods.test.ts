/*
 * Prometheus and Kiali, as far as they are alike: one pod that reads the cluster, and keeps to the Pod Security Standard "restricted".
 */
import { type App, Chart, type ChartProps } from 'cdk8s';
import { Kiali, type KialiProps, Prometheus, type PrometheusProps } from 'cdk8s-versioned-mesh';
import { fullKiali, fullPrometheus } from '../../support/full';
import { refusalOf } from '../../support/refusal';
import {
  containerIn,
  deploymentIn,
  kinds,
  type Manifest,
  manifestsOf,
  newChart,
  only,
  podIn,
  podLabelsIn,
  selects,
  synth,
} from '../../support/synth';
import { expectValid } from '../../support/valid';

type Props = PrometheusProps & Partial<KialiProps>;

const PODS: {
  readonly [name: string]: { make: (chart: Chart, props?: Props) => unknown; full: (chart: Chart) => unknown };
} = {
  prometheus: { make: (chart, props) => new Prometheus(chart, 'made', props), full: fullPrometheus },
  kiali: {
    make: (chart, props) =>
      new Kiali(chart, 'made', { prometheusUrl: 'http://prometheus.istio-system:9090', ...props }),
    full: fullKiali,
  },
};

describe.each(Object.entries(PODS))('%s', (name, { make, full }) => {
  const made = (props?: Props, chart?: ChartProps) => manifestsOf((scope) => make(scope, props), chart);

  test.each([
    ['with no option', made],
    ['with all of them', () => manifestsOf(full)],
  ])('%s is what a cluster takes', (_what, build) => {
    const manifests = build();
    expectValid(manifests);
    expect(manifests).toMatchSnapshot();
  });

  test('is called so, in the namespace of istiod, whatever the namespace of the chart', () => {
    for (const { kind, metadata } of made({}, { namespace: 'shop' }).filter(
      ({ kind }) => !kind.startsWith('Cluster'),
    )) {
      expect({ kind, name: metadata.name, namespace: metadata.namespace }).toEqual({
        kind,
        name,
        namespace: 'istio-system',
      });
    }
  });

  test.each([undefined, 'shop'])('its roles are in no namespace, in a chart of namespace %s', (namespace) => {
    for (const kind of ['ClusterRole', 'ClusterRoleBinding']) {
      const { metadata } = only(made({ namespace: 'look' }, { namespace }), kind);
      expect(metadata.name).toBe(`look-${name}`);
      expect(metadata).not.toHaveProperty('namespace');
    }
  });

  test('two can be in two namespaces, and not in one', () => {
    const chart = newChart();
    make(chart);
    full(chart);
    expect(synth(chart)).toHaveLength(made().length + manifestsOf(full).length);
    const twice = newChart();
    make(twice);
    make(new Chart(twice.node.root as App, 'other'));
    expect(refusalOf(() => synth(twice))).toContain(`Deployment '${name}' in namespace 'istio-system' is made 2 times`);
  });

  test('reads, and changes nothing; no secrets, and no logs of pods or ways into them', () => {
    const { rules } = only(made(), 'ClusterRole') as unknown as { rules: Rule[] };
    for (const { apiGroups, resources, verbs } of rules) {
      expect(['get', 'list', 'watch']).toEqual(expect.arrayContaining(verbs));
      expect(resources).not.toContain('secrets');
      expect(resources.filter((resource) => resource.includes('/'))).toEqual([]);
      expect(resources.includes('*') ? apiGroups.filter((group) => !/\.(istio|k8s)\.io$/.test(group)) : []).toEqual([]);
    }
  });

  test('the pod has the token of its account, and the account gives it to no other', () => {
    const manifests = made();
    expect(only(manifests, 'ServiceAccount')).toMatchObject({ automountServiceAccountToken: false });
    expect(podIn(manifests)).toMatchObject({ automountServiceAccountToken: true, serviceAccountName: name });
    expect(only(manifests, 'ClusterRoleBinding')).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: only(manifests, 'ClusterRole').metadata.name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: 'istio-system' }],
    });
  });

  test('its Service leads to the pod, from within the cluster only', () => {
    const manifests = made();
    const { spec } = only(manifests, 'Service');
    expect(selects(spec.selector as never, podLabelsIn(manifests))).toBe(true);
    expect(spec).toMatchObject({ type: 'ClusterIP', ports: [{ name: 'http', targetPort: 'http' }] });
    expect(containerIn(manifests).ports).toEqual([
      { name: 'http', containerPort: (spec.ports as { port: number }[])[0].port },
    ]);
    expect(kinds(manifests)).not.toContain('Ingress');
  });

  test('keeps to the Pod Security Standard "restricted", and beyond', () => {
    const pod = podIn(made());
    expect(pod.initContainers).toBeUndefined();
    expect(pod).toMatchObject({
      hostNetwork: false,
      enableServiceLinks: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: expect.any(Number),
        seccompProfile: { type: 'RuntimeDefault' },
      },
    });
    expect(pod.containers).toHaveLength(1);
    expect(pod.containers[0].securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    });
    for (const { name: _name, ...source } of podIn(manifestsOf(full)).volumes ?? []) {
      expect(['configMap', 'emptyDir', 'secret']).toContain(Object.keys(source).join());
    }
  });

  test('has limits, probes, and no sidecar', () => {
    const manifests = made();
    const { resources, startupProbe, livenessProbe, readinessProbe } = containerIn(manifests);
    expect(resources).toMatchObject({ requests: { cpu: '100m' }, limits: { memory: '1024Mi' } });
    for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
      expect(probe?.httpGet).toBeDefined();
    }
    expect(podLabelsIn(manifests)).toMatchObject({ app: name, 'sidecar.istio.io/inject': 'false' });
  });

  test('another configuration is another pod, and the same is the same', () => {
    expect(checksumOf(made())).toMatch(/^[0-9a-f]{64}$/);
    expect(checksumOf(made())).toBe(checksumOf(made({ image: 'mirror/of-it:1' })));
    expect(checksumOf(made())).not.toBe(checksumOf(manifestsOf(full)));
  });

  test('what is refused leaves nothing behind', () => {
    const chart = newChart();
    expect(refusalOf(() => make(chart, { image: 'Not An Image' }))).toContain("chart/made: image 'Not An Image'");
    expect(chart.node.children).toEqual([]);
    expect(() => make(chart)).not.toThrow();
  });
});

interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

function checksumOf(manifests: readonly Manifest[]): string | undefined {
  return deploymentIn(manifests).template.metadata?.annotations?.['checksum/config'];
}
