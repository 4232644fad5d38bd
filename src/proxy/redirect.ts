/*
 * A redirect as Envoy has it (`ApplyRedirect`).
 */
import type { HttpMatch, HttpRoute, Redirect } from '../model/http-route';

export interface RedirectAction {
  /** Absent for a code that the API allows and Envoy does not know, for which Istio makes no action. */
  readonly status?: number;
  /** What of the request is replaced; empty where it stays. */
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  /** In place of `matchedPrefix`; empty where it stays. */
  readonly prefixRewrite: string;
  readonly matchedPrefix: string;
  /** Absent where the address gets none. */
  readonly port?: number;
}

const IMPLEMENTED = new Set([301, 302, 303, 307, 308]);

export function redirectAction(
  redirect: Redirect,
  match: HttpMatch | undefined,
  listener: { readonly port: number; readonly isTls: boolean },
): RedirectAction {
  const { authority, prefixRewrite, scheme, uri } = redirect;
  return {
    status: statusOf(redirect),
    scheme,
    authority,
    path: uri === '' || uri.startsWith('/') ? uri : `/${uri}`,
    prefixRewrite,
    matchedPrefix: match?.uri?.kind === 'prefix' ? match.uri.value : '/',
    port: portOf(redirect, listener),
  };
}

/** Whether Envoy refuses every table with this route in it: Istio gives it no action for a code that Envoy does not know. */
export function isUnusable({ redirect }: Pick<HttpRoute, 'redirect'>): boolean {
  return redirect !== undefined && statusOf(redirect) === undefined;
}

function statusOf({ code }: Redirect): number | undefined {
  const status = code === 0 ? 301 : code;
  return IMPLEMENTED.has(status) ? status : undefined;
}

/** The usual port of the scheme is left out. */
function portOf(redirect: Redirect, listener: { readonly port: number; readonly isTls: boolean }): number | undefined {
  const port = redirect.port ?? (redirect.derivePort === 'FROM_REQUEST_PORT' ? listener.port : undefined);
  const scheme = redirect.scheme || (listener.isTls ? 'https' : 'http');
  const isUsual = (port === 80 && scheme === 'http') || (port === 443 && scheme === 'https');
  return port === 0 || isUsual ? undefined : port;
}
