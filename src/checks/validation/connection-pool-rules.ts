/*
 * Rules for the connectionPool of a DestinationRule or a Sidecar (`validateConnectionPool`).
 */
import type { Node } from '../../manifests/node';
import { parseDuration } from '../../syntax/duration';
import { scalarText } from '../../syntax/scalar-text';
import { duration, NOTHING, type Refusal, readableDuration, refuse, textOf } from './refusal';

const COUNTS = [
  'http1MaxPendingRequests',
  'http2MaxRequests',
  'maxRequestsPerConnection',
  'maxRetries',
  'maxConcurrentStreams',
];

export function connectionPool(node: Node): readonly Refusal[] {
  if (!node.present) {
    return NOTHING;
  }
  const [http, tcp] = [node.get('http'), node.get('tcp')];
  if (!http.present && !tcp.present) {
    return refuse(node, 'The connectionPool is empty', 'Take it out, or say what it should limit.');
  }
  const counts = [...COUNTS.map((name) => http.get(name)), tcp.get('maxConnections')];
  const keepAlive = tcp.get('tcpKeepalive');
  return [
    ...counts
      .filter(({ value }) => typeof value === 'number' && value < 0)
      .flatMap((count) => refuse(count, `${scalarText(count.value)} is no limit`, 'Write 0 or more.')),
    ...[http.get('idleTimeout'), tcp.get('connectTimeout'), tcp.get('maxConnectionDuration')].flatMap(duration),
    ...idleTimeout(tcp.get('idleTimeout')),
    ...[keepAlive.get('time'), keepAlive.get('interval')].flatMap(duration),
    ...(http.get('h2UpgradePolicy').value === 'UPGRADE' && http.get('useClientProtocol').value === true
      ? refuse(http, "useClientProtocol and 'h2UpgradePolicy: UPGRADE' exclude each other", 'Keep one of the two.')
      : NOTHING),
  ];
}

/** Less than a millisecond is none at all, which Istio allows here. */
function idleTimeout(node: Node): readonly Refusal[] {
  const milliseconds = parseDuration(textOf(node) ?? '0s') ?? 0;
  return [...readableDuration(node), ...(Math.abs(milliseconds) < 1 ? NOTHING : duration(node))];
}
