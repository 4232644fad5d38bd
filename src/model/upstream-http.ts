/*
 * Which version of HTTP a proxy speaks to a service, as far as DestinationRules have a say in it (`shouldH2Upgrade`,
 * `setUseDownstreamProtocol`).
 */
import type { Node } from '../manifests/node';

/** The versions of HTTP in which requests are routed. */
export type HttpVersion = '1.1' | '2';

/** HTTP/2, the version of the request, or what the port says. */
export type HttpChoice = 'HTTP2' | 'CLIENT' | 'PORT';

/** Absent is what says nothing about connections. */
export function readHttpChoice(settings: Node): HttpChoice | undefined {
  const pool = settings.get('connectionPool');
  if (!pool.present) {
    return undefined;
  }
  const http = pool.get('http');
  if (http.get('useClientProtocol').boolean() === true) {
    return 'CLIENT';
  }
  return http.get('h2UpgradePolicy').text() === 'UPGRADE' ? 'HTTP2' : 'PORT';
}
