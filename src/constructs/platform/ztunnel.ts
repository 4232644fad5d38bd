import { Construct } from 'constructs';
import type { IstioImageOptions, IstioPartProps } from './istio-part';

/**
 * What a Ztunnel is made of.
 */
export interface ZtunnelProps extends IstioPartProps, IstioImageOptions {
  /**
   * The revision of istiod that configures it.
   *
   * @default - istiod without a revision
   */
  readonly revision?: string;
}

/**
 * The proxy of ambient mode, one on each node.
 */
export class Ztunnel extends Construct {
  constructor(scope: Construct, id: string, props: ZtunnelProps) {
    super(scope, id);
    throw new Error(`${props.namespace}: not written yet`);
  }
}
