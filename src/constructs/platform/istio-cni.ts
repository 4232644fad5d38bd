import { Construct } from 'constructs';
import type { DataPlaneMode } from './istio-options';
import type { IstioImageOptions, IstioPartProps } from './istio-part';

/**
 * What an IstioCni is made of.
 */
export interface IstioCniProps extends IstioPartProps, IstioImageOptions {
  /**
   * What carries the traffic of the pods.
   *
   * @default DataPlaneMode.SIDECAR
   */
  readonly dataPlane?: DataPlaneMode;
}

/**
 * The CNI plugin: on each node, it leads the pods' traffic to their proxy.
 */
export class IstioCni extends Construct {
  constructor(scope: Construct, id: string, props: IstioCniProps) {
    super(scope, id);
    throw new Error(`${props.namespace}: not written yet`);
  }
}
