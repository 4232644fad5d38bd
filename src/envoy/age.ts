/*
 * Where objects contradict each other about a request, the older one wins, and manifests rarely say which that is.
 */
import type { StringMap } from '../manifests/node';
import { type MeshObject, nameOf, refOf } from '../manifests/object';
import type { EffectiveVirtualService, MeshModel } from '../model/model';
import { visibilityOf } from '../model/visibility';
import type { WeightedCluster } from '../proxy/cluster';
import type { GatewayListeners } from '../proxy/gateway-listeners';
import type { Route } from '../proxy/routes';
import type { VirtualHost } from '../proxy/virtual-host';
import { labelsOf } from '../syntax/wording';
import { type Caveat, CaveatKind, caveatAbout } from './caveat';
import { RouteDecision } from './decision';
import { headline } from './explain';
import type { ParsedRequest } from './parsed-request';
import { Trail } from './trail';
import { inWordsOfClient, NO_ROUTE, type Verdict } from './verdict';
import { firstMatching, takeRoute } from './virtual-host-walk';

/** Objects that are not known to be the younger ones, and with which the answer would be another if they are not. */
export function whatAgeDecides(model: MeshModel, verdict: Verdict, trail: Trail): readonly Caveat[] {
  const { host, listeners, request } = trail;
  return [
    ...(host === undefined || request === undefined ? [] : olderRules(request, host, trail)),
    ...(verdict.clusters ?? []).flatMap((weighted) => olderSubsets(model, weighted)),
    ...(listeners === undefined ? [] : olderGateways(listeners, verdict, trail)),
  ];
}

function isUnknown(one: MeshObject, other: MeshObject): boolean {
  return one !== other && (one.created === undefined || other.created === undefined);
}

function olderRules(request: ParsedRequest, host: VirtualHost, trail: Trail): readonly Caveat[] {
  const taken = firstMatching(host.routes, request);
  const owner = (host.routes[taken] ?? host.routes[0])?.origin?.owner;
  if (owner === undefined) {
    return [];
  }
  const answer = answerBy(host.routes[taken], request);
  const contenders = [...behind(host, taken, request), ...(host.rivals ?? []).map((routes) => rival(routes, request))];
  return contenders.flatMap(({ other, route }) => {
    const instead = answerBy(route, request);
    if (!areEqual(owner, other, trail) || contentOf(instead) === contentOf(answer)) {
      return [];
    }
    const text = `${nameOf(other.object)} has rules for the host, too, and the older object wins. The manifests do not say that ${nameOf(owner.object)} is the older one; if it is not, the answer is: ${headline(instead).replace(/\s+/g, ' ')}.`;
    return [caveatAbout(CaveatKind.AGE, other.object, text, route?.origin?.rule.path)];
  });
}

interface Contender {
  readonly other: EffectiveVirtualService;
  /** What it does with the request; absent where it has no rule for it. */
  readonly route?: Route;
}

/** At gateways, the rules of all stand in one list. Those for every request are behind the others in any case. */
function behind({ routes }: VirtualHost, taken: number, request: ParsedRequest): readonly Contender[] {
  const first = new Map<EffectiveVirtualService, Route>();
  for (const route of taken < 0 ? [] : routes.slice(taken + 1)) {
    const other = route.origin?.owner;
    if (other !== undefined && !first.has(other) && firstMatching([route], request) === 0) {
      first.set(other, route);
    }
  }
  return [...first]
    .filter(([, route]) => route.catchAll === routes[taken].catchAll)
    .map(([other, route]) => ({ other, route }));
}

/** Inside the mesh, one of them has the host. */
function rival(routes: readonly Route[], request: ParsedRequest): Contender {
  const [{ origin }] = routes;
  if (origin === undefined) {
    throw new Error('only VirtualServices compete for a host');
  }
  return { other: origin.owner, route: routes[firstMatching(routes, request)] };
}

/** Whether nothing but their age says which of two comes first for a proxy. */
function areEqual(
  one: EffectiveVirtualService,
  other: EffectiveVirtualService,
  { listeners, sidecar }: Trail,
): boolean {
  const viewer = listeners?.proxy.namespace ?? sidecar?.scope.namespace ?? '';
  const rankOf = ({ exportTo, object }: EffectiveVirtualService) => visibilityOf(exportTo, object.namespace, viewer);
  return (
    isUnknown(one.object, other.object) &&
    rankOf(one) === rankOf(other) &&
    one.boundTo.some((gateway) => other.boundTo.includes(gateway))
  );
}

function answerBy(route: Route | undefined, request: ParsedRequest): RouteDecision {
  const trail = new Trail();
  const verdict = route === undefined ? NO_ROUTE : takeRoute(request, route, trail);
  return RouteDecision._of(inWordsOfClient(verdict, request, trail), trail);
}

/** The answer without what led to it. */
function contentOf(decision: RouteDecision): string {
  const answer = decision.toJSON() as object;
  return JSON.stringify({ ...answer, virtualService: undefined, rule: undefined, trace: undefined });
}

/** Of several DestinationRules for one host, the first to define a subset counts. */
function olderSubsets(model: MeshModel, { cluster: { madeOf, subset: name } }: WeightedCluster): readonly Caveat[] {
  const { rule, service, subset } = madeOf ?? {};
  if (service === undefined || subset === undefined || rule === undefined || rule.rules.length < 2) {
    return [];
  }
  const podsOf = (labels: StringMap) =>
    model.endpoints
      .of(service, labels)
      .groups.map(({ object }) => refOf(object))
      .join();
  const first = rule.rules.find(({ object }) => object === subset.object);
  return rule.rules
    .filter(({ workloadSelector }) => (workloadSelector === undefined) === (first?.workloadSelector === undefined))
    .flatMap(({ subsets }) => subsets.find((each) => each.name === name) ?? [])
    .filter(({ labels, object }) => isUnknown(subset.object, object) && podsOf(labels) !== podsOf(subset.labels))
    .map(({ labels, object, path }) =>
      caveatAbout(
        CaveatKind.AGE,
        object,
        `${nameOf(object)} defines subset ${name}, too, and the older object wins. The manifests do not say that ${nameOf(subset.object)} is the older one; if it is not, the subset is the pods with ${labelsOf(labels)}.`,
        path,
      ),
    );
}

/** Of servers that cannot share a port, the first gets it. */
function olderGateways({ merged }: GatewayListeners, { request }: Verdict, trail: Trail): readonly Caveat[] {
  const port = (request ?? trail.request)?.port;
  return merged.skipped
    .filter(
      ({ server, winner }) => server.port.number === port && isUnknown(server.gateway.object, winner.gateway.object),
    )
    .map(({ server, winner, reason }) =>
      caveatAbout(
        CaveatKind.AGE,
        server.gateway.object,
        `${nameOf(server.gateway.object)} has a server on port ${port}, too, which is left out: ${reason}. The older object wins, and the manifests do not say that ${nameOf(winner.gateway.object)} is the older one; if it is not, the port has the protocol of the other server (${server.port.protocol}).`,
        server.path,
      ),
    );
}
