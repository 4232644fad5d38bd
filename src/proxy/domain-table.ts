/*
 * Envoy's choice of a virtual host by domain: the exact name, else the longest `*suffix`, else the longest `prefix*`, else
 * `*`. A suffix must stand for something, so `*.foo.com` is not `.foo.com`.
 */
export class DomainTable<T> {
  private readonly exact = new Map<string, T>();
  private readonly suffixes = new WildcardTable<T>((host, length) => host.slice(host.length - length));
  private readonly prefixes = new WildcardTable<T>((host, length) => host.slice(0, length));
  private any: T | undefined;

  public get(domain: string): T | undefined {
    return this.entry(domain).get();
  }

  public set(domain: string, value: T): void {
    this.entry(domain).set(value);
  }

  /** The entry for a host in lower case, without port. */
  public find(host: string): T | undefined {
    return this.exact.get(host) ?? this.suffixes.find(host) ?? this.prefixes.find(host) ?? this.any;
  }

  private entry(domain: string): { get(): T | undefined; set(value: T): void } {
    if (domain === '*') {
      return {
        get: () => this.any,
        set: (value) => {
          this.any = value;
        },
      };
    }
    if (domain.startsWith('*')) {
      return this.suffixes.entry(domain.slice(1));
    }
    if (domain.endsWith('*')) {
      return this.prefixes.entry(domain.slice(0, -1));
    }
    return { get: () => this.exact.get(domain), set: (value) => this.exact.set(domain, value) };
  }
}

/** Wildcards by the length of what is written out, so that a look-up costs as many steps as there are lengths. */
class WildcardTable<T> {
  private readonly byLength = new Map<number, Map<string, T>>();
  private lengths: readonly number[] = [];

  public constructor(private readonly cut: (host: string, length: number) => string) {}

  public entry(part: string): { get(): T | undefined; set(value: T): void } {
    return {
      get: () => this.byLength.get(part.length)?.get(part),
      set: (value) => {
        const entries = this.byLength.get(part.length) ?? new Map<string, T>();
        entries.set(part, value);
        this.byLength.set(part.length, entries);
        this.lengths = [...this.byLength.keys()].sort((a, b) => b - a);
      },
    };
  }

  public find(host: string): T | undefined {
    for (const length of this.lengths) {
      if (length < host.length) {
        const found = this.byLength.get(length)?.get(this.cut(host, length));
        if (found !== undefined) {
          return found;
        }
      }
    }
    return undefined;
  }
}
