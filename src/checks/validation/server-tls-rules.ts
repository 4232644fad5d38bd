/*
 * Rules for the tls of a server of a Gateway, or of a Sidecar's ingress (`validateTLSOptions`).
 */

import type { Node } from '../../manifests/node';
import { scalarText } from '../../syntax/scalar-text';
import { filled, repeated, says, saysNone, string, textOf } from './conditions';
import { all, at, NOTHING, type Refusal, type Rule, refuse, refuseIf, warn, warnIf } from './refusal';

const FILES = ['serverCertificate', 'privateKey', 'caCertificates'];
const NAMES = ['credentialName', 'credentialNames'];
const CERTIFICATES = [...FILES, 'tlsCertificates', ...NAMES];

function certificates(tls: Node): readonly Refusal[] {
  const mode = textOf(tls.get('mode')) ?? 'PASSTHROUGH';
  if (mode === 'ISTIO_MUTUAL') {
    const extra = filled(tls, ...CERTIFICATES).join(' or ');
    return extra === ''
      ? NOTHING
      : refuse(tls, `Mode ISTIO_MUTUAL uses Istio's own certificates, and cannot have ${extra}`, 'Take it out.');
  }
  return [
    ...severalSources(tls),
    ...(mode.endsWith('PASSTHROUGH') ? unused(tls, mode) : saysNone(...NAMES)(tls) ? files(tls, mode) : NOTHING),
  ];
}

/** Of files, both the certificate and its key make a source. */
function severalSources(tls: Node): readonly Refusal[] {
  const pair = filled(tls, 'serverCertificate', 'privateKey').length === 2 ? ['serverCertificate'] : [];
  const sources = [...pair, ...filled(tls, 'tlsCertificates', ...NAMES)];
  const message = `A server takes its certificate from one place, and this server has ${sources.join(' and ')}`;
  return sources.length > 1 ? refuse(tls, message, 'Keep one of them.') : NOTHING;
}

function unused(tls: Node, mode: string): readonly Refusal[] {
  const fields = filled(tls, ...CERTIFICATES, 'caCrl');
  return [
    ...(fields.length > 0
      ? warn(
          tls,
          `Mode ${mode} does not use ${fields.join(' or ')}`,
          "Take it out, or write 'mode: SIMPLE' to end TLS here.",
        )
      : NOTHING),
    ...CRL_WITH_NAME(tls),
  ];
}

// biome-ignore format: a table
const CRL_WITH_NAME = refuseIf((tls) => says(tls, 'caCrl') && says(tls, 'credentialName'),
  'caCrl cannot be combined with credentialName', 'Put the revocation list into the Secret, as ca.crl.');

/** Certificates that are files. */
function files(tls: Node, mode: string): readonly Refusal[] {
  const list = tls.get('tlsCertificates').items();
  return [
    ...(mode === 'MUTUAL' || mode === 'OPTIONAL_MUTUAL' ? AUTHORITY(mode)(tls) : NOTHING),
    ...(list.length > 0 ? list : [tls]).flatMap(KEY_PAIR(mode)),
    ...(mode === 'SIMPLE' ? NO_CRL(tls) : NOTHING),
  ];
}

const AUTHORITY = (mode: string) =>
  refuseIf(
    saysNone('caCertificates'),
    `Mode ${mode} needs the certificate authority of the clients`,
    'Add caCertificates; at a Gateway, a credentialName whose Secret has a ca.crt does as well.',
  );

// biome-ignore format: a table
const NO_CRL = refuseIf((tls) => says(tls, 'caCrl'),
  'Mode SIMPLE asks for no client certificate, so caCrl has no effect', 'Take it out.', 'caCrl');

const KEY_PAIR = (mode: string) => {
  const hasOnly = (field: string) => (node: Node) => filled(node, 'serverCertificate', 'privateKey').join() === field;
  // biome-ignore format: a table
  return all(
    refuseIf(hasOnly('serverCertificate'), 'serverCertificate needs a privateKey', 'Add the path of the key.'),
    refuseIf(hasOnly('privateKey'), 'privateKey needs a serverCertificate', 'Add the path of the certificate.'),
    refuseIf(hasOnly(''),
      `Mode ${mode} needs a certificate`,
      'Add serverCertificate and privateKey; at a Gateway, the credentialName of a Secret in the namespace of its pods does as well.'),
  );
};

/** What Istio gives to Envoy (`security.ValidCipherSuites`). */
const CIPHERS = [
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
  ...['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ...['ECDHE-ECDSA-AES128-SHA', 'ECDHE-RSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA', 'ECDHE-RSA-AES256-SHA'],
  ...['AES128-GCM-SHA256', 'AES256-GCM-SHA384', 'AES128-SHA', 'AES256-SHA', 'DES-CBC3-SHA'],
];

/** What begins with a sign is an expression, which Istio does not look at. */
function isCipher(suite: string): boolean {
  return suite === '' || suite === 'ALL' || !/^[\p{L}\p{N}]/u.test(suite) || CIPHERS.includes(suite);
}

// biome-ignore format: a table
const CIPHER_RULES: Rule = all(
  warnIf((tls) =>
    ['TLSV1_0', 'TLSV1_1'].includes(scalarText(tls.get('minProtocolVersion').value)) && saysNone('cipherSuites')(tls),
    'TLS below 1.2 needs ciphers that are off by default',
    'Add cipherSuites such as AES128-SHA, or take minProtocolVersion out.',
    'minProtocolVersion'),
  at('cipherSuites[]', warnIf(string((suite) => !isCipher(suite)),
    "Istio does not know the cipher suite '{}', and leaves it out", `Write one of ${CIPHERS.join(', ')}.`)),
  at('cipherSuites', (list) =>
    repeated(list.items()).flatMap((node) =>
      warn(node, `The cipher suite '${scalarText(node.value)}' is there twice`, 'Take one out.'),
    )),
);

export const serverTls: Rule = all(CIPHER_RULES, certificates);
