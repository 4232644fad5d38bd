/*
 * Pods that a policy is meant for and does not hold for, and ways to pods that their policies shut. Either would be without a
 * word.
 */
import type { IConstruct } from 'constructs';
import { labelsOf } from '../../syntax/wording';
import type { ServiceVersion } from '../workload/service-version';
import { whatKeepsOffSidecar } from '../workload/sidecar';
import type { VersionedService } from '../workload/versioned-service';
import type { SecurityParts } from './mesh-security';

/** @param pods The labels by which the policies select. */
export function complaintsAboutPods(
  service: VersionedService,
  { mutualTls }: SecurityParts,
  pods: { readonly [key: string]: string },
): string[] {
  const { versions } = service;
  return [
    ...versions.filter(({ labels }) => !carries(labels, pods)).map((version) => unknownPods(version, pods)),
    ...(mutualTls ? versions.flatMap(withoutMutualTls) : []),
    ...doorsTo(service),
  ];
}

function carries(labels: { readonly [key: string]: string }, pods: { readonly [key: string]: string }): boolean {
  return Object.entries(pods).every(([key, value]) => labels[key] === value);
}

function unknownPods({ version, service }: ServiceVersion, pods: { readonly [key: string]: string }): string {
  return `the policies of service '${service.name}' hold for pods labelled ${labelsOf(new Map(Object.entries(pods)))}, and those of version '${version}' are not known to be; give them these labels, and name them beside the version's own in labels where it is added.`;
}

function withoutMutualTls(one: ServiceVersion): string[] {
  const { version, service } = one;
  const reason = whatKeepsOff(one);
  if (reason !== undefined) {
    return [
      `requests for version '${version}' of service '${service.name}' pass no sidecar (${reason}), and it is the sidecar that takes mutual TLS only and knows callers; take that out of what its pods carry, or use MeshSecurity.networkPolicies.`,
    ];
  }
  return one._effectivePolicy().tls === undefined
    ? []
    : [
        `trafficPolicy.tls has callers of version '${version}' of service '${service.name}' speak TLS of the app's own, and security has its sidecars take the mesh's mutual TLS only, so that every request would be answered with 503; leave out tls, or use MeshSecurity.networkPolicies.`,
      ];
}

/** Of pods of somebody else only the labels are known, as far as they are said. */
function whatKeepsOff({ app, labels }: ServiceVersion): string | undefined {
  return app === undefined
    ? whatKeepsOffSidecar(NaN, { labels })
    : whatKeepsOffSidecar(app.port, app.deployment.podMetadata.toJson());
}

const DOORS: readonly unknown[] = ['NodePort', 'LoadBalancer'];

/** What comes past the gateway through a Service of its own has no certificate, and no pod that a NetworkPolicy knows. */
function doorsTo(service: VersionedService): string[] {
  // Its own, those of its versions, of apps that are exposed, and of their Deployments.
  const parts = service.versions.flatMap(({ app }) => (app === undefined ? [] : [app, app.deployment]));
  return [service, ...parts]
    .flatMap(({ node }) => node.children)
    .filter(isDoor)
    .map(
      ({ name, type }) =>
        `Service '${name}' is of type ${type}, by which clients come past the gateway, and security of service '${service.name}' has the pods refuse all of them; leave serviceType out, and have clients come by the gateway.`,
    );
}

/** A Service of cdk8s-plus, of whichever copy of it. */
function isDoor(construct: IConstruct): construct is IConstruct & { readonly name: string; readonly type: string } {
  return 'type' in construct && DOORS.includes(construct.type);
}
