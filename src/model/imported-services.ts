/*
 * The services that a sidecar knows, in Istio's order (`convertIstioListenerToWrapper`), and what clusters are made of them.
 */
import { EMPTY_MAP } from '../manifests/node';
import { inIstioOrder } from '../manifests/object';
import type { RegistryService } from './registry';
import { Visibility, visibilityOf } from './visibility';
import { sameLabels } from './workload';

/** Which of the visible services a sidecar imports. */
type IsImported = (host: string, namespace: string) => boolean;

/**
 * The services that clients in `viewer` may call. Where several namespaces define a host, one namespace has it: the viewer's
 * own, else that of a Service before that of a ServiceEntry, else the first. Several of one namespace all stay.
 */
export function importedServices(
  registry: readonly RegistryService[],
  viewer: string,
  isImported: IsImported = () => true,
): readonly RegistryService[] {
  const visible = visibleServices(registry, viewer)
    .filter(({ host, namespace }) => isImported(host, namespace))
    .flatMap(onePerAddress);
  const owners = new Map<string, RegistryService>();
  for (const service of visible) {
    const known = owners.get(service.host);
    if (known === undefined || service.namespace === viewer || comesBefore(service, known, viewer)) {
      owners.set(service.host, service);
    }
  }
  return visible.filter(({ host, namespace }) => owners.get(host)?.namespace === namespace);
}

/**
 * Of all that define one host in one namespace, the first, and of its addresses the first: what Istio finds where it looks for a
 * host by its name (`ServiceIndex.HostnameAndNamespace`). Services come first in a registry, and the rest in Istio's order.
 */
export function firstByName(registry: readonly RegistryService[]): readonly RegistryService[] {
  const first = new Map<string, RegistryService>();
  for (const service of registry) {
    const key = `${service.namespace}/${service.host}`;
    if (!first.has(key)) {
      first.set(key, onePerAddress(service)[0]);
    }
  }
  return [...first.values()];
}

/**
 * Where a rule's destination is not imported: the definition of the viewer's namespace, a Service, or the oldest that is visible.
 *
 * @param definitions of each namespace the first, which another does not stand in for if it is hidden
 */
export function inferredService(definitions: readonly RegistryService[], viewer: string): RegistryService | undefined {
  const visible = visibleServices(definitions, viewer);
  return (
    definitions.find(({ namespace }) => namespace === viewer) ??
    visible.find(({ service }) => service !== undefined) ??
    [...visible].sort((a, b) => (a.object.created ?? 0) - (b.object.created ?? 0))[0]
  );
}

/** A Service takes a host from a ServiceEntry, but not from one of the viewer's namespace. */
function comesBefore(service: RegistryService, known: RegistryService, viewer: string): boolean {
  return known.service === undefined && service.service !== undefined && known.namespace !== viewer;
}

/** The services that clusters are made of, by host (`appendSidecarServices`): of one host, ports may be put together. */
export function mergedByHost(services: readonly RegistryService[]): ReadonlyMap<string, RegistryService> {
  const merged = new Map<string, RegistryService>();
  for (const service of services) {
    const known = merged.get(service.host);
    if (known === undefined || (known.service === undefined && service.service !== undefined)) {
      merged.set(service.host, service);
    } else if (canMerge(known, service)) {
      const added = service.ports.filter(({ number }) => !known.ports.some((port) => port.number === number));
      merged.set(service.host, added.length === 0 ? known : { ...known, ports: [...known.ports, ...added] });
    }
  }
  return merged;
}

/** Whether ports of the second are added to the first, which has the same host. */
export function canMerge(
  { entry: a, namespace }: RegistryService,
  { entry: b, namespace: other }: RegistryService,
): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    namespace === other &&
    a.resolution === b.resolution &&
    sameLabels(a.object.labels, b.object.labels) &&
    sameLabels(a.workloadSelector ?? EMPTY_MAP, b.workloadSelector ?? EMPTY_MAP) &&
    [...a.exportTo].sort().join() === [...b.exportTo].sort().join()
  );
}

/** The visible ones: first those that are exported to some namespaces only, then those for all; each by age and name. */
export function visibleServices(registry: readonly RegistryService[], viewer: string): readonly RegistryService[] {
  const ranked = registry.flatMap((service) => {
    const visibility = visibilityOf(service.exportTo, service.namespace, viewer);
    return visibility === undefined ? [] : [{ service, isPublic: visibility === Visibility.PUBLIC }];
  });
  ranked.sort((a, b) => Number(a.isPublic) - Number(b.isPublic) || inIstioOrder(named(a.service), named(b.service)));
  return ranked.map(({ service }) => service);
}

/** Services go by the name of their object, hosts of ServiceEntries by themselves. */
function named({ object, host, entry }: RegistryService): RegistryService['object'] {
  return entry === undefined ? object : { ...object, name: host };
}

/** Of a ServiceEntry with several addresses, Istio makes one service for each. */
function onePerAddress(service: RegistryService): readonly RegistryService[] {
  return service.entry === undefined || service.addresses.length < 2
    ? [service]
    : service.addresses.map((address) => ({ ...service, addresses: [address] }));
}
