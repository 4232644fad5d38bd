/*
 * Ports of an ExternalName Service that Istio takes for TCP. Without an address of its own, such a port catches traffic for any
 * other host on it.
 */
import { nameOf } from '../mesh/object';
import type { Check } from './check';
import { Severity } from './finding';

export const externalNamePort: Check = {
  id: 'external-name-port',
  title: 'A TCP port on an ExternalName Service',
  severity: Severity.WARNING,
  istio: ['IST0150'],
  kiali: [],
  run(mesh, report) {
    for (const { object, ports, externalName } of mesh.services) {
      for (const port of externalName === undefined ? [] : ports.filter(({ protocol }) => protocol === 'TCP')) {
        report({
          object,
          path: port.path,
          message: `Port ${port.number} of ${nameOf(object)} speaks TCP, and an ExternalName has no address by which sidecars could tell its traffic from other: connections to any unknown host on port ${port.number} may be caught by it.`,
          help: `Where it speaks HTTP or TLS, say so in the name, as in 'name: http' or 'name: tls'; otherwise replace the Service by a ServiceEntry with addresses.`,
        });
      }
    }
  },
};
