/*
 * Where a redirect leads (`ApplyRedirect` in Istio, `RouteEntryImplBase::newUri` in Envoy).
 */
import type { Redirect } from '../model/http-route';
import type { Action } from '../proxy/action';
import type { ParsedRequest } from './parsed-request';

const IMPLEMENTED = new Set([301, 302, 303, 307, 308]);

/** The status of a redirect; undefined for one of the codes that the API allows and Envoy does not know. */
export function redirectStatus(redirect: Redirect): number | undefined {
  const code = redirect.code === 0 ? 301 : redirect.code;
  return IMPLEMENTED.has(code) ? code : undefined;
}

export function redirectLocation(request: ParsedRequest, redirect: Redirect, action: Action): string {
  const scheme = redirect.scheme || request.scheme;
  const port = redirectPort(redirect, action);
  const host = redirect.authority || requestHost(request, scheme, port);
  return `${scheme}://${host}${port}${redirectPath(request, redirect, action)}`;
}

/** Where the redirect of `tls.httpsRedirect` leads: the same, with https. */
export function httpsLocation(request: ParsedRequest): string {
  return `https://${request.authority}${request.path}${request.query}`;
}

function redirectPort(redirect: Redirect, { scope }: Action): string {
  const port = redirect.port ?? (redirect.derivePort === 'FROM_REQUEST_PORT' ? scope.port : undefined);
  const scheme = redirect.scheme || (scope.isTls ? 'https' : 'http');
  const usual = (port === 80 && scheme === 'http') || (port === 443 && scheme === 'https');
  return port === undefined || port === 0 || usual ? '' : `:${port}`;
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

function redirectPath(request: ParsedRequest, redirect: Redirect, action: Action): string {
  const path = request.path ?? '/';
  if (redirect.uri !== '') {
    const uri = redirect.uri.startsWith('/') ? redirect.uri : `/${redirect.uri}`;
    return uri.includes('?') ? uri : uri + request.query;
  }
  if (redirect.prefixRewrite !== '') {
    return redirect.prefixRewrite + path.slice(action.matchedPrefix.length) + request.query;
  }
  return path + request.query;
}
