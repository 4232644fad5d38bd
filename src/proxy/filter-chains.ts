/*
 * The filter chains of a gateway's listener: what Envoy does with a connection, by the name that TLS gives it (SNI).
 */
import type { Server } from '../model/gateway';
import type { EffectiveVirtualService } from '../model/model';
import type { RegistryService } from '../model/registry';
import type { L4Route } from '../model/virtual-service';
import type { DomainTable } from './domain-table';
import type { LeftOut, Route } from './routes';
import type { VirtualHost } from './virtual-host';

/** In place of a name: all of them, and connections that give none. */
export const ALL_NAMES = '*';

/** An HTTP connection manager: what reads requests and routes them. */
export interface HttpChain {
  /** Name of the route configuration that it asks for. */
  readonly routeName: string;
  readonly servers: readonly Server[];
  readonly hosts: DomainTable<VirtualHost>;
  /** What is in the table. */
  readonly virtualHosts: readonly VirtualHost[];
  /** VirtualServices that none of the virtual hosts contains, since none of their rules applies here; for the trace. */
  readonly unused: readonly LeftOut[];
  /** Routes for which Envoy refuses the whole table. */
  readonly unusable: readonly Route[];
}

/** What is done with a connection: requests are read, or bytes are forwarded. */
export interface FilterChain {
  readonly server: Server;
  /** Whether TLS ends here. Otherwise it makes no difference to the chain whether there is any. */
  readonly endsTls: boolean;
  /** Made when it is first asked for: whether Envoy takes the listener does not depend on it. */
  readonly http?: () => HttpChain;
  readonly l4?: { readonly owner: EffectiveVirtualService; readonly route: L4Route };
}

/** What asks for a filter chain: a server, and for bytes the route that says where they go. */
export type ChainSource = Pick<FilterChain, 'server' | 'l4'>;

/** Two filter chains for the same connections. Envoy refuses a listener that has them, whole. */
export interface Overlap {
  /** The name of TLS; `*` for every name, and none. */
  readonly name: string;
  readonly first: ChainSource;
  /** May be the same as `first`. */
  readonly second: ChainSource;
}

/** A name of TLS with a wildcard that is not its whole first label, as no client can be told by. Envoy refuses the listener. */
export interface PartialWildcard {
  readonly name: string;
  readonly server: Server;
  /** The service whose host it contains, where Istio makes the name of that. */
  readonly service?: RegistryService;
}

/** A filter chain with the names of TLS that it is for, as they are written; without names it is for all. */
export interface NamedChain {
  readonly names: readonly string[];
  readonly chain: FilterChain;
}

/** A filter chain for other clusters of the mesh, by the name of a cluster of Envoy's. */
export interface ForeignChain {
  readonly name: string;
  readonly server: Server;
  readonly service: RegistryService;
}

export class FilterChains {
  /** All of them, in Istio's order, but for those of other clusters. */
  public readonly all: NamedChain[] = [];
  public readonly allForeign: ForeignChain[] = [];
  public readonly partialWildcards: PartialWildcard[] = [];
  /** By name: for each that has two chains or more, the first two. */
  public readonly overlaps = new Map<string, Overlap>();
  private readonly byName = new Map<string, FilterChain>();
  /** Chains for clients that no request here comes from: other clusters of the mesh (AUTO_PASSTHROUGH). */
  private readonly foreign = new Map<string, ChainSource>();
  private unusableRoutes: readonly Route[] | undefined;

  /** Routes for which Envoy refuses the tables of the listener, and with them whatever waits for these. */
  public get unusable(): readonly Route[] {
    this.unusableRoutes ??= [...new Set(this.byName.values())].flatMap(({ http }) => http?.().unusable ?? []);
    return this.unusableRoutes;
  }

  public get isEmpty(): boolean {
    return this.byName.size === 0 && this.foreign.size === 0;
  }

  /** @param names of which `*` means all, with those that give none; Envoy tells them apart in any case */
  public add(names: readonly string[], chain: FilterChain): void {
    const everything = names.length === 0 || names.includes(ALL_NAMES);
    this.all.push({ names: everything ? [] : names, chain });
    for (const name of everything ? [ALL_NAMES] : names.map((each) => each.toLowerCase())) {
      this.noteOverlap(name, this.byName.get(name), chain);
      this.notePartial({ name, server: chain.server });
      this.byName.set(name, chain);
    }
  }

  /** @param service for which the chain is */
  public addForeign(name: string, server: Server, service: RegistryService): void {
    this.noteOverlap(name, this.foreign.get(name), { server });
    this.notePartial({ name, server, service });
    this.allForeign.push({ name, server, service });
    this.foreign.set(name, { server });
  }

  /** @param name in lower case; empty for plain connections, and for TLS without a name */
  public find(name: string): FilterChain | undefined {
    if (name !== '') {
      const exact = this.byName.get(name);
      if (exact !== undefined) {
        return exact;
      }
    }
    for (let dot = name.indexOf('.', 1); dot >= 0 && dot < name.length - 1; dot = name.indexOf('.', dot + 1)) {
      const found = this.byName.get(`*${name.slice(dot)}`);
      if (found !== undefined) {
        return found;
      }
    }
    return this.byName.get(ALL_NAMES);
  }

  private notePartial(partial: PartialWildcard): void {
    if (partial.name.replace(/^\*(\.|$)/, '').includes('*')) {
      this.partialWildcards.push(partial);
    }
  }

  private noteOverlap(name: string, first: ChainSource | undefined, second: ChainSource): void {
    if (first !== undefined && !this.overlaps.has(name)) {
      this.overlaps.set(name, { name, first, second });
    }
  }
}
