/*
 * Rules that Istio silently drops because of delegation.
 *
 * Certain, and an error, where the manifests show why: the delegate has hosts of its own, is not exported to the namespace,
 * delegates again, or its match contradicts the root's. A delegate that is not given may be in the cluster already, so that is
 * a warning.
 */

import { nameOf } from '../../manifests/object';
import type { HttpRoute } from '../../model/http-route';
import type { VirtualService } from '../../model/virtual-service';
import { closest } from '../../syntax/wording';
import type { Check, Report } from '../check';
import { Severity } from '../finding';

export const delegateDropped: Check = {
  id: 'delegate-dropped',
  title: 'Rules that Istio drops because of a delegate',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const given = new Set(mesh.virtualServices.map(refOf));
    const delegates = mesh.virtualServices.filter(({ hosts }) => hosts.length === 0).map(refOf);
    for (const { object, dropped } of mesh.effectiveVirtualServices) {
      for (const { route, via, reason } of dropped) {
        const ref = `${via.delegate?.namespace}/${via.delegate?.name}`;
        if (route === via && !given.has(ref)) {
          reportMissing(via, ref, delegates, report);
        } else if (route === via) {
          report({ object, path: `${via.path}.delegate`, ...unusable(reason, ref, object.namespace) });
        } else {
          report({
            object: route.object,
            path: route.path,
            message: `${nameOf(object)} delegates to this rule at ${via.path}. The two matches contradict each other, and both must hold, so Istio drops this rule. ${AFTERWARDS}`,
            help: `In ${route.path}.match, write only what narrows ${via.path}.match of ${nameOf(object)}: the same values, or longer prefixes. If a field has a regex in one of the two, remove it from the other.`,
          });
        }
      }
    }
    for (const { object, hosts, http } of mesh.virtualServices) {
      if (hosts.length === 0) {
        for (const route of http.filter(({ delegate }) => delegate !== undefined)) {
          reportNested(route, nameOf(object), report);
        }
      }
    }
  },
};

/** As sidecars have a virtual host for each service, and make its routes of a VirtualService only where that has some. */
const AFTERWARDS =
  'Its requests go to a later rule; without one they get 404, or, inside the mesh and where no rule is left at all, reach their host as if there were no VirtualService.';

function refOf({ object }: VirtualService): string {
  return `${object.namespace}/${object.name}`;
}

function reportMissing({ object, delegate }: HttpRoute, ref: string, known: readonly string[], report: Report): void {
  const meant = closest(ref, known);
  report({
    object,
    path: delegate?.path ?? '',
    severity: Severity.WARNING,
    message: `The rule delegates to VirtualService ${ref}, which is not among the manifests. Unless it is in the cluster already, Istio drops the rule. ${AFTERWARDS}`,
    help:
      meant === undefined
        ? `Add a VirtualService ${ref} without hosts and gateways, or write the name of one that exists.`
        : `Did you mean ${meant}?`,
  });
}

function unusable(reason: string, ref: string, namespace: string): { readonly message: string; readonly help: string } {
  const exported = reason.includes('not exported');
  return {
    message: `Istio drops this rule: ${reason}. ${AFTERWARDS}`,
    help: exported
      ? `Add '${namespace}' to spec.exportTo of VirtualService ${ref}.`
      : `Remove spec.hosts and spec.gateways from VirtualService ${ref}: it takes those of the VirtualService that delegates to it.`,
  };
}

function reportNested({ object, delegate }: HttpRoute, name: string, report: Report): void {
  report({
    object,
    path: delegate?.path ?? '',
    istio: ['IST0106'],
    message: `${name} has no hosts, so it is a delegate itself, and a delegate cannot delegate again: Istio refuses it.`,
    help: `Write the rules of VirtualService ${delegate?.namespace}/${delegate?.name} here, or let the VirtualService with the hosts delegate to it directly.`,
  });
}
