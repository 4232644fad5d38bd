import type { IConstruct } from 'constructs';

/**
 * A Gateway that routes can be bound to: one that this app makes, or somebody else's.
 */
export interface IIngressGateway extends IConstruct {
  /** The name of the Gateway. */
  readonly gatewayName: string;

  /** The namespace of the Gateway; undefined leaves it to `kubectl apply -n`. */
  readonly gatewayNamespace?: string;

  /** The ServiceAccount of the pods that serve it, as `namespace/name`, where known. */
  readonly serviceAccount?: string;
}
