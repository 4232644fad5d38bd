/*
 * What Envoy refuses before it looks for a virtual host: a method, an authority or a header that HTTP does not allow it to pass
 * on, and a path that it cannot normalise.
 */
import { isClaim } from '../predicate/match/claim';
import { HEADER_NAME } from '../syntax/names';
import type { ParsedRequest } from './parsed-request';
import { TraceKind } from './trace';
import type { Trail } from './trail';
import { BAD_REQUEST, RESET, type Verdict } from './verdict';

/** Those of Envoy's HTTP/1 parser, which knows no others unless told to (`allow_custom_methods`). */
const METHODS: ReadonlySet<string> = new Set(
  `ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE MSEARCH NOTIFY OPTIONS PATCH
   POST PROPFIND PROPPATCH PURGE PUT QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE`.split(
    /\s+/,
  ),
);

const AUTHORITY = /^[\w\-.~%!$&'()*+,;=:@[\]]*$/;

/** HTTP/2 wants one, and without a user's name (RFC 9113, 8.3.1). */
const HTTP2_AUTHORITY = /^[\w\-.~%!$&'()*+,;=:[\]]+$/;

/** Those of ASCII but for the tab. */
const CONTROL = /[^\t\x20-\x7e\u0080-\uffff]/;

/** The answer to a request that Envoy refuses before it looks at routes; undefined for all others. */
export function refuseMalformed(request: ParsedRequest, trail: Trail): Verdict | undefined {
  const inCodec = complaintOfCodec(request);
  const reason = inCodec ?? complaintOfManager(request);
  if (reason === undefined) {
    return undefined;
  }
  const isReset = inCodec !== undefined && request.httpVersion === '2';
  const what = isReset ? 'so Envoy closes the connection' : 'so Envoy refuses the request';
  trail.note(() => ({ kind: TraceKind.REQUEST, text: `${reason}, ${what}`, matched: false }));
  if (isReset) {
    return RESET;
  }
  // The HTTP/1.1 codec answers before Envoy knows whether the request is gRPC.
  return inCodec === undefined && request.isGrpc ? { ...BAD_REQUEST, isGrpc: true } : BAD_REQUEST;
}

function complaintOfCodec({
  authority,
  method,
  headers,
  httpVersion,
  connectionFault,
}: ParsedRequest): string | undefined {
  if (method === 'CONNECT') {
    return 'the method CONNECT asks for a tunnel, and has no path';
  }
  if (httpVersion === '1.1' ? !METHODS.has(method) : !HEADER_NAME.test(method)) {
    return `the method ${JSON.stringify(method)} is not an HTTP method; methods are written in capitals`;
  }
  if (!(httpVersion === '1.1' ? AUTHORITY : HTTP2_AUTHORITY).test(authority)) {
    return `the authority ${JSON.stringify(authority)} contains a character that a host name cannot have`;
  }
  for (const [name, value] of headers) {
    // A claim of a token is not a header that clients send, but callers here pass it as one.
    if (!HEADER_NAME.test(name) && !isClaim(name)) {
      return `the header name ${JSON.stringify(name)} contains a character that a header name cannot have`;
    }
    if (CONTROL.test(value)) {
      return `the value of header ${name} contains a control character`;
    }
  }
  return connectionFault;
}

/** What comes after the codec (`ConnectionManagerImpl`). */
function complaintOfManager({ method, path, headers }: ParsedRequest): string | undefined {
  if (method === 'QUERY' && !headers.has('content-type')) {
    return 'a QUERY request needs the header content-type, and this one has none';
  }
  return path === undefined ? 'the path contains an escaped NUL' : undefined;
}
