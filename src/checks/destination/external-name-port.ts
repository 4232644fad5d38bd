/*
 * Ports of an ExternalName Service that say TCP. Istio makes no listener for such a Service, which is an alias
 * (`buildSidecarOutboundListener`), so that they have no effect. Before Istio 1.21 a port of it caught traffic for any other host.
 */
import { nameOf } from '../../manifests/object';
import type { Check } from '../check';
import { Severity } from '../finding';

export const externalNamePort: Check = {
  id: 'external-name-port',
  title: 'A TCP port on an ExternalName Service',
  severity: Severity.INFO,
  istio: ['IST0150'],
  kiali: [],
  run(mesh, report) {
    for (const { object, ports, externalName } of mesh.services) {
      for (const port of externalName === undefined ? [] : ports.filter(({ protocol }) => protocol === 'TCP')) {
        report({
          object,
          path: port.path,
          message: `Port ${port.number} of ${nameOf(object)} has no effect: Istio treats an ExternalName as an alias of ${externalName}, uses the ports of that host, and opens no listener for the alias. With Istio before 1.21, or with ENABLE_EXTERNAL_NAME_ALIAS=false, sidecars send all connections to unknown hosts on this port to ${externalName}.`,
          help: `Leave the ports out: Kubernetes does not need them either. For older control planes, name the protocol of the port, as in 'name: http' or 'name: tls', or replace the Service by a ServiceEntry with addresses.`,
        });
      }
    }
  },
};
