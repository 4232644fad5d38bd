/*
 * A rule that matches a claim of the caller's token, at a gateway where nothing reads tokens: the rule never matches. Policies
 * that may hold for the gateway count, whether its pods are given or not; if there are none the cluster may have one.
 */

import { nameOf } from '../../manifests/object';
import type { Gateway } from '../../model/gateway';
import type { MeshModel } from '../../model/model';
import { type Policy, policiesFor, policiesOf } from '../../model/policies';
import { isClaim } from '../../predicate/match/claim';
import { dataPlaneOf } from '../../proxy/data-plane';
import type { Check } from '../check';
import { Severity } from '../finding';

export const jwtClaimWithoutAuthentication: Check = {
  id: 'jwt-claim-without-authentication',
  title: 'A rule matches a claim, and nothing reads tokens',
  severity: Severity.WARNING,
  istio: ['IST0149'],
  kiali: [],
  run(mesh, report) {
    const policies = [...policiesOf(mesh, 'RequestAuthentication').values()].flat();
    for (const { object, http, boundTo } of mesh.effectiveVirtualServices) {
      const gateways = boundTo.map((ref) => mesh.gateway(ref)).filter((gateway) => gateway !== undefined);
      const unread = gateways.filter((gateway) => !policies.some((policy) => mayHoldFor(mesh, policy, gateway)));
      if (unread.length === 0) {
        continue;
      }
      for (const match of http.flatMap((route) => route.match)) {
        const claim = [...match.headers, ...match.withoutHeaders].find(({ name }) => isClaim(name));
        if (claim !== undefined) {
          report({
            object: match.object,
            path: claim.match.path,
            message: `This rule of ${nameOf(object)} matches the claim ${claim.name}, and no RequestAuthentication of the manifests reads tokens at ${nameOf(unread[0].object)}. Unless the cluster has one, no request carries the claim.`,
            help: 'Add a RequestAuthentication that selects the pods of the gateway, in their namespace.',
          });
        }
      }
    }
  },
};

function mayHoldFor(mesh: MeshModel, policy: Policy, gateway: Gateway): boolean {
  if (policy.targets !== undefined) {
    return true;
  }
  const pods = dataPlaneOf(mesh).gateways.podsOf(gateway);
  return pods.length > 0
    ? pods.some(({ object: { namespace }, podLabels: labels }) =>
        policiesFor(mesh, 'RequestAuthentication', { labels, namespace }).includes(policy),
      )
    : [...policy.selector].every(([key, value]) => (gateway.selector.get(key) ?? value) === value);
}
