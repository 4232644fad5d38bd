/*
 * Two Services that reach one port of the same pods by different port numbers. The pods' sidecars handle what arrives there by
 * the rules of one of the two; it matters where the protocols differ.
 */
import { nameOf } from '../../manifests/object';
import type { Service, ServicePort } from '../../model/service';
import type { Check } from '../check';
import { Severity } from '../finding';
import { servicesSelecting } from '../shared/selected-pods';

export const conflictingTargetPorts: Check = {
  id: 'conflicting-target-ports',
  title: 'Two Services reach one port of the pods by different numbers',
  severity: Severity.INFO,
  istio: ['IST0137'],
  kiali: [],
  run(mesh, report) {
    const reported = new Set<ServicePort>();
    for (const workload of mesh.workloads) {
      const first = new Map<string, { readonly service: Service; readonly port: ServicePort }>();
      for (const service of servicesSelecting(mesh, workload)) {
        for (const port of service.ports.filter(({ protocol }) => protocol !== 'UDP')) {
          const other = first.get(`${port.targetPort}`);
          if (other === undefined) {
            first.set(`${port.targetPort}`, { service, port });
          } else if (other.port.number !== port.number && other.service !== service && !reported.has(port)) {
            reported.add(port);
            const differ = other.port.protocol !== port.protocol;
            report({
              object: service.object,
              path: port.path,
              severity: differ ? Severity.WARNING : Severity.INFO,
              message: `${nameOf(service.object)} (port ${port.number}) and ${nameOf(other.service.object)} (port ${other.port.number}) lead to the same port ${port.targetPort} of ${nameOf(workload.object)}. Its sidecar treats all connections to that port as connections to one of the two Services${differ ? `, and their protocols differ (${port.protocol} and ${other.port.protocol})` : ', so telemetry names the wrong Service'}.`,
              help: `Use the same port number in both Services, as in 'port: ${other.port.number}'.`,
            });
          }
        }
      }
    }
  },
};
