/*
 * The request as a destination receives it: path and authority rewritten, headers removed, set and added.
 */
import type { HeaderOperations } from '../model/http-route';
import type { Forwarding, PathRewrite } from '../proxy/forwarding';
import { compileRegexRewrite } from '../syntax/regex-rewrite';
import { grpcTimeout, grpcTimeoutText } from './grpc';
import type { ParsedRequest } from './parsed-request';
import { joinValues } from './request-headers';

/** The request as a destination receives it. */
export interface ForwardedRequest {
  /** HTTP method. */
  readonly method: string;
  /** The authority (`host` header), after any rewrite. */
  readonly authority: string;
  /** Path and query, normalised, after any rewrite. */
  readonly path: string;
  /**
   * Version of HTTP that the proxy speaks: `1.1`, or `2` where the port is called `http2`, `grpc` or `grpc-web`, or a
   * DestinationRule has it so. An app that does not understand it cannot answer, and the client gets 503.
   *
   * @default - the bytes are forwarded unread
   */
  readonly httpVersion?: string;
  /**
   * Headers after the route's operations, names in lower case, values of a repeated header joined by ','. What proxies add
   * on their own (`x-request-id`, tracing) is not among them.
   */
  readonly headers: { readonly [name: string]: string };
}

export function forward(request: ParsedRequest, forwarding: Forwarding): Omit<ForwardedRequest, 'httpVersion'> {
  const headers = new Map(request.headers);
  tellTimeout(request, forwarding, headers);
  for (const pass of forwarding.passes) {
    applyOperations(headers, pass);
  }
  return {
    method: request.method,
    authority: forwarding.authority ?? request.authority,
    path: rewritten(request.path ?? '/', forwarding.path) + request.query,
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

function rewritten(path: string, rewrite: PathRewrite | undefined): string {
  switch (rewrite?.kind) {
    case undefined:
      return path;
    case 'whole':
      return rewrite.path;
    case 'prefix':
      return rewrite.path + path.slice(rewrite.prefix.length);
    case 'regex':
      return regexRewrite(rewrite)(path);
  }
}

const COMPILED = new WeakMap<PathRewrite, (path: string) => string>();

/** A pattern that RE2 refuses: the webhook refuses the object, so there is nothing to do here. */
function regexRewrite(rewrite: PathRewrite & { readonly kind: 'regex' }): (path: string) => string {
  let apply = COMPILED.get(rewrite);
  if (apply === undefined) {
    try {
      apply = compileRegexRewrite(rewrite.pattern, rewrite.replacement);
    } catch {
      apply = (path) => path;
    }
    COMPILED.set(rewrite, apply);
  }
  return apply;
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
