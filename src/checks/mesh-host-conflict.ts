/*
 * Several VirtualServices for one host inside the mesh. Unlike gateways, sidecars do not merge their http rules: the first speaks
 * for the host, and the rules of the others are dropped for it. First comes one that its exportTo limits to its own namespace,
 * then one for some namespaces, then one for all, and of equals the older. An explicit host beside a wildcard is no conflict.
 * Rules for tls and tcp are put together, in the same order, and those of the later one are dropped where an earlier one takes
 * the same connections.
 *
 * An error where some namespace sees both; VirtualServices that are private to different namespaces never meet. A sidecar for
 * which no rule of the first is in force, by its port or the client's labels or namespace, goes on to the next, and so does one
 * that does not import it (Sidecar, egress), so where that may be it is a warning. Where the other is used in some namespaces,
 * and not in others, it may be meant, as a team's own rules for a service of others are, and is only said.
 */
import type { EffectiveVirtualService, MeshModel } from '../mesh/model';
import { MESH_GATEWAY } from '../mesh/naming';
import { inIstioOrder, nameOf } from '../mesh/object';
import { EgressImports } from '../mesh/sidecar-config';
import { visibilityOf } from '../mesh/visibility';
import { append } from '../syntax/grouping';
import type { Check, Observation } from './check';
import { Severity } from './finding';
import { takenBytes } from './shared/taken-bytes';

export const meshHostConflict: Check = {
  id: 'mesh-host-conflict',
  title: 'Several VirtualServices for one host in the mesh',
  severity: Severity.ERROR,
  istio: ['IST0109'],
  kiali: ['KIA1106'],
  run(mesh, report) {
    for (const [host, claims] of claimsByHost(mesh)) {
      for (const claim of claims.length > 1 ? claims : []) {
        const found = httpConflict(mesh, host, claim, claims) ?? bytesConflict(host, claim, claims);
        if (found !== undefined) {
          report({ object: claim.virtualService.object, ...found });
        }
      }
    }
  },
};

type Words = Omit<Observation, 'object'>;

function httpConflict(mesh: MeshModel, host: string, claim: Claim, all: readonly Claim[]): Words | undefined {
  const { path, virtualService } = claim;
  const claims = all.filter((other) => other.virtualService.http.length > 0);
  const loss = claims.includes(claim) ? lossOf(virtualService, claims) : undefined;
  if (loss === undefined) {
    return undefined;
  }
  const { isByAge, where, winner } = loss;
  const limit = limitOf(mesh, winner, virtualService);
  const isKnown = !isByAge || isAgeKnown(winner, virtualService);
  return {
    path,
    severity: where !== undefined ? Severity.INFO : limit === '' ? Severity.ERROR : Severity.WARNING,
    message: `${nameOf(winner.object)} speaks for ${host} inside the mesh too${inWords(where)}. Sidecars do not merge VirtualServices: only the ${
      isByAge ? 'older' : 'more narrowly exported'
    } of the two is used for the host${limit}, and all rules of the other are dropped${
      isKnown ? ', here those of this one' : '. Which one is older is not known from manifests'
    }.`,
    help: `Write all rules for ${host} into one VirtualService, or let one that has the host delegate to others that have none.`,
  };
}

/** Rules for bytes: the first that an earlier VirtualService leaves nothing to. */
function bytesConflict(host: string, { virtualService }: Claim, claims: readonly Claim[]): Words | undefined {
  for (const other of claims) {
    const loss = lossOf(virtualService, [other]);
    const taken = loss && takenBytes(loss.winner, virtualService);
    if (loss !== undefined && taken !== undefined) {
      const isKnown = !loss.isByAge || isAgeKnown(loss.winner, virtualService);
      return {
        path: taken.path,
        severity: loss.where === undefined ? Severity.ERROR : Severity.INFO,
        message: `${nameOf(loss.winner.object)} takes the same connections to ${host} inside the mesh${inWords(loss.where)}, by ${taken.by}. Sidecars put the ${taken.kind} rules of both together, and only the ${
          loss.isByAge ? 'older' : 'more narrowly exported'
        } of the two counts${isKnown ? ', so that nothing comes to this one' : '. Which one is older is not known from manifests'}.`,
        help: `Write all rules for ${host} into one VirtualService, each for other connections.`,
      };
    }
  }
  return undefined;
}

function inWords(where: string | undefined): string {
  return where === undefined ? '' : `, for clients in namespace ${where}`;
}

function isAgeKnown(...both: readonly EffectiveVirtualService[]): boolean {
  return both.every(({ object }) => object.created !== undefined);
}

/** To whom a VirtualService loses a host. */
interface Loss {
  readonly winner: EffectiveVirtualService;
  /** Whether their age decides, and not to whom they are exported. */
  readonly isByAge: boolean;
  /** The namespace for which it does, where it does not for all that see it. */
  readonly where?: string;
}

/** @param claims in Istio's order, in which the older comes first */
function lossOf(virtualService: EffectiveVirtualService, claims: readonly Claim[]): Loss | undefined {
  const all = [...new Set([...claims.map((claim) => claim.virtualService), virtualService])].sort(inOrderOfAge);
  const viewers = viewersOf(all).filter((viewer) => rankFor(virtualService, viewer) !== undefined);
  const losses = viewers.flatMap((viewer) => {
    const [winner] = all
      .flatMap((each) => ({ each, rank: rankFor(each, viewer) }))
      .filter(({ rank }) => rank !== undefined)
      .sort((a, b) => Number(a.rank) - Number(b.rank));
    const isByAge = winner?.rank === rankFor(virtualService, viewer);
    return winner === undefined || winner.each === virtualService ? [] : [{ winner: winner.each, isByAge, viewer }];
  });
  const [first] = losses;
  const isEverywhere = losses.length === viewers.length && losses.every(({ winner }) => winner === first?.winner);
  return first && { ...first, where: isEverywhere ? undefined : first.viewer };
}

function inOrderOfAge(a: EffectiveVirtualService, b: EffectiveVirtualService): number {
  return inIstioOrder(a.object, b.object);
}

interface Claim {
  readonly virtualService: EffectiveVirtualService;
  readonly path: string;
}

/** Who has rules for each host inside the mesh, in Istio's order, whatever its case. */
function claimsByHost(mesh: MeshModel): ReadonlyMap<string, readonly Claim[]> {
  const claims = new Map<string, Claim[]>();
  for (const virtualService of mesh.effectiveVirtualServices) {
    if (virtualService.boundTo.includes(MESH_GATEWAY)) {
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

/** All namespaces that may differ in what they see of them. */
function viewersOf(all: readonly EffectiveVirtualService[]): readonly string[] {
  const named = new Set(all.flatMap(({ object, exportTo }) => [object.namespace, ...exportTo]));
  // No namespace has such a name: it stands for all that are not named.
  return [...[...named].filter((name) => !['*', '.', '~'].includes(name)), '/'];
}

/** Whether some namespace sees both, and nothing but their age says which of them comes first there. */
export function meetAsEquals(one: EffectiveVirtualService, other: EffectiveVirtualService): boolean {
  return viewersOf([one, other]).some((viewer) => {
    const rank = rankFor(one, viewer);
    return rank !== undefined && rank === rankFor(other, viewer);
  });
}

/** How early a VirtualService comes for clients in a namespace; undefined where it is not seen. */
function rankFor({ object, exportTo }: EffectiveVirtualService, viewer: string): number | undefined {
  return visibilityOf(exportTo, object.namespace, viewer);
}
