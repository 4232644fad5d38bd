/*
 * Rules for a DestinationRule.
 */
import type { Node } from '../../mesh/node';
import { host, hostOrAddress } from './host-rules';
import { labelOfPods } from './match-rules';
import {
  applyToEach,
  duration,
  filled,
  label,
  NOTHING,
  port,
  type Refusal,
  type Rule,
  refuse,
  textOf,
  warn,
  written,
} from './refusal';

function subsets(spec: Node): readonly Refusal[] {
  const seen = new Set<string>();
  return spec
    .get('subsets')
    .items()
    .flatMap((subset) => {
      const node = subset.get('name');
      const name = textOf(node);
      if (name === undefined) {
        return node.value === '' ? refuse(node, 'A subset needs a name', "Write 'name: v1'.") : NOTHING;
      }
      const again = seen.has(name);
      seen.add(name);
      return [
        ...label(node, 'name of the subset'),
        ...(again
          ? refuse(node, `Two subsets of the DestinationRule are called ${name}`, 'Give each a name of its own.')
          : NOTHING),
        ...subset.get('labels').entries().flatMap(labelOfPods),
        ...policy(subset.get('trafficPolicy')),
      ];
    });
}

const POLICIES_OF_PORT = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'];
const POLICIES = [...POLICIES_OF_PORT, 'portLevelSettings', 'tunnel', 'proxyProtocol', 'retryBudget'];

function policy(node: Node): readonly Refusal[] {
  if (!node.present) {
    return NOTHING;
  }
  if (filled(node, ...POLICIES).length === 0) {
    return refuse(node, 'The trafficPolicy is empty', 'Take it out, or say what it should do.');
  }
  const perPort = node.get('portLevelSettings');
  return [
    ...(written(node, 'tunnel', 'proxyProtocol').length > 1
      ? refuse(node, 'A trafficPolicy cannot have both tunnel and proxyProtocol', 'Keep one of the two.')
      : NOTHING),
    ...applyToEach(perPort, [portLevel]),
    ...[node, ...perPort.items()].flatMap((settings) => [
      ...tls(settings.get('tls')),
      ...outlierDetection(settings.get('outlierDetection')),
      ...connectionPool(settings.get('connectionPool')),
    ]),
    ...tunnel(node.get('tunnel')),
  ];
}

function portLevel(settings: Node): readonly Refusal[] {
  return [
    ...(settings.get('port').present
      ? NOTHING
      : refuse(settings, 'Settings for a port need the port', "Write 'port: {number: 80}'.")),
    ...(written(settings, ...POLICIES_OF_PORT).length === 0
      ? refuse(settings, 'These settings for a port set nothing', 'Take them out, or say what they should do.')
      : NOTHING),
  ];
}

function tls(node: Node): readonly Refusal[] {
  const mode = textOf(node.get('mode'));
  const files = filled(node, 'clientCertificate', 'privateKey');
  const named = textOf(node.get('credentialName')) !== undefined;
  if (
    named &&
    [...files, ...filled(node, 'caCertificates', 'caCrl')].length > 0 &&
    (mode === 'SIMPLE' || mode === 'MUTUAL')
  ) {
    return refuse(
      node,
      'A credentialName stands for all certificates, and goes with none of the files',
      'Keep one of the two.',
    );
  }
  return mode === 'MUTUAL' && !named && files.length < 2
    ? refuse(
        node,
        'Mode MUTUAL needs the certificate and key of the client',
        'Add clientCertificate and privateKey, or a credentialName.',
      )
    : NOTHING;
}

function outlierDetection(node: Node): readonly Refusal[] {
  return [
    ...['maxEjectionPercent', 'minHealthPercent'].flatMap((name) => {
      const { value } = node.get(name);
      return typeof value === 'number' && (value < 0 || value > 100)
        ? refuse(node.get(name), `${value} is not a percentage`, 'Write a number from 0 to 100.')
        : NOTHING;
    }),
    ...(Number(node.get('consecutiveLocalOriginFailures').value ?? 0) > 0 &&
    node.get('splitExternalLocalOriginErrors').value !== true
      ? refuse(
          node.get('consecutiveLocalOriginFailures'),
          'consecutiveLocalOriginFailures counts nothing unless errors of local origin are split off',
          "Add 'splitExternalLocalOriginErrors: true'.",
        )
      : NOTHING),
    ...duration(node.get('baseEjectionTime')),
    ...duration(node.get('interval')),
  ];
}

const COUNTS = [
  'http1MaxPendingRequests',
  'http2MaxRequests',
  'maxRequestsPerConnection',
  'maxRetries',
  'maxConcurrentStreams',
];

/** Of subsets and ports, Istio says nothing of it. */
function deprecatedErrors(spec: Node): readonly Refusal[] {
  const node = spec.get('trafficPolicy').get('outlierDetection').get('consecutiveErrors');
  return Number(node.value ?? 0) === 0
    ? NOTHING
    : warn(node, 'consecutiveErrors is deprecated', 'Write consecutive5xxErrors or consecutiveGatewayErrors.');
}

function connectionPool(node: Node): readonly Refusal[] {
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
      .flatMap((count) => refuse(count, `${String(count.value)} is no limit`, 'Write 0 or more.')),
    ...[http.get('idleTimeout'), tcp.get('connectTimeout'), tcp.get('maxConnectionDuration')].flatMap(duration),
    ...[keepAlive.get('time'), keepAlive.get('interval')].flatMap(duration),
    ...(http.get('h2UpgradePolicy').value === 'UPGRADE' && http.get('useClientProtocol').value === true
      ? refuse(http, "useClientProtocol and 'h2UpgradePolicy: UPGRADE' exclude each other", 'Keep one of the two.')
      : NOTHING),
  ];
}

function tunnel(node: Node): readonly Refusal[] {
  if (!node.present) {
    return NOTHING;
  }
  const protocol = textOf(node.get('protocol'));
  return [
    ...(protocol === undefined || ['CONNECT', 'POST'].includes(protocol)
      ? NOTHING
      : refuse(node.get('protocol'), `There is no tunnel by '${protocol}'`, 'Write CONNECT or POST.')),
    ...hostOrAddress(node.get('targetHost')),
    ...port(node.get('targetPort')),
  ];
}

function workloadSelector(spec: Node): readonly Refusal[] {
  const node = spec.get('workloadSelector');
  const labels = node.get('matchLabels').entries();
  if (node.present && labels.length === 0) {
    return warn(node, 'A workloadSelector without labels selects all pods', 'Write matchLabels, or take it out.');
  }
  return labels
    .filter(([key, { value }]) => key === '' || key.includes('*') || String(value).includes('*'))
    .flatMap(([, value]) => refuse(value, 'A workloadSelector knows no wildcards and no empty keys', 'Write a label.'));
}

export const DESTINATION_RULE_RULES: readonly Rule[] = [
  (spec) => host(spec.get('host')),
  subsets,
  (spec) => policy(spec.get('trafficPolicy')),
  deprecatedErrors,
  workloadSelector,
];
