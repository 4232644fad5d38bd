/*
 * A request in the form in which Envoy's router sees it: pseudo-headers split off, header names in lower case, repeated
 * headers joined.
 */

import type { HttpVersion } from '../model/upstream-http';
import { RequestError } from '../proxy/request-error';
import { normalizeTarget, type PathNormalization } from '../syntax/request-target';
import { nameOfType } from '../syntax/type-name';
import { isGrpcContent } from './grpc';
import { readHttpVersion } from './http-version';
import type { RouteRequest } from './request';
import { dropForged, readHeaders } from './request-headers';

const DEFAULT_PORT: ReadonlyMap<string, number> = new Map([
  ['http', 80],
  ['https', 443],
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
  /** What is wrong with the headers that are about the connection, if anything is. */
  public readonly connectionFault: string | undefined;
  private readonly repeated: ReadonlyMap<string, readonly string[]>;
  private readonly forwardedProto: string;
  private readonly atGateway: boolean;
  private parameters?: ReadonlyMap<string, string>;

  /** @param atGateway a gateway does not believe what a client says about itself in `x-forwarded-proto`; a sidecar does */
  public constructor(request: RouteRequest, atGateway: boolean, normalization: PathNormalization) {
    const { scheme, host, port, target } = splitUrl(request.url);
    this.httpVersion = readHttpVersion(request);
    const { headers, repeated, connectionFault } = readHeaders(request, this.httpVersion);
    this.connectionFault = connectionFault;
    this.atGateway = atGateway;
    this.overTls = scheme === 'https';
    this.forwardedProto = (atGateway ? undefined : headers.get('x-forwarded-proto')) ?? scheme;
    const forwarded = this.forwardedProto.toLowerCase();
    // Envoy gives requests of HTTP/1.1 their scheme by that header; those of HTTP/2 bring one.
    this.scheme = this.httpVersion === '1.1' && DEFAULT_PORT.has(forwarded) ? forwarded : scheme;
    this.connectHost = host.toLowerCase();
    this.port = port;
    this.authority = headers.get('host') ?? (port === DEFAULT_PORT.get(scheme) ? host : `${host}:${port}`);
    this.host = withoutPort(this.authority);
    headers.delete('host');
    dropForged(headers, atGateway);
    this.headers = headers;
    this.repeated = repeated;
    this.method = readMethod(request);
    const normalized = normalizeTarget(target, normalization);
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

  /** Whether Envoy's filter for gRPC-Web takes it for such (`grpc_web`). */
  public get isGrpcWeb(): boolean {
    const contentType = this.headers.get('content-type');
    return contentType !== undefined && /^application\/grpc-web(-text)?(\+proto)?$/.test(contentType);
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
    return inPunycode(host);
  }
  return /[:[\]]/.test(host) && !BRACKETED.test(host) ? '' : host;
}

function inPunycode(host: string): string {
  try {
    // A URL is trimmed, and its backslashes are slashes; a host is not.
    return /[\0- \\]/.test(host) ? '' : new URL(`http://${host}`).hostname;
  } catch {
    return '';
  }
}

function endOfAuthority(url: string, start: number): number {
  const slash = url.indexOf('/', start);
  const end = slash < 0 ? url.length : slash;
  const mark = url.slice(start, end).search(/[?#]/);
  return mark < 0 ? end : start + mark;
}

function complaintAbout(url: string): Error {
  return new RequestError(
    `The url ${JSON.stringify(url)} cannot be requested; write something like http://apis.example.com/path, with a port if it is not the usual one`,
  );
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

function readMethod({ method }: RouteRequest): string {
  if (method != null && typeof method !== 'string') {
    throw new RequestError(`The method is ${nameOfType(method)}, not a string; write one, as in 'GET'`);
  }
  return method ?? 'GET';
}
