/*
 * The destinations of a VirtualService as its author wrote them, delegates not merged: each stands in one place only.
 */
import type { Destination, HttpRoute } from '../../mesh/http-route';
import type { L4Route, VirtualService } from '../../mesh/virtual-service';

export interface WrittenDestination {
  readonly destination: Destination;
  readonly role: 'destination' | 'mirror';
  /** What kind of route it belongs to. */
  readonly kind: 'http' | 'tls' | 'tcp';
  /** The ports to which the matches of an http rule limit it; empty for all. */
  readonly ports: readonly number[];
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
  const matched = route.match.map(({ port }) => port);
  const base = { kind: 'http', ports: matched.includes(0) ? [] : matched } as const;
  return [
    ...route.destinations.map(({ destination }) => ({ ...base, destination, role: 'destination' }) as const),
    ...[...(route.mirror === undefined ? [] : [route.mirror]), ...mirrors].map(
      (destination) => ({ ...base, destination, role: 'mirror' }) as const,
    ),
  ];
}

function ofL4(route: L4Route, kind: 'tls' | 'tcp'): readonly WrittenDestination[] {
  return route.destinations.map(({ destination }) => ({ destination, role: 'destination', kind, ports: [] }));
}
