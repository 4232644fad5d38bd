/*
 * Ports that http routes are for, and that do not say that they speak HTTP.
 *
 * In the mesh, routes act on the ports of their hosts' services that speak HTTP or leave it open, and on port 80 for hosts that have
 * no such port. Where every port is known to speak something else, they act nowhere, which is an error, or on plain HTTP to port 80
 * alone. A port that says nothing, or a word that Istio does not know, is found out from the first bytes: a remark.
 */

import { nameOf } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import type { RegistryPort, RegistryService } from '../../model/registry';
import { listOf } from '../../syntax/wording';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import { destinationsOf } from '../shared/written-destinations';

/** On it, a sidecar takes rules for any host that is no service there (`buildSidecarVirtualHostsForVirtualService`). */
const HTTP_PORT = 80;

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
      const onTheirPorts = `Istio applies them to ports that speak HTTP, and ${nameOf(services[0].object)} has only ${described}`;
      const isTaken = ports.some(({ number }) => number === HTTP_PORT);
      const rules = `Inside the mesh the http routes of ${nameOf(object)}`;
      report({
        object,
        path,
        severity: isTaken ? Severity.ERROR : Severity.WARNING,
        istio: [],
        kiali: [],
        message: isTaken
          ? `${rules} never act on ${resolved}: ${onTheirPorts}.`
          : `${rules} act on no port of ${resolved}: ${onTheirPorts}. A sidecar uses them only for plain HTTP to port ${HTTP_PORT}, which the host does not have, and only if another service of the mesh has that port.`,
        help: services[0].entry === undefined ? helpForService(ports[0]) : helpForEntry(services[0], ports[0]),
      });
    }
  }
}

function helpForService(port: RegistryPort): string {
  return `Where the port speaks HTTP, say so in the Service: 'name: ${httpName(port)}' or 'appProtocol: http'.`;
}

/** For a host outside the mesh that expects TLS, a sidecar can turn plain HTTP into TLS. */
function helpForEntry({ object, host }: RegistryService, { number, path, protocol }: RegistryPort): string {
  const isTls = protocol === 'TLS' || protocol === 'HTTPS';
  return isTls
    ? `Let the apps send plain HTTP to port ${HTTP_PORT}, and let the sidecars originate TLS: write '{number: ${HTTP_PORT}, name: http, protocol: HTTP, targetPort: ${number}}' into spec.ports of ${nameOf(object)}, and add a DestinationRule for ${host} with 'trafficPolicy: {tls: {mode: SIMPLE}}'.`
    : `Where the port speaks HTTP, write 'protocol: HTTP' at ${path} of ${nameOf(object)}.`;
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
        : `is called '${port.name}', which does not begin with a protocol that Istio knows`;
  report({
    object,
    path: port.path,
    kiali: [word === undefined ? 'KIA0601' : 'KIA0602'],
    message: `Port ${port.number} of ${nameOf(object)}, to which http routes lead, ${reason}. Istio detects the protocol from the first bytes of each connection instead, which fails if the server speaks first.`,
    help: `Write 'name: ${httpName(port)}' or 'appProtocol: http'.`,
  });
}

/** The name of the port as one that speaks HTTP: `tcp-web` → `http-web`. */
function httpName({ name }: RegistryPort): string {
  const rest = name.replace(/^(tcp|tls|https|mongo|redis|mysql|udp)(-|$)/, '');
  return rest === '' ? 'http' : `http-${rest}`;
}
