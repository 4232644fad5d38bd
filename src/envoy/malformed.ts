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

/** The answer to a request that no route gets to see; undefined for all others. */
export function refuseMalformed(request: ParsedRequest, trail: Trail): Verdict | undefined {
  const inCodec = complaintOfCodec(request);
  const reason = inCodec ?? complaintOfManager(request);
  if (reason === undefined) {
    return undefined;
  }
  const isReset = inCodec !== undefined && request.httpVersion === '2';
  const what = isReset ? 'for which Envoy closes the connection' : 'which Envoy refuses';
  trail.note(() => ({ kind: TraceKind.REQUEST, text: `${reason}, ${what}`, matched: false }));
  if (isReset) {
    return RESET;
  }
  // The codec of HTTP/1.1 answers before anybody knows what the client speaks.
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
    return `the method ${JSON.stringify(method)} is none of HTTP's; methods are written in capitals`;
  }
  if (!(httpVersion === '1.1' ? AUTHORITY : HTTP2_AUTHORITY).test(authority)) {
    return `the authority ${JSON.stringify(authority)} contains what no host name may`;
  }
  for (const [name, value] of headers) {
    // Nobody sends a claim of a token, but a caller here may say what it is.
    if (!HEADER_NAME.test(name) && !isClaim(name)) {
      return `the header name ${JSON.stringify(name)} contains what none may`;
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
    return 'a QUERY without content-type says nothing of what it asks';
  }
  return path === undefined ? 'the path contains an escaped NUL' : undefined;
}
