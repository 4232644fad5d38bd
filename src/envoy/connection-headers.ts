/*
 * Headers that are about one connection (RFC 9110, 7.6.1). In HTTP/1.1 Envoy drops them and what they name, but for an upgrade
 * (`Http::Utility::sanitizeConnectionHeader`). HTTP/2 does not know them, and Envoy closes the connection on which they come.
 */
import type { HttpVersion } from '../model/upstream-http';

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** Options of `connection` that are not names of headers. */
const OPTIONS: ReadonlySet<string> = new Set(['close', 'keep-alive', 'upgrade', 'http2-settings']);

/** Headers that a client cannot have removed by naming them in `connection`. */
const PROTECTED: ReadonlySet<string> = new Set(['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'host']);

const MAX_NAMED = 10;

export function isAboutConnection(name: string): boolean {
  return name === 'te' || HOP_BY_HOP.has(name);
}

/** Leaves those that Envoy passes on to its router. Gives a reason where it refuses the request. */
export function settleConnection(headers: Map<string, string>, httpVersion: HttpVersion): string | undefined {
  return httpVersion === '2' ? settleHttp2(headers) : settleHttp1(headers);
}

function settleHttp2(headers: Map<string, string>): string | undefined {
  const foreign = [...HOP_BY_HOP].find((name) => headers.has(name));
  if (foreign !== undefined) {
    return `the header ${foreign} is a connection header of HTTP/1.1, and HTTP/2 forbids it`;
  }
  const te = headers.get('te') ?? '';
  if (te.toLowerCase() !== 'trailers') {
    return `the header te is ${JSON.stringify(te)}, and HTTP/2 allows only trailers`;
  }
  settleTe(headers);
  return undefined;
}

function settleHttp1(headers: Map<string, string>): string | undefined {
  settleTe(headers);
  const named = tokens(headers.get('connection'));
  if (named.includes('upgrade') && headers.has('upgrade')) {
    if (headers.get('upgrade')?.toLowerCase() !== 'h2c') {
      return undefined;
    }
    // Envoy answers a request to upgrade to HTTP/2 in HTTP/1.1.
    headers.delete('http2-settings');
  }
  const fault = complaintAbout(named);
  for (const name of named.filter((each) => !OPTIONS.has(each) && each !== 'te')) {
    headers.delete(name);
  }
  for (const name of HOP_BY_HOP) {
    headers.delete(name);
  }
  return fault;
}

function complaintAbout(named: readonly string[]): string | undefined {
  if (named.length >= MAX_NAMED) {
    return `the header connection names ${named.length} headers, and Envoy allows fewer than ${MAX_NAMED}`;
  }
  const kept = named.find((name) => PROTECTED.has(name) || name.startsWith(':'));
  return kept === undefined ? undefined : `the header connection names ${kept}, which a client cannot have removed`;
}

/** Nothing but `trailers`, as it is written here, is passed on. */
function settleTe(headers: Map<string, string>): void {
  const te = headers.get('te');
  if (te === undefined || te === '') {
    return;
  }
  if (te.split(',').some((value) => value.trim() === 'trailers')) {
    headers.set('te', 'trailers');
  } else {
    headers.delete('te');
  }
}

function tokens(connection: string | undefined): readonly string[] {
  return (connection ?? '')
    .split(',')
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== '');
}
