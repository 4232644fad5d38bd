/*
 * Who issues certificates to workloads, as istiod does in a cluster: an authority of its own, made by openssl for each run.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate } from '../certificate';
import type { Pod } from '../cluster';
import type { Identity } from './declaration';

/** The name of a workload, as it stands in its certificate. */
export function spiffe(trustDomain: string, { namespace, account }: Identity): string {
  return `spiffe://${trustDomain}/ns/${namespace}/sa/${account}`;
}

export function identityOf({ namespace, serviceAccount }: Pod): Identity {
  return { namespace, account: serviceAccount };
}

export class Authority {
  private readonly issued = new Map<string, Certificate>();

  /** @param folder where openssl may write; of this authority only */
  public constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'openssl.conf'), CONFIGURATION);
    this.openssl('authority', ['-subj', '/O=conformance', '-extensions', 'authority']);
  }

  /** The certificate of the workload of that name; each is made once. */
  public certificateOf(uri: string): Certificate {
    const known = this.issued.get(uri);
    if (known !== undefined) {
      return known;
    }
    const file = `workload-${this.issued.size}`;
    const signer = ['-CA', this.path('authority.pem'), '-CAkey', this.path('authority.key')];
    // As Istio's, it names nobody but the workload (SPIFFE's X.509-SVID).
    this.openssl(file, [
      '-subj',
      '/',
      '-extensions',
      'workload',
      '-addext',
      `subjectAltName=critical,URI:${uri}`,
      ...signer,
    ]);
    const certificate: Certificate = {
      certificate: this.read(`${file}.pem`),
      key: this.read(`${file}.key`),
      authority: this.read('authority.pem'),
    };
    this.issued.set(uri, certificate);
    return certificate;
  }

  private openssl(file: string, args: readonly string[]): void {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', this.path(`${file}.key`)];
    const files = ['-config', this.path('openssl.conf'), '-out', this.path(`${file}.pem`)];
    execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '2', ...key, ...files, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }

  private path(file: string): string {
    return join(this.folder, file);
  }

  private read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }
}

const CONFIGURATION = `
[req]
distinguished_name = subject
prompt = no
[subject]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[workload]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth, clientAuth
`;
