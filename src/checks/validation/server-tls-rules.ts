/*
 * Rules for the tls of a server of a Gateway, or of a Sidecar's ingress (`validateTLSOptions`).
 */
import type { Node } from '../../manifests/node';
import { scalarText } from '../../syntax/scalar-text';
import { filled, NOTHING, type Refusal, refuse, textOf, warn } from './refusal';

const FILES = ['serverCertificate', 'privateKey', 'caCertificates'];
const NAMES = ['credentialName', 'credentialNames'];
const CERTIFICATES = [...FILES, 'tlsCertificates', ...NAMES];

export function serverTls(tls: Node): readonly Refusal[] {
  if (!tls.present) {
    return NOTHING;
  }
  const mode = textOf(tls.get('mode')) ?? 'PASSTHROUGH';
  const all = filled(tls, ...CERTIFICATES);
  const rest =
    mode === 'ISTIO_MUTUAL'
      ? all.length > 0
        ? refuse(
            tls,
            `Mode ISTIO_MUTUAL brings its own certificates, and cannot have ${all.join(' or ')}`,
            'Take it out.',
          )
        : NOTHING
      : certificates(tls, mode);
  return [...ciphers(tls), ...rest];
}

function certificates(tls: Node, mode: string): readonly Refusal[] {
  const sources = sourcesOf(tls);
  const many =
    sources.length > 1
      ? refuse(
          tls,
          `A server takes its certificate from one place, and this has ${sources.join(' and ')}`,
          'Keep one of them.',
        )
      : NOTHING;
  if (mode.endsWith('PASSTHROUGH')) {
    return [...many, ...unused(tls, mode)];
  }
  return filled(tls, ...NAMES).length > 0 ? many : [...many, ...files(tls, mode)];
}

/** Of files, both the certificate and its key make a source. */
function sourcesOf(tls: Node): readonly string[] {
  const files = filled(tls, 'serverCertificate', 'privateKey').length === 2 ? ['serverCertificate'] : [];
  return [...files, ...filled(tls, 'tlsCertificates', ...NAMES)];
}

function unused(tls: Node, mode: string): readonly Refusal[] {
  const fields = filled(tls, ...CERTIFICATES, 'caCrl');
  return [
    ...(fields.length > 0
      ? warn(
          tls,
          `With mode ${mode} nothing uses ${fields.join(' or ')}`,
          "Take it out, or write 'mode: SIMPLE' to end TLS here.",
        )
      : NOTHING),
    ...(filled(tls, 'caCrl', 'credentialName').length === 2
      ? refuse(tls, 'caCrl cannot go with credentialName', 'Put the list of revocations into the Secret, as ca.crl.')
      : NOTHING),
  ];
}

/** Certificates that are files. */
function files(tls: Node, mode: string): readonly Refusal[] {
  const list = tls.get('tlsCertificates').items();
  const asksClients = mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL';
  return [
    ...(asksClients && filled(tls, 'caCertificates').length === 0
      ? refuse(
          tls,
          `Mode ${mode} needs the authority of the clients`,
          'Add caCertificates; at a Gateway, a credentialName whose Secret has a ca.crt does as well.',
        )
      : NOTHING),
    ...(list.length > 0 ? list : [tls]).flatMap((each) => keyPair(each, mode)),
    ...(mode === 'SIMPLE' && filled(tls, 'caCrl').length > 0
      ? refuse(tls.get('caCrl'), 'Mode SIMPLE asks clients for no certificate that caCrl could revoke', 'Take it out.')
      : NOTHING),
  ];
}

function keyPair(node: Node, mode: string): readonly Refusal[] {
  switch (filled(node, 'serverCertificate', 'privateKey').join()) {
    case 'serverCertificate,privateKey':
      return NOTHING;
    case 'serverCertificate':
      return refuse(node, 'serverCertificate needs a privateKey', 'Add the path of the key.');
    case 'privateKey':
      return refuse(node, 'privateKey needs a serverCertificate', 'Add the path of the certificate.');
    default:
      return refuse(
        node,
        `Mode ${mode} needs a certificate`,
        'Add serverCertificate and privateKey; at a Gateway, the credentialName of a Secret in the namespace of its pods does as well.',
      );
  }
}

/** What Istio gives to Envoy (`security.ValidCipherSuites`). */
const CIPHERS = new Set([
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-RSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA',
  'ECDHE-RSA-AES256-SHA',
  'AES128-GCM-SHA256',
  'AES256-GCM-SHA384',
  'AES128-SHA',
  'AES256-SHA',
  'DES-CBC3-SHA',
]);

function ciphers(tls: Node): readonly Refusal[] {
  const suites = tls.get('cipherSuites').items();
  const old = ['TLSV1_0', 'TLSV1_1'].includes(scalarText(tls.get('minProtocolVersion').value));
  const seen = new Set<string>();
  return [
    ...(old && suites.length === 0
      ? warn(
          tls.get('minProtocolVersion'),
          'TLS below 1.2 needs ciphers that are off unless they are named',
          'Add cipherSuites such as AES128-SHA, or take minProtocolVersion out.',
        )
      : NOTHING),
    ...suites.flatMap((node) => {
      const suite = scalarText(node.value);
      const again = seen.has(suite);
      seen.add(suite);
      return isCipher(suite) && !again
        ? NOTHING
        : warn(
            node,
            again
              ? `The cipher suite '${suite}' is there twice`
              : `Istio leaves out the cipher suite '${suite}', which it does not know`,
            again ? 'Take one out.' : `Write one of ${[...CIPHERS].join(', ')}.`,
          );
    }),
  ];
}

/** What begins with a sign is an expression, which Istio does not look at. */
function isCipher(suite: string): boolean {
  return suite === '' || suite === 'ALL' || !/^[\p{L}\p{N}]/u.test(suite) || CIPHERS.has(suite);
}
