/*
 * A certificate for all who speak TLS without mTLS here, made anew for each run: gateways, backends, and clients that are asked
 * for one.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Certificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
  /** PEM: the certificate of who signed it, by which its holder also judges others. */
  readonly authority: string;
}

/**
 * One that is its own authority.
 *
 * @param folder where openssl may write
 * @param name whose it is
 */
export function makeCertificate(folder: string, name = 'conformance'): Certificate {
  const certificate = join(folder, 'certificate.pem');
  const key = join(folder, 'key.pem');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-nodes', '-days', '2', '-subj', `/CN=${name}`],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ...['-addext', `subjectAltName=DNS:${name},IP:127.0.0.1`, '-keyout', key, '-out', certificate],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const pem = readFileSync(certificate, 'utf8');
  return { certificate: pem, key: readFileSync(key, 'utf8'), authority: pem };
}
