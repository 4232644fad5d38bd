/*
 * Which version of HTTP a proxy speaks to a service, as far as DestinationRules have a say in it (`shouldH2Upgrade`,
 * `setUseDownstreamProtocol`).
 */
import type { Node } from '../manifests/node';

/** The versions of HTTP in which requests are routed. */
export type HttpVersion = '1.1' | '2';

/** HTTP/2, the version of the request, what the port says, or what MeshConfig says for all ports. */
export type HttpChoice = 'HTTP2' | 'CLIENT' | 'PORT' | 'MESH';

/** A traffic policy, as far as it is about that. Absent is what says nothing about connections. */
export interface HttpPolicy {
  readonly all?: HttpChoice;
  readonly byPort: ReadonlyMap<number, HttpChoice | undefined>;
}

export function readHttpPolicy(trafficPolicy: Node): HttpPolicy | undefined {
  if (!trafficPolicy.present) {
    return undefined;
  }
  const byPort = new Map<number, HttpChoice | undefined>();
  for (const settings of trafficPolicy.get('portLevelSettings').maps()) {
    const number = settings.get('port').get('number').number();
    if (number !== undefined && !byPort.has(number)) {
      byPort.set(number, readChoice(settings));
    }
  }
  return { all: readChoice(trafficPolicy), byPort };
}

/** What settings with a `connectionPool` say; undefined where they say nothing about connections. */
export function readChoice(settings: Node): HttpChoice | undefined {
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

/** A port's settings stand alone, and a subset's in front of those of the rule (`MergeSubsetTrafficPolicy`). */
export function httpChoice(
  ofRule: HttpPolicy | undefined,
  ofSubset: HttpPolicy | undefined,
  port: number,
): HttpChoice | undefined {
  if (ofSubset?.byPort.has(port)) {
    return ofSubset.byPort.get(port);
  }
  return ofSubset?.all ?? (ofRule?.byPort.has(port) ? ofRule.byPort.get(port) : ofRule?.all);
}
