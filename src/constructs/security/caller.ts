/*
 * Who may call a service.
 */

/**
 * By what a service knows a caller.
 */
export interface CallerIdentity {
  /**
   * The namespace of its pods.
   */
  readonly namespace: string;

  /**
   * The ServiceAccounts of its pods.
   *
   * @default - every one of the namespace
   */
  readonly serviceAccounts?: string[];

  /**
   * Labels of its pods, for NetworkPolicies, which know no ServiceAccounts.
   *
   * @default - every pod of the namespace
   */
  readonly podLabels?: { readonly [key: string]: string };
}

/**
 * A workload that calls services of the mesh.
 */
export interface ICaller {
  /**
   * By what services know it; asked for at synthesis.
   */
  callerIdentity(): CallerIdentity;
}
