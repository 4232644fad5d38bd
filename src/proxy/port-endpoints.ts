/*
 * What answers for a port of a service, and at which port of its own.
 */

import type { StringMap } from '../manifests/node';
import type { EndpointGroup, Endpoints } from '../model/endpoints';
import type { MeshModel } from '../model/model';
import type { RegistryPort, RegistryService } from '../model/registry';
import type { ServiceEntry } from '../model/service-entry';
import { isIP } from '../syntax/ip-address';

interface PortEndpoints extends Endpoints {
  /** Those of `groups` that have pods with the port. */
  readonly alive: readonly EndpointGroup[];
  /** Their port, where they agree on one. */
  readonly targetPort?: number;
}

/**
 * What answers for a port of a service. All that define its host in its namespace have their endpoints in common, by the name of
 * the port, or for what DNS resolves by its number.
 */
export function endpointsOf(
  service: RegistryService,
  port: RegistryPort,
  labels: StringMap | undefined,
  model: MeshModel,
): PortEndpoints {
  const byNumber = service.entry?.resolution.startsWith('DNS') === true;
  const definitions = model.definitionsOf(service);
  const all = definitions.flatMap((each, index) => {
    const own = each.ports.find(({ name, number }) => (byNumber ? number === port.number : name === port.name));
    if (own === undefined || (byNumber && hasNone(each)) || comesLate(each, own, definitions.slice(0, index), model)) {
      return [];
    }
    const found = endpointsOfOne(each, own, labels, model);
    return [byNumber ? found : { ...found, alive: found.alive.filter(isNoName) }];
  });
  if (all.length === 1) {
    return all[0];
  }
  const answering = all.filter(({ alive, known }) => alive.length > 0 || !known);
  const ports = new Set(answering.map(({ targetPort }) => targetPort));
  return {
    groups: all.flatMap(({ groups }) => groups),
    alive: all.flatMap(({ alive }) => alive),
    known: all.every(({ known }) => known),
    targetPort: ports.size === 1 ? [...ports][0] : undefined,
  };
}

/** What answers at a port of a host, as far as sidecars listen at its addresses. */
interface Instances {
  /** Those that somebody wrote down. */
  readonly addresses: readonly string[];
  /** Whether there are, or may be, others, whose addresses only the cluster knows. */
  readonly hasOthers: boolean;
}

/**
 * What answers at a port of a host, by whatever objects of the service's namespace (`ServiceEndpointsByPort`): by ServiceEntries with
 * the port's number, by Services with its name. Undefined where nothing does.
 */
export function instancesAt(service: RegistryService, port: RegistryPort, model: MeshModel): Instances | undefined {
  const definitions = model.definitionsOf(service);
  const names = definitions.flatMap(({ ports }) => ports.filter(({ number }) => number === port.number));
  const found = definitions.flatMap((each, index) => {
    if (hasNone(each)) {
      return [];
    }
    const isMeant = ({ name, number }: RegistryPort) =>
      each.entry === undefined ? names.some((own) => own.name === name) : number === port.number;
    const byDns = each.entry?.resolution.startsWith('DNS') === true;
    const counts = (own: RegistryPort) => isMeant(own) && !comesLate(each, own, definitions.slice(0, index), model);
    return each.ports.filter(counts).map((own) => ({ byDns, ...endpointsOfOne(each, own, undefined, model) }));
  });
  const alive = found.flatMap((each) => each.alive);
  return alive.length === 0 && found.every(({ known }) => known)
    ? undefined
    : {
        addresses: alive.filter(({ kind, name }) => kind === 'ServiceEntry' && isIP(name)).map(({ name }) => name),
        hasOthers:
          alive.some(({ kind }) => kind !== 'ServiceEntry') || found.some(({ byDns, known }) => !known && !byDns),
      };
}

/** Whether the service adds no endpoint to its host: the app has to know an address by itself. */
function hasNone({ entry }: RegistryService): boolean {
  return entry?.resolution === 'NONE' && entry.endpoints.length === 0 && entry.workloadSelector === undefined;
}

/**
 * Whether its endpoints do not count: those of DNS_ROUND_ROBIN do only where no older ServiceEntry of the host has any at the port
 * (`mergeServicesInstancesByNamespaceHost`).
 */
function comesLate(
  { entry }: RegistryService,
  { number }: RegistryPort,
  older: readonly RegistryService[],
  model: MeshModel,
): boolean {
  return (
    entry?.resolution === 'DNS_ROUND_ROBIN' &&
    older.some((each) => {
      const port =
        each.entry === undefined || hasNone(each) ? undefined : each.ports.find((own) => own.number === number);
      const found = port && endpointsOfOne(each, port, undefined, model);
      return found !== undefined && (found.alive.length > 0 || !found.known);
    })
  );
}

/** Where Istio sends a proxy the endpoints (EDS) and DNS is not used, a name without address is not an endpoint. */
function isNoName({ kind, name }: EndpointGroup): boolean {
  return kind !== 'ServiceEntry' || isIP(name) || name.startsWith('unix:');
}

function endpointsOfOne(
  service: RegistryService,
  port: RegistryPort,
  labels: StringMap | undefined,
  model: MeshModel,
): PortEndpoints {
  return atPort(model.endpoints.of(service, labels), service, port, model);
}

/** Those of some endpoints of a service that have its port. */
export function atPort(
  { groups, known }: Endpoints,
  service: RegistryService,
  port: RegistryPort,
  model: MeshModel,
): PortEndpoints {
  const target = service.service?.ports.find(({ number }) => number === port.number)?.targetPort;
  const alive = groups.filter((group) => group.replicas > 0 && hasPort(group, target, model));
  const targetPort =
    service.entry === undefined ? targetPortOf(target, alive, model) : entryTargetPort(service.entry, port);
  return { groups, known, alive, targetPort };
}

/** A port that the endpoints give themselves counts first; it is not known where they differ. */
function entryTargetPort({ endpoints, ports, workloadSelector }: ServiceEntry, port: RegistryPort): number | undefined {
  const written = ports.find(({ number }) => number === port.number)?.targetPort ?? port.number;
  const numbers = new Set(endpoints.map((endpoint) => endpoint.ports.get(port.name) ?? written));
  return workloadSelector !== undefined || numbers.size > 1 ? undefined : ([...numbers][0] ?? written);
}

/** Pods without a container port of the name that `targetPort` gives are no endpoints on that port. */
export function hasPort(
  { namespace, name }: EndpointGroup,
  target: number | string | undefined,
  model: MeshModel,
): boolean {
  const ports = typeof target === 'string' ? model.workload(namespace, name)?.containerPorts : undefined;
  return ports === undefined || ports.some((port) => port.name === target);
}

/** The number behind a Service's targetPort; of a named one, the one at which all workloads have a port of the name. */
function targetPortOf(
  target: number | string | undefined,
  endpoints: readonly EndpointGroup[],
  model: MeshModel,
): number | undefined {
  if (typeof target !== 'string') {
    return target;
  }
  const numbers = new Set(
    endpoints.flatMap(({ namespace, name }) => {
      const ports = model.workload(namespace, name)?.containerPorts ?? [];
      return ports.find((port) => port.name === target)?.number ?? [];
    }),
  );
  return numbers.size === 1 ? [...numbers][0] : undefined;
}
