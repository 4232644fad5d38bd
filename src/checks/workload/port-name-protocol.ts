/*
 * Ports that http routes are for, and that do not say that they speak HTTP.
 *
 * In the mesh, routes act on the ports of their hosts' services that speak HTTP or leave it open; where every port is known to
 * speak something else, they act nowhere, which is an error. A port that says nothing, or a word that Istio does not know, is
 * found out from the first bytes: a remark.
 */

import { nameOf } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import type { RegistryPort, RegistryService } from '../../model/registry';
import { listOf } from '../../syntax/wording';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import { destinationsOf } from '../shared/written-destinations';

export const portNameProtocol: Check = {
  id: 'port-name-protocol',
  title: 'A port with http routes does not say that it speaks HTTP',
  severity: Severity.INFO,
  istio: ['IST0118'],
  kiali: ['KIA0601', 'KIA0602'],
  run(mesh, report) {
    reportDeadRoutes(mesh, report);
    const seen = new Set<RegistryPort>();
    for (const { service, port } of portsRoutedTo(mesh)) {
      if (port.protocol === 'AUTO' && !seen.has(port) && service.service !== undefined) {
        seen.add(port);
        reportSniffed(service, port, report);
      }
    }
  },
};

function reportDeadRoutes(mesh: MeshModel, report: Report): void {
  for (const virtualService of mesh.effectiveVirtualServices) {
    const { object, http, boundTo, hosts } = virtualService;
    if (http.length === 0 || !boundTo.includes(MESH_GATEWAY)) {
      continue;
    }
    for (const { path, resolved } of hosts) {
      const services = mesh.servicesOf(resolved);
      const ports = services.flatMap((service) => service.ports);
      if (ports.length === 0 || !ports.every(({ protocol }) => ['TCP', 'TLS', 'HTTPS', 'UDP'].includes(protocol))) {
        continue;
      }
      const described = listOf(ports.map((port) => `${port.number} (${port.name || 'no name'}, so ${port.protocol})`));
      report({
        object,
        path,
        severity: Severity.ERROR,
        istio: [],
        kiali: [],
        message: `Inside the mesh the http routes of ${nameOf(object)} never act on ${resolved}: Istio applies them to ports that speak HTTP, and ${nameOf(services[0].object)} has only ${described}.`,
        help: `Where the port speaks HTTP, say so in the Service: 'name: ${httpName(ports[0])}' or 'appProtocol: http'.`,
      });
    }
  }
}

function* portsRoutedTo(mesh: MeshModel): Iterable<{ readonly service: RegistryService; readonly port: RegistryPort }> {
  for (const virtualService of mesh.virtualServices) {
    for (const { destination, kind } of destinationsOf(virtualService)) {
      for (const service of kind === 'http' ? mesh.servicesOf(destination.host) : []) {
        const wanted = destination.port;
        const ports = service.ports.filter(({ number }) => wanted === undefined || number === wanted);
        for (const port of wanted === undefined && ports.length > 1 ? [] : ports) {
          yield { service, port };
        }
      }
    }
  }
}

function reportSniffed({ object }: RegistryService, port: RegistryPort, report: Report): void {
  const word = object.node
    .get('spec')
    .get('ports')
    .maps()
    .find(({ path }) => path === port.path)
    ?.get('appProtocol')
    .text();
  const reason =
    word !== undefined
      ? `has the appProtocol '${word}', which Istio does not know`
      : port.name === ''
        ? 'has no name'
        : `is called '${port.name}', which begins with no protocol that Istio knows`;
  report({
    object,
    path: port.path,
    kiali: [word === undefined ? 'KIA0601' : 'KIA0602'],
    message: `Port ${port.number} of ${nameOf(object)}, to which http routes lead, ${reason}. Istio looks at the first bytes of each connection instead, which fails where the server speaks first.`,
    help: `Write 'name: ${httpName(port)}' or 'appProtocol: http'.`,
  });
}

/** The name of the port as one that speaks HTTP: `tcp-web` → `http-web`. */
function httpName({ name }: RegistryPort): string {
  const rest = name.replace(/^(tcp|tls|https|mongo|redis|mysql|udp)(-|$)/, '');
  return rest === '' ? 'http' : `http-${rest}`;
}
