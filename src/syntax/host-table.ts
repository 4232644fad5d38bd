import { append } from './grouping';
import { isWildcard } from './hosts';

interface Entry<T> {
  readonly order: number;
  readonly value: T;
}

/** Values by host, found again by the names that hosts have in common, without looking at all of them. */
export class HostTable<T> {
  private readonly entries = new Map<string, Entry<T>[]>();
  /** How long what stands behind the '*' is, of the wildcards. */
  private readonly lengths = new Set<number>();
  private size = 0;
  /** The hosts written backwards, in order, so that those of one ending stand together. */
  private backwards: readonly string[] | undefined;

  public add(host: string, value: T): void {
    append(this.entries, host, { order: this.size++, value });
    if (isWildcard(host)) {
      this.lengths.add(host.length - 1);
    }
    this.backwards = undefined;
  }

  /** The values of exactly this host. */
  public same(host: string): readonly T[] {
    return valuesOf(this.entries.get(host) ?? []);
  }

  /** The values of hosts that stand for all names of `host`, in the order in which they were added. */
  public covering(host: string): readonly T[] {
    return valuesOf(inOrder(this.entriesOver(host)));
  }

  /** The values of hosts that stand for some names of `host`, in that order; where there are more than `most`, that many of them. */
  public overlapping(host: string, most: number = Number.POSITIVE_INFINITY): readonly T[] {
    const found = this.entriesOver(host);
    const below = isWildcard(host) ? this.below(host) : [];
    for (const entries of below) {
      if (found.length >= most) {
        break;
      }
      found.push(...entries);
    }
    return valuesOf(inOrder(found).slice(0, most));
  }

  private entriesOver(host: string): Entry<T>[] {
    const name = isWildcard(host) ? host.slice(1) : host;
    const wildcards = [...this.lengths]
      .filter((length) => length <= name.length)
      .map((length) => `*${name.slice(name.length - length)}`);
    const hosts = isWildcard(host) ? wildcards : [host, ...wildcards];
    return hosts.flatMap((one) => this.entries.get(one) ?? []);
  }

  /** Of each host that stands for fewer names than a wildcard. */
  private *below(wildcard: string): Generator<readonly Entry<T>[]> {
    this.backwards ??= [...this.entries.keys()].map(reversed).sort();
    const ending = reversed(wildcard.slice(1));
    for (let at = firstFrom(this.backwards, ending); this.backwards[at]?.startsWith(ending); at++) {
      const host = reversed(this.backwards[at]);
      if (host !== wildcard) {
        yield this.entries.get(host) ?? [];
      }
    }
  }
}

function inOrder<T>(entries: Entry<T>[]): readonly Entry<T>[] {
  return entries.sort((a, b) => a.order - b.order);
}

function valuesOf<T>(entries: readonly Entry<T>[]): readonly T[] {
  return entries.map(({ value }) => value);
}

function reversed(text: string): string {
  return text.split('').reverse().join('');
}

/** Where the first of the sorted texts stands that does not come before another. */
function firstFrom(sorted: readonly string[], text: string): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle] < text) {
      from = middle + 1;
    } else {
      to = middle;
    }
  }
  return from;
}
