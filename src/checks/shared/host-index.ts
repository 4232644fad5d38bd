/*
 * VirtualServices by gateway and host: who else speaks for the same names? A gateway joins rules by their hosts in lower case
 * (`pilot/pkg/networking/core/gateway.go`), though it looks in the written case whether a server has the host.
 */

import type { EffectiveVirtualService } from '../../model/model';
import { append } from '../../syntax/grouping';
import { hostsOverlap, isWildcard } from '../../syntax/hosts';

interface Entry {
  readonly virtualService: EffectiveVirtualService;
}

export class HostIndex<T extends Entry> {
  private readonly exact = new Map<string, T[]>();
  /** Of each gateway, the entries with wildcards; there are few. */
  private readonly wildcards = new Map<string, { readonly host: string; readonly entry: T }[]>();
  private readonly all = new Map<string, { readonly host: string; readonly entry: T }[]>();

  public constructor(entries: readonly T[] = []) {
    for (const entry of entries) {
      this.add(entry);
    }
  }

  public add(entry: T): void {
    for (const gateway of entry.virtualService.boundTo) {
      for (const host of entry.virtualService.hosts.map(({ resolved }) => resolved.toLowerCase())) {
        append(this.all, gateway, { host, entry });
        append(this.exact, `${gateway} ${host}`, entry);
        if (isWildcard(host)) {
          append(this.wildcards, gateway, { host, entry });
        }
      }
    }
  }

  /** Every entry that has exactly this host on the gateway. */
  public same(gateway: string, host: string): readonly T[] {
    return this.exact.get(`${gateway} ${host.toLowerCase()}`) ?? [];
  }

  /** The entries that speak for some of the names of `host` on the gateway; of many, the first `most`. */
  public overlapping(gateway: string, host: string, most: number): readonly T[] {
    const found = isWildcard(host) ? [] : this.same(gateway, host).slice(0, most);
    for (const one of (isWildcard(host) ? this.all : this.wildcards).get(gateway) ?? []) {
      if (found.length >= most) {
        break;
      }
      if (hostsOverlap(one.host, host.toLowerCase())) {
        found.push(one.entry);
      }
    }
    return found;
  }
}
