import { brandOf, isMarked, mark } from '../objects/brand';
import { show } from '../objects/refuse';
import { flag, Struct, text } from '../objects/struct';
import { CALLERS, type ICaller } from './caller';

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
   * The trust domain of the callers. Istio reads 'cluster.local' as the mesh's own and its aliases, whatever they are called.
   *
   * @default 'cluster.local'
   */
  readonly trustDomain?: string;
}

/**
 * What `MeshSecurity.networkPolicies` lets in.
 */
export interface NetworkPolicyOptions {
  /**
   * Who may reach every service of the mesh, beside the gateway and the callers that a service declares.
   *
   * @default - nobody else
   */
  readonly callers?: ICaller[];
}

const BRAND = brandOf('MeshSecurity');

/**
 * Who may call the services of a mesh, and how that is enforced.
 *
 * Callers need a sidecar, since only that shows who they are. Kubernetes' health checks go on to work: injection leads those
 * over HTTP, TCP and gRPC past mutual TLS, and NetworkPolicies always let in a pod's own node.
 */
export class MeshSecurity {
  /**
   * All of it. For each service that the mesh routes: mutual TLS only (a PeerAuthentication), only from the gateway that
   * leads there and from declared callers (an AuthorizationPolicy), and the same for the network (a NetworkPolicy). All ports
   * of the pods are closed to everybody else, those of metrics too: a Prometheus is a caller to declare.
   *
   * @param options Who else may call, and what is enforced.
   * @throws Error when an option is wrong.
   */
  public static strict(options: StrictSecurityOptions = {}): MeshSecurity {
    const given = STRICT_OPTIONS.read('MeshSecurity.strict', '', options);
    const { callers = [], networkPolicies = true, trustDomain = NOTHING.trustDomain } = given;
    if (!TRUST_DOMAIN.test(trustDomain)) {
      throw new Error(
        `MeshSecurity.strict: trustDomain ${show(trustDomain)} is not a trust domain: lower-case letters, digits, '-', '_' and '.', as in cluster.local.`,
      );
    }
    return new MeshSecurity({ mutualTls: true, authorization: true, networkPolicies, trustDomain }, callers);
  }

  /**
   * Mutual TLS only, from whoever is in the mesh: a PeerAuthentication for each service that the mesh routes.
   */
  public static mutualTls(): MeshSecurity {
    return new MeshSecurity({ ...NOTHING, mutualTls: true }, []);
  }

  /**
   * Only what the network can enforce: a NetworkPolicy for each service that the mesh routes. It knows pods by namespace and
   * label, and trusts whoever may make such pods; it needs a network plugin that enforces NetworkPolicies, and says nothing
   * where there is none.
   *
   * @param options Who else may call.
   * @throws Error when an option is wrong.
   */
  public static networkPolicies(options: NetworkPolicyOptions = {}): MeshSecurity {
    const { callers = [] } = NETWORK_OPTIONS.read('MeshSecurity.networkPolicies', '', options);
    return new MeshSecurity({ ...NOTHING, networkPolicies: true }, callers);
  }

  /**
   * Whether `value` is one, of whichever copy of this library.
   *
   * @internal
   */
  public static _is(value: unknown): value is MeshSecurity {
    return isMarked(value, BRAND);
  }

  private constructor(
    /** @internal */
    public readonly _parts: SecurityParts,
    /** @internal */
    public readonly _callers: readonly ICaller[],
  ) {
    mark(this, BRAND);
  }
}

/** What is enforced. */
export interface SecurityParts {
  readonly mutualTls: boolean;
  /** Only ever together with `mutualTls`: without it, no client has a name that a policy could ask for. */
  readonly authorization: boolean;
  readonly networkPolicies: boolean;
  readonly trustDomain: string;
}

/** Whether not everybody in the mesh comes in. */
export function asksForCallers({ authorization, networkPolicies }: SecurityParts): boolean {
  return authorization || networkPolicies;
}

const NOTHING: SecurityParts = {
  mutualTls: false,
  authorization: false,
  networkPolicies: false,
  trustDomain: 'cluster.local',
};

/** No `*`: that would let in whoever calls himself by a name of ours in a trust domain of his own. */
const TRUST_DOMAIN = /^[a-z0-9]([-a-z0-9._]*[a-z0-9])?$/;

const STRICT_OPTIONS = new Struct<StrictSecurityOptions>("{ callers: [Caller.namespace('batch')] }", {
  callers: CALLERS,
  networkPolicies: flag,
  trustDomain: text,
});

const NETWORK_OPTIONS = new Struct<NetworkPolicyOptions>("{ callers: [Caller.namespace('batch')] }", {
  callers: CALLERS,
});
