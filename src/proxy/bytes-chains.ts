/*
 * The filter chains that forward bytes unread for a service of a sidecar's mesh.
 */
import { type Cidr, parseCidr, rangeKey } from '../model/addresses';
import type { WeightedDestination } from '../model/http-route';
import type { EffectiveVirtualService } from '../model/model';
import type { RegistryPort, RegistryService } from '../model/registry';
import { type TakenRule, tcpRules, tlsRules } from './bytes-rules';
import type { SidecarScope } from './sidecar-scope';

/** Bytes that are forwarded unread. */
export interface BytesChain {
  readonly service: RegistryService;
  /** The VirtualService whose rule it is, if it is one's. */
  readonly owner?: EffectiveVirtualService;
  /** Where in that, as in `spec.tls[0].match[0]`; of a service's own chain, where in its object the service is named. */
  readonly path: string;
  readonly destinations: readonly WeightedDestination[];
  /** Addresses to which it is limited; empty for all. */
  readonly ranges: readonly Cidr[];
  /** Whether a rule says so (`destinationSubnets`), and not the address of the service. */
  readonly bySubnet: boolean;
  /** Names of TLS to which it is limited; empty for all, and for what is no TLS. */
  readonly names: readonly string[];
}

/** Stands in a range that no IPv4 address is in. */
const NOWHERE = -1;

/** Whether no IPv4 address is in it. */
export function isNowhere({ base }: Cidr): boolean {
  return base === NOWHERE;
}

/** The chains of a service, and the rules of which there is none. */
interface BytesChains {
  readonly chains: readonly BytesChain[];
  readonly taken: readonly TakenRule[];
}

/**
 * @param ranges those of the service's address, where it is a range
 * @param byName whether nothing but the name tells the service's connections from others
 */
export function bytesChains(
  sidecar: SidecarScope,
  service: RegistryService,
  { number: port, protocol }: RegistryPort,
  ranges: readonly Cidr[],
  byName: boolean,
): BytesChains {
  const owners = sidecar.virtualServicesOver(service.host);
  const { labels, namespace } = sidecar;
  const isTls = protocol === 'TLS' || protocol === 'HTTPS';
  const { used, taken } = (isTls ? tlsRules : tcpRules)(owners, { labels, namespace, port });
  const chains = used.map(({ destinations, names, owner, path, subnets }) => {
    const bySubnet = subnets.length > 0;
    return { service, owner, path, destinations, names, ranges: bySubnet ? subnets.map(parse) : ranges, bySubnet };
  });
  const names = isTls && byName ? [service.host, ...sidecar.aliasNames(service)] : [];
  const isServed = isTls ? chains.length > 0 : used.some(({ subnets }) => takesAll(subnets, ranges));
  return { chains: isServed ? chains : [...chains, chainOfService(service, port, ranges, names)], taken };
}

/** Whether a tcp rule leaves nothing to the service's own chain. */
function takesAll(subnets: readonly string[], ranges: readonly Cidr[]): boolean {
  const own = ranges.map(({ text }) => text);
  return subnets.length === 0 || (own.length > 0 && [...subnets].sort().join() === own.sort().join());
}

/** For connections of which no rule speaks. */
function chainOfService(
  service: RegistryService,
  listened: number,
  ranges: readonly Cidr[],
  names: readonly string[],
): BytesChain {
  const { host, ports } = service;
  const port = ports.length === 1 ? ports[0].number : listened;
  const destination = { path: '', writtenHost: host, host, port };
  const path = service.entry === undefined ? 'spec.ports' : 'spec.hosts';
  return { service, path, destinations: [{ path: '', weight: 100, destination }], ranges, bySubnet: false, names };
}

function parse(text: string): Cidr {
  return parseCidr(text) ?? { text, base: NOWHERE, bits: 32 };
}

/** Takes what no other does: it has no conditions, not even one that is always true. */
export function isForAll(chain: BytesChain): boolean {
  return namesOf(chain).length === 0 && chain.ranges.length === 0;
}

/** Envoy tells names apart in any case. */
export function namesOf({ names }: BytesChain): readonly string[] {
  return names.includes('*') ? [] : names.map((name) => name.toLowerCase());
}

/** Istio leaves out what begins with 0.0.0.0. */
export function rangesOf({ ranges }: BytesChain): readonly Cidr[] {
  return ranges.filter(({ base }) => base !== 0);
}

export function rangesOrAll(chain: BytesChain): readonly (Cidr | undefined)[] {
  const ranges = rangesOf(chain);
  return ranges.length === 0 ? [undefined] : ranges;
}

/** What a chain is for; Envoy refuses a listener in which one of these keys comes twice. A chain for all is for none of them. */
export function connectionsOf(chain: BytesChain): readonly (readonly [key: string, text: string])[] {
  const names = namesOf(chain);
  const pairs = rangesOrAll(chain).flatMap((range) =>
    (names.length === 0 ? [''] : names).map(
      (name) =>
        [
          `${range === undefined ? '' : rangeKey(range)} ${name}`,
          [range?.text ?? '', name].filter((part) => part !== '').join(' '),
        ] as const,
    ),
  );
  return isForAll(chain) ? [] : pairs;
}

/** Of two chains that come from different services and have this in common, Istio leaves out the later (`conflictsWith`). */
export function likenessOf(chain: BytesChain): string {
  return `${setText(chain.names.filter((name) => name !== '*'))} ${setText(rangesOf(chain).map(rangeKey))}`;
}

function setText(texts: readonly string[]): string {
  return [...new Set(texts)].sort().join();
}
