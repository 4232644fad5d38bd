/*
 * Rules for the connectionPool of a DestinationRule or a Sidecar (`validateConnectionPool`).
 */
import { parseDuration } from '../../syntax/duration';
import { duration, readableDuration } from './common-rules';
import { lacks, number } from './conditions';
import { all, at, type Rule, refuseIf } from './refusal';

// biome-ignore format: a table
const count = refuseIf(number((value) => value < 0), '{} is not a limit', 'Write 0 or more.');

const fields = (names: readonly string[], rule: Rule) => names.map((name) => at(name, rule));

// biome-ignore format: a table
const HTTP: Rule = all(
  ...fields(
    ['http1MaxPendingRequests', 'http2MaxRequests', 'maxRequestsPerConnection', 'maxRetries', 'maxConcurrentStreams'],
    count,
  ),
  at('idleTimeout', duration),
  at('http2KeepAlive',
    refuseIf((node) => lacks('interval')(node) || lacks('timeout')(node),
      'http2KeepAlive needs both interval and timeout', "Write 'interval: 30s' and 'timeout: 5s'."),
    ...fields(['interval', 'timeout'], duration),
  ),
  refuseIf((http) => http.get('h2UpgradePolicy').value === 'UPGRADE' && http.get('useClientProtocol').value === true,
    "useClientProtocol and 'h2UpgradePolicy: UPGRADE' exclude each other", 'Keep one of the two.'),
);

/** Less than a millisecond is none at all, which Istio allows here. */
const idleTimeout: Rule = (node) => {
  const milliseconds = typeof node.value === 'string' ? (parseDuration(node.value) ?? 0) : 0;
  return Math.abs(milliseconds) < 1 ? readableDuration(node) : duration(node);
};

const TCP: Rule = all(
  at('maxConnections', count),
  ...fields(['connectTimeout', 'maxConnectionDuration', 'tcpKeepalive.time', 'tcpKeepalive.interval'], duration),
  at('idleTimeout', idleTimeout),
);

export const connectionPool: Rule = all(
  refuseIf(lacks('http', 'tcp'), 'The connectionPool is empty', 'Take it out, or say what it should limit.'),
  at('http', HTTP),
  at('tcp', TCP),
);
