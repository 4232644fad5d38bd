/*
 * A Gateway that no gateway pod obeys. Known only where the manifests contain gateway pods, or where the selector mixes the
 * labels of two ways of installing Istio; otherwise the pods are in the cluster, and nothing is said.
 */

import { nameOf } from '../../manifests/object';
import type { Gateway } from '../../model/gateway';
import { istioLabelFor, mixesInstallations } from '../../model/gateway-pods';
import type { MeshModel } from '../../model/model';
import { GATEWAY_NAME } from '../../model/proxy-patch';
import { dataPlaneOf } from '../../proxy/data-plane';
import { labelsOf, listOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';

export const gatewaySelectsNoWorkload: Check = {
  id: 'gateway-selects-no-workload',
  title: 'No gateway pod has the labels that the Gateway selects',
  severity: Severity.WARNING,
  istio: ['IST0127', 'IST0101'],
  kiali: ['KIA0302'],
  run(mesh, report) {
    for (const gateway of mesh.gateways) {
      const found = mixedInstallation(gateway) ?? nothingSelected(mesh, gateway);
      if (found !== undefined && dataPlaneOf(mesh).gateways.podsOf(gateway).length === 0) {
        report({ object: gateway.object, path: 'spec.selector', ...found });
      }
    }
  },
};

interface Words {
  readonly message: string;
  readonly help: string;
}

function nothingSelected(mesh: MeshModel, { object, selector }: Gateway): Words | undefined {
  const candidates = dataPlaneOf(mesh).gateways.pods;
  if (candidates.length === 0 || selector.size === 0 || selector.has(GATEWAY_NAME)) {
    return undefined;
  }
  const described = candidates.map((workload) => `${nameOf(workload.object)} (${labelsOf(workload.podLabels)})`);
  return {
    message: `${nameOf(object)} selects pods with ${labelsOf(selector)}, and no gateway pod in the manifests has these labels: ${listOf(described, 'and', 3)}. Unless the cluster has other gateway pods, no port is opened and clients get a refused connection.`,
    help: `Write labels that the gateway's pods carry, for example '${labelsOf(new Map([...candidates[0].podLabels].slice(0, 1))).replace('=', ': ')}'.`,
  };
}

function mixedInstallation({ object, selector }: Gateway): Words | undefined {
  const app = selector.get('app') ?? '';
  return mixesInstallations(selector)
    ? {
        message: `${nameOf(object)} selects pods with ${labelsOf(selector)}. istioctl installs gateways with one of these labels, Helm with the other. Unless somebody labelled pods with both, no pod matches and clients get a refused connection.`,
        help: `Write 'app: ${app}' and 'istio: ${istioLabelFor(app)}', or one of the two alone.`,
      }
    : undefined;
}
