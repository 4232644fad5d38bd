/*
 * Several VirtualServices for one host inside the mesh. Unlike gateways, sidecars do not merge their http rules: the first speaks
 * for the host, and the rules of the others are dropped for it. First comes one that its exportTo limits to its own namespace,
 * then one for some namespaces, then one for all, and of equals the older. An explicit host beside a wildcard is no conflict.
 * Rules for tls and tcp are put together, in the same order, and those of the later one are dropped where an earlier one takes
 * the same connections.
 *
 * An error where some namespace sees both; VirtualServices that are private to different namespaces never meet. A sidecar for
 * which no rule of the first is in force, by its port or the client's labels or namespace, goes on to the next, and so does one
 * that does not import it (Sidecar, egress), so where that may be it is a warning. One whose rules are all for gateways takes no
 * part (`buildSidecarVirtualHostsForVirtualService`). Where the other is used in some namespaces,
 * and not in others, it may be meant, as a team's own rules for a service of others are, and is only said.
 */

import { EMPTY_MAP } from '../../manifests/node';
import { inIstioOrder, nameOf } from '../../manifests/object';
import type { EffectiveVirtualService, MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { Precedence } from '../../model/precedence';
import { EgressImports } from '../../model/sidecar-config';
import { isForSidecars } from '../../model/virtual-service';
import { whyNotAt } from '../../predicate/match/origin';
import { firstTaken } from '../../proxy/bytes-rules';
import { append } from '../../syntax/grouping';
import { isWildcard } from '../../syntax/hosts';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';

export const meshHostConflict: Check = {
  id: 'mesh-host-conflict',
  title: 'Several VirtualServices for one host in the mesh',
  severity: Severity.ERROR,
  istio: ['IST0109'],
  kiali: ['KIA1106'],
  run(mesh, report) {
    for (const [host, claims] of claimsByHost(mesh)) {
      if (claims.length === 1) {
        continue;
      }
      const http = precedenceOf(claims.filter(({ virtualService }) => claimsHost(host, virtualService)));
      const bytes = precedenceOf(claims.filter(({ virtualService }) => hasBytes(virtualService)));
      for (const claim of claims) {
        const found = httpConflict(mesh, host, claim, http) ?? bytesConflict(host, claim, bytes);
        if (found !== undefined) {
          report({ object: claim.virtualService.object, ...found });
        }
      }
    }
  },
};

type Words = Omit<Observation, 'object'>;
type Claims = Precedence<EffectiveVirtualService>;

function precedenceOf(claims: readonly Claim[]): Claims {
  return new Precedence([...new Set(claims.map(({ virtualService }) => virtualService))]);
}

/**
 * Whether its http rules can keep a host from others. One without a rule for sidecars has no virtual host; but to a wildcard
 * it has, the services are assigned before Istio looks at its rules (`computeWildcardHostVirtualServiceIndex`).
 */
function claimsHost(host: string, virtualService: EffectiveVirtualService): boolean {
  return virtualService.http.length > 0 && (isWildcard(host) || holdsInMesh(virtualService));
}

/** Whether some http rule can be in force in a sidecar. */
function holdsInMesh({ http }: EffectiveVirtualService): boolean {
  return http.some(({ match }) => match.length === 0 || match.some(isForSidecars));
}

function hasBytes({ tcp, tls }: EffectiveVirtualService): boolean {
  return tcp.length > 0 || tls.length > 0;
}

function httpConflict(mesh: MeshModel, host: string, claim: Claim, precedence: Claims): Words | undefined {
  const { path, virtualService } = claim;
  const loss = holdsInMesh(virtualService) ? lossOf(virtualService, precedence) : undefined;
  if (loss === undefined) {
    return undefined;
  }
  const { isByAge, where, winner } = loss;
  const limit = limitOf(mesh, winner, virtualService);
  const isKnown = !isByAge || isAgeKnown(winner, virtualService);
  return {
    path,
    severity: where !== undefined ? Severity.INFO : limit === '' ? Severity.ERROR : Severity.WARNING,
    message: `${nameOf(winner.object)} also claims ${host} inside the mesh${inWords(where)}. Sidecars do not merge VirtualServices: only the ${
      isByAge ? 'older' : 'more narrowly exported'
    } of the two is used for the host${limit}, and all rules of the other are dropped${
      isKnown ? ', here those of this one' : '. The manifests do not say which one is older'
    }.`,
    help: `Write all rules for ${host} into one VirtualService, or let one that has the host delegate to others that have none.`,
  };
}

/** tcp and tls rules: the first whose connections an earlier VirtualService takes. */
function bytesConflict(host: string, { virtualService }: Claim, precedence: Claims): Words | undefined {
  for (const other of hasBytes(virtualService) ? precedence.meeting(virtualService) : []) {
    const both = [other, virtualService].sort((a, b) => inIstioOrder(a.object, b.object));
    const loss = lossOf(virtualService, new Precedence(both));
    const taken = loss && firstTaken(loss.winner, virtualService);
    if (loss !== undefined && taken !== undefined) {
      const isKnown = !loss.isByAge || isAgeKnown(loss.winner, virtualService);
      return {
        path: taken.rule.path,
        severity: loss.where === undefined ? Severity.ERROR : Severity.INFO,
        message: `${nameOf(loss.winner.object)} takes the same connections to ${host} inside the mesh${inWords(loss.where)}, by ${taken.by.path}. Sidecars merge the ${taken.rule.kind} rules of both, and only those of the ${
          loss.isByAge ? 'older' : 'more narrowly exported'
        } of the two get the connections${isKnown ? ', so this rule gets none' : '. The manifests do not say which one is older'}.`,
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

/** The VirtualService that gets a host in place of another, and why. */
interface Loss {
  readonly winner: EffectiveVirtualService;
  /** Whether their age decides, and not to whom they are exported. */
  readonly isByAge: boolean;
  /** The namespace for which it does, where it does not for all that see it. */
  readonly where?: string;
}

function lossOf(virtualService: EffectiveVirtualService, precedence: Claims): Loss | undefined {
  const ranks = precedence.ranksOf(virtualService);
  const losses = ranks.flatMap(({ viewer, rank }) => {
    const first = precedence.firstFor(viewer);
    return first === undefined || first.virtualService === virtualService
      ? []
      : [{ winner: first.virtualService, isByAge: first.rank === rank, viewer }];
  });
  const [first] = losses;
  const isEverywhere = losses.length === ranks.length && losses.every(({ winner }) => winner === first?.winner);
  return first && { ...first, where: isEverywhere ? undefined : first.viewer };
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
    return ', by sidecars where one of its rules applies';
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

/** A sidecar without namespace, labels and port: a rule that is in force there is in force in every sidecar. */
const ANY_SIDECAR = { gateway: MESH_GATEWAY, port: -1, proxyLabels: EMPTY_MAP, proxyNamespace: '' };

/** Whether some rule is in force for every client and port. */
function isInForceForAll({ http }: EffectiveVirtualService): boolean {
  return http.some(
    ({ match }) => match.length === 0 || match.some((each) => whyNotAt(each, ANY_SIDECAR) === undefined),
  );
}
