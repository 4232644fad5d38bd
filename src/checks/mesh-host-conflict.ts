/*
 * Several VirtualServices for one host inside the mesh. Unlike gateways, sidecars do not merge them: the oldest speaks for the
 * host, and the rules of the others are dropped for it. An explicit host beside a wildcard is no conflict.
 *
 * An error where some namespace sees both; VirtualServices that are private to different namespaces never meet. A sidecar for
 * which no rule of the oldest is in force, by its port or the client's labels or namespace, goes on to the next, and so does one
 * that does not import it (Sidecar, egress), so where that may be it is a warning.
 */
import type { EffectiveVirtualService, MeshModel } from '../mesh/model';
import { MESH_GATEWAY } from '../mesh/naming';
import { nameOf } from '../mesh/object';
import { EgressImports } from '../mesh/sidecar-config';
import { visibilityOf } from '../mesh/visibility';
import { append } from '../syntax/grouping';
import type { Check } from './check';
import { Severity } from './finding';

export const meshHostConflict: Check = {
  id: 'mesh-host-conflict',
  title: 'Several VirtualServices for one host in the mesh',
  severity: Severity.ERROR,
  istio: ['IST0109'],
  kiali: ['KIA1106'],
  run(mesh, report) {
    for (const [host, claims] of claimsByHost(mesh)) {
      for (const { virtualService, path } of claims) {
        const winner = claims.find(
          (other) => other.virtualService === virtualService || canMeet(other.virtualService, virtualService),
        );
        if (winner === undefined || winner.virtualService === virtualService) {
          continue;
        }
        const { object } = virtualService;
        const other = winner.virtualService.object;
        const isKnown = object.created !== undefined && other.created !== undefined;
        const limit = limitOf(mesh, winner.virtualService, virtualService);
        report({
          object,
          path,
          severity: limit === '' ? Severity.ERROR : Severity.WARNING,
          message: `${nameOf(other)} speaks for ${host} inside the mesh too. Sidecars do not merge VirtualServices: only the older of the two is used for the host${limit}, and all rules of the other are dropped${
            isKnown ? ', here those of this one' : '. Which one is older is not known from manifests'
          }.`,
          help: `Write all rules for ${host} into one VirtualService, or let one that has the host delegate to others that have none.`,
        });
      }
    }
  },
};

interface Claim {
  readonly virtualService: EffectiveVirtualService;
  readonly path: string;
}

/** Who speaks for each host inside the mesh, in Istio's order, whatever its case. One that has no http rules claims nothing. */
function claimsByHost(mesh: MeshModel): ReadonlyMap<string, readonly Claim[]> {
  const claims = new Map<string, Claim[]>();
  for (const virtualService of mesh.effectiveVirtualServices) {
    if (virtualService.boundTo.includes(MESH_GATEWAY) && virtualService.http.length > 0) {
      for (const { resolved, path } of virtualService.hosts) {
        append(claims, resolved.toLowerCase(), { virtualService, path });
      }
    }
  }
  return claims;
}

/** Which sidecars use the winner, in words; empty where all do that know of the other. */
function limitOf(mesh: MeshModel, winner: EffectiveVirtualService, other: EffectiveVirtualService): string {
  if (!isInForceForAll(winner)) {
    return ', by sidecars for which one of its rules is in force';
  }
  const isMissed = mesh.sidecarConfigs.some(({ egressHosts, object }) => {
    // A Sidecar of the root namespace holds for others: of any of these, its '.' may be the one of the other.
    const home = object.namespace === mesh.rootNamespace ? other.object.namespace : object.namespace;
    const imports = egressHosts && new EgressImports(egressHosts, home);
    return imports !== undefined && isImported(imports, other) && !isImported(imports, winner);
  });
  return isMissed ? ', by sidecars that import it' : '';
}

function isImported(imports: EgressImports, { hosts, object }: EffectiveVirtualService): boolean {
  const names = hosts.map(({ resolved }) => resolved);
  return imports.hasVirtualService(names, object.namespace);
}

/** Whether some rule is in force for every client and port. */
function isInForceForAll({ http }: EffectiveVirtualService): boolean {
  return http.some(
    ({ match }) =>
      match.length === 0 ||
      match.some(({ gateways, port, sourceLabels, sourceNamespace }) =>
        gateways.length > 0
          ? gateways.includes(MESH_GATEWAY) && port === 0
          : port === 0 && sourceLabels.size === 0 && sourceNamespace === '',
      ),
  );
}

/** Whether some namespace sees both. */
export function canMeet(one: EffectiveVirtualService, other: EffectiveVirtualService): boolean {
  const named = [one, other].flatMap(({ object, exportTo }) => [object.namespace, ...exportTo]);
  // No namespace has such a name: it stands for all that are not named.
  const viewers = [...named.filter((name) => !['*', '.', '~'].includes(name)), '/'];
  return viewers.some((viewer) => isSeenBy(one, viewer) && isSeenBy(other, viewer));
}

function isSeenBy({ object, exportTo }: EffectiveVirtualService, viewer: string): boolean {
  return visibilityOf(exportTo, object.namespace, viewer) !== undefined;
}
