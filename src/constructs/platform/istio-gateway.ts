import { Construct } from 'constructs';
import type { IGatewayPods } from '../gateway/gateway-pods';
import type { IstioCharts } from './istio-charts';
import type { GatewayPodsOptions } from './istio-options';
import type { PlatformDelivery } from './platform-delivery';

/**
 * What an IstioGateway is made of.
 */
export interface IstioGatewayProps extends GatewayPodsOptions {
  /** The charts. */
  readonly charts: IstioCharts;

  /**
   * The revision of istiod that injects and configures the proxies.
   *
   * @default - istiod without a revision
   */
  readonly revision?: string;

  /**
   * Values of the chart. They are merged last: a map into what the other props say, anything else in place of it.
   *
   * @default - what the other props say
   */
  readonly values?: { readonly [key: string]: any };

  /**
   * What is written: objects, or what has Flux or Argo CD install the chart.
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
 * The pods of a gateway, and the Service in front of them. What they serve, an IngressGateway says that names them.
 */
export class IstioGateway extends Construct implements IGatewayPods {
  /** The name of the Deployment, the Service and the ServiceAccount. */
  public readonly name: string;

  /** The namespace of the pods. */
  public readonly namespace: string;

  public readonly selector: { readonly [key: string]: string };

  public readonly serviceAccount: string;

  constructor(scope: Construct, id: string, props: IstioGatewayProps) {
    super(scope, id);
    throw new Error(`${props.namespace}: not written yet`);
  }
}
