/*
 * Rules for TLS to a destination (`ValidateTLS`).
 */
import type { Node } from '../../manifests/node';
import { filled, NOTHING, type Refusal, refuse, textOf } from './refusal';

const CONFIG_MAP = 'configmap://';

/** @param namespace of the DestinationRule */
export function clientTls(node: Node, namespace: string): readonly Refusal[] {
  return [...configMap(node.get('credentialName'), namespace), ...unverified(node), ...certificates(node)];
}

/** Other forms of the name are not looked at. */
function configMap(node: Node, namespace: string): readonly Refusal[] {
  const name = textOf(node);
  if (name?.startsWith(CONFIG_MAP) !== true) {
    return NOTHING;
  }
  const [first, second = ''] = name.slice(CONFIG_MAP.length).split('/');
  return first === namespace && second !== ''
    ? NOTHING
    : refuse(
        node,
        `'${name}' is not a ConfigMap of the namespace ${namespace}`,
        `Write '${CONFIG_MAP}${namespace}/' and its name.`,
      );
}

/** Fields of a mode that make no sense where nothing is verified. */
const UNVERIFIED: ReadonlyMap<string, readonly string[]> = new Map([
  ['SIMPLE', ['caCertificates', 'credentialName', 'subjectAltNames']],
  ['MUTUAL', ['caCertificates', 'subjectAltNames']],
]);

function unverified(node: Node): readonly Refusal[] {
  const fields = UNVERIFIED.get(textOf(node.get('mode')) ?? '');
  const extra = fields === undefined ? [] : filled(node, ...fields);
  return node.get('insecureSkipVerify').value === true && extra.length > 0
    ? refuse(
        node,
        `insecureSkipVerify looks at no certificate, and cannot go with ${extra.join(' or ')}`,
        "Take 'insecureSkipVerify: true' out.",
      )
    : NOTHING;
}

function certificates(node: Node): readonly Refusal[] {
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
      'A credentialName stands for all certificates, and cannot go with files',
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
