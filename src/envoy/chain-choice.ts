/*
 * Which of a listener's filter chains takes a connection. Envoy looks at the address, then at the name, then at what is spoken,
 * and never goes back: whoever has the narrowest range of addresses has the connection, even if its name is for another chain.
 */
import { type Cidr, overlap, rangeKey } from '../model/addresses';
import { type BytesChain, NOWHERE } from '../proxy/bytes-chains';
import { DomainTable } from '../proxy/domain-table';

/** A connection, as far as filter chains tell between them. */
export interface Connection {
  readonly overTls: boolean;
  /** In lower case; empty where there is none. */
  readonly serverName: string;
  /** Where it goes, if that is known: an address, or a range in which it is. */
  readonly at?: Cidr;
}

export type Choice =
  /** The HTTP connection manager. */
  | { readonly kind: 'http' }
  | { readonly kind: 'bytes'; readonly chain: BytesChain }
  /** None; for TLS, with the names for which the listener has chains. */
  | { readonly kind: 'none'; readonly names: readonly string[] }
  /** It depends on the address, which the manifests do not tell. */
  | { readonly kind: 'open'; readonly chain: BytesChain };

const HTTP: Choice = { kind: 'http' };

/** The chains for one range of addresses, or for all addresses. */
interface Branch {
  /** Missing for all addresses. */
  readonly range?: Cidr;
  readonly byName: DomainTable<BytesChain>;
  unnamed?: BytesChain;
}

/** The chains of one listener, which Envoy takes as they are. */
export class ChainChoice {
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
          at === undefined ? range !== NOWHERE : range.bits > at.bits && overlap(range, at),
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

/** Takes what no other does: it has no conditions, not even one that is always true. */
function isForAll(chain: BytesChain): boolean {
  return namesOf(chain).length === 0 && chain.ranges.length === 0;
}

/** Envoy tells names apart in any case. */
export function namesOf({ names }: BytesChain): readonly string[] {
  return names.includes('*') ? [] : names.map((name) => name.toLowerCase());
}

/** Istio leaves out what begins with 0.0.0.0. */
function rangesOf({ ranges }: BytesChain): readonly Cidr[] {
  return ranges.filter(({ base }) => base !== 0);
}

function rangesOrAll(chain: BytesChain): readonly (Cidr | undefined)[] {
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

/** Whether Istio leaves out the later of two chains that come from different services (`conflictsWith`). */
export function areAlike(a: BytesChain, b: BytesChain): boolean {
  const names = (chain: BytesChain) => setText(chain.names.filter((name) => name !== '*'));
  return names(a) === names(b) && setText(rangesOf(a).map(rangeKey)) === setText(rangesOf(b).map(rangeKey));
}

function setText(texts: readonly string[]): string {
  return [...new Set(texts)].sort().join();
}
