/*
 * Pods that a policy is meant for and does not hold for. They would be open, without a word.
 */
import { labelsOf } from '../../syntax/wording';
import type { VersionedService } from '../workload/versioned-service';
import type { SecurityParts } from './mesh-security';

const INJECT = 'sidecar.istio.io/inject';

/** @param pods The labels by which the policies select. */
export function complaintsAboutPods(
  { name, versions }: VersionedService,
  { mutualTls }: SecurityParts,
  pods: { readonly [key: string]: string },
): string[] {
  const unknown = versions.filter(({ labels }) => Object.entries(pods).some(([key, value]) => labels[key] !== value));
  const bare = versions.filter(({ app }) => mutualTls && app?.deployment.podMetadata.getLabel(INJECT) === 'false');
  return [
    ...unknown.map(
      ({ version }) =>
        `the policies of service '${name}' hold for pods labelled ${labelsOf(new Map(Object.entries(pods)))}, and those of version '${version}' are not known to be; give them these labels, and name them in labels where the version is added.`,
    ),
    ...bare.map(
      ({ version }) =>
        `the pods of version '${version}' of service '${name}' get no sidecar (label ${INJECT}: 'false'), and it is the sidecar that takes mutual TLS only and knows callers; take the label out of podLabels, or use MeshSecurity.networkPolicies.`,
    ),
  ];
}
