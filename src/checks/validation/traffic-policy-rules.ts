/*
 * Rules for the trafficPolicy of a DestinationRule or a subset (`validateTrafficPolicy`).
 */
import { scalarNumber } from '../../syntax/scalar-text';
import { clientTls } from './client-tls-rules';
import { duration, percent, port, readableDuration } from './common-rules';
import { is, lacks, not, saysNone, text } from './conditions';
import { connectionPool } from './connection-pool-rules';
import { dnsNameOrAddress } from './host-rules';
import { loadBalancer } from './load-balancer-rules';
import { all, at, errorsOnly, notBoth, type Rule, refuseIf, warnIf, when } from './refusal';

const POLICIES_OF_PORT = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'];
const POLICIES = [...POLICIES_OF_PORT, 'portLevelSettings', 'tunnel', 'proxyProtocol', 'retryBudget'];

const isEmpty = saysNone(...POLICIES);

const EMPTY = refuseIf(isEmpty, 'The trafficPolicy is empty', 'Take it out, or say what it should do.');

/** @param namespace of the DestinationRule */
export function trafficPolicy(namespace: string): Rule {
  const settings = settingsIn(namespace);
  const rules = all(
    notBoth('A trafficPolicy', 'tunnel', 'proxyProtocol'),
    settings,
    // Of ports, Istio drops its warnings.
    at('portLevelSettings[]', PORT_LEVEL, errorsOnly(settings)),
    at('tunnel', TUNNEL),
    at('retryBudget.budgetInterval', readableDuration),
  );
  return all(EMPTY, when(not(isEmpty), rules));
}

/** What can be said for one port, and for all. */
function settingsIn(namespace: string): Rule {
  return all(
    at('tls', clientTls(namespace)),
    at('outlierDetection', OUTLIER_DETECTION),
    at('connectionPool', connectionPool),
    loadBalancer,
  );
}

// biome-ignore format: a table
const PORT_LEVEL: Rule = all(
  refuseIf(lacks('port'), 'Settings for a port need the port', "Write 'port: {number: 80}'."),
  refuseIf(lacks(...POLICIES_OF_PORT),
    'These settings for a port set nothing', 'Take them out, or say what they should do.'),
);

/** `validateOutlierDetection`. */
// biome-ignore format: a table
const OUTLIER_DETECTION: Rule = all(
  at('consecutiveErrors', warnIf(not(is(0)),
    'consecutiveErrors is deprecated', 'Write consecutive5xxErrors or consecutiveGatewayErrors.')),
  at('maxEjectionPercent', percent),
  at('minHealthPercent', percent),
  refuseIf((node) =>
    scalarNumber(node.get('consecutiveLocalOriginFailures').value ?? 0) > 0 &&
    node.get('splitExternalLocalOriginErrors').value !== true,
    'consecutiveLocalOriginFailures has no effect without splitExternalLocalOriginErrors',
    "Add 'splitExternalLocalOriginErrors: true'.",
    'consecutiveLocalOriginFailures'),
  at('baseEjectionTime', duration),
  at('interval', duration),
);

/** `validateTunnelSettings`. */
// biome-ignore format: a table
const TUNNEL: Rule = all(
  at('protocol', refuseIf(text((protocol) => !['CONNECT', 'POST'].includes(protocol)),
    "'{}' is not a protocol for tunnels", 'Write CONNECT or POST.')),
  at('targetHost', dnsNameOrAddress),
  at('targetPort', port),
);
