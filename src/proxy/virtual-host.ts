/*
 * A virtual host: the routes for one host name on one listener.
 */
import type { LeftOut, Route } from './routes';

export interface VirtualHost {
  readonly domain: string;
  /** In the order in which they are tried. */
  readonly routes: readonly Route[];
  /** What was written for the host and does not apply on this listener. */
  readonly leftOut: readonly LeftOut[];
  /** Whether plain HTTP is answered with a redirect to HTTPS before any route is tried. */
  readonly requireTls: boolean;
}
