/*
 * A destination on a port that its service does not have, or with several to choose from. Without a port Istio takes the only
 * one, and else the port on which the request came in, if the service has it. A sidecar's rules for HTTP always take the latter: they
 * know of every service the port of their own listener alone (`BuildSidecarOutboundVirtualHosts`). An ExternalName is an alias: its own ports decide
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

function examine(mesh: MeshModel, virtualService: VirtualService, written: WrittenDestination): Words | undefined {
  const { destination } = written;
  const services = mesh.servicesOf(destination.host);
  const stoodFor = services.find(isAlias)?.service?.externalName;
  const targets = stoodFor === undefined ? services : mesh.servicesOf(stoodFor);
  const ports = portsOf(targets);
  // Of an alias of an alias, or of what is unknown, destination-not-found speaks.
  if (ports.size === 0 || targets.some(isAlias)) {
    return undefined;
  }
  const target = { ports, own: portsOf(services), words: inWords(services, targets) };
  if (destination.port !== undefined) {
    return ports.has(destination.port) ? undefined : wrongPort(destination.path, destination.port, target);
  }
  const incoming = incomingPorts(mesh, virtualService, written);
  const lost = lostPorts(incoming, target);
  const [only] = target.own;
  if (target.own.size !== 1) {
    return noPort(destination.path, target, incoming, lost);
  }
  const inMesh = incoming.ports.some(({ readsOnly }) => !readsOnly);
  if (!ports.has(only) && !inMesh) {
    return wrongOnlyPort(destination.path, only, target);
  }
  return lost.length > 0 ? noPort(destination.path, target, incoming, lost) : undefined;
}

interface Target {
  readonly ports: ReadonlySet<number>;
  /** Of an alias, those that it has itself. */
  readonly own: ReadonlySet<number>;
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

/** @param lost those of the incoming ports that lead nowhere */
function noPort(
  path: string,
  { ports, own, words }: Target,
  { known, ports: incoming }: Incoming,
  lost: readonly number[],
): Words {
  const certain = known && lost.length > 0 && incoming.every(({ number }) => lost.includes(number));
  const fine = known && lost.length === 0;
  const consequence = certain
    ? `the requests come in on port ${listOf(lost.map(String))}, which it does not have, and are answered with 503`
    : fine
      ? 'each of them leads to itself'
      : `requests that come in on another port${lost.length > 0 ? `, such as ${lost[0]},` : ''} are answered with 503`;
  const [first] = ports;
  const listed = `the port${ports.size === 1 ? '' : 's'} ${listOf([...ports].map(String))}`;
  const istio = own.size === 1 ? 'Even of a single one, a sidecar then takes' : 'Istio then takes';
  return {
    path,
    severity: certain ? Severity.ERROR : fine ? Severity.INFO : Severity.WARNING,
    istio: own.size === 1 ? [] : ['IST0112'],
    message: `${words} ${listed}, and the destination names none. ${istio} the port on which the request came in: ${consequence}.`,
    help: `Add 'port: {number: ${first}}' to the destination${ports.size === 1 ? '' : ', or another of its ports'}.`,
  };
}

interface Incoming {
  readonly ports: readonly IncomingPort[];
  /** Whether these are all. */
  readonly known: boolean;
}

interface IncomingPort {
  readonly number: number;
  /** Whether the proxy looks which port is the only one of a service. A sidecar's rules for HTTP know each by the port of the listener alone. */
  readonly readsOnly: boolean;
}

/** The ports on which requests for the route come in: of the Gateways' servers, and in the mesh of the hosts' own services. */
function incomingPorts(
  mesh: MeshModel,
  virtualService: VirtualService,
  { kind, matches }: WrittenDestination,
): Incoming {
  const ports: IncomingPort[] = [];
  let known = virtualService.hosts.length > 0;
  for (const ref of virtualService.boundTo) {
    const inMesh = ref === MESH_GATEWAY;
    const found = inMesh
      ? virtualService.hosts.map(({ resolved }) => mesh.servicesOf(resolved).flatMap((service) => service.ports))
      : [serversFor(virtualService, mesh.gateway(ref)).map(({ port }) => port)];
    known &&= found.every((some) => some.length > 0);
    const numbers = found.flat().map(({ number }) => number);
    const taken = numbers.filter(
      (number) => matches.length === 0 || matches.some((match) => isFor(match, ref, number)),
    );
    ports.push(...taken.map((number) => ({ number, readsOnly: !inMesh || kind !== 'http' })));
  }
  return { ports, known };
}

function isFor({ gateways, port }: WrittenDestination['matches'][number], ref: string, number: number): boolean {
  return (port === 0 || port === number) && (gateways.length === 0 || gateways.includes(ref));
}

function lostPorts({ ports: incoming }: Incoming, { ports, own }: Target): readonly number[] {
  const [only] = own;
  const lost = incoming.filter(({ number, readsOnly }) => !ports.has(readsOnly && own.size === 1 ? only : number));
  return [...new Set(lost.map(({ number }) => number))];
}
