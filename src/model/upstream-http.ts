/*
 * Which version of HTTP a proxy speaks to a service, as far as DestinationRules have a say in it (`shouldH2Upgrade`,
 * `setUseDownstreamProtocol`).
 */
import type { Node } from '../manifests/node';

/** The versions of HTTP in which requests are routed. */
export type HttpVersion = '1.1' | '2';

/** HTTP/2, the version of the request, what the port says, or what MeshConfig says for all ports. */
export type HttpChoice = 'HTTP2' | 'CLIENT' | 'PORT' | 'MESH';

/** What settings with a `connectionPool` say; undefined where they say nothing about connections. */
export function readHttpChoice(settings: Node): HttpChoice | undefined {
  const pool = settings.get('connectionPool');
  if (!pool.present) {
    return undefined;
  }
  const http = pool.get('http');
  if (http.get('useClientProtocol').boolean() === true) {
    return 'CLIENT';
  }
  const policy = http.get('h2UpgradePolicy').text();
  return policy === 'UPGRADE' ? 'HTTP2' : policy === 'DO_NOT_UPGRADE' ? 'PORT' : 'MESH';
}
