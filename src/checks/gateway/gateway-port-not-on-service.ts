/*
 * A server on a port to which no Service in front of the gateway's pods leads: the gateway listens, but clients cannot connect.
 * Istio finds the server by the number of the Service's port as well as by that of the pod's port behind it.
 */

import { nameOf } from '../../manifests/object';
import type { Gateway } from '../../model/gateway';
import type { MeshModel } from '../../model/model';
import type { Service } from '../../model/service';
import type { Workload } from '../../model/workload';
import { dataPlaneOf } from '../../proxy/data-plane';
import { listOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';
import { servicesSelecting } from '../shared/selected-pods';

export const gatewayPortNotOnService: Check = {
  id: 'gateway-port-not-on-service',
  title: 'The gateway’s Service does not have the port of a server',
  severity: Severity.WARNING,
  istio: ['IST0162'],
  kiali: [],
  run(mesh, report) {
    for (const gateway of mesh.gateways) {
      const services = servicesInFront(mesh, gateway);
      const ports = new Set(services.flatMap((service) => service.ports.map(({ number }) => number)));
      const targets = targetPorts(services, dataPlaneOf(mesh).gateways.podsOf(gateway));
      for (const server of services.length > 0 ? gateway.servers : []) {
        if (!ports.has(server.port.number) && !targets.has(server.port.number)) {
          const names = listOf(services.map(({ object }) => nameOf(object)));
          report({
            object: gateway.object,
            path: `${server.port.path}.number`,
            message: `Port ${server.port.number} is not a port of ${names}, through which clients reach this gateway; it has ${listOf([...ports].map(String)) || 'none'}. Unless another Service leads there, nobody can connect to it.`,
            help: `Add port ${server.port.number} to the Service, or write one of its ports.`,
          });
        }
      }
    }
  },
};

/** Pods in the node's own network are reached without a Service. */
function servicesInFront(mesh: MeshModel, gateway: Gateway): readonly Service[] {
  const proxies = dataPlaneOf(mesh).gateways.podsOf(gateway);
  return proxies.some(({ hostNetwork }) => hostNetwork)
    ? []
    : [...new Set(proxies.flatMap((workload) => servicesSelecting(mesh, workload)))];
}

/** The numbers of the pods' ports to which the Services lead. */
function targetPorts(services: readonly Service[], proxies: readonly Workload[]): ReadonlySet<number> {
  const named = new Map(
    proxies.flatMap(({ containerPorts }) => containerPorts.map(({ name, number }) => [name, number])),
  );
  const targets = services.flatMap((service) => service.ports.map(({ targetPort }) => targetPort));
  const numbers = targets.map((target) => (typeof target === 'number' ? target : named.get(target)));
  return new Set(numbers.filter((number) => number !== undefined));
}
