import type { ICaller } from './caller';

/**
 * What `MeshSecurity.strict` lets in and enforces.
 */
export interface StrictSecurityOptions {
  /**
   * Who may call every service of the mesh, beside the gateway and the callers that a service declares.
   *
   * @default - nobody else
   */
  readonly callers?: ICaller[];

  /**
   * Whether NetworkPolicies say the same to the network.
   *
   * @default true
   */
  readonly networkPolicies?: boolean;

  /**
   * The trust domain of the mesh.
   *
   * @default 'cluster.local'
   */
  readonly trustDomain?: string;
}

/**
 * Who may call the services of a mesh, and how that is enforced.
 */
export class MeshSecurity {
  /** Mutual TLS only, and only from the gateway and declared callers. */
  public static strict(options: StrictSecurityOptions = {}): MeshSecurity {
    return new MeshSecurity(options);
  }

  private constructor(private readonly options: StrictSecurityOptions) {}

  /** @internal */
  public _options(): StrictSecurityOptions {
    return this.options;
  }
}
