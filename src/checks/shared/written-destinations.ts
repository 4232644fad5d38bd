/*
 * The destinations of a VirtualService as its author wrote them, delegates not merged: each stands in one place only.
 */
import type { Destination, HttpMatch, HttpRoute, WeightedDestination } from '../../model/http-route';
import { MESH_GATEWAY } from '../../model/naming';
import { perMesh } from '../../model/per-mesh';
import { isAt, type L4Route, type VirtualService } from '../../model/virtual-service';
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

/** The gateways at which routes lead to a host, by host; those of delegates of theirs included. */
export const gatewaysTo = perMesh((mesh): ReadonlyMap<string, ReadonlySet<string>> => {
  const found = new Map<string, Set<string>>();
  for (const virtualService of mesh.virtualServices) {
    const bound = new Set(rootsOf(mesh, virtualService).flatMap(({ boundTo }) => boundTo));
    bound.delete(MESH_GATEWAY);
    for (const { destination, matches } of destinationsOf(virtualService).filter(({ isIdle }) => !isIdle)) {
      for (const ref of [...bound].filter((each) => isAt(matches, each))) {
        found.set(destination.host, (found.get(destination.host) ?? new Set()).add(ref));
      }
    }
  }
  return found;
});
