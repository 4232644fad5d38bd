import { ApiObject, type ApiObjectMetadata, Lazy } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type {
  AuthorizationPolicySpec,
  AuthorizationPolicySpecAction,
  PeerAuthenticationSpec,
  PeerAuthenticationSpecMtlsMode,
} from '../../../imports/security.istio.io';
import { type MetadataOptions, metadataOf } from '../objects/object-options';
import { RoutingApi } from '../objects/routing-api';
import { addValidation } from '../objects/validation';
import type { VersionedService } from '../workload/versioned-service';
import { type CallerIdentity, type ICaller, identityOf } from './caller';
import { authorizationRules, networkRules } from './let-in';
import { asksForCallers, type SecurityParts } from './mesh-security';
import { complaintsAboutPods } from './unprotected-pods';

/** No version can be called like this. */
const ID = '_policies';

/** The enums themselves would have the generated code loaded, which is long, with every app. */
const ALLOW = 'ALLOW' as AuthorizationPolicySpecAction.ALLOW;
const STRICT = 'STRICT' as PeerAuthenticationSpecMtlsMode.STRICT;

interface PoliciesProps {
  readonly parts: SecurityParts;
  readonly api: RoutingApi;
  readonly metadata: MetadataOptions;
  /** Labels of the service's pods. */
  readonly pods: { readonly [key: string]: string };
}

/**
 * The policies of one service. They are the service's and not the mesh's: several meshes may lead to it, and each adds whom it
 * lets in. And so they are written to where the service is, before it: a service that is there is never open.
 *
 * No policy names a port. What listens on a port of its own in these pods is as closed as the app, the port of a version
 * that somebody else made needs not be known, and metrics (15020, 15090) are open to declared callers.
 */
export class ServicePolicies extends Construct {
  /** Those of the service, where it has some. */
  public static of(service: VersionedService): ServicePolicies | undefined {
    return service.node.tryFindChild(ID) as ServicePolicies | undefined;
  }

  /** Makes them, or nothing: after a throw nothing is left. */
  public static make(service: VersionedService, props: PoliciesProps): ServicePolicies {
    try {
      return new ServicePolicies(service, props);
    } catch (error) {
      service.node.tryRemoveChild(ID);
      throw error;
    }
  }

  private readonly parts: SecurityParts;
  private readonly pods: PoliciesProps['pods'];
  private readonly callers = new Set<ICaller>();

  private constructor(
    private readonly service: VersionedService,
    { parts, api, metadata, pods }: PoliciesProps,
  ) {
    super(service, ID);
    this.parts = parts;
    this.pods = pods;
    const partOf = { app: pods.app ?? service.name };
    const given = metadataOf(this, metadata, { name: service.name, namespace: service.namespace, partOf });
    const istio = `security.istio.io/${api === RoutingApi.ISTIO_V1BETA1 ? 'v1beta1' : 'v1'}`;
    const { mutualTls, authorization, networkPolicies, trustDomain } = parts;
    const selector = { matchLabels: pods };
    const allow = (): AuthorizationPolicySpec => ({
      selector,
      action: ALLOW,
      rules: authorizationRules(this.identities(), trustDomain),
    });
    const strict = (): PeerAuthenticationSpec => ({ selector, mtls: { mode: STRICT } });
    const network = (): k8s.NetworkPolicySpec => ({
      podSelector: selector,
      policyTypes: ['Ingress'],
      ingress: networkRules(this.identities()),
    });
    this.add(authorization, 'AuthorizationPolicy', istio, given, allow);
    this.add(mutualTls, 'PeerAuthentication', istio, given, strict);
    this.add(networkPolicies, 'NetworkPolicy', 'networking.k8s.io/v1', given, network);
    // And with it, all that comes after it in the service.
    service.service?.node.addDependency(this);
    addValidation(this, () => this.complaintsAtSynth());
  }

  /** Whether these are they. */
  public enforces(parts: SecurityParts): boolean {
    const { mutualTls, authorization, networkPolicies, trustDomain } = this.parts;
    return (
      parts.mutualTls === mutualTls &&
      parts.authorization === authorization &&
      parts.networkPolicies === networkPolicies &&
      parts.trustDomain === trustDomain
    );
  }

  /** Lets in these, too. */
  public letIn(callers: readonly ICaller[]): void {
    for (const caller of callers) {
      this.callers.add(caller);
    }
  }

  private add(
    isAsked: boolean,
    kind: string,
    apiVersion: string,
    metadata: ApiObjectMetadata,
    spec: () => object,
  ): void {
    if (isAsked) {
      new ApiObject(this, kind, { apiVersion, kind, metadata, spec: Lazy.any({ produce: spec }) });
    }
  }

  /** Whom the policies let in. A caller of no account is nobody, to the network too. */
  private identities(): CallerIdentity[] {
    return [...this.callers]
      .map((caller) => identityOf(this.service, caller))
      .filter(({ serviceAccounts }) => serviceAccounts?.length !== 0);
  }

  private complaintsAtSynth(): string[] {
    return [...this.complaintsAboutCallers(), ...complaintsAboutPods(this.service, this.parts, this.pods)];
  }

  private complaintsAboutCallers(): string[] {
    const isForAll = !asksForCallers(this.parts);
    try {
      return isForAll || this.identities().length > 0
        ? []
        : [
            `nobody may call service '${this.service.name}': no gateway leads to it, and no callers are declared, so that its pods would refuse every request. Name those who call it in callers, as in callers: [shop], or do not route it in a mesh with security.`,
          ];
    } catch (error) {
      return [(error as Error).message];
    }
  }
}
