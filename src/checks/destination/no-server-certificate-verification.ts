/*
 * TLS from the mesh to a server, without saying which authority to trust. What then happens has changed: before Istio 1.21 any
 * certificate is accepted, since then those of the system's authorities. So it is a remark.
 */
import type { Node } from '../../manifests/node';
import { nameOf } from '../../manifests/object';
import type { Check } from '../check';
import { Severity } from '../finding';
import { trafficPoliciesOf } from '../shared/traffic-policies';

const VERIFIABLE = new Set(['SIMPLE', 'MUTUAL']);

export const noServerCertificateVerification: Check = {
  id: 'no-server-certificate-verification',
  title: 'TLS to a server without saying whose certificates to trust',
  severity: Severity.INFO,
  istio: ['IST0128', 'IST0129'],
  kiali: [],
  run(mesh, report) {
    for (const { object, host } of mesh.destinationRules) {
      const { forAllPorts, perPort } = trafficPoliciesOf(object);
      for (const [index, policy] of [...forAllPorts, ...perPort].entries()) {
        const tls = policy.get('tls');
        if (VERIFIABLE.has(tls.get('mode').text() ?? '') && trustsAnything(tls)) {
          report({
            object,
            path: tls.path,
            istio: [index < forAllPorts.length ? 'IST0128' : 'IST0129'],
            message: `${nameOf(object)} uses TLS to ${host} and names no certificate authority. Istio before 1.21 then accepts any certificate; later releases trust the authorities of the operating system.`,
            help: "Write 'caCertificates: system', or the path of an authority's certificate. A credentialName works at gateways, and at sidecars if the DestinationRule has a workloadSelector.",
          });
        }
      }
    }
  },
};

function trustsAnything(tls: Node): boolean {
  const named = tls.get('caCertificates').text() ?? tls.get('credentialName').text();
  return named === undefined && tls.get('insecureSkipVerify').boolean() !== true;
}
