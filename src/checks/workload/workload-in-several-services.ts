/*
 * Two Services over the same pods that give one port number two protocols. A sidecar knows one protocol for a port.
 */
import { nameOf } from '../../manifests/object';
import type { Service, ServicePort } from '../../model/service';
import type { Check } from '../check';
import { Severity } from '../finding';
import { servicesSelecting } from '../shared/selected-pods';

export const workloadInSeveralServices: Check = {
  id: 'workload-in-several-services',
  title: 'Two Services give one port of the same pods different protocols',
  severity: Severity.WARNING,
  istio: ['IST0116'],
  kiali: [],
  run(mesh, report) {
    const reported = new Set<ServicePort>();
    for (const workload of mesh.workloads) {
      const first = new Map<number, { readonly service: Service; readonly port: ServicePort }>();
      for (const service of servicesSelecting(mesh, workload)) {
        for (const port of service.ports.filter(isCertain)) {
          const other = first.get(port.number);
          if (other === undefined) {
            first.set(port.number, { service, port });
          } else if (other.port.protocol !== port.protocol && other.service !== service && !reported.has(port)) {
            reported.add(port);
            report({
              object: service.object,
              path: port.path,
              message: `${nameOf(service.object)} and ${nameOf(other.service.object)} both select the pods of ${nameOf(workload.object)}, but give port ${port.number} different protocols, ${port.protocol} and ${other.port.protocol}. A pod's sidecar can use only one of them.`,
              help: 'Give the port the same protocol in both, by its name or appProtocol, or use two port numbers.',
            });
          }
        }
      }
    }
  },
};

/** UDP does not concern Istio, and a protocol that is found out from the traffic contradicts none. */
function isCertain({ protocol }: ServicePort): boolean {
  return protocol !== 'UDP' && protocol !== 'AUTO';
}
