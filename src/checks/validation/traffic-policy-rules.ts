/*
 * Rules for the trafficPolicy of a DestinationRule or a subset (`validateTrafficPolicy`).
 */
import type { Node } from '../../manifests/node';
import { scalarNumber } from '../../syntax/scalar-text';
import { clientTls } from './client-tls-rules';
import { connectionPool } from './connection-pool-rules';
import { dnsNameOrAddress } from './host-rules';
import { loadBalancer } from './load-balancer-rules';
import {
  applyToEach,
  duration,
  errorsOnly,
  filled,
  has,
  NOTHING,
  port,
  type Refusal,
  refuse,
  textOf,
  warn,
  written,
} from './refusal';

const POLICIES_OF_PORT = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'];
const POLICIES = [...POLICIES_OF_PORT, 'portLevelSettings', 'tunnel', 'proxyProtocol', 'retryBudget'];

/** @param namespace of the DestinationRule */
export function trafficPolicy(node: Node, namespace: string): readonly Refusal[] {
  if (!node.present) {
    return NOTHING;
  }
  if (filled(node, ...POLICIES).length === 0) {
    return refuse(node, 'The trafficPolicy is empty', 'Take it out, or say what it should do.');
  }
  return [
    ...(written(node, 'tunnel', 'proxyProtocol').length > 1
      ? refuse(node, 'A trafficPolicy cannot have both tunnel and proxyProtocol', 'Keep one of the two.')
      : NOTHING),
    ...settings(node, namespace),
    ...applyToEach(node.get('portLevelSettings'), [
      portLevel,
      // Of ports, Istio drops its warnings.
      (ofPort) => errorsOnly(settings(ofPort, namespace)),
    ]),
    ...(has(node, 'tunnel') ? tunnel(node.get('tunnel')) : NOTHING),
  ];
}

/** What can be said for one port, and for all. */
function settings(node: Node, namespace: string): readonly Refusal[] {
  return [
    ...(has(node, 'tls') ? clientTls(node.get('tls'), namespace) : NOTHING),
    ...(has(node, 'outlierDetection') ? outlierDetection(node.get('outlierDetection')) : NOTHING),
    ...(has(node, 'connectionPool') ? connectionPool(node.get('connectionPool')) : NOTHING),
    ...(has(node, 'loadBalancer') ? loadBalancer(node) : NOTHING),
  ];
}

function portLevel(ofPort: Node): readonly Refusal[] {
  return [
    ...(ofPort.get('port').present
      ? NOTHING
      : refuse(ofPort, 'Settings for a port need the port', "Write 'port: {number: 80}'.")),
    ...(written(ofPort, ...POLICIES_OF_PORT).length === 0
      ? refuse(ofPort, 'These settings for a port set nothing', 'Take them out, or say what they should do.')
      : NOTHING),
  ];
}

/** `validateOutlierDetection`. */
function outlierDetection(node: Node): readonly Refusal[] {
  const errors = node.get('consecutiveErrors');
  return [
    ...(scalarNumber(errors.value ?? 0) === 0
      ? NOTHING
      : warn(errors, 'consecutiveErrors is deprecated', 'Write consecutive5xxErrors or consecutiveGatewayErrors.')),
    ...['maxEjectionPercent', 'minHealthPercent'].flatMap((name) => {
      const { value } = node.get(name);
      return typeof value === 'number' && (value < 0 || value > 100)
        ? refuse(node.get(name), `${value} is not a percentage`, 'Write a number from 0 to 100.')
        : NOTHING;
    }),
    ...(scalarNumber(node.get('consecutiveLocalOriginFailures').value ?? 0) > 0 &&
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

/** `validateTunnelSettings`. */
function tunnel(node: Node): readonly Refusal[] {
  const protocol = textOf(node.get('protocol'));
  return [
    ...(protocol === undefined || ['CONNECT', 'POST'].includes(protocol)
      ? NOTHING
      : refuse(node.get('protocol'), `There is no tunnel by '${protocol}'`, 'Write CONNECT or POST.')),
    ...dnsNameOrAddress(node.get('targetHost')),
    ...port(node.get('targetPort')),
  ];
}
