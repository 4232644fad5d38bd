/*
 * Host names as Istio compares them (`pkg/config/host`): exact, or with a leading wildcard.
 */

export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/** A Service's host without the part that is the same for all. */
export function shortName(host: string): string {
  return host.replace(/\.svc\.[^:,\s]+/, '');
}

/** Whether the names that `a` and `b` stand for overlap. */
export function hostsOverlap(a: string, b: string): boolean {
  if (isWildcard(a)) {
    if (isWildcard(b)) {
      return a.slice(1).endsWith(b.slice(1)) || b.slice(1).endsWith(a.slice(1));
    }
    return matchesWildcard(b, a);
  }
  return isWildcard(b) ? matchesWildcard(a, b) : a === b;
}

/** Whether every name that `host` stands for is one that `pattern` stands for. */
export function isSubsetOf(host: string, pattern: string): boolean {
  if (isWildcard(pattern)) {
    if (isWildcard(host)) {
      return host.length >= pattern.length && host.slice(1).endsWith(pattern.slice(1));
    }
    return matchesWildcard(host, pattern);
  }
  return !isWildcard(host) && host === pattern;
}

/** The names that both lists stand for: for each overlapping pair, the narrower of the two. */
export function intersectHosts(left: readonly string[], right: readonly string[]): readonly string[] {
  const result = new Set<string>();
  for (const a of left) {
    for (const b of right) {
      if (isSubsetOf(a, b)) {
        result.add(a);
      } else if (isSubsetOf(b, a)) {
        result.add(b);
      }
    }
  }
  return [...result];
}

/** The most specific entry for `host`: itself, else the longest wildcard that covers it (`MostSpecificHostMatch`). */
export function mostSpecific<T>(host: string, entries: ReadonlyMap<string, T>): T | undefined {
  const exact = entries.get(host);
  if (exact !== undefined) {
    return exact;
  }
  // A wildcard covers a wildcard too, so the walk begins behind the '*' of `host` itself.
  const name = isWildcard(host) ? host.slice(1) : host;
  for (let start = 0; start <= name.length; start++) {
    const found = entries.get(`*${name.slice(start)}`);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function matchesWildcard(host: string, wildcard: string): boolean {
  return host.endsWith(wildcard.slice(1));
}
