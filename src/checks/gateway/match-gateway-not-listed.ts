/*
 * `match.gateways` only chooses among the gateways that the VirtualService is bound to. A name that `spec.gateways` does not
 * list binds nothing.
 *
 * Of a delegate, the gateways are those of the VirtualServices that delegate to it; one that nobody delegates to is left alone.
 */

import type { HttpMatch } from '../../model/http-route';
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY, resolveGateway } from '../../model/naming';
import type { VirtualService } from '../../model/virtual-service';
import { append } from '../../syntax/grouping';
import { listOf } from '../../syntax/wording';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import { writtenMatchesOf } from '../shared/written-matches';

export const matchGatewayNotListed: Check = {
  id: 'match-gateway-not-listed',
  title: 'A match for a gateway that the VirtualService is not bound to',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const delegators = delegatorsOf(mesh);
    for (const { virtualService, match } of writtenMatchesOf(mesh)) {
      const { namespace, name } = virtualService.object;
      const owners =
        virtualService.hosts.length > 0 ? [virtualService] : (delegators.get(`${namespace}/${name}`) ?? []);
      const bound = new Set(owners.flatMap(({ boundTo }) => boundTo));
      if (bound.size > 0) {
        examine(virtualService, match, bound, report);
      }
    }
  },
};

/** Who delegates to each VirtualService. */
function delegatorsOf(mesh: MeshModel): ReadonlyMap<string, readonly VirtualService[]> {
  const found = new Map<string, VirtualService[]>();
  for (const root of mesh.virtualServices.filter(({ hosts }) => hosts.length > 0)) {
    for (const { delegate } of root.http) {
      if (delegate !== undefined) {
        append(found, `${delegate.namespace}/${delegate.name}`, root);
      }
    }
  }
  return found;
}

function examine({ object }: VirtualService, match: HttpMatch, bound: ReadonlySet<string>, report: Report): void {
  const unlisted = match.gateways.filter((gateway) => !bound.has(gateway));
  if (unlisted.length === 0) {
    return;
  }
  const dead = unlisted.length === match.gateways.length;
  const listed = listOf([...bound].map(gatewayInWords));
  report({
    object,
    path: `${match.path}.gateways`,
    severity: dead ? Severity.ERROR : Severity.WARNING,
    message: `The match is for ${listOf(unlisted.map(gatewayInWords), 'or')}, but the VirtualService is bound to ${listed} only. ${
      dead ? 'No proxy ever gets this match.' : 'The match works on the listed gateways only.'
    }`,
    help: `Add ${listOf(unlisted.map((ref) => written(ref, object.namespace)))} to spec.gateways${
      bound.has(MESH_GATEWAY) && bound.size === 1
        ? " (with 'mesh' beside it, if calls inside the mesh are to keep their rules)"
        : ''
    }, or name one of those that are listed.`,
  });
}

function gatewayInWords(ref: string): string {
  return ref === MESH_GATEWAY ? 'the mesh' : `Gateway ${ref}`;
}

function written(ref: string, namespace: string): string {
  const short = ref.slice(ref.indexOf('/') + 1);
  return resolveGateway(short, namespace) === ref ? `'${short}'` : `'${ref}'`;
}
