import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { checkedChartId } from '../objects/check-argument';
import { JSON_VALUES } from '../objects/json-values';
import { objectsIn } from '../objects/objects-in';
import { refuse, show } from '../objects/refuse';
import { removeFromScope } from '../objects/remove-unless';
import { flag, oneOf, Struct, text } from '../objects/struct';
import { GATEWAY_NAMESPACE, GATEWAY_PODS_FIELDS } from './gateway-service';
import { IstioBase } from './istio-base';
import { CHARTS, type IstioCharts } from './istio-charts';
import { IstioCni } from './istio-cni';
import { IstioGateway } from './istio-gateway';
import { addNamespaces } from './istio-namespaces';
import { AccessLog, type ControlPlaneOptions, DataPlaneMode, type GatewayPodsOptions } from './istio-options';
import { checkRevision, IMAGE_FIELDS, ISTIO_NAMESPACE, type IstioImageOptions } from './istio-part';
import { Istiod } from './istiod';
import { PodSecurityLevel } from './mesh-namespace';
import { DEFAULT_REVISION } from './namespace-labels';
import { DELIVERY, type PlatformDelivery } from './platform-delivery';
import { POD_FIELDS } from './pod-values';
import { Ztunnel } from './ztunnel';

/**
 * Values of the charts, a map each. They are merged last.
 */
export interface IstioPlatformValues {
  /**
   * Values of the chart `base`.
   *
   * @default - what the props of the platform say
   */
  readonly base?: { readonly [key: string]: unknown };

  /**
   * Values of the chart `istiod`.
   *
   * @default - what the props of the platform say
   */
  readonly istiod?: { readonly [key: string]: unknown };

  /**
   * Values of the chart `cni`.
   *
   * @default - what the props of the platform say
   */
  readonly cni?: { readonly [key: string]: unknown };

  /**
   * Values of the chart `ztunnel`.
   *
   * @default - what the props of the platform say
   */
  readonly ztunnel?: { readonly [key: string]: unknown };

  /**
   * Values of the chart `gateway`.
   *
   * @default - what the props of the platform say
   */
  readonly gateway?: { readonly [key: string]: unknown };
}

/**
 * What an IstioPlatform is made of.
 */
export interface IstioPlatformProps extends IstioImageOptions {
  /** The charts. */
  readonly charts: IstioCharts;

  /**
   * The namespace of istiod.
   *
   * @default 'istio-system'
   */
  readonly namespace?: string;

  /**
   * Whether the namespaces are written, of istiod and of the gateway. Not where they are there already, or are made elsewhere in
   * the app; then they come first, and their labels are what is said there.
   *
   * @default true
   */
  readonly createNamespaces?: boolean;

  /**
   * The revision: a name of this control plane, such as `1-31`, by which several can run side by side.
   *
   * @default - none
   */
  readonly revision?: string;

  /**
   * The revision that namespaces with `istio-injection: enabled` mean, that validates objects which name none, and whose proxies
   * the gateway has. Until this platform takes over, it is another's: `default` for one without a revision.
   *
   * @default - that of this platform
   */
  readonly defaultRevision?: string;

  /**
   * What carries the traffic of the pods. AMBIENT brings the CNI plugin and ztunnel.
   *
   * @default DataPlaneMode.SIDECAR
   */
  readonly dataPlane?: DataPlaneMode;

  /**
   * Whether the CNI plugin redirects the pods' traffic, and not an init container with NET_ADMIN and NET_RAW, which the Pod
   * Security Standards 'baseline' and 'restricted' refuse.
   *
   * @default - true in ambient mode, else false
   */
  readonly cni?: boolean;

  /**
   * What the proxies write of each request, on stdout.
   *
   * @default AccessLog.NONE
   */
  readonly accessLog?: AccessLog;

  /**
   * The pods of istiod.
   *
   * @default - as the chart has them
   */
  readonly istiod?: ControlPlaneOptions;

  /**
   * The pods of the gateway.
   *
   * @default - as the chart has them
   */
  readonly gateway?: GatewayPodsOptions;

  /**
   * Values of the charts, for what no prop says. They are merged last.
   *
   * @default - what the other props say
   */
  readonly values?: IstioPlatformValues;

  /**
   * What is written: objects, or what has Flux or Argo CD install the charts.
   *
   * @default PlatformDelivery.manifests()
   */
  readonly delivery?: PlatformDelivery;

  /**
   * The command `helm`, 3.7 or later. Only where objects are written.
   *
   * @default 'helm'
   */
  readonly helm?: string;
}

const VALUES = new Struct<IstioPlatformValues>("{ istiod: { meshConfig: { accessLogFile: '/dev/stdout' } } }", {
  base: JSON_VALUES,
  istiod: JSON_VALUES,
  cni: JSON_VALUES,
  ztunnel: JSON_VALUES,
  gateway: JSON_VALUES,
});

const PROPS = new Struct<IstioPlatformProps>("{ charts: IstioCharts.oci('1.31.0') }", {
  ...IMAGE_FIELDS,
  charts: CHARTS,
  namespace: text,
  createNamespaces: flag,
  revision: text,
  defaultRevision: text,
  dataPlane: oneOf(DataPlaneMode),
  cni: flag,
  accessLog: oneOf(AccessLog),
  istiod: new Struct<ControlPlaneOptions>('{ minReplicas: 2 }', POD_FIELDS),
  gateway: new Struct<GatewayPodsOptions>("{ namespace: 'istio-ingress' }", GATEWAY_PODS_FIELDS),
  values: VALUES,
  delivery: DELIVERY,
  helm: text,
});

/**
 * Istio under the apps, in one file: its namespaces, then IstioBase, in ambient mode or with `cni` IstioCni, Istiod, in ambient mode
 * Ztunnel, then an IstioGateway. Each of them can be made alone.
 *
 * Apply that file server-side, wait until istiod is available
 * (`kubectl wait --for=condition=Available --timeout=5m -n istio-system deployment -l app=istiod`), and then apply the rest. The policy that
 * keeps Istio's kinds needs Kubernetes 1.30.
 */
export class IstioPlatform extends Chart {
  /** The control plane. */
  public readonly istiod: Istiod;

  /** The pods of the gateway, for `pods` of an IngressGateway. */
  public readonly gateway: IstioGateway;

  /**
   * @param scope The app.
   * @param id The id, and the name of the file.
   * @param props What it is made of.
   * @throws Error, naming the path of the construct, the value and what would be right, when a prop is wrong; when `helm` is
   * missing, too old or fails.
   */
  constructor(scope: Construct, id: string, props: IstioPlatformProps) {
    super(scope, checkedChartId(scope, id));
    try {
      const platform = withDefaults(PROPS.read(this, '', props));
      this.refuseWithoutMeaning(platform);
      const base = this.base(platform);
      const cni = platform.cni ? [this.cniPlugin(platform)] : [];
      this.istiod = this.controlPlane(platform);
      const ztunnel = platform.dataPlane === DataPlaneMode.AMBIENT ? [this.ztunnel(platform)] : [];
      this.gateway = this.gatewayPods(platform);
      // Last, when the parts have looked at their names.
      inOrder(this.namespaces(platform), [base, ...cni, this.istiod, ...ztunnel, this.gateway]);
    } catch (error) {
      removeFromScope(this);
      throw error;
    }
  }

  private refuseWithoutMeaning({
    values,
    cni,
    dataPlane,
    revision,
    defaultRevision = DEFAULT_REVISION,
  }: Platform): void {
    checkRevision(this, 'revision', revision);
    checkRevision(this, 'defaultRevision', defaultRevision);
    if (values.cni !== undefined && !cni) {
      refuse(this, 'values.cni has no meaning without the CNI plugin; set cni, or leave the values out.');
    }
    if (values.ztunnel !== undefined && dataPlane !== DataPlaneMode.AMBIENT) {
      refuse(this, 'values.ztunnel has no meaning without ztunnel; set dataPlane to AMBIENT, or leave the values out.');
    }
    if (revision === undefined && defaultRevision !== DEFAULT_REVISION) {
      refuse(
        this,
        `defaultRevision ${show(defaultRevision)} is not what this control plane is: without a revision, it is itself the one that namespaces with istio-injection: enabled mean; set revision, too, or leave defaultRevision out.`,
      );
    }
  }

  private namespaces({ namespace, cni, gateway = {}, createNamespaces = true }: Platform): Construct {
    const { namespace: ingress = GATEWAY_NAMESPACE } = gateway;
    if (!createNamespaces) {
      return new Construct(this, 'namespaces');
    }
    for (const name of [namespace, ingress]) {
      if (name === 'default' || name.startsWith('kube-')) {
        refuse(
          this,
          `namespace ${show(name)} is Kubernetes' own, and the platform would give it a Pod Security Standard that others in it may not keep to; name another, or set createNamespaces: false.`,
        );
      }
    }
    const level = cni ? PodSecurityLevel.PRIVILEGED : PodSecurityLevel.RESTRICTED;
    const namespaces = new Construct(this, 'namespaces');
    addNamespaces(
      namespaces,
      new Map([
        [ingress, PodSecurityLevel.RESTRICTED],
        [namespace, level],
      ]),
    );
    return namespaces;
  }

  private base({ charts, delivery, helm, namespace, defaultRevision, values }: Platform): IstioBase {
    return new IstioBase(this, 'base', { charts, delivery, helm, namespace, defaultRevision, values: values.base });
  }

  private cniPlugin({ charts, delivery, helm, namespace, hub, tag, dataPlane, values }: Platform): IstioCni {
    return new IstioCni(this, 'cni', { charts, delivery, helm, namespace, hub, tag, dataPlane, values: values.cni });
  }

  private controlPlane(platform: Platform): Istiod {
    const { charts, delivery, helm, namespace, hub, tag, revision, defaultRevision } = platform;
    const { dataPlane, cni, accessLog, istiod, values } = platform;
    return new Istiod(this, 'istiod', {
      charts,
      delivery,
      helm,
      namespace,
      hub,
      tag,
      revision,
      revisionTags: revision !== undefined && revision === defaultRevision ? [DEFAULT_REVISION] : [],
      dataPlane,
      cni,
      accessLog,
      ...istiod,
      values: values.istiod,
    });
  }

  private ztunnel({ charts, delivery, helm, namespace, hub, tag, revision, values }: Platform): Ztunnel {
    return new Ztunnel(this, 'ztunnel', {
      charts,
      delivery,
      helm,
      namespace,
      hub,
      tag,
      revision,
      values: values.ztunnel,
    });
  }

  /** Of the default revision, so that a control plane that comes beside the old one takes no pods along. */
  private gatewayPods({ charts, delivery, helm, defaultRevision, gateway, values }: Platform): IstioGateway {
    const revision = defaultRevision === DEFAULT_REVISION ? undefined : defaultRevision;
    return new IstioGateway(this, 'gateway', { charts, delivery, helm, revision, ...gateway, values: values.gateway });
  }
}

/** The props with what they are where nobody says. */
interface Platform extends IstioPlatformProps {
  readonly namespace: string;
  readonly dataPlane: DataPlaneMode;
  readonly cni: boolean;
  readonly values: IstioPlatformValues;
}

function withDefaults(props: IstioPlatformProps): Platform {
  const { namespace = ISTIO_NAMESPACE, dataPlane = DataPlaneMode.SIDECAR, revision, values = {} } = props;
  const { cni = dataPlane === DataPlaneMode.AMBIENT, defaultRevision = revision } = props;
  return { ...props, namespace, dataPlane, cni, defaultRevision, values };
}

/**
 * The namespaces, and each part after the one before it, in the file and for Flux and Argo CD. Objects are written in the order in
 * which they are made, so that it is enough to say of the first object of each part what comes before. More would be paid for by
 * every chart that comes after this one: cdk8s follows each path of dependencies that there is.
 */
function inOrder(namespaces: Construct, parts: readonly Construct[]): void {
  let before = objectsIn(namespaces);
  for (const objects of parts.map(objectsIn)) {
    objects.at(0)?.node.addDependency(...before);
    before = objects.slice(-1);
  }
}
