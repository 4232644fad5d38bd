/*
 * The filter chains of a gateway's listener: what Envoy does with a connection, by the name that TLS gives it (SNI).
 */
import type { Server } from '../mesh/gateway';
import type { EffectiveVirtualService } from '../mesh/model';
import type { L4Route } from '../mesh/virtual-service';
import type { DomainTable } from './domain-table';
import type { LeftOut } from './routes';
import type { VirtualHost } from './virtual-host';

/** An HTTP connection manager: what reads requests and routes them. */
export interface HttpChain {
  readonly servers: readonly Server[];
  readonly hosts: DomainTable<VirtualHost>;
  /** VirtualServices that none of the virtual hosts contains, since none of their rules applies here; for the trace. */
  readonly unused: readonly LeftOut[];
}

/** What is done with a connection: requests are read, or bytes are forwarded. */
export interface FilterChain {
  readonly server: Server;
  /** Whether TLS ends here. Otherwise it makes no difference to the chain whether there is any. */
  readonly endsTls: boolean;
  readonly http?: HttpChain;
  readonly l4?: { readonly owner: EffectiveVirtualService; readonly route: L4Route };
}

export class FilterChains {
  private readonly byName = new Map<string, FilterChain>();
  /** Chains for clients that no request here comes from: other clusters of the mesh (AUTO_PASSTHROUGH). */
  private readonly foreign = new Set<string>();
  private overlapping: string | undefined;

  /** The first name for which there are two chains. Envoy refuses such a listener whole. */
  public get overlap(): string | undefined {
    return this.overlapping;
  }

  public get isEmpty(): boolean {
    return this.byName.size === 0 && this.foreign.size === 0;
  }

  /** @param names of which `*` means all, with those that give none; Envoy tells them apart in any case */
  public add(names: readonly string[], chain: FilterChain): void {
    const everything = names.length === 0 || names.includes(ALL);
    for (const name of everything ? [ALL] : names.map((each) => each.toLowerCase())) {
      this.noteOverlap(name, this.byName.has(name));
      this.byName.set(name, chain);
    }
  }

  public addForeign(name: string): void {
    this.noteOverlap(name, this.foreign.has(name));
    this.foreign.add(name);
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
    return this.byName.get(ALL);
  }

  private noteOverlap(name: string, isTaken: boolean): void {
    if (isTaken) {
      this.overlapping ??= name;
    }
  }
}

const ALL = '*';
