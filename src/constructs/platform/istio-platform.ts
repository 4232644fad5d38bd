import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { IstioCharts } from './istio-charts';
import type { IstioGateway } from './istio-gateway';
import type { AccessLog, ControlPlaneOptions, DataPlaneMode, GatewayPodsOptions } from './istio-options';
import type { IstioImageOptions } from './istio-part';
import type { Istiod } from './istiod';
import type { PlatformDelivery } from './platform-delivery';

/**
 * Values of the charts, a map each. They are merged last.
 */
export interface IstioPlatformValues {
  /**
   * Values of the chart `base`.
   *
   * @default - what the props of the platform say
   */
  readonly base?: { readonly [key: string]: any };

  /**
   * Values of the chart `istiod`.
   *
   * @default - what the props of the platform say
   */
  readonly istiod?: { readonly [key: string]: any };

  /**
   * Values of the chart `cni`.
   *
   * @default - what the props of the platform say
   */
  readonly cni?: { readonly [key: string]: any };

  /**
   * Values of the chart `ztunnel`.
   *
   * @default - what the props of the platform say
   */
  readonly ztunnel?: { readonly [key: string]: any };

  /**
   * Values of the chart `gateway`.
   *
   * @default - what the props of the platform say
   */
  readonly gateway?: { readonly [key: string]: any };
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
   * The revision: a name of this control plane, such as `1-31`, by which several can run side by side.
   *
   * @default - none
   */
  readonly revision?: string;

  /**
   * The revision that namespaces with `istio-injection: enabled` mean, and that validates objects which name none.
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

/**
 * Istio under the apps, in one file: its namespaces, then IstioBase, Istiod, in ambient mode or with `cni` IstioCni and Ztunnel,
 * then an IstioGateway. Each of them can be made alone.
 *
 * Apply that file, wait until istiod is available, and then apply the rest.
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
    super(scope, id);
    throw new Error(`${props.namespace}: not written yet`);
  }
}
