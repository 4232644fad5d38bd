import type { IConstruct } from 'constructs';
import type { ICaller } from '../security/caller';

/**
 * A Gateway that routes can be bound to: one that this app makes, or somebody else's. It calls the services to
 * which the routes lead.
 */
export interface IIngressGateway extends IConstruct, ICaller {
  /** The name of the Gateway. */
  readonly gatewayName: string;

  /** The namespace of the Gateway; undefined leaves it to `kubectl apply -n`. */
  readonly gatewayNamespace?: string;

  /** The ServiceAccount of the pods that serve it, as `namespace/name`, where known. */
  readonly serviceAccount?: string;
}
