/*
 * A destination on a port that its service does not have, or with several to choose from. Without a port Istio takes the only
 * one, and else the port on which the request came in, if the service has it. An ExternalName is an alias: its own ports decide
 * whether it is the only one, and those of what it stands for whether there is such a port (`GetDestinationCluster`).
 */
import type { MeshModel } from '../mesh/model';
import { MESH_GATEWAY } from '../mesh/naming';
import { nameOf } from '../mesh/object';
import type { RegistryService } from '../mesh/registry';
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
  const stoodFor = services.find(isAlias)?.service?.externalName;
  const targets = stoodFor === undefined ? services : mesh.servicesOf(stoodFor);
  const ports = portsOf(targets);
  // Of an alias of an alias, or of what is unknown, destination-not-found speaks.
  if (ports.size === 0 || targets.some(isAlias)) {
    return undefined;
  }
  const target = { ports, words: inWords(services, targets) };
  if (destination.port !== undefined) {
    return ports.has(destination.port) ? undefined : wrongPort(destination.path, destination.port, target);
  }
  const own = portsOf(services);
  const [only] = own;
  if (own.size !== 1) {
    return noPort(mesh, virtualService, destination.path, target);
  }
  return ports.has(only) ? undefined : wrongOnlyPort(destination.path, only, target);
}

interface Target {
  readonly ports: ReadonlySet<number>;
  /** Who has them, as the beginning of a sentence with the verb. */
  readonly words: string;
}

function isAlias({ service }: RegistryService): boolean {
  return service?.externalName !== undefined;
}

function portsOf(services: readonly RegistryService[]): ReadonlySet<number> {
  return new Set(services.flatMap((service) => service.ports.map(({ number }) => number)));
}

/** An ExternalName takes the ports of what it stands for. */
function inWords(services: readonly RegistryService[], targets: readonly RegistryService[]): string {
  const names = (some: readonly RegistryService[]) => listOf(some.map(({ object }) => nameOf(object)));
  const alias = services.some(isAlias) ? `, for which ${names(services)} stands,` : '';
  return `${names(targets)}${alias} ${targets.length === 1 ? 'has' : 'have'}`;
}

const CONSEQUENCE = 'Envoy has no cluster for it, and the requests are answered with 503';

function wrongPort(path: string, port: number, { ports, words }: Target): Words {
  const [only] = ports;
  return {
    path: `${path}.port.number`,
    istio: ['IST0101'],
    message: `${words} no port ${port}, only ${listOf([...ports].map(String))}: ${CONSEQUENCE}. The number is that of the Service's port, not of the container's.`,
    help:
      ports.size === 1
        ? `Write 'number: ${only}', or leave the port out.`
        : `Write one of ${listOf([...ports].map(String), 'or')}.`,
  };
}

/** The one port of an alias is not one of those that count. */
function wrongOnlyPort(path: string, port: number, { ports, words }: Target): Words {
  return {
    path,
    istio: ['IST0101'],
    message: `The destination names no port, so that Istio takes the only one of the ExternalName, ${port}. But ${words} only ${listOf([...ports].map(String))}: ${CONSEQUENCE}.`,
    help: `Add 'port: {number: ${[...ports][0]}}' to the destination${ports.size === 1 ? '' : ', or another of its ports'}.`,
  };
}

function noPort(mesh: MeshModel, virtualService: VirtualService, path: string, { ports, words }: Target): Words {
  const incoming = incomingPorts(mesh, virtualService);
  const lost = incoming.ports.filter((port) => !ports.has(port));
  const certain = incoming.known && lost.length > 0 && lost.length === incoming.ports.length;
  const fine = incoming.known && lost.length === 0;
  const consequence = certain
    ? `the requests come in on port ${listOf(lost.map(String))}, which it does not have, and are answered with 503`
    : fine
      ? 'each of them leads to itself'
      : `requests that come in on another port${lost.length > 0 ? `, such as ${lost[0]},` : ''} are answered with 503`;
  const listed = `the port${ports.size === 1 ? '' : 's'} ${listOf([...ports].map(String))}`;
  return {
    path,
    severity: certain ? Severity.ERROR : fine ? Severity.INFO : Severity.WARNING,
    istio: ['IST0112'],
    message: `${words} ${listed}, and the destination names none. Istio then takes the port on which the request came in: ${consequence}.`,
    help: `Add 'port: {number: ${[...ports][0]}}' to the destination${ports.size === 1 ? '' : ', or another of its ports'}.`,
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
