/*
 * Rules for tls and tcp of two VirtualServices that sidecars put together (`buildSidecarOutboundTLSFilterChainOpts`,
 * `buildSidecarOutboundTCPFilterChainOpts`): of equal matches the first counts, and behind a tcp rule for all addresses nothing.
 */
import { MESH_GATEWAY } from '../../model/naming';
import type { L4Route, VirtualService } from '../../model/virtual-service';
import { selects } from '../../model/workload';

type Match = L4Route['match'][number];

interface Taken {
  /** The rule or match to which nothing is left. */
  readonly path: string;
  /** What takes it before. */
  readonly by: string;
  readonly kind: 'tls' | 'tcp';
}

/** The first rule or match of `later` that takes nothing because of rules of `earlier`. */
export function takenBytes(earlier: VirtualService, later: VirtualService): Taken | undefined {
  return takenTls(earlier, later) ?? takenTcp(earlier, later);
}

function takenTls(earlier: VirtualService, later: VirtualService): Taken | undefined {
  const before = matchesOf(earlier.tls);
  for (const match of matchesOf(later.tls)) {
    const taking = before.find((other) => conditionsOf(other) === conditionsOf(match) && appliesWhenever(other, match));
    if (taking !== undefined) {
      return { path: match.path, by: taking.path, kind: 'tls' };
    }
  }
  return undefined;
}

/** What of a match Envoy looks at. */
function conditionsOf({ sniHosts, destinationSubnets }: Match): string {
  return `${sniHosts.join()}|${destinationSubnets.join()}`;
}

function takenTcp(earlier: VirtualService, later: VirtualService): Taken | undefined {
  const all = earlier.tcp.flatMap((route): readonly (Match | typeof ALWAYS)[] =>
    route.match.length === 0 ? [{ ...ALWAYS, path: route.path }] : inMesh(route.match).filter(isForAllAddresses),
  );
  for (const route of later.tcp) {
    const own = route.match.length === 0 ? [{ ...ALWAYS, path: route.path }] : inMesh(route.match);
    const taking = own.map((match) => all.find((other) => appliesWhenever(other, match)));
    const [by] = taking;
    if (by !== undefined && taking.every((each) => each !== undefined)) {
      return { path: route.path, by: by.path, kind: 'tcp' };
    }
  }
  return undefined;
}

/** A rule without match. */
const ALWAYS = { path: '', port: 0, sourceLabels: new Map<string, string>(), sourceNamespace: '' };

function isForAllAddresses({ destinationSubnets }: Match): boolean {
  return destinationSubnets.length === 0;
}

function matchesOf(routes: readonly L4Route[]): readonly Match[] {
  return routes.flatMap(({ match }) => inMesh(match));
}

function inMesh(matches: readonly Match[]): readonly Match[] {
  return matches.filter(({ gateways }) => gateways.length === 0 || gateways.includes(MESH_GATEWAY));
}

/** Whether a match is in force for every client and port for which another is. */
function appliesWhenever(one: typeof ALWAYS | Match, other: typeof ALWAYS | Match): boolean {
  return (
    (one.port === 0 || one.port === other.port) &&
    selects(one.sourceLabels, other.sourceLabels) &&
    (one.sourceNamespace === '' || one.sourceNamespace === other.sourceNamespace)
  );
}
