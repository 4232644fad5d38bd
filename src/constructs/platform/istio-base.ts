import { Construct } from 'constructs';
import type { IstioPartProps } from './istio-part';

/**
 * What an IstioBase is made of.
 */
export interface IstioBaseProps extends IstioPartProps {
  /**
   * The revision of istiod that validates objects of Istio's kinds which name no revision.
   *
   * @default - istiod without a revision
   */
  readonly defaultRevision?: string;
}

/**
 * What the whole cluster has of Istio once: the kinds (CustomResourceDefinitions), and the webhook that has istiod validate their
 * objects. Who deletes the kinds deletes every VirtualService of the cluster with them, so a policy has the API server refuse that.
 */
export class IstioBase extends Construct {
  constructor(scope: Construct, id: string, props: IstioBaseProps) {
    super(scope, id);
    throw new Error(`${props.namespace}: not written yet`);
  }
}
