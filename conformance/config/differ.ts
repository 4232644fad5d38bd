/*
 * Where two descriptions differ, by paths such as `routes / 80 / virtualHosts / web:80 / routes / 2 / forward / timeoutMillis`.
 */

/** One place where the two say different things; undefined is what one of them does not have. */
export interface FactDifference {
  readonly path: readonly string[];
  readonly library: unknown;
  readonly istiod: unknown;
}

/** @param open paths at which nothing is compared */
export function differencesOf(
  library: unknown,
  istiod: unknown,
  open: ReadonlySet<string>,
  path: readonly string[] = [],
): readonly FactDifference[] {
  if (open.has(path.join(' / '))) {
    return [];
  }
  const keys = keysOf(library, istiod);
  if (keys === undefined) {
    return Object.is(library, istiod) ? [] : [{ path, library, istiod }];
  }
  return keys.flatMap((key) => differencesOf((library as Branch)[key], (istiod as Branch)[key], open, [...path, key]));
}

interface Branch {
  readonly [key: string]: unknown;
}

/** Lists of different length are compared as wholes: where one item is missing, all behind it would differ. */
function keysOf(a: unknown, b: unknown): readonly string[] | undefined {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) {
    return undefined;
  }
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) {
    return undefined;
  }
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

/** Differences at the same kind of place, whatever the names in it. */
export function kindOfPlace({ istiod, library, path }: FactDifference): string {
  const [part, , ...inside] = path;
  const fields = inside.filter((each, index) => !/^\d+$/.test(each) && inside[index - 1] !== 'virtualHosts');
  const which = library === undefined ? ': only istiod' : istiod === undefined ? ': only the library' : '';
  return `${[part, ...fields].join('.')}${which}`;
}
