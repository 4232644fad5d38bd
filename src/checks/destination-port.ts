/*
 * A destination on a port that its service does not have, or with several to choose from. Without a port Istio takes the only
 * one, and else the port on which the request came in, if the service has it.
 */
import type { MeshModel } from '../mesh/model';
import { MESH_GATEWAY } from '../mesh/naming';
import { nameOf } from '../mesh/object';
import type { VirtualService } from '../mesh/virtual-service';
import { listOf } from '../syntax/wording';
import type { Check, Observation } from './check';
import { Severity } from './finding';
import { serversFor } from './shared/bound-servers';
import { destinationsOf, type WrittenDestination } from './shared/written-destinations';

export const destinationPort: Check = {
  id: 'destination-port',
  title: 'A route leads to a port that its Service does not have, or to none where there are several',
  severity: Severity.ERROR,
  istio: ['IST0101', 'IST0112'],
  kiali: [],
  run(mesh, report) {
    for (const virtualService of mesh.virtualServices) {
      for (const written of destinationsOf(virtualService)) {
        const found = examine(mesh, virtualService, written);
        if (found !== undefined) {
          report({ object: virtualService.object, ...found });
        }
      }
    }
  },
};

type Words = Omit<Observation, 'object'>;

function examine(
  mesh: MeshModel,
  virtualService: VirtualService,
  { destination }: WrittenDestination,
): Words | undefined {
  const services = mesh.servicesOf(destination.host);
  const ports = new Set(services.flatMap((service) => service.ports.map(({ number }) => number)));
  // An ExternalName takes the ports of what it stands for.
  if (ports.size === 0 || services.some(({ service }) => service?.externalName !== undefined)) {
    return undefined;
  }
  const names = listOf(services.map(({ object }) => nameOf(object)));
  if (destination.port !== undefined) {
    return ports.has(destination.port) ? undefined : wrongPort(destination.path, destination.port, ports, names);
  }
  return ports.size === 1 ? undefined : noPort(mesh, virtualService, destination.path, ports, names);
}

function wrongPort(path: string, port: number, ports: ReadonlySet<number>, names: string): Words {
  const [only] = ports;
  return {
    path: `${path}.port.number`,
    istio: ['IST0101'],
    message: `${names} has no port ${port}, only ${listOf([...ports].map(String))}: Envoy has no cluster for it, and the requests are answered with 503. The number is that of the Service's port, not of the container's.`,
    help:
      ports.size === 1
        ? `Write 'number: ${only}', or leave the port out.`
        : `Write one of ${listOf([...ports].map(String), 'or')}.`,
  };
}

function noPort(
  mesh: MeshModel,
  virtualService: VirtualService,
  path: string,
  ports: ReadonlySet<number>,
  names: string,
): Words {
  const incoming = incomingPorts(mesh, virtualService);
  const lost = incoming.ports.filter((port) => !ports.has(port));
  const certain = incoming.known && lost.length > 0 && lost.length === incoming.ports.length;
  const fine = incoming.known && lost.length === 0;
  const consequence = certain
    ? `the requests come in on port ${listOf(lost.map(String))}, which it does not have, and are answered with 503`
    : fine
      ? 'each of them leads to itself'
      : `requests that come in on another port${lost.length > 0 ? `, such as ${lost[0]},` : ''} are answered with 503`;
  return {
    path,
    severity: certain ? Severity.ERROR : fine ? Severity.INFO : Severity.WARNING,
    istio: ['IST0112'],
    message: `${names} has the ports ${listOf([...ports].map(String))}, and the destination names none. Istio then takes the port on which the request came in: ${consequence}.`,
    help: `Add 'port: {number: ${[...ports][0]}}' to the destination, or another of its ports.`,
  };
}

interface IncomingPorts {
  readonly ports: readonly number[];
  /** Whether these are all. */
  readonly known: boolean;
}

/** The ports on which requests for these routes come in: of the Gateways' servers, and in the mesh of the hosts' own services. */
function incomingPorts(mesh: MeshModel, virtualService: VirtualService): IncomingPorts {
  const ports = new Set<number>();
  let known = virtualService.hosts.length > 0;
  for (const ref of virtualService.boundTo) {
    const found =
      ref === MESH_GATEWAY
        ? virtualService.hosts.map(({ resolved }) => mesh.servicesOf(resolved).flatMap((service) => service.ports))
        : [serversFor(virtualService, mesh.gateway(ref)).map(({ port }) => port)];
    known &&= found.every((some) => some.length > 0);
    for (const { number } of found.flat()) {
      ports.add(number);
    }
  }
  return { ports: [...ports], known };
}
