/*
 * A virtual host: the routes for one host name on one listener.
 */
import type { LeftOut, Route } from './routes';

export interface VirtualHost {
  /** Envoy's name of it: the host in lower case, with the port. */
  readonly name: string;
  /** The host, in lower case. */
  readonly domain: string;
  /** All names by which requests find it. */
  readonly domains: readonly string[];
  /** In the order in which they are tried. */
  readonly routes: readonly Route[];
  /** What was written for the host and does not apply on this listener. */
  readonly leftOut: readonly LeftOut[];
  /** Routes of VirtualServices that have the host, too, and came too late for it. */
  readonly rivals?: (readonly Route[])[];
  /** Whether plain HTTP is answered with a redirect to HTTPS before any route is tried. */
  readonly requireTls: boolean;
}

export function virtualHostName(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
