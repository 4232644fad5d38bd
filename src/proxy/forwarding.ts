/*
 * How requests are changed on the way to one destination: path and authority rewritten, headers removed, set and added.
 */
import type { HeaderOperations, HttpMatch, HttpRoute, WeightedDestination } from '../model/http-route';
import type { MeshConfig } from '../model/mesh-config';
import { retriesInForce } from './retries';

/** What becomes of the path. */
export type PathRewrite =
  | { readonly kind: 'whole'; readonly path: string }
  | { readonly kind: 'prefix'; readonly prefix: string; readonly path: string }
  | { readonly kind: 'regex'; readonly pattern: string; readonly replacement: string };

export interface Forwarding {
  readonly authority?: string;
  readonly path?: PathRewrite;
  /** In the order in which Envoy applies them. Those of one pass are applied together: all that removes, then all that sets. */
  readonly passes: readonly (readonly HeaderOperations[])[];
  /** Time limits of the rule, of which calls of gRPC are told; absent for bytes, which nobody reads. */
  readonly limits?: { readonly timeoutMillis?: number; readonly perTryMillis?: number };
}

/** Bytes that are passed on unread. */
export const UNREAD: Forwarding = { passes: [] };

export function forwardingOf(
  rule: HttpRoute,
  match: HttpMatch | undefined,
  destination: WeightedDestination,
  ofMesh: Pick<MeshConfig, 'retries'>,
): Forwarding {
  const { headers } = rule;
  // The route's own word on the authority comes before that of a destination.
  const authority = rule.rewrite?.authority || authorityOf(headers) || authorityOf(destination.headers);
  // Istio adds what a single destination says to the route; of several, each is a weighted cluster of Envoy's, which acts first.
  const only = rule.destinations.length === 1;
  const passes = only ? [[headers, destination.headers]] : [[destination.headers], [headers]];
  return {
    authority: authority || undefined,
    path: pathRewrite(rule, match),
    passes: passes.map((pass) => pass.filter((operations) => operations !== undefined)),
    limits: {
      timeoutMillis: rule.timeoutMs || undefined,
      perTryMillis: retriesInForce(rule.retries ?? ofMesh.retries)?.perTryTimeoutMillis || undefined,
    },
  };
}

/** Envoy replaces the part of the path that matched: a prefix, or all of it. */
export function pathRewrite({ rewrite }: HttpRoute, match: HttpMatch | undefined): PathRewrite | undefined {
  if (rewrite?.regex !== undefined) {
    return { kind: 'regex', pattern: rewrite.regex.match, replacement: rewrite.regex.rewrite };
  }
  const path = rewrite?.uri ?? '';
  if (path === '') {
    return undefined;
  }
  const matched = match?.uri;
  return matched?.kind === 'exact' || matched?.kind === 'regex'
    ? { kind: 'whole', path }
    : { kind: 'prefix', prefix: matched?.kind === 'prefix' ? matched.value : '/', path };
}

/** `host` and `:authority` are one. Where both operations name it, `set` counts. */
function authorityOf(operations: HeaderOperations | undefined): string | undefined {
  for (const values of [operations?.requestSet, operations?.requestAdd]) {
    for (const [name, value] of values ?? []) {
      if (/^(:authority|host)$/i.test(name)) {
        return value;
      }
    }
  }
  return undefined;
}
