import { ApiObject, type ApiObjectMetadata, Lazy } from 'cdk8s';
import type { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type {
  AuthorizationPolicySpec,
  AuthorizationPolicySpecAction,
  PeerAuthenticationSpec,
  PeerAuthenticationSpecMtlsMode,
} from '../../../imports/security.istio.io';
import { complaintAboutDnsLabel, complaintAboutDnsName } from '../../syntax/names';
import { labelsOf } from '../../syntax/wording';
import { checkLabels, type MetadataOptions, metadataOf } from '../objects/object-options';
import { refuseIf } from '../objects/refuse';
import { RoutingApi } from '../objects/routing-api';
import { addValidation } from '../objects/validation';
import type { VersionedService } from '../workload/versioned-service';
import { CALLER_IDENTITY, type CallerIdentity, type ICaller } from './caller';
import { authorizationRules, networkRules } from './let-in';
import type { SecurityParts } from './mesh-security';

/** No version can be called like this. */
const ID = '_policies';

const INJECT = 'sidecar.istio.io/inject';

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
    const fixed = { name: service.name, namespace: service.namespace };
    const given = metadataOf(this, metadata, fixed);
    const istio = `security.istio.io/${api === RoutingApi.ISTIO_V1BETA1 ? 'v1beta1' : 'v1'}`;
    const { trustDomain } = parts;
    if (trustDomain !== undefined) {
      this.add(
        'AuthorizationPolicy',
        istio,
        given,
        (): AuthorizationPolicySpec => ({
          selector: { matchLabels: pods },
          action: ALLOW,
          rules: authorizationRules(this.identities(), trustDomain),
        }),
      );
    }
    if (parts.mutualTls) {
      this.add(
        'PeerAuthentication',
        istio,
        given,
        (): PeerAuthenticationSpec => ({
          selector: { matchLabels: pods },
          mtls: { mode: STRICT },
        }),
      );
    }
    if (parts.networkPolicies) {
      this.add(
        'NetworkPolicy',
        'networking.k8s.io/v1',
        given,
        (): k8s.NetworkPolicySpec => ({
          podSelector: { matchLabels: pods },
          policyTypes: ['Ingress'],
          ingress: networkRules(this.identities()),
        }),
      );
    }
    // And with it, all that comes after it in the service.
    service.service?.node.addDependency(this);
    addValidation(this, () => this.complaintsAtSynth());
  }

  /** Whether these are they. */
  public enforces(parts: SecurityParts): boolean {
    const { mutualTls, trustDomain, networkPolicies } = this.parts;
    return (
      parts.mutualTls === mutualTls && parts.trustDomain === trustDomain && parts.networkPolicies === networkPolicies
    );
  }

  /** Lets in these, too. */
  public letIn(callers: readonly ICaller[]): void {
    for (const caller of callers) {
      this.callers.add(caller);
    }
  }

  private add(kind: string, apiVersion: string, metadata: ApiObjectMetadata, spec: () => object): void {
    new ApiObject(this, kind, { apiVersion, kind, metadata, spec: Lazy.any({ produce: spec }) });
  }

  /** Whom the policies let in. A caller of no account is nobody, to the network too. */
  private identities(): CallerIdentity[] {
    return [...this.callers]
      .map((caller) => checkedIdentity(this.service, caller))
      .filter(({ serviceAccounts }) => serviceAccounts?.length !== 0);
  }

  private complaintsAtSynth(): string[] {
    return [...this.complaintsAboutCallers(), ...this.complaintsAboutPods()];
  }

  private complaintsAboutCallers(): string[] {
    const isForAll = this.parts.trustDomain === undefined && !this.parts.networkPolicies;
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

  /** What no policy would hold for would be open, without a word. */
  private complaintsAboutPods(): string[] {
    const pods = Object.entries(this.pods);
    return this.service.versions.flatMap(({ version, labels, app }) => [
      ...(pods.every(([key, value]) => labels[key] === value)
        ? []
        : [
            `the policies of service '${this.service.name}' hold for pods labelled ${labelsOf(new Map(pods))}, and those of version '${version}' are not known to be; give them these labels, and name them in labels where the version is added.`,
          ]),
      ...(this.parts.mutualTls && app?.deployment.podMetadata.getLabel(INJECT) === 'false'
        ? [
            `the pods of version '${version}' of service '${this.service.name}' get no sidecar (label ${INJECT}: 'false'), and it is the sidecar that takes mutual TLS only and knows callers; take the label out of podLabels, or use MeshSecurity.networkPolicies.`,
          ]
        : []),
    ]);
  }
}

function checkedIdentity(scope: Construct, caller: ICaller): CallerIdentity {
  const identity = CALLER_IDENTITY.read(scope, 'callerIdentity', caller.callerIdentity());
  const { namespace, serviceAccounts = [] } = identity;
  refuseIf(scope, 'callerIdentity.namespace', namespace, complaintAboutDnsLabel(namespace));
  for (const account of serviceAccounts) {
    // Policies take a '*' for more than a name.
    refuseIf(scope, 'callerIdentity.serviceAccounts', account, complaintAboutDnsName(account));
  }
  checkLabels(scope, identity.podLabels ?? {});
  return identity;
}
