/*
 * The headers of a request as Envoy's router sees them: names in lower case, repeated ones joined, without those that it drops.
 */

import type { HttpVersion } from '../model/upstream-http';
import { RequestError } from '../proxy/request-error';
import { nameOfType } from '../syntax/type-name';
import { isAboutConnection, settleConnection } from './connection-headers';
import type { RouteRequest } from './request';

/** Headers that proxies send to each other; a sidecar drops them if an app sends them (`cleanInternalHeaders`). */
const FORGEABLE: ReadonlySet<string> = new Set(
  [
    ...['expected-rq-timeout-ms', 'force-trace', 'hedge-on-per-try-timeout', 'ip-tags', 'max-retries', 'original-url'],
    ...['retriable-header-names', 'retriable-status-codes', 'retry-grpc-on', 'retry-on', 'upstream-alt-stat-name'],
    ...['upstream-rq-per-try-timeout-ms', 'upstream-rq-timeout-alt-response', 'upstream-rq-timeout-ms'],
  ].map((name) => `x-envoy-${name}`),
);

/** Headers that a gateway drops too. */
const FORGEABLE_AT_GATEWAY: ReadonlySet<string> = new Set(
  [
    ...['decorator-operation', 'downstream-service-cluster', 'downstream-service-node'],
    ...['original-host', 'original-path'],
  ].map((name) => `x-envoy-${name}`),
);

/**
 * Headers for which Envoy keeps one value, joined by ',' when they come repeatedly. Of all others it keeps each value, and a
 * match looks at them one by one (Envoy 1.40 was measured; older releases look at them joined).
 */
const JOINED: ReadonlySet<string> = new Set([
  ...['accept', 'accept-encoding', 'access-control-request-headers', 'access-control-request-method', 'authorization'],
  ...[
    'cache-control',
    'content-encoding',
    'content-type',
    'expect',
    'grpc-timeout',
    'host',
    'if-match',
    'if-none-match',
  ],
  ...['origin', 'pragma', 'referer', 'te', 'user-agent', 'via', 'x-client-trace-id', 'x-forwarded-for'],
  ...['x-forwarded-host', 'x-forwarded-proto', 'x-request-id'],
]);

export interface Headers {
  readonly headers: Map<string, string>;
  /** The values of each that came repeatedly and is not kept as one. */
  readonly repeated: Map<string, readonly string[]>;
  /** What is wrong with those about the connection, if anything is. */
  readonly connectionFault?: string;
}

const NO_LINES: readonly string[] = [];

export function readHeaders(request: RouteRequest, httpVersion: HttpVersion): Headers {
  const received = new ReceivedHeaders(httpVersion);
  if (request.headers != null) {
    if (typeof request.headers !== 'object' || Symbol.iterator in request.headers) {
      throw new RequestError(
        `The headers are ${nameOfType(request.headers)}, not an object of names and values; write one, as in { 'x-version': 'v2' }, or Object.fromEntries(headers)`,
      );
    }
    for (const name of Object.keys(request.headers)) {
      received.add(name, request.headers[name]);
    }
  }
  for (const line of linesOf(request)) {
    const colon = line.indexOf(':', 1);
    if (colon < 1) {
      throw new RequestError(`The header line ${JSON.stringify(line)} has no ':'; write 'name: value'`);
    }
    received.add(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  return received.settled();
}

class ReceivedHeaders {
  private readonly headers = new Map<string, string>();
  private readonly repeated = new Map<string, readonly string[]>();
  private concernsConnection = false;

  public constructor(private readonly httpVersion: HttpVersion) {}

  public add(name: string, value: string): void {
    if (typeof value !== 'string') {
      throw new RequestError(
        `The header '${name}' has ${String(JSON.stringify(value))} for a value, which is not a string; write one string, and headerLines for a header that is sent several times`,
      );
    }
    const key = name === ':authority' ? 'host' : name.toLowerCase();
    const known = this.headers.get(key);
    if (known === undefined) {
      this.headers.set(key, value);
    } else if (this.httpVersion === '2' && key === 'cookie') {
      // A client may cut a cookie header into its cookies, and Envoy puts them together (RFC 9113, 8.2.3).
      this.headers.set(key, known === '' ? value : `${known}; ${value}`);
    } else if (this.httpVersion === '2' && key === 'te' && known.toLowerCase() === value.toLowerCase()) {
      // Envoy looks at each of them, and not at what they are together.
      return;
    } else {
      this.headers.set(key, joinValues(key, known, value));
      if (!JOINED.has(key)) {
        this.repeated.set(key, [...(this.repeated.get(key) ?? [known]), value]);
      }
    }
    this.concernsConnection ||= isAboutConnection(key);
  }

  /** Without what the proxy drops before it routes. */
  public settled(): Headers {
    const { headers, repeated, httpVersion } = this;
    if (httpVersion === '2' && headers.get('cookie') === '') {
      headers.delete('cookie');
    }
    if (!this.concernsConnection) {
      return { headers, repeated };
    }
    const connectionFault = settleConnection(headers, httpVersion);
    for (const name of repeated.keys()) {
      if (!headers.has(name)) {
        repeated.delete(name);
      }
    }
    return { headers, repeated, connectionFault };
  }
}

function linesOf({ headerLines }: RouteRequest): readonly string[] {
  const lines: readonly unknown[] = headerLines ?? NO_LINES;
  if (!Array.isArray(lines) || lines.some((line) => typeof line !== 'string')) {
    throw new RequestError(
      `The headerLines are ${JSON.stringify(headerLines)}, not a list of strings; write each header as a line, as in ['x-version: v2']`,
    );
  }
  return lines;
}

/** Both values of a header that is there twice, as one. Where Envoy itself keeps one value, an empty one leaves no comma. */
export function joinValues(name: string, first: string, second: string): string {
  return JOINED.has(name) && (first === '' || second === '') ? first + second : `${first},${second}`;
}

/** Drops headers that Envoy does not accept from outside of the mesh. */
export function dropForged(headers: Map<string, string>, atGateway: boolean): void {
  for (const name of headers.keys()) {
    if (FORGEABLE.has(name) || (atGateway && FORGEABLE_AT_GATEWAY.has(name))) {
      headers.delete(name);
    }
  }
}
