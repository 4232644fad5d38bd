/*
 * The destinations of a VirtualService as its author wrote them, delegates not merged: each stands in one place only.
 */
import type { Destination, HttpMatch, HttpRoute, WeightedDestination } from '../../model/http-route';
import { MESH_GATEWAY } from '../../model/naming';
import { perMesh } from '../../model/per-mesh';
import type { L4Route, VirtualService } from '../../model/virtual-service';
import { rootsOf } from '../../proxy/clients';

export interface WrittenDestination {
  readonly destination: Destination;
  readonly role: 'destination' | 'mirror';
  /** What kind of route it belongs to. */
  readonly kind: 'http' | 'tls' | 'tcp';
  /** The matches of that route. */
  readonly matches: readonly (Pick<HttpMatch, 'gateways' | 'port'> & Partial<Pick<HttpMatch, 'sourceNamespace'>>)[];
  /** Whether its weight is 0 beside others that have some: Istio leaves it out, and nothing comes to it. */
  readonly isIdle: boolean;
}

const KNOWN = new WeakMap<VirtualService, readonly WrittenDestination[]>();

export function destinationsOf(virtualService: VirtualService): readonly WrittenDestination[] {
  let destinations = KNOWN.get(virtualService);
  if (destinations === undefined) {
    destinations = collect(virtualService);
    KNOWN.set(virtualService, destinations);
  }
  return destinations;
}

function collect({ http, tls, tcp }: VirtualService): readonly WrittenDestination[] {
  return [
    ...http.flatMap(ofHttp),
    ...tls.flatMap((route) => ofL4(route, 'tls')),
    ...tcp.flatMap((route) => ofL4(route, 'tcp')),
  ].filter(({ destination }) => destination.host !== '');
}

function ofHttp(route: HttpRoute): readonly WrittenDestination[] {
  const mirrors = (route.mirrors ?? []).map(({ destination }) => destination);
  const place = { kind: 'http', matches: route.match } as const;
  return [
    ...weighted(route.destinations).map((each) => ({ ...each, role: 'destination', ...place }) as const),
    ...[...(route.mirror === undefined ? [] : [route.mirror]), ...mirrors].map(
      (destination) => ({ destination, role: 'mirror', isIdle: false, ...place }) as const,
    ),
  ];
}

function ofL4(route: L4Route, kind: 'tls' | 'tcp'): readonly WrittenDestination[] {
  return weighted(route.destinations).map((each) => ({ ...each, role: 'destination', kind, matches: route.match }));
}

function weighted(all: readonly WeightedDestination[]): readonly Pick<WrittenDestination, 'destination' | 'isIdle'>[] {
  const hasOthers = all.some(({ weight }) => weight > 0);
  return all.map(({ destination, weight }) => ({ destination, isIdle: hasOthers && weight <= 0 }));
}

/** Hosts to which routes at gateways lead, those of delegates of theirs included. */
export const routedAtGateways = perMesh((mesh): ReadonlySet<string> => {
  const atGateways = mesh.virtualServices.filter((virtualService) =>
    rootsOf(mesh, virtualService).some(({ boundTo }) => boundTo.some((ref) => ref !== MESH_GATEWAY)),
  );
  const all = atGateways.flatMap(destinationsOf);
  const isOfMesh = ({ matches }: WrittenDestination) =>
    matches.length > 0 &&
    matches.every(({ gateways }) => gateways.length > 0 && gateways.every((ref) => ref === MESH_GATEWAY));
  return new Set(all.filter((each) => !each.isIdle && !isOfMesh(each)).map(({ destination }) => destination.host));
});
