/*
 * Rules for TLS to a destination (`ValidateTLS`).
 */
import type { Node } from '../../manifests/node';
import { filled, saysNone, text, textOf } from './conditions';
import { all, at, NOTHING, type Refusal, type Rule, refuse, refuseIf } from './refusal';

const CONFIG_MAP = 'configmap://';

/** @param namespace of the DestinationRule */
export function clientTls(namespace: string): Rule {
  const configMap = refuseIf(
    text((name) => name.startsWith(CONFIG_MAP) && !isConfigMapOf(namespace, name)),
    `'{}' is not a ConfigMap of the namespace ${namespace}`,
    `Write '${CONFIG_MAP}${namespace}/' and its name.`,
  );
  return all(at('credentialName', configMap), unverified, CERTIFICATES);
}

/** Other forms of the name are not looked at. */
function isConfigMapOf(namespace: string, name: string): boolean {
  const [first, second = ''] = name.slice(CONFIG_MAP.length).split('/');
  return first === namespace && second !== '';
}

const modeOf = (node: Node) => textOf(node.get('mode')) ?? '';
const isNamed = (node: Node) => textOf(node.get('credentialName')) !== undefined;

/** Fields of a mode that make no sense where nothing is verified. */
const UNVERIFIED: ReadonlyMap<string, readonly string[]> = new Map([
  ['SIMPLE', ['caCertificates', 'credentialName', 'subjectAltNames']],
  ['MUTUAL', ['caCertificates', 'subjectAltNames']],
]);

function unverified(node: Node): readonly Refusal[] {
  const extra = filled(node, ...(UNVERIFIED.get(modeOf(node)) ?? []));
  return node.get('insecureSkipVerify').value === true && extra.length > 0
    ? refuse(
        node,
        `insecureSkipVerify verifies no certificate, and cannot be combined with ${extra.join(' or ')}`,
        "Take 'insecureSkipVerify: true' out.",
      )
    : NOTHING;
}

// biome-ignore format: a table
const CERTIFICATES: Rule = all(
  refuseIf((node) =>
    ['SIMPLE', 'MUTUAL'].includes(modeOf(node)) &&
    isNamed(node) &&
    !saysNone('clientCertificate', 'privateKey', 'caCertificates', 'caCrl')(node),
    'A credentialName replaces all certificates, and cannot be combined with files', 'Keep one of the two.'),
  refuseIf(
    (node) => modeOf(node) === 'MUTUAL' && !isNamed(node) && filled(node, 'clientCertificate', 'privateKey').length < 2,
    'Mode MUTUAL needs the certificate and key of the client',
    'Add clientCertificate and privateKey, or a credentialName.'),
);
