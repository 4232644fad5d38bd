/*
 * The request as a destination receives it: path and authority rewritten, headers removed, set and added.
 */
import type { HeaderOperations, HttpMatch, HttpRoute, WeightedDestination } from '../model/http-route';
import { retriesInForce } from '../proxy/retries';
import { compileRegexRewrite } from '../syntax/regex-rewrite';
import type { ForwardedRequest } from './destination';
import { grpcTimeout, grpcTimeoutText } from './grpc';
import type { ParsedRequest } from './parsed-request';
import { joinValues } from './request-headers';

/** How one destination's requests are changed. */
export interface Forwarding {
  readonly authority?: string;
  readonly rewritePath: (path: string) => string;
  /** In the order in which Envoy applies them. Those of one pass are applied together: all that removes, then all that sets. */
  readonly passes: readonly (readonly HeaderOperations[])[];
  /** Time limits of the rule, of which calls of gRPC are told; absent for bytes, which nobody reads. */
  readonly limits?: { readonly timeoutMillis?: number; readonly perTryMillis?: number };
}

/** Requests that are passed on as they are. */
export const UNCHANGED: Forwarding = { rewritePath: (path) => path, passes: [], limits: {} };

/** Bytes that are passed on unread. */
export const UNREAD: Forwarding = { rewritePath: (path) => path, passes: [] };

export function makeForwarding(
  rule: HttpRoute,
  match: HttpMatch | undefined,
  destination: WeightedDestination,
): Forwarding {
  const { headers } = rule;
  // The route's own word on the authority comes before that of a destination.
  const authority = rule.rewrite?.authority || authorityOf(headers) || authorityOf(destination.headers);
  // Istio adds what a single destination says to the route; of several, each is a weighted cluster of Envoy's, which acts first.
  const only = rule.destinations.length === 1;
  const passes = only ? [[headers, destination.headers]] : [[destination.headers], [headers]];
  return {
    authority: authority || undefined,
    rewritePath: pathRewrite(rule, match),
    passes: passes.map((pass) => pass.filter((operations) => operations !== undefined)),
    limits: {
      timeoutMillis: rule.timeoutMs || undefined,
      perTryMillis: retriesInForce(rule.retries)?.perTryTimeoutMillis || undefined,
    },
  };
}

export function forward(request: ParsedRequest, forwarding: Forwarding): ForwardedRequest {
  const headers = new Map(request.headers);
  tellTimeout(request, forwarding, headers);
  for (const pass of forwarding.passes) {
    applyOperations(headers, pass);
  }
  return {
    method: request.method,
    authority: forwarding.authority ?? request.authority,
    path: forwarding.rewritePath(request.path ?? '/') + request.query,
    headers: Object.fromEntries(headers),
  };
}

/** Whoever answers a call of gRPC learns how long it may take: all of it, or one try (`FilterUtility::setTimeoutHeaders`). */
function tellTimeout(request: ParsedRequest, { limits }: Forwarding, headers: Map<string, string>): void {
  if (limits === undefined || !request.isGrpc) {
    return;
  }
  const all = grpcTimeout(headers.get('grpc-timeout'), limits.timeoutMillis);
  const { perTryMillis } = limits;
  const expected = perTryMillis !== undefined && (all === undefined || perTryMillis < all) ? perTryMillis : all;
  if (expected !== undefined) {
    headers.set('grpc-timeout', grpcTimeoutText(expected));
  }
}

/** Envoy replaces the part of the path that matched: a prefix, or all of it. */
function pathRewrite({ rewrite }: HttpRoute, match: HttpMatch | undefined): (path: string) => string {
  if (rewrite?.regex !== undefined) {
    return regexRewrite(rewrite.regex.match, rewrite.regex.rewrite);
  }
  const uri = rewrite?.uri ?? '';
  if (uri === '') {
    return UNCHANGED.rewritePath;
  }
  const matched = match?.uri;
  if (matched?.kind === 'exact' || matched?.kind === 'regex') {
    return () => uri;
  }
  const prefix = matched?.kind === 'prefix' ? matched.value : '/';
  return (path) => uri + path.slice(prefix.length);
}

function regexRewrite(pattern: string, replacement: string): (path: string) => string {
  try {
    return compileRegexRewrite(pattern, replacement);
  } catch {
    // A pattern that RE2 refuses: the webhook refuses the object, so there is nothing to do here.
    return UNCHANGED.rewritePath;
  }
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

function applyOperations(headers: Map<string, string>, pass: readonly HeaderOperations[]): void {
  for (const name of pass.flatMap((operations) => operations.requestRemove)) {
    headers.delete(name.toLowerCase());
  }
  for (const [name, value] of pass.flatMap((operations) => ordinary(operations.requestSet))) {
    headers.set(name, value);
  }
  for (const [name, value] of pass.flatMap((operations) => ordinary(operations.requestAdd))) {
    const known = headers.get(name);
    headers.set(name, known === undefined ? value : joinValues(name, known, value));
  }
}

/** The headers that operations may touch, by name. An empty value does nothing; `%%` is how Envoy's formatter writes '%'. */
function ordinary(values: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  return [...values]
    .filter(([name, value]) => !name.startsWith(':') && name.toLowerCase() !== 'host' && value !== '')
    .map(([name, value]) => [name.toLowerCase(), value.replaceAll('%%', '%')] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
