/*
 * TLS by `credentialName` in a DestinationRule for sidecars. Without a workloadSelector Istio configures no TLS there, so that
 * not every sidecar waits for a Secret that only some may read (`buildUpstreamClusterTLSContext`): what the app sends leaves as it
 * is. Gateways do use it, so nothing is said where a gateway has routes to the host.
 */
import { nameOf } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { hostsOverlap, isWildcard } from '../../syntax/hosts';
import type { Check } from '../check';
import { Severity } from '../finding';
import { trafficPoliciesOf } from '../shared/traffic-policies';
import { gatewaysTo } from '../shared/written-destinations';

/** Who may read a ConfigMap is not asked. */
const CONFIG_MAP = 'configmap://';

export const credentialAtSidecar: Check = {
  id: 'credential-at-sidecar',
  title: 'A credentialName that sidecars do not use',
  severity: Severity.WARNING,
  istio: ['IST0128'],
  kiali: [],
  run(mesh, report) {
    for (const { object, host, workloadSelector } of mesh.destinationRules) {
      if (workloadSelector !== undefined || !isThere(mesh, host) || isOfGateways(mesh, host)) {
        continue;
      }
      const { forAllPorts, perPort } = trafficPoliciesOf(object);
      for (const tls of [...forAllPorts, ...perPort].map((policy) => policy.get('tls'))) {
        const mode = tls.get('mode').text() ?? '';
        const credential = tls.get('credentialName');
        const name = credential.text() ?? '';
        if ((mode === 'SIMPLE' || mode === 'MUTUAL') && name !== '' && !name.startsWith(CONFIG_MAP)) {
          report({
            object,
            path: credential.path,
            message: `${nameOf(object)} asks for TLS to ${host} with credentialName ${name}. Sidecars use a credentialName only if the DestinationRule has a workloadSelector. Without one they use no TLS at all, and requests leave in plain text.`,
            help: `Add 'workloadSelector: {matchLabels: {…}}' with the labels of the pods that call ${host} and may read Secret ${name}, or name files that the sidecars have (caCertificates, clientCertificate, privateKey), as in 'caCertificates: system'.`,
          });
        }
      }
    }
  },
};

function isThere(mesh: MeshModel, host: string): boolean {
  return isWildcard(host) || mesh.servicesOf(host).length > 0;
}

function isOfGateways(mesh: MeshModel, host: string): boolean {
  const routed = gatewaysTo(mesh);
  return routed.has(host) || (isWildcard(host) && [...routed.keys()].some((other) => hostsOverlap(host, other)));
}
