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
import { refuse, show } from '../objects/refuse';
import { RoutingApi } from '../objects/routing-api';
import { addValidation } from '../objects/validation';
import type { VersionedService } from '../workload/versioned-service';
import { type CallerIdentity, type DeclaredCaller, type ICaller, identityOf } from './caller';
import { authorizationRules, isAuthorized, networkRules, passesNetworkOf } from './let-in';
import { asksForCallers, type SecurityParts } from './mesh-security';
import { PolicyMetadata } from './policy-metadata';
import { complaintsAboutPods } from './unprotected-pods';

/** No version can be called like this. */
const ID = '_policies';

/** The enums themselves would have the generated code loaded, which is long, with every app. */
const ALLOW = 'ALLOW' as AuthorizationPolicySpecAction.ALLOW;
const STRICT = 'STRICT' as PeerAuthenticationSpecMtlsMode.STRICT;

/** What a mesh says of the policies of a service. */
interface OfMesh {
  readonly parts: SecurityParts;
  readonly api: RoutingApi;
  readonly metadata: MetadataOptions;
}

interface PoliciesProps extends OfMesh {
  /** Labels of the service's pods. */
  readonly pods: { readonly [key: string]: string };
}

/**
 * The policies of one service. They are the service's and not the mesh's: several meshes may lead to it, and each adds whom it
 * lets in and what labels it has them carry. And so they are written to where the service is, before it: a service that is there is never open.
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
  private readonly api: RoutingApi;
  private readonly pods: PoliciesProps['pods'];
  private readonly carried: PolicyMetadata;
  private readonly objects: ApiObject[] = [];
  private readonly callers = new Map<ICaller, DeclaredCaller>();

  private constructor(
    private readonly service: VersionedService,
    { parts, api, metadata, pods }: PoliciesProps,
  ) {
    super(service, ID);
    this.parts = parts;
    this.api = api;
    this.pods = pods;
    this.carried = new PolicyMetadata(service);
    this.carried.add(this, metadata);
    const partOf = { app: pods.app ?? service.name };
    const given = metadataOf(this, this.carried.all, { name: service.name, namespace: service.namespace, partOf });
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
    addValidation(service, () => this.complaintsAtSynth());
  }

  /** Throws where another mesh of the service would have them be others; else they carry what this one says, too. */
  public join(mesh: Construct, { parts, api, metadata }: OfMesh): void {
    const { name } = this.service;
    if (!isSame(parts, this.parts)) {
      refuse(
        mesh,
        `security of service '${name}' is another one in the mesh that routes it already, and a service has one; give both meshes the same.`,
      );
    }
    if (parts.mutualTls && api !== this.api) {
      refuse(
        mesh,
        `api ${show(api)} would write the policies of service '${name}' otherwise than that of the mesh that routes it already, ${show(this.api)}, and a service has them once; give both meshes the same.`,
      );
    }
    this.carried.add(mesh, metadata);
    const { labels, annotations } = this.carried.all;
    for (const { metadata: written } of this.objects) {
      for (const [key, value] of Object.entries(labels)) {
        written.addLabel(key, value);
      }
      for (const [key, value] of Object.entries(annotations)) {
        written.addAnnotation(key, value);
      }
    }
  }

  /** Lets in these, too. */
  public letIn(callers: readonly DeclaredCaller[]): void {
    for (const declared of callers) {
      if (!this.callers.has(declared.caller)) {
        this.callers.set(declared.caller, declared);
      }
    }
  }

  /** Whether one more comes in as they are, as somebody who was declared. */
  public letsIn(declared: DeclaredCaller): boolean {
    const { authorization, networkPolicies } = this.parts;
    try {
      const [one, callers] = [this.identityOf(declared), this.identities()];
      return (!authorization || isAuthorized(one, callers)) && (!networkPolicies || passesNetworkOf(one, callers));
    } catch {
      // Who is not known is not let in.
      return !asksForCallers(this.parts);
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
      this.objects.push(new ApiObject(this, kind, { apiVersion, kind, metadata, spec: Lazy.any({ produce: spec }) }));
    }
  }

  /** Whom the policies let in. A caller of no account is nobody, to the network too. */
  private identities(): CallerIdentity[] {
    return [...this.callers.values()]
      .map((declared) => this.identityOf(declared))
      .filter(({ serviceAccounts }) => serviceAccounts?.length !== 0);
  }

  private identityOf(declared: DeclaredCaller): CallerIdentity {
    return identityOf(declared, this.parts.authorization ? 'with accounts' : 'network');
  }

  private complaintsAtSynth(): string[] {
    return [...this.complaintsAboutCallers(), ...complaintsAboutPods(this.service, this.parts, this.pods)];
  }

  private complaintsAboutCallers(): string[] {
    if (!asksForCallers(this.parts)) {
      return [];
    }
    const wrong = [...this.callers.values()].flatMap((declared) => this.complaintsAbout(declared));
    return wrong.length > 0 || this.identities().length > 0
      ? wrong
      : [
          `nobody may call service '${this.service.name}': no gateway leads to it, and no callers are declared, so that its pods would refuse every request. Name those who call it in callers, as in callers: [shop], or do not route it in a mesh with security.`,
        ];
  }

  private complaintsAbout(declared: DeclaredCaller): string[] {
    try {
      this.identityOf(declared);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  }
}

function isSame(one: SecurityParts, another: SecurityParts): boolean {
  return (
    one.mutualTls === another.mutualTls &&
    one.authorization === another.authorization &&
    one.networkPolicies === another.networkPolicies &&
    one.trustDomain === another.trustDomain
  );
}
