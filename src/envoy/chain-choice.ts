/*
 * Which of a listener's filter chains takes a connection. Envoy looks at the address, then at the name, then at what is spoken,
 * and never goes back: whoever has the narrowest range of addresses has the connection, even if its name is for another chain.
 */
import { type Cidr, overlap, rangeKey } from '../model/addresses';
import type { RegistryService } from '../model/registry';
import { type BytesChain, isForAll, isNowhere, namesOf, rangesOf, rangesOrAll } from '../proxy/bytes-chains';
import { DomainTable } from '../proxy/domain-table';
import type { Dialled } from '../proxy/sidecar-dns';
import type { SidecarListeners } from '../proxy/sidecar-listeners';
import type { Listener, Refusal } from '../proxy/sidecar-refusal';

/** A connection, as far as filter chains tell between them. */
interface Connection {
  readonly overTls: boolean;
  /** In lower case; empty where there is none. */
  readonly serverName: string;
  /** Where it goes, if that is known: an address, or a range in which it is. */
  readonly at?: Cidr;
}

type Choice =
  /** The HTTP connection manager. */
  | { readonly kind: 'http' }
  | { readonly kind: 'bytes'; readonly chain: BytesChain }
  /** None; for TLS, with the names for which the listener has chains. */
  | { readonly kind: 'none'; readonly names: readonly string[] }
  /** It depends on the address, which the manifests do not tell. */
  | { readonly kind: 'open'; readonly chain: BytesChain };

const HTTP = { kind: 'http' } as const;

/** The chains for one range of addresses, or for all addresses. */
interface Branch {
  /** Missing for all addresses. */
  readonly range?: Cidr;
  readonly byName: DomainTable<BytesChain>;
  unnamed?: BytesChain;
}

/** The chains of one listener, which Envoy takes as they are. */
class ChainChoice {
  private readonly byRange: readonly Branch[];
  private readonly anywhere: Branch;
  private readonly readsNames: boolean;
  private readonly forAll: BytesChain | undefined;

  public constructor(
    private readonly chains: readonly BytesChain[],
    private readonly hasHttp: boolean,
  ) {
    this.readsNames = chains.some(({ names }) => names.length > 0);
    this.forAll = chains.filter(isForAll).at(-1);
    const branches = new Map<string, Branch>([['', { byName: new DomainTable() }]]);
    for (const chain of chains.filter((each) => !isForAll(each))) {
      for (const range of rangesOrAll(chain)) {
        const key = range === undefined ? '' : rangeKey(range);
        const branch = branches.get(key) ?? { range, byName: new DomainTable() };
        branches.set(key, branch);
        addTo(branch, chain);
      }
    }
    const [anywhere, ...ranges] = branches.values();
    this.anywhere = anywhere;
    this.byRange = ranges.sort((a, b) => (b.range?.bits ?? 0) - (a.range?.bits ?? 0));
  }

  public for({ at, overTls, serverName }: Connection): Choice {
    const open = this.openAt(at);
    if (open !== undefined) {
      return { kind: 'open', chain: open };
    }
    const inRange = this.byRange.find(({ range }) => range !== undefined && at !== undefined && overlap(range, at));
    const { byName, unnamed } = inRange ?? this.anywhere;
    const named = overTls && serverName !== '' ? byName.find(serverName) : undefined;
    if (named !== undefined) {
      return { kind: 'bytes', chain: named };
    }
    // A range has no HTTP.
    const meetsHttp = this.hasHttp && inRange === undefined;
    if (meetsHttp && !overTls) {
      return HTTP;
    }
    // Where nobody looks for names, TLS counts as plain bytes, and these are left to HTTP.
    const chain = (meetsHttp && !this.readsNames ? undefined : unnamed) ?? this.forAll;
    return chain === undefined ? this.none(overTls) : { kind: 'bytes', chain };
  }

  /** A chain for a range in which an address may be, or not. One that nobody wrote down is taken to be in none of a service's. */
  private openAt(at: Cidr | undefined): BytesChain | undefined {
    if (this.byRange.length === 0) {
      return undefined;
    }
    return this.chains.find(
      (chain) =>
        (at !== undefined || chain.bySubnet) &&
        rangesOf(chain).some((range) =>
          at === undefined ? !isNowhere(range) : range.bits > at.bits && overlap(range, at),
        ),
    );
  }

  private none(overTls: boolean): Choice {
    return { kind: 'none', names: overTls ? this.chains.flatMap(({ names }) => names) : [] };
  }
}

function addTo(branch: Branch, chain: BytesChain): void {
  const names = namesOf(chain);
  if (names.length === 0) {
    branch.unnamed = chain;
  }
  for (const name of names) {
    branch.byName.set(name, chain);
  }
}

/** Who gets a connection. */
export type Chain =
  /** HTTP by the virtual hosts that all services of the port share. */
  | { readonly kind: 'http' }
  /** HTTP by the virtual host of one service, whose port says nothing of a protocol. */
  | { readonly kind: 'sniffed'; readonly service: RegistryService }
  /** A listener that Envoy does not take. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | Exclude<Choice, { kind: 'http' }>;

const NOBODY: Chain = { kind: 'none', names: [] };
const CHOICES = new WeakMap<Listener, ChainChoice>();

/** The filter chain that takes a connection to a port of a sidecar. */
export function chainFor(
  listeners: SidecarListeners,
  { at, key }: Dialled,
  { overTls, serverName }: { readonly overTls: boolean; readonly serverName: string },
): Chain {
  const listener = listeners.at(key);
  if (listener === undefined) {
    return NOBODY;
  }
  const { bytes, http, refusal } = listener;
  if (refusal != null) {
    return { kind: 'refused', refusal };
  }
  if (!overTls && http === 'shared' && bytes.length === 0) {
    return HTTP;
  }
  const choices = CHOICES.get(listener) ?? new ChainChoice(bytes, http !== undefined);
  CHOICES.set(listener, choices);
  const choice = choices.for({ at, overTls, serverName });
  if (choice.kind !== 'http') {
    return choice;
  }
  return http === undefined || http === 'shared' ? HTTP : { kind: 'sniffed', service: http };
}
