/*
 * StringMatch: how a VirtualService compares one value.
 */
import type { Node } from '../manifests/node';

/** `present` is the empty match, `{}`, which asks only that there is a value. */
type StringMatchKind = 'exact' | 'prefix' | 'regex' | 'present';

export interface StringMatch {
  readonly path: string;
  readonly kind: StringMatchKind;
  /** Empty for `present`. */
  readonly value: string;
}

/** A StringMatch under a name: a header or a query parameter. */
export interface NamedMatch {
  readonly name: string;
  readonly match: StringMatch;
}

/** The regex `*`, which is none, is Istio's older way to ask only for presence. */
export function isPresence({ kind, value }: StringMatch): boolean {
  return kind === 'present' || (kind === 'regex' && value === '*');
}

/** Reads a StringMatch; undefined when there is none. Of several forms at once, which the API refuses, the first counts. */
export function readStringMatch(node: Node): StringMatch | undefined {
  if (!node.present || !node.isMap()) {
    return undefined;
  }
  for (const kind of ['exact', 'prefix', 'regex'] as const) {
    const value = node.get(kind).string();
    if (value !== undefined) {
      return { path: node.path, kind, value };
    }
  }
  return { path: node.path, kind: 'present', value: '' };
}

/** Reads a map of names to StringMatches. The API server drops a name that stands for null. */
export function readNamedMatches(node: Node): readonly NamedMatch[] {
  return node.entries().flatMap(([name, value]) => {
    const match = readStringMatch(value);
    return match === undefined ? [] : [{ name, match }];
  });
}
