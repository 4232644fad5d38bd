/*
 * A server on a port that the Service in front of the gateway's pods does not have: the gateway listens, and nobody gets there.
 */

import type { Gateway } from '../mesh/gateway';
import type { MeshModel } from '../mesh/model';
import { nameOf } from '../mesh/object';
import type { Service } from '../mesh/service';
import type { Check } from './check';
import { Severity } from './finding';
import { proxiesOf } from './gateway-proxies';
import { podOf } from './pod';
import { servicesSelecting } from './selecting-services';
import { listOf } from './wording';

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
      for (const server of services.length > 0 ? gateway.servers : []) {
        if (!ports.has(server.port.number)) {
          const names = listOf(services.map(({ object }) => nameOf(object)));
          report({
            object: gateway.object,
            path: `${server.port.path}.number`,
            message: `Port ${server.port.number} is not a port of ${names}, through which clients reach this gateway; it has ${listOf([...ports].map(String)) || 'none'}. Unless another Service leads there, nobody can connect to it.`,
            help: `Add port ${server.port.number} to the Service, or write one of its ports. The number is that of the Service's port, not of the container's.`,
          });
        }
      }
    }
  },
};

/** Pods in the node's own network are reached without a Service. */
function servicesInFront(mesh: MeshModel, gateway: Gateway): readonly Service[] {
  const proxies = proxiesOf(mesh, gateway);
  return proxies.some((workload) => podOf(workload).get('spec').get('hostNetwork').boolean() === true)
    ? []
    : [...new Set(proxies.flatMap((workload) => servicesSelecting(mesh, workload)))];
}
