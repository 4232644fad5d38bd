/*
 * Of which tls and tcp rules a sidecar makes filter chains (`buildSidecarOutboundTLSFilterChainOpts`,
 * `buildSidecarOutboundTCPFilterChainOpts`). It puts those of all VirtualServices for a service together: of equal tls matches the
 * first counts, and behind a tcp rule for all addresses nothing.
 */
import { EMPTY_MAP, type StringMap } from '../manifests/node';
import { nameOf } from '../manifests/object';
import type { EffectiveVirtualService } from '../model/model';
import { MESH_GATEWAY } from '../model/naming';
import { isForSidecars, isMatchFor, type L4Route } from '../model/virtual-service';
import { selects } from '../model/workload';

type L4Match = L4Route['match'][number];

/** Whose sidecar, and the port of the service. */
interface BytesClient {
  readonly labels: StringMap;
  readonly namespace: string;
  readonly port: number;
}

/** A match of a tls rule, or a tcp rule. */
export interface BytesRule {
  readonly kind: 'tls' | 'tcp';
  readonly owner: EffectiveVirtualService;
  /** Of the match, or of the tcp rule. */
  readonly path: string;
  readonly destinations: L4Route['destinations'];
  readonly names: readonly string[];
  /** Addresses to which it is limited; empty for all that the service has. */
  readonly subnets: readonly string[];
}

/** A rule to which an earlier one leaves nothing. */
export interface TakenRule {
  readonly rule: BytesRule;
  readonly by: BytesRule;
}

interface BytesRules {
  /** In the order in which they are tried. */
  readonly used: readonly BytesRule[];
  readonly taken: readonly TakenRule[];
}

/** Of a rule that `by` leaves nothing to, as a sentence about it. */
export function whyTaken({ owner, path }: BytesRule): string {
  return `has no effect: ${path} of ${nameOf(owner.object)} comes first and takes the same connections`;
}

/** @param owners in the order in which they come for the client */
export function tlsRules(owners: readonly EffectiveVirtualService[], client: BytesClient): BytesRules {
  const used = new Map<string, BytesRule>();
  const taken: TakenRule[] = [];
  // The subnets of a match stay in force for all behind it that name none.
  let subnets: readonly string[] = [];
  for (const { destinations, match, owner } of rulesOf(owners, 'tls')) {
    for (const { destinationSubnets, path, sniHosts: names } of match.filter((each) => isFor(each, client))) {
      subnets = destinationSubnets.length > 0 ? destinationSubnets : subnets;
      const rule: BytesRule = { kind: 'tls', owner, path, destinations, names, subnets };
      const key = `${names.join()}|${destinationSubnets.join()}`;
      const by = used.get(key);
      if (by === undefined) {
        used.set(key, rule);
      } else {
        taken.push({ rule, by });
      }
    }
  }
  return { used: [...used.values()], taken };
}

/** @param owners in the order in which they come for the client */
export function tcpRules(owners: readonly EffectiveVirtualService[], client: BytesClient): BytesRules {
  const used: BytesRule[] = [];
  const taken: TakenRule[] = [];
  let forAll: BytesRule | undefined;
  for (const { destinations, match, owner, path } of rulesOf(owners, 'tcp')) {
    const applying = match.filter((each) => isFor(each, client));
    if (match.length > 0 && applying.length === 0) {
      continue;
    }
    const isForAll = match.length === 0 || applying.some(({ destinationSubnets }) => destinationSubnets.length === 0);
    const subnets = isForAll ? [] : applying.flatMap(({ destinationSubnets }) => destinationSubnets);
    const rule: BytesRule = { kind: 'tcp', owner, path, destinations, names: [], subnets };
    if (forAll === undefined) {
      used.push(rule);
      forAll = isForAll ? rule : undefined;
    } else {
      taken.push({ rule, by: forAll });
    }
  }
  return { used, taken };
}

/**
 * The first rule of `later` to which `earlier` leaves nothing, whoever the client and whatever the port: of all clients to which a
 * match applies, the one that has no more than the match asks for is that to which the fewest others do.
 */
export function firstTaken(earlier: EffectiveVirtualService, later: EffectiveVirtualService): TakenRule | undefined {
  const both = [earlier, later];
  const takenFor = (rules: typeof tlsRules, path: string, match?: L4Match) =>
    rules(both, clientOf(match)).taken.find(
      ({ rule, by }) => rule.path === path && rule.owner === later && by.owner === earlier,
    );
  for (const match of later.tls.flatMap((route) => route.match.filter(isForSidecars))) {
    const taken = takenFor(tlsRules, match.path, match);
    if (taken !== undefined) {
      return taken;
    }
  }
  for (const { match, path } of later.tcp) {
    const clients = match.length === 0 ? [undefined] : match.filter(isForSidecars);
    const taken = clients.map((client) => takenFor(tcpRules, path, client));
    if (taken.length > 0 && taken.every((each) => each !== undefined)) {
      return taken[0];
    }
  }
  return undefined;
}

function clientOf(match: L4Match | undefined): BytesClient {
  return {
    labels: match?.sourceLabels ?? EMPTY_MAP,
    namespace: match?.sourceNamespace ?? '',
    port: match?.port ?? 0,
  };
}

/** Unlike in http rules, all conditions count beside `gateways`. */
function isFor(match: L4Match, { labels, namespace, port }: BytesClient): boolean {
  return (
    isMatchFor(match, MESH_GATEWAY, port) &&
    selects(match.sourceLabels, labels) &&
    (match.sourceNamespace === '' || match.sourceNamespace === namespace)
  );
}

function rulesOf(
  owners: readonly EffectiveVirtualService[],
  kind: BytesRule['kind'],
): readonly (L4Route & Pick<BytesRule, 'owner'>)[] {
  return owners.flatMap((owner) =>
    owner[kind].filter(({ destinations }) => destinations.length > 0).map((route) => Object.assign({ owner }, route)),
  );
}
