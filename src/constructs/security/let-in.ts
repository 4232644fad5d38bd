/*
 * Callers as each kind of policy names them. No source is ever negated: what a policy lets in without being able to tell who
 * it is would come in.
 */
import type { k8s } from 'cdk8s-plus-27';
import type { AuthorizationPolicySpecRules } from '../../../imports/security.istio.io';
import type { CallerIdentity } from './caller';

/**
 * The rules of an AuthorizationPolicy: none lets in nobody. Sources are alternatives, while the fields of one source would all
 * have to hold.
 */
export function authorizationRules(
  callers: readonly CallerIdentity[],
  trustDomain: string,
): AuthorizationPolicySpecRules[] {
  const principals = callers.flatMap(({ namespace, serviceAccounts }) =>
    (serviceAccounts ?? []).map((account) => `${trustDomain}/ns/${namespace}/sa/${account}`),
  );
  const namespaces = callers
    .filter(({ serviceAccounts }) => serviceAccounts === undefined)
    .map(({ namespace }) => namespace);
  const from = [
    ...(principals.length > 0 ? [{ source: { principals: unique(principals) } }] : []),
    ...(namespaces.length > 0 ? [{ source: { namespaces: unique(namespaces) } }] : []),
  ];
  // A rule without sources would be for everybody.
  return from.length > 0 ? [{ from }] : [];
}

/** The rules of a NetworkPolicy: none lets in nobody. A peer without labels of pods is the whole namespace. */
export function networkRules(callers: readonly CallerIdentity[]): k8s.NetworkPolicyIngressRule[] {
  const peers = callers.map(({ namespace, podLabels }) => ({
    // Every namespace has this label since Kubernetes 1.22.
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    ...(podLabels === undefined ? {} : { podSelector: { matchLabels: podLabels } }),
  }));
  const from = [...new Map(peers.map((peer) => [JSON.stringify(peer), peer])).values()];
  // A rule without peers would be for everybody.
  return from.length > 0 ? [{ from }] : [];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
