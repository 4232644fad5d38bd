/*
 * What Envoy refuses before it looks for a virtual host: a method, an authority or a header that HTTP/1.1 does not allow it to pass
 * on, and a path that it cannot normalise.
 */
import { HEADER_NAME } from '../syntax/names';
import type { ParsedRequest } from './parsed-request';
import { TraceKind } from './trace';
import { BAD_REQUEST, type Verdict } from './verdict';
import type { Trace } from './virtual-host-walk';

/** Those of Envoy's HTTP/1 parser, which knows no others unless told to (`allow_custom_methods`). */
const METHODS: ReadonlySet<string> = new Set(
  `ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE MSEARCH NOTIFY OPTIONS PATCH
   POST PROPFIND PROPPATCH PURGE PUT REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK UNSUBSCRIBE`.split(
    /\s+/,
  ),
);

const AUTHORITY = /^[\w\-.~%!$&'()*+,;=:@[\]]*$/;

/** What nobody sends: a claim of a token, which Istio is asked for like a header. */
const CLAIM = '@request.auth.';

/** Those of ASCII but for the tab. */
const CONTROL = /[^\t\x20-\x7e\u0080-\uffff]/;

/** The answer to a request that no route gets to see; undefined for all others. */
export function refuseMalformed(request: ParsedRequest, trace: Trace): Verdict | undefined {
  const reason = complaintAbout(request);
  if (reason === undefined) {
    return undefined;
  }
  trace?.push({ kind: TraceKind.REQUEST, text: `${reason}, which Envoy refuses`, matched: false });
  return BAD_REQUEST;
}

function complaintAbout({ authority, method, path, headers }: ParsedRequest): string | undefined {
  if (!METHODS.has(method)) {
    return `the method ${JSON.stringify(method)} is none of HTTP's; methods are written in capitals`;
  }
  if (!AUTHORITY.test(authority)) {
    return `the authority ${JSON.stringify(authority)} contains what no host name may`;
  }
  for (const [name, value] of headers) {
    if (!HEADER_NAME.test(name) && !name.startsWith(CLAIM)) {
      return `the header name ${JSON.stringify(name)} contains what none may`;
    }
    if (CONTROL.test(value)) {
      return `the value of header ${name} contains a control character`;
    }
  }
  return path === undefined ? 'the path contains an escaped NUL' : undefined;
}
