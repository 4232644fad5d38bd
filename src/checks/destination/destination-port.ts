/*
 * A destination on a port that its service does not have, or with several to choose from. Without a port Istio takes the only
 * one, and else the port on which the request came in, if the service has it. An ExternalName is an alias: its own ports decide
 * whether it is the only one, and those of what it stands for whether there is such a port (`GetDestinationCluster`).
 *
 * Of several that define one host, each client takes one, so that a port of another does not help it.
 */

import { nameOf } from '../../manifests/object';
import type { Destination } from '../../model/http-route';
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { isHttpOrSniffed, type RegistryService } from '../../model/registry';
import { isMatchFor, type VirtualService } from '../../model/virtual-service';
import { serversFor } from '../../proxy/bound-servers';
import { AGE_NOT_KNOWN, type Failing, firstFailing, rootsOf, viewsOf } from '../../proxy/clients';
import { listOf } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';
import { destinationsOf, type WrittenDestination } from '../shared/written-destinations';

export const destinationPort: Check = {
  id: 'destination-port',
  title: 'A route leads to a port that its Service does not have, or names none of several',
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
  const targets = targetsOf(mesh, services);
  const found = examineAs(mesh, virtualService, destination, services, targets);
  if (services.length < 2 && targets.length < 2) {
    return found ?? lostInMesh(mesh, virtualService, written, services);
  }
  // If no definition has the port, it does not matter which definition a client uses.
  return found?.path.endsWith('.number') ? found : examineViews(mesh, virtualService, written, found);
}

/** What an ExternalName stands for, or else the services themselves. */
function targetsOf(mesh: MeshModel, services: readonly RegistryService[]): readonly RegistryService[] {
  const stoodFor = services.find(isAlias)?.service?.externalName;
  return stoodFor === undefined ? services : mesh.servicesOf(stoodFor);
}

function examineAs(
  mesh: MeshModel,
  virtualService: VirtualService,
  destination: Destination,
  services: readonly RegistryService[],
  targets: readonly RegistryService[],
): Words | undefined {
  const ports = portsOf(targets);
  // destination-not-found reports an alias of an alias, and a host that is not known.
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

/** Several have the host, and together they have the port: what matters is what each client takes the host for. */
function examineViews(
  mesh: MeshModel,
  virtualService: VirtualService,
  written: WrittenDestination,
  together: Words | undefined,
): Words | undefined {
  const { destination } = written;
  const alias = mesh.servicesOf(destination.host).find(isAlias);
  const views = viewsOf(mesh, virtualService, alias?.service?.externalName ?? destination.host, [written.matches]);
  const { path, port } = destination;
  if (port !== undefined) {
    const without = firstFailing(views, ({ seen }) => !portsOf(seen).has(port));
    return without && hiddenPort(path, port, without, mesh.servicesOf(without.seen[0].host));
  }
  const isSettled = views.length > 0 && views.every(({ seen }) => seen.every(({ ports }) => ports.length === 1));
  return isSettled && alias === undefined ? undefined : together;
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
  const alias = services.some(isAlias) ? `, to which ${names(services)} points,` : '';
  return `${names(targets)}${alias} ${targets.length === 1 ? 'has' : 'have'}`;
}

const CONSEQUENCE = 'Envoy has no cluster for it, and the requests are answered with 503';

function wrongPort(path: string, port: number, { ports, words }: Target): Words {
  const [only] = ports;
  return {
    path: `${path}.port.number`,
    istio: ['IST0101'],
    message: `${words} no port ${port}, only ${listOf([...ports].map(String))}: ${CONSEQUENCE}. A destination takes the port number of the Service, not of the container.`,
    help:
      ports.size === 1
        ? `Write 'number: ${only}', or leave the port out.`
        : `Write one of ${listOf([...ports].map(String), 'or')}.`,
  };
}

/** One definition of the host has the port, but some clients use another definition. */
function hiddenPort(path: string, port: number, failing: Failing, all: readonly RegistryService[]): Words {
  const { isOpen, isSure, seen, who } = failing;
  const having = all.filter((service) => portsOf([service]).has(port));
  const ports = [...portsOf(seen)];
  const age = isOpen ? `, if that is the older one (${AGE_NOT_KNOWN})` : '';
  const used = listOf([...new Set(seen.map(({ object }) => nameOf(object)))]);
  return {
    path: `${path}.port.number`,
    severity: isSure ? Severity.ERROR : Severity.WARNING,
    istio: ['IST0101'],
    message: `Several objects define ${seen[0].host}, and only ${listOf(having.map(({ object }) => nameOf(object)))} has port ${port}. But ${who} use ${used}, with only ${listOf(ports.map(String))}${age}: ${CONSEQUENCE}.`,
    help: `Define the host once, with all its ports, or write ${listOf(ports.map(String), 'or')}.`,
  };
}

/** The only port of an alias is not a port of the host that it points to. */
function wrongOnlyPort(path: string, port: number, { ports, words }: Target): Words {
  return {
    path,
    istio: ['IST0101'],
    message: `The destination names no port, so Istio takes the only port of the ExternalName, ${port}. But ${words} only ${listOf([...ports].map(String))}: ${CONSEQUENCE}.`,
    help: `Add 'port: {number: ${[...ports][0]}}' to the destination${ports.size === 1 ? '' : ', or another of its ports'}.`,
  };
}

function noPort(mesh: MeshModel, virtualService: VirtualService, path: string, { ports, words }: Target): Words {
  const incoming = incomingPorts(mesh, virtualService);
  const lost = incoming.ports.filter((port) => !ports.has(port));
  const certain = incoming.known && lost.length > 0 && lost.length === incoming.ports.length;
  const fine = incoming.known && lost.length === 0;
  const consequence = certain
    ? `the requests come in on port ${listOf(lost.map(String))}, which the Service does not have, and are answered with 503`
    : fine
      ? 'a request on one of them goes to the same port'
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

/**
 * Inside the mesh a sidecar takes the only port of a service just for requests that come in on that port: for each port it
 * knows only the services that have it (`BuildSidecarOutboundVirtualHosts`). Gateways, and tcp and tls routes, have no such limit.
 */
function lostInMesh(
  mesh: MeshModel,
  virtualService: VirtualService,
  { destination, kind, matches }: WrittenDestination,
  services: readonly RegistryService[],
): Words | undefined {
  const [only, ...others] = portsOf(services);
  const roots = rootsOf(mesh, virtualService).filter(({ boundTo }) => boundTo.includes(MESH_GATEWAY));
  if (kind !== 'http' || destination.port !== undefined || only === undefined || others.length > 0) {
    return undefined;
  }
  const incoming = roots.flatMap((root) => meshPorts(mesh, root));
  const meant = [...new Set(incoming)].filter(
    (port) => matches.length === 0 || matches.some((match) => isMatchFor(match, MESH_GATEWAY, port)),
  );
  const lost = meant.filter((port) => port !== only);
  if (lost.length === 0) {
    return undefined;
  }
  const isAll = lost.length === meant.length && roots.every(({ boundTo }) => boundTo.length === 1);
  return {
    path: destination.path,
    severity: isAll ? Severity.ERROR : Severity.WARNING,
    istio: [],
    message: `The destination names no port, and ${nameOf(services[0].object)} has only ${only}. Unlike a gateway, a sidecar uses it only for requests that come in on port ${only}. Requests on port ${listOf(lost.map(String))} go to the port of the same number, which the Service does not have, and are answered with 503.`,
    help: `Add 'port: {number: ${only}}' to the destination.`,
  };
}

/** The ports on which sidecars read http rules for the hosts, as far as the manifests have those. */
function meshPorts(mesh: MeshModel, { hosts }: VirtualService): readonly number[] {
  const services = hosts.flatMap(({ resolved }) => mesh.servicesOf(resolved));
  return services.flatMap(({ ports }) => ports.filter(isHttpOrSniffed).map(({ number }) => number));
}

interface IncomingPorts {
  readonly ports: readonly number[];
  /** Whether these are all. */
  readonly known: boolean;
}

/** The ports on which requests for these routes come in: of the Gateways' servers, and in the mesh of the hosts' own services. */
function incomingPorts(mesh: MeshModel, virtualService: VirtualService): IncomingPorts {
  const ports = new Set<number>();
  const roots = rootsOf(mesh, virtualService);
  let known = roots.length > 0;
  for (const root of roots) {
    for (const ref of root.boundTo) {
      const found =
        ref === MESH_GATEWAY
          ? root.hosts.map(({ resolved }) => mesh.servicesOf(resolved).flatMap((service) => service.ports))
          : [serversFor(root, mesh.gateway(ref)).map(({ port }) => port)];
      known &&= found.every((some) => some.length > 0);
      for (const { number } of found.flat()) {
        ports.add(number);
      }
    }
  }
  return { ports: [...ports], known };
}
