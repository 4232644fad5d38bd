/*
 * Rules for a DestinationRule.
 */
import type { Node } from '../../mesh/node';
import { exportTo, host } from './host-rules';
import { applyToEach, label, NOTHING, type Refusal, type Rule, refuse, textOf, warn, written } from './refusal';

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
        ...policy(subset.get('trafficPolicy')),
      ];
    });
}

function policy(node: Node): readonly Refusal[] {
  if (!node.present) {
    return NOTHING;
  }
  if (node.entries().length === 0) {
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
    ]),
  ];
}

function portLevel(settings: Node): readonly Refusal[] {
  const number = settings.get('port').get('number');
  return number.present
    ? NOTHING
    : refuse(settings, 'Settings for a port need the port', "Write 'port: {number: 80}'.");
}

function tls(node: Node): readonly Refusal[] {
  const mode = textOf(node.get('mode'));
  const files = written(node, 'clientCertificate', 'privateKey');
  const named = node.get('credentialName').present;
  if (named && [...files, ...written(node, 'caCertificates')].length > 0 && mode !== 'SIMPLE') {
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
    ...(node.get('consecutiveErrors').present
      ? warn(
          node.get('consecutiveErrors'),
          'consecutiveErrors is deprecated',
          'Write consecutive5xxErrors or consecutiveGatewayErrors.',
        )
      : NOTHING),
  ];
}

export const DESTINATION_RULE_RULES: readonly Rule[] = [
  (spec) => host(spec.get('host')),
  subsets,
  (spec) => policy(spec.get('trafficPolicy')),
  exportTo,
];
