/*
 * Istio's admission webhook (xds/webhook/) beside an API server that asks it about every object of Istio's.
 */
import { join } from 'node:path';
import { makeCertificate } from '../certificate';
import { components } from '../components';
import { freePorts, Program, until } from '../program';
import { type Kubectl, listOf } from './kubectl';

/** @param folder for its certificate and its log */
export async function startIstioWebhook(kubectl: Kubectl, folder: string): Promise<Program> {
  const [port] = await freePorts(1);
  const address = `127.0.0.1:${port}`;
  const { certificate } = makeCertificate(folder);
  const program = new Program({
    binary: components('istioWebhook').istioWebhook,
    args: [
      ...['--address', address],
      ...['--certificate', join(folder, 'certificate.pem'), '--key', join(folder, 'key.pem')],
    ],
    log: join(folder, 'istio-webhook.log'),
  });
  const caBundle = Buffer.from(certificate).toString('base64');
  await kubectl.output(['apply', '-f', '-'], JSON.stringify(configuration(`https://${address}/validate`, caBundle)));
  // The API server takes a moment to heed it; until then it admits this.
  await until('the API server asks Istio’s webhook', async () => {
    const { stderr } = await kubectl.run(['create', '--dry-run=server', '-f', '-'], listOf([REFUSED]));
    return stderr.includes('validation.istio.io" denied the request');
  });
  return program;
}

/** As Istio's installation makes it, but that the webhook is no Service. */
function configuration(url: string, caBundle: string): object {
  const webhook = {
    name: 'validation.istio.io',
    clientConfig: { url, caBundle },
    rules: [
      {
        operations: ['CREATE', 'UPDATE'],
        apiGroups: ['security.istio.io', 'networking.istio.io', 'telemetry.istio.io', 'extensions.istio.io'],
        apiVersions: ['*'],
        resources: ['*'],
      },
    ],
    failurePolicy: 'Fail',
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'istiod-default-validator' },
    webhooks: [webhook],
  };
}

/** Right by the schema, and wrong all the same: it routes to nothing. */
const REFUSED = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'refused', namespace: 'default' },
  spec: { hosts: ['refused'], http: [{}] },
};
