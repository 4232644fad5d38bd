/*
 * Rules for calls inside the mesh that look as if they also held for what comes in by a gateway. A gateway that routes to a
 * service sends requests to all of its pods: the VirtualService by which sidecars split the service's traffic is not asked.
 *
 * A warning, since it can be meant; only where that VirtualService chooses between subsets of the service, and the gateway's
 * rule names none; and only where one of those subsets leaves out some pod behind the service.
 */

import { nameOf } from '../../manifests/object';
import type { EffectiveVirtualService, MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { listOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';

export const ingressRulesNotAffected: Check = {
  id: 'ingress-rules-not-affected',
  title: 'Rules of the mesh that a gateway does not follow',
  severity: Severity.WARNING,
  istio: ['IST0140'],
  kiali: [],
  run(mesh, report) {
    const splitters = splittersOf(mesh);
    for (const virtualService of mesh.effectiveVirtualServices) {
      const gateways = virtualService.boundTo.filter((ref) => ref !== MESH_GATEWAY);
      for (const { object, destinations } of gateways.length === 0 ? [] : virtualService.http) {
        for (const { path, destination } of destinations) {
          const splitter = destination.subset === undefined ? splitters.get(destination.host) : undefined;
          if (splitter === undefined || gateways.every((ref) => splitter.boundTo.includes(ref))) {
            continue;
          }
          report({
            object,
            path: `${path}.destination`,
            message: `Requests that come in by ${listOf(gateways)} go to all versions of ${destination.writtenHost} alike. ${nameOf(splitter.object)} chooses between its versions for calls inside the mesh only: a gateway routes once, by the rules that are bound to it.`,
            help: `Name a subset here (${listOf(subsetsOf(splitter, destination.host), 'or')}), and write the rules that are to hold for the gateway into this VirtualService.`,
          });
        }
      }
    }
  },
};

/** Of each host, the VirtualService by which sidecars choose between its subsets. */
function splittersOf(mesh: MeshModel): ReadonlyMap<string, EffectiveVirtualService> {
  const found = new Map<string, EffectiveVirtualService>();
  for (const virtualService of mesh.effectiveVirtualServices) {
    if (virtualService.boundTo.includes(MESH_GATEWAY)) {
      for (const { resolved } of virtualService.hosts) {
        if (!found.has(resolved) && divides(mesh, resolved, subsetsOf(virtualService, resolved))) {
          found.set(resolved, virtualService);
        }
      }
    }
  }
  return found;
}

/** Whether it matters which of the subsets a request goes to. A subset that is not given may be any part. */
function divides(mesh: MeshModel, host: string, names: readonly string[]): boolean {
  const [service, ...others] = mesh.servicesOf(host);
  if (service === undefined || others.length > 0) {
    return names.length > 0;
  }
  const all = mesh.endpoints.of(service).groups.length;
  const defined = mesh.destinationRule(host, service.namespace, service.namespace)?.subsets;
  return names.some((name) => {
    const subset = defined?.get(name);
    return subset === undefined || all === 0 || mesh.endpoints.of(service, subset.labels).groups.length < all;
  });
}

function subsetsOf({ http }: EffectiveVirtualService, host: string): readonly string[] {
  const subsets = http.flatMap(({ destinations }) =>
    destinations.flatMap(({ destination }) => (destination.host === host ? [destination.subset] : [])),
  );
  return [...new Set(subsets)].filter((subset) => subset !== undefined);
}
