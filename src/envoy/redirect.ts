/*
 * Where a redirect leads (`RouteEntryImplBase::newUri`).
 */
import type { RedirectAction } from '../proxy/redirect';
import type { ParsedRequest } from './parsed-request';

export function redirectLocation(request: ParsedRequest, redirect: RedirectAction): string {
  const scheme = redirect.scheme || request.scheme;
  const port = redirect.port === undefined ? '' : `:${redirect.port}`;
  const host = redirect.authority || requestHost(request, scheme, port);
  return `${scheme}://${host}${port}${redirectPath(request, redirect)}`;
}

/** Where the redirect of `tls.httpsRedirect` leads: the same, with https. */
export function httpsLocation(request: ParsedRequest): string {
  return `https://${request.authority}${request.path}${request.query}`;
}

/** The request's own authority; its port goes when another is given, or when it is the usual one of a scheme that changes. */
function requestHost(request: ParsedRequest, newScheme: string, newPort: string): string {
  const { authority } = request;
  const colon = authority.lastIndexOf(':');
  if (colon < 0 || authority.lastIndexOf(']') > colon) {
    return authority;
  }
  const port = authority.slice(colon);
  const from = request.header('x-forwarded-proto');
  const usual = (from === 'https' && port === ':443') || (from === 'http' && port === ':80');
  return newPort !== '' || (newScheme !== from && usual) ? authority.slice(0, colon) : authority;
}

function redirectPath(request: ParsedRequest, redirect: RedirectAction): string {
  const path = request.path ?? '/';
  if (redirect.path !== '') {
    return redirect.path.includes('?') ? redirect.path : redirect.path + request.query;
  }
  return redirect.prefixRewrite === ''
    ? path + request.query
    : redirect.prefixRewrite + path.slice(redirect.matchedPrefix.length) + request.query;
}
