/*
 * A request in the form in which Envoy's router sees it: pseudo-headers split off, header names in lower case, repeated
 * headers joined.
 */

import { domainToASCII } from 'node:url';
import { nameOfType } from '../syntax/type-name';
import { isAboutConnection, settleConnection } from './connection-headers';
import { isGrpcContent } from './grpc';
import { normalizeTarget } from './path';
import type { RouteRequest } from './request';
import { RequestError } from './request-error';

const DEFAULT_PORT: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['https', 443],
]);

/** What proxies say to each other, and a sidecar believes of no app (`cleanInternalHeaders`). */
const FORGEABLE: ReadonlySet<string> = new Set(
  [
    ...['expected-rq-timeout-ms', 'force-trace', 'hedge-on-per-try-timeout', 'ip-tags', 'max-retries', 'original-url'],
    ...['retriable-header-names', 'retriable-status-codes', 'retry-grpc-on', 'retry-on', 'upstream-alt-stat-name'],
    ...['upstream-rq-per-try-timeout-ms', 'upstream-rq-timeout-alt-response', 'upstream-rq-timeout-ms'],
  ].map((name) => `x-envoy-${name}`),
);

/** What a gateway does not believe either. */
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

/** Stands for a value that the proxy makes up before it routes. It can be asked whether it is there, and no more. */
const SET_BY_PROXY = '(set by the proxy)';

export class ParsedRequest {
  /** As the router sees it: that of the URL, unless a header may say otherwise. */
  public readonly scheme: string;
  /** Whether the connection is one of TLS. */
  public readonly overTls: boolean;
  /** Where the connection goes, in lower case. */
  public readonly connectHost: string;
  public readonly port: number;
  /** As sent in `host` or `:authority`. */
  public readonly authority: string;
  /** The authority without its port, in lower case. */
  public readonly host: string;
  public readonly method: string;
  /** Normalised, without query. Undefined when the proxy refuses it. */
  public readonly path: string | undefined;
  public readonly query: string;
  /** Values of a repeated header are joined by ','. */
  public readonly headers: ReadonlyMap<string, string>;
  public readonly httpVersion: HttpVersion;
  /** What is wrong with the headers of HTTP/1.1 that are about the connection, if anything is. */
  public readonly connectionFault: string | undefined;
  private readonly repeated: ReadonlyMap<string, readonly string[]>;
  private readonly forwardedProto: string;
  private readonly atGateway: boolean;
  private parameters?: ReadonlyMap<string, string>;

  /** @param atGateway a gateway does not believe what a client says about itself in `x-forwarded-proto`; a sidecar does */
  public constructor(request: RouteRequest, atGateway: boolean) {
    const { scheme, host, port, target } = splitUrl(request.url);
    this.httpVersion = readHttpVersion(request);
    const { headers, repeated, connectionFault } = readHeaders(request, this.httpVersion);
    this.connectionFault = connectionFault;
    this.atGateway = atGateway;
    this.overTls = scheme === 'https';
    this.forwardedProto = (atGateway ? undefined : headers.get('x-forwarded-proto')) ?? scheme;
    const forwarded = this.forwardedProto.toLowerCase();
    this.scheme = DEFAULT_PORT.has(forwarded) ? forwarded : scheme;
    this.connectHost = host.toLowerCase();
    this.port = port;
    this.authority = headers.get('host') ?? (port === DEFAULT_PORT.get(scheme) ? host : `${host}:${port}`);
    this.host = withoutPort(this.authority);
    headers.delete('host');
    dropForged(headers, atGateway);
    this.headers = headers;
    this.repeated = repeated;
    this.method = request.method ?? 'GET';
    const normalized = normalizeTarget(target);
    this.path = normalized?.path;
    this.query = normalized?.query ?? '';
  }

  /** The name that TLS gives the connection (SNI); empty without TLS, and for an address, which clients do not send (RFC 6066). */
  public get serverName(): string {
    return !this.overTls || /^[\d.]+$|^\[/.test(this.connectHost) ? '' : this.connectHost;
  }

  /** The header's value as matchers see it. `host` and the pseudo-headers are headers too. */
  public header(name: string): string | undefined {
    switch (name) {
      case ':authority':
      case 'host':
        return this.authority;
      case ':method':
        return this.method;
      case ':path':
        return `${this.path}${this.query}`;
      case ':scheme':
        return this.scheme;
      case 'x-forwarded-proto':
        return this.forwardedProto;
      case 'x-request-id':
        return this.headers.get(name) ?? SET_BY_PROXY;
      case 'x-forwarded-for':
        return this.headers.get(name) ?? (this.atGateway ? SET_BY_PROXY : undefined);
      default:
        return this.headers.get(name);
    }
  }

  /** The upgrade that is asked for and that Istio allows nobody: any but that of a WebSocket. */
  public get forbiddenUpgrade(): string | undefined {
    const upgrade = this.headers.get('upgrade');
    return upgrade === undefined || upgrade.toLowerCase() === 'websocket' ? undefined : upgrade;
  }

  /** Whether Envoy takes it for one of gRPC, for which the content type decides alone. */
  public get isGrpc(): boolean {
    const contentType = this.headers.get('content-type');
    return contentType !== undefined && isGrpcContent(contentType);
  }

  /** The values between which matchers tell; undefined for a header that has at most one. */
  public separateValues(name: string): readonly string[] | undefined {
    return this.repeated.size === 0 ? undefined : this.repeated.get(name);
  }

  /** The first value of a query parameter, not decoded. */
  public queryParameter(name: string): string | undefined {
    this.parameters ??= readQuery(this.query);
    return this.parameters.get(name);
  }
}

/** What virtual hosts are found by: the authority without its port, in lower case. */
function withoutPort(authority: string): string {
  const colon = authority.lastIndexOf(':');
  const hasPort = colon >= 0 && authority.lastIndexOf(']') < colon;
  return (hasPort ? authority.slice(0, colon) : authority).toLowerCase();
}

const SCHEME = /^https?:\/\//i;
const PORT = /^\d{1,5}$/;
const BRACKETED = /^\[[0-9a-f:.]+\]$/i;

function splitUrl(url: string): { scheme: string; host: string; port: number; target: string } {
  const scheme = typeof url === 'string' ? SCHEME.exec(url)?.[0] : undefined;
  if (scheme === undefined) {
    throw complaintAbout(url);
  }
  const start = scheme.length;
  const end = endOfAuthority(url, start);
  // A name and password go into a header, which is the client's business.
  const authority = url.slice(Math.max(start, url.lastIndexOf('@', end - 1) + 1), end);
  const colon = authority.lastIndexOf(':');
  const hasPort = colon >= 0 && authority.lastIndexOf(']') < colon;
  const host = sentHost(hasPort ? authority.slice(0, colon) : authority);
  const name = scheme.length === 'https://'.length ? 'https' : 'http';
  const written = hasPort ? authority.slice(colon + 1) : '';
  const port = written === '' ? (DEFAULT_PORT.get(name) ?? 0) : PORT.test(written) ? Number(written) : 0;
  if (host === '' || port < 1 || port > 65535) {
    throw complaintAbout(url);
  }
  const rest = url.slice(end);
  return { scheme: name, host, port, target: rest.startsWith('/') ? rest : `/${rest}` };
}

/** The host as clients send it, names beyond ASCII in Punycode; empty when it is none. */
function sentHost(host: string): string {
  if (/[^\x20-\x7e]/.test(host)) {
    return domainToASCII(host);
  }
  return /[:[\]]/.test(host) && !BRACKETED.test(host) ? '' : host;
}

function endOfAuthority(url: string, start: number): number {
  const slash = url.indexOf('/', start);
  const end = slash < 0 ? url.length : slash;
  const mark = url.slice(start, end).search(/[?#]/);
  return mark < 0 ? end : start + mark;
}

function complaintAbout(url: string): Error {
  return new RequestError(
    `The url ${JSON.stringify(url)} is not one that a request can be sent to; write something like http://apis.example.com/path, with a port where it is not the usual one`,
  );
}

const NO_LINES: readonly string[] = [];

export type HttpVersion = '1.1' | '2';

function readHttpVersion({ httpVersion = '1.1' }: RouteRequest): HttpVersion {
  if (httpVersion !== '1.1' && httpVersion !== '2') {
    throw new RequestError(
      `The httpVersion is ${JSON.stringify(httpVersion)}, and requests are routed in HTTP/1.1 or HTTP/2; write '1.1' or '2'`,
    );
  }
  return httpVersion;
}

interface Headers {
  readonly headers: Map<string, string>;
  readonly repeated: Map<string, readonly string[]>;
  readonly connectionFault?: string;
}

function readHeaders(request: RouteRequest, httpVersion: HttpVersion): Headers {
  const headers = new Map<string, string>();
  const repeated = new Map<string, readonly string[]>();
  let concernsConnection = false;
  const add = (name: string, value: string) => {
    if (typeof value !== 'string') {
      throw new RequestError(
        `The header '${name}' has ${String(JSON.stringify(value))} for a value, which is no text; write one string, and headerLines for a header that is sent several times`,
      );
    }
    const key = name === ':authority' ? 'host' : name.toLowerCase();
    const known = headers.get(key);
    if (known === undefined) {
      headers.set(key, value);
    } else if (httpVersion === '2' && key === 'cookie') {
      // A client may cut a cookie header into its cookies, and Envoy puts them together (RFC 9113, 8.2.3).
      headers.set(key, known === '' ? value : `${known}; ${value}`);
    } else {
      headers.set(key, joinValues(key, known, value));
      if (!JOINED.has(key)) {
        repeated.set(key, [...(repeated.get(key) ?? [known]), value]);
      }
    }
    concernsConnection ||= isAboutConnection(key);
  };
  if (request.headers != null) {
    if (typeof request.headers !== 'object' || Symbol.iterator in request.headers) {
      throw new RequestError(
        `The headers are ${nameOfType(request.headers)}, which is not read; write an object, as in { 'x-version': 'v2' }, or Object.fromEntries(headers)`,
      );
    }
    for (const name of Object.keys(request.headers)) {
      add(name, request.headers[name]);
    }
  }
  for (const line of linesOf(request)) {
    const colon = line.indexOf(':', 1);
    if (colon < 1) {
      throw new RequestError(`The header line ${JSON.stringify(line)} has no ':'; write 'name: value'`);
    }
    add(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  if (httpVersion === '2' && headers.get('cookie') === '') {
    headers.delete('cookie');
  }
  if (!concernsConnection) {
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

function linesOf({ headerLines }: RouteRequest): readonly string[] {
  const lines: readonly unknown[] = headerLines ?? NO_LINES;
  if (!Array.isArray(lines) || lines.some((line) => typeof line !== 'string')) {
    throw new RequestError(
      `The headerLines are ${JSON.stringify(headerLines)}, and not a list of text; write each header as a line, as in ['x-version: v2']`,
    );
  }
  return lines;
}

/** Both values of a header that is there twice, as one. Where Envoy itself keeps one value, an empty one leaves no comma. */
export function joinValues(name: string, first: string, second: string): string {
  return JOINED.has(name) && (first === '' || second === '') ? first + second : `${first},${second}`;
}

function dropForged(headers: Map<string, string>, atGateway: boolean): void {
  for (const name of headers.keys()) {
    if (FORGEABLE.has(name) || (atGateway && FORGEABLE_AT_GATEWAY.has(name))) {
      headers.delete(name);
    }
  }
}

function readQuery(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  if (query === '') {
    return parameters;
  }
  for (const pair of query.slice(1).split('&')) {
    const equals = pair.indexOf('=');
    const name = equals < 0 ? pair : pair.slice(0, equals);
    if (!parameters.has(name)) {
      parameters.set(name, equals < 0 ? '' : pair.slice(equals + 1));
    }
  }
  return parameters;
}
