import { Size } from 'cdk8s';
import { type Container, type ContainerResources, Cpu, Secret, Volume } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { complaintAboutHttpUrl } from '../../syntax/url';
import { complaintAboutText } from '../../syntax/yaml-text';
import { checkedId } from '../objects/check-argument';
import { CONTAINER_RESOURCES } from '../objects/container-resources';
import { refuseIf } from '../objects/refuse';
import { removeFromScope } from '../objects/remove-unless';
import { checked, made, required, Struct, text } from '../objects/struct';
import { watchForDuplicates } from '../objects/unique-objects';
import { ISTIO_NAMESPACE } from './istio-part';
import { KialiLogin } from './kiali-login';
import { addReaderPod, type ReadRule } from './reader-pod';

/**
 * What a Kiali is made of.
 */
export interface KialiProps {
  /** The address of the Prometheus that has Istio's metrics: `url` of a Prometheus. */
  readonly prometheusUrl: string;

  /**
   * The namespace of its objects. It finds istiod, its revisions and the apps wherever they are.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;

  /**
   * Who may look.
   *
   * @default KialiLogin.anonymous()
   */
  readonly login?: KialiLogin;

  /**
   * The image.
   *
   * @default 'quay.io/kiali/kiali:v2.27.2', of the release that Istio 1.31 has among its samples
   */
  readonly image?: string;

  /**
   * CPU and memory.
   *
   * @default - 0.1 CPU and 128 MiB, at most 1 GiB
   */
  readonly resources?: ContainerResources;
}

const ADDRESS = checked<string>((value) =>
  typeof value === 'object' ? 'is not an address; of a Prometheus, write prometheus.url' : complaintAboutText(value),
);

const PROPS = new Struct<KialiProps>("{ prometheusUrl: 'http://prometheus.istio-system:9090' }", {
  prometheusUrl: required(ADDRESS, 'write url of the Prometheus, or its address'),
  namespace: text,
  login: made<KialiLogin>(
    KialiLogin._is,
    "KialiLogin.anonymous() or KialiLogin.token({ secretName: 'kiali-signing-key' })",
  ),
  image: text,
  resources: CONTAINER_RESOURCES,
});

const NAME = 'kiali';
const PORT = 20001;
const WEB_ROOT = '/kiali';
const CONFIG = { folder: '/kiali-configuration', file: 'config.yaml' };

const RESOURCES: ContainerResources = {
  cpu: { request: Cpu.millis(100) },
  memory: { request: Size.mebibytes(128), limit: Size.gibibytes(1) },
};

/**
 * A Kiali for a look at the mesh, not for production: what runs where, which rules it has and what is wrong with them, and the
 * traffic between versions as a graph. It changes nothing and may change nothing. What of Kiali needs more than to read objects and
 * metrics is off: logs of pods, the state of proxies and of istiod's connection to them (both by `pods/portforward`), tracing, Grafana.
 *
 * Nothing leads to it from outside; open it by `kubectl port-forward -n istio-system service/kiali 20001`, and look at
 * `http://localhost:20001/kiali`.
 */
export class Kiali extends Construct {
  /** The namespace of its objects. */
  public readonly namespace: string;

  /**
   * @param scope The chart or construct that it belongs to.
   * @param id The id. All objects are called `kiali`, as istioctl expects; those of the whole cluster have the namespace before it.
   * @param props What it is made of.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong.
   */
  constructor(scope: Construct, id: string, props: KialiProps) {
    super(scope, checkedId(scope, id));
    try {
      const given = PROPS.read(this, '', props);
      this.namespace = given.namespace ?? ISTIO_NAMESPACE;
      refuseIf(
        this,
        'prometheusUrl',
        given.prometheusUrl,
        complaintAboutHttpUrl(given.prometheusUrl, 'http://prometheus.istio-system:9090'),
      );
      const login = given.login ?? KialiLogin.anonymous();
      const container = addReaderPod(this, {
        name: NAME,
        namespace: this.namespace,
        image: given.image ?? 'quay.io/kiali/kiali:v2.27.2',
        resources: given.resources ?? RESOURCES,
        user: 1000,
        args: [`--config=${CONFIG.folder}/${CONFIG.file}`],
        port: PORT,
        readyPath: `${WEB_ROOT}/healthz`,
        alivePath: `${WEB_ROOT}/healthz`,
        rules: RULES,
        config: { ...CONFIG, content: configOf(this.namespace, given.prometheusUrl, login) },
      });
      mountSigningKey(this, container, login);
      watchForDuplicates(this);
    } catch (error) {
      removeFromScope(this);
      throw error;
    }
  }
}

/** What Kiali keeps a copy of; it does not start before it has all. */
const RULES: readonly ReadRule[] = [
  { apiGroups: [''], resources: ['configmaps', 'namespaces', 'pods', 'replicationcontrollers', 'services'] },
  { apiGroups: ['apps'], resources: ['daemonsets', 'deployments', 'replicasets', 'statefulsets'] },
  { apiGroups: ['batch'], resources: ['cronjobs', 'jobs'] },
  {
    apiGroups: [
      'extensions.istio.io',
      'gateway.networking.k8s.io',
      'inference.networking.k8s.io',
      'networking.istio.io',
      'security.istio.io',
      'telemetry.istio.io',
    ],
    resources: ['*'],
  },
  // By them it knows the tags of revisions.
  { apiGroups: ['admissionregistration.k8s.io'], resources: ['mutatingwebhookconfigurations'], verbs: ['list'] },
];

function configOf(namespace: string, prometheusUrl: string, login: KialiLogin): object {
  return {
    auth: { strategy: login._strategy },
    deployment: { namespace, view_only_mode: true },
    external_services: {
      custom_dashboards: { enabled: false },
      grafana: { enabled: false },
      // Proxies and istiod are asked for their state by a way into any port of any pod.
      istio: { istio_api_enabled: false },
      prometheus: { url: prometheusUrl },
      tracing: { enabled: false },
    },
    kiali_feature_flags: { disabled_features: ['logs-tab'] },
    server: { port: PORT, web_root: WEB_ROOT, observability: { metrics: { enabled: false } } },
  };
}

/** Kiali reads it from a file of this name, in place of what its configuration says. */
function mountSigningKey(scope: Construct, container: Container, { _signingKey: signingKey }: KialiLogin): void {
  if (signingKey !== undefined) {
    const secret = Secret.fromSecretName(scope, 'SigningKeySecret', signingKey.secretName);
    const items = { [signingKey.key]: { path: 'value.txt' } };
    const volume = Volume.fromSecret(scope, 'SigningKey', secret, { name: 'signing-key', items });
    container.mount('/kiali-override-secrets/login-token-signing-key', volume, { readOnly: true });
  }
}
