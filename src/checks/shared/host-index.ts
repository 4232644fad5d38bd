/*
 * VirtualServices by gateway and host: which others claim the same names? A gateway joins rules by their hosts in lower case
 * (`pilot/pkg/networking/core/gateway.go`), though it looks in the written case whether a server has the host.
 */

import type { EffectiveVirtualService } from '../../model/model';
import { HostTable } from '../../syntax/host-table';

interface Entry {
  readonly virtualService: EffectiveVirtualService;
}

export class HostIndex<T extends Entry> {
  private readonly tables = new Map<string, HostTable<T>>();

  public constructor(entries: readonly T[] = []) {
    for (const entry of entries) {
      this.add(entry);
    }
  }

  public add(entry: T): void {
    for (const gateway of entry.virtualService.boundTo) {
      const table = this.tables.get(gateway) ?? new HostTable<T>();
      this.tables.set(gateway, table);
      for (const { resolved } of entry.virtualService.hosts) {
        table.add(resolved.toLowerCase(), entry);
      }
    }
  }

  /** Every entry that has exactly this host on the gateway. */
  public same(gateway: string, host: string): readonly T[] {
    return this.tables.get(gateway)?.same(host.toLowerCase()) ?? [];
  }

  /** The entries that claim some of the names of `host` on the gateway; of many, `most`. */
  public overlapping(gateway: string, host: string, most: number): readonly T[] {
    return this.tables.get(gateway)?.overlapping(host.toLowerCase(), most) ?? [];
  }
}
