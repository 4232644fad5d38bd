import { Duration } from 'cdk8s';
import { Prometheus, type PrometheusProps } from 'cdk8s-versioned-mesh';
import { parse } from 'yaml';
import { testRefusals } from '../../support/refusal';
import { containerIn, type Manifest, manifestsOf, newChart, only, podIn } from '../../support/synth';

test('asks the running pods that ask for it, at the port and path of their annotations, and nobody else', () => {
  const { scrape_configs: jobs } = configOf(made());
  expect(jobs).toHaveLength(1);
  expect(jobs[0].kubernetes_sd_configs).toEqual([{ role: 'pod' }]);
  expect(relabelled(jobs[0].relabel_configs, POD)).toEqual({
    __address__: '10.0.0.7:15020',
    __metrics_path__: '/stats/prometheus',
    namespace: 'shop',
    pod: 'apis-v1-abc',
    app: 'apis',
    version: 'v1',
  });
  for (const other of [
    { scrape: 'false' },
    { scrape: undefined },
    { port: undefined },
    { port: 'http' },
    { phase: 'Failed' },
  ]) {
    expect(relabelled(jobs[0].relabel_configs, { ...POD, ...other })).toBeUndefined();
  }
});

test('asks istiod, which says no path, and pods by IPv6', () => {
  const [{ relabel_configs: rules }] = configOf(made()).scrape_configs;
  expect(relabelled(rules, { ...POD, port: '15014', path: undefined, ip: 'fd00::7' })).toMatchObject({
    __address__: '[fd00::7]:15014',
    __metrics_path__: '/metrics',
  });
});

test('asks as often, and keeps as long, as it is told', () => {
  const manifests = made({ retention: Duration.hours(6), scrapeInterval: Duration.seconds(5) });
  expect(configOf(manifests).global).toEqual({ scrape_interval: '5s' });
  expect(containerIn(manifests).args).toContain('--storage.tsdb.retention.time=21600s');
});

test('is in memory of the node only for as long as the pod, and in no more of it than is said', () => {
  const { volumes } = podIn(made());
  expect(volumes).toContainEqual({ name: 'data', emptyDir: { sizeLimit: '1024Mi' } });
  expect(containerIn(made()).args).toContain('--storage.tsdb.retention.size=800MB');
});

test('may read pods and nothing else', () => {
  expect(only(made(), 'ClusterRole')).toMatchObject({
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }],
  });
});

test('says where it is', () => {
  expect(new Prometheus(newChart(), 'prometheus').url).toBe('http://prometheus.istio-system:9090');
  expect(new Prometheus(newChart(), 'prometheus', { namespace: 'look' }).url).toBe('http://prometheus.look:9090');
});

describe('what is refused', () => {
  const refused = (props: unknown) => () => made(props as PrometheusProps);
  testRefusals([
    ['a namespace that is none', refused({ namespace: 'my.look' }), "chart/look: namespace 'my.look'", "'my-look'"],
    [
      'half a second',
      refused({ scrapeInterval: Duration.millis(500) }),
      'scrapeInterval 0.5 s',
      'whole number of seconds',
    ],
    ['no time at all', refused({ retention: Duration.seconds(0) }), 'retention 0 s', 'Duration.seconds(30)'],
    ['a number for a duration', refused({ retention: 5 }), 'retention 5', 'Duration.'],
    ['an option that it has not', refused({ retentoin: 5 }), "did you mean 'retention'?"],
    [
      'more CPU than the limit',
      refused({ resources: { cpu: { request: { amount: '2' }, limit: { amount: '1' } } } }),
      'resources.cpu',
      'exceeds the limit',
    ],
  ]);
});

/** The annotations of Istio's injector, and what else is looked at. */
const POD: Pod = {
  scrape: 'true',
  port: '15020',
  path: '/stats/prometheus',
  phase: 'Running',
  ip: '10.0.0.7',
  namespace: 'shop',
  name: 'apis-v1-abc',
  app: 'apis',
  version: 'v1',
};

type Pod = { readonly [about: string]: string | undefined };

interface Rule {
  readonly action?: string;
  readonly source_labels: readonly string[];
  readonly regex?: string;
  readonly target_label: string;
  readonly replacement?: string;
}

interface Config {
  readonly global: object;
  readonly scrape_configs: readonly {
    readonly kubernetes_sd_configs: object;
    readonly relabel_configs: readonly Rule[];
  }[];
}

/** The target that Prometheus makes of a pod, by its rules of relabelling; undefined where it makes none. */
function relabelled(rules: readonly Rule[], pod: Pod): object | undefined {
  const labels: { [name: string]: string | undefined } = {
    __address__: `${pod.ip}:5000`,
    __metrics_path__: '/metrics',
    __meta_kubernetes_namespace: pod.namespace,
    __meta_kubernetes_pod_name: pod.name,
    __meta_kubernetes_pod_ip: pod.ip,
    __meta_kubernetes_pod_phase: pod.phase,
    __meta_kubernetes_pod_label_app: pod.app,
    __meta_kubernetes_pod_label_version: pod.version,
    __meta_kubernetes_pod_annotation_prometheus_io_scrape: pod.scrape,
    __meta_kubernetes_pod_annotation_prometheus_io_port: pod.port,
    __meta_kubernetes_pod_annotation_prometheus_io_path: pod.path,
  };
  for (const {
    action = 'replace',
    source_labels: from,
    regex = '(.*)',
    target_label: to,
    replacement = '$1',
  } of rules) {
    const whole = new RegExp(`^(?:${regex})$`);
    const value = from.map((name) => labels[name] ?? '').join(';');
    if (action === 'keep' && !whole.test(value)) {
      return undefined;
    }
    if (action === 'replace' && whole.test(value)) {
      labels[to] = value.replace(whole, replacement);
    }
  }
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith('__meta_')));
}

function made(props?: PrometheusProps): Manifest[] {
  return manifestsOf((chart) => new Prometheus(chart, 'look', props));
}

function configOf(manifests: readonly Manifest[]): Config {
  const { data } = only(manifests, 'ConfigMap') as unknown as { data: { [file: string]: string } };
  return parse(data['prometheus.yml']);
}
