import type { IConstruct } from 'constructs';

/**
 * The pods of a gateway, whoever made them: an IstioGateway.
 */
export interface IGatewayPods extends IConstruct {
  /** The labels by which a Gateway selects them. */
  readonly selector: { readonly [key: string]: string };

  /** Their ServiceAccount, as `namespace/name`. */
  readonly serviceAccount: string;
}
