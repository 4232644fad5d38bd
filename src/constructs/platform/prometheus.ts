import { Duration, Size } from 'cdk8s';
import { type ContainerResources, Cpu, Volume } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { checkedId } from '../objects/check-argument';
import { removeFromScope } from '../objects/remove-unless';
import { duration, Struct, text } from '../objects/struct';
import { watchForDuplicates } from '../objects/unique-objects';
import { CONTAINER_RESOURCES } from '../objects/container-resources';
import { addReaderPod, DEFAULT_NAMESPACE, wholeSeconds } from './reader-pod';

/**
 * What a Prometheus is made of.
 */
export interface PrometheusProps {
  /**
   * The namespace of its objects.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;

  /**
   * How long what was counted is kept, in whole seconds. A new pod begins with nothing.
   *
   * @default Duration.days(1)
   */
  readonly retention?: Duration;

  /**
   * How often the proxies are asked, in whole seconds. Kiali looks at spans of a minute, and needs two answers in each.
   *
   * @default Duration.seconds(15)
   */
  readonly scrapeInterval?: Duration;

  /**
   * The image.
   *
   * @default 'quay.io/prometheus/prometheus:v3.10.0', the release that Istio 1.31 has among its samples
   */
  readonly image?: string;

  /**
   * CPU and memory.
   *
   * @default - 0.1 CPU and 256 MiB, at most 1 GiB
   */
  readonly resources?: ContainerResources;
}

const PROPS = new Struct<PrometheusProps>('{ retention: Duration.hours(6) }', {
  namespace: text,
  retention: duration,
  scrapeInterval: duration,
  image: text,
  resources: CONTAINER_RESOURCES,
});

const NAME = 'prometheus';
const PORT = 9090;
const CONFIG = { folder: '/etc/prometheus', file: 'prometheus.yml' };
const DATA = '/prometheus';
const SPACE = Size.gibibytes(1);
/** Prometheus advises to leave a fifth of the disk for what it writes before it deletes. */
const SPACE_OF_BLOCKS = '800MB';

const RESOURCES: ContainerResources = {
  cpu: { request: Cpu.millis(100) },
  memory: { request: Size.mebibytes(256), limit: Size.gibibytes(1) },
};

/**
 * A Prometheus for a look at the mesh, not for production: one pod, which forgets all when it ends, and anyone in the cluster can
 * ask it. It counts what the proxies, gateways, ztunnel and istiod say, whose pods have the annotations `prometheus.io/scrape`,
 * `prometheus.io/port` and `prometheus.io/path`, as Istio gives them; of pods without them, nothing.
 */
export class Prometheus extends Construct {
  /** The namespace of its objects. */
  public readonly namespace: string;

  /** Its address within the cluster, as Kiali asks for it. */
  public readonly url: string;

  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id. All objects are called `prometheus`, as Kiali and istioctl expect; those of the whole cluster have the
   * namespace before it.
   * @param props What it is made of.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong.
   */
  constructor(scope: Construct, id: string, props: PrometheusProps = {}) {
    super(scope, checkedId(scope, id));
    try {
      const given = PROPS.read(this, '', props);
      this.namespace = given.namespace ?? DEFAULT_NAMESPACE;
      this.url = `http://${NAME}.${this.namespace}:${PORT}`;
      const retention = wholeSeconds(this, 'retention', given.retention ?? Duration.days(1));
      const interval = wholeSeconds(this, 'scrapeInterval', given.scrapeInterval ?? Duration.seconds(15));
      const container = addReaderPod(this, {
        name: NAME,
        namespace: this.namespace,
        image: given.image ?? 'quay.io/prometheus/prometheus:v3.10.0',
        resources: given.resources ?? RESOURCES,
        // `nobody`, which the image says in letters.
        user: 65534,
        args: [
          `--config.file=${CONFIG.folder}/${CONFIG.file}`,
          `--storage.tsdb.path=${DATA}`,
          `--storage.tsdb.retention.time=${retention}`,
          `--storage.tsdb.retention.size=${SPACE_OF_BLOCKS}`,
        ],
        port: PORT,
        readyPath: '/-/ready',
        alivePath: '/-/healthy',
        rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] }],
        config: { ...CONFIG, content: { global: { scrape_interval: interval }, scrape_configs: [PODS] } },
      });
      container.mount(DATA, Volume.fromEmptyDir(this, 'Data', 'data', { sizeLimit: SPACE }));
      watchForDuplicates(this);
    } catch (error) {
      removeFromScope(this);
      throw error;
    }
  }
}

const ANNOTATION = '__meta_kubernetes_pod_annotation_prometheus_io_';

/** All running pods that ask for it, each at the port that it names, and labelled as Istio's dashboards and Kiali ask. */
const PODS = {
  job_name: 'pods',
  // ztunnel's and the apps' own say of whom they speak.
  honor_labels: true,
  kubernetes_sd_configs: [{ role: 'pod' }],
  relabel_configs: [
    { action: 'keep', source_labels: [`${ANNOTATION}scrape`, '__meta_kubernetes_pod_phase'], regex: 'true;Running' },
    // Without a port there is nobody to ask.
    { action: 'keep', source_labels: [`${ANNOTATION}port`], regex: String.raw`\d+` },
    { source_labels: [`${ANNOTATION}path`], regex: '(.+)', target_label: '__metrics_path__' },
    address('([^:]+)', '$1:$2'),
    address('(.+:.+)', '[$1]:$2'),
    ...[
      ['namespace', 'namespace'],
      ['pod_name', 'pod'],
      ['pod_label_app', 'app'],
      ['pod_label_version', 'version'],
    ].map(([from, to]) => ({ source_labels: [`__meta_kubernetes_${from}`], target_label: to })),
  ],
};

/** By IPv4 or, in brackets, IPv6. */
function address(ip: string, replacement: string): object {
  return {
    source_labels: ['__meta_kubernetes_pod_ip', `${ANNOTATION}port`],
    regex: String.raw`${ip};(\d+)`,
    replacement,
    target_label: '__address__',
  };
}
