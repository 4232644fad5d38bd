/*
 * Hosts of which Istio takes one of several ServiceEntries, and it is left to chance which: it sorts them by age, host and namespace,
 * and these are equal.
 */

import { canMerge } from '../model/imported-services';
import type { MeshModel } from '../model/model';
import { isServiceVisible, type RegistryService } from '../model/registry';

/** Whether some host may be one of those. Nearly always none is. */
export function mayBeUnsettled(model: MeshModel): boolean {
  return model.registry.some(({ entry, host }) => entry !== undefined && model.servicesOf(host).length > 1);
}

/** Whether a host means different things by chance, for a proxy in `viewer` that imports all it may. */
export function isUnsettled(host: string, viewer: string, model: MeshModel): boolean {
  const definitions = model.servicesOf(host);
  if (definitions.length < 2) {
    return false;
  }
  const taken = model.service(host, viewer);
  if (taken?.entry === undefined) {
    return false;
  }
  const equals = definitions.filter(
    (other) => other.entry !== undefined && isServiceVisible(other, viewer) && keyOf(other) === keyOf(taken),
  );
  return equals.some((one, index) =>
    equals.slice(0, index).some((other) => other.object !== one.object && !addUp(other, one)),
  );
}

/** Whether it makes no difference which comes first. */
function addUp(one: RegistryService, other: RegistryService): boolean {
  const numbers = new Set(one.ports.map(({ number }) => number));
  return canMerge(one, other) && !other.ports.some(({ number }) => numbers.has(number));
}

function keyOf({ host, namespace, object }: RegistryService): string {
  return `${namespace} ${host} ${object.created ?? 0}`;
}

export function whyUnsettled(host: string): string {
  return `several ServiceEntries of one namespace and age define ${host}, and Istio does not define which comes first`;
}

/** Hosts, and addresses of a host, of ServiceEntries that are equals for Istio: of one namespace and one age. */
export function unsettledHosts(services: readonly RegistryService[]): readonly string[] {
  const first = new Map<string, RegistryService>();
  return services.flatMap((service) => {
    const { entry, host, object } = service;
    if (entry === undefined) {
      return [];
    }
    const key = keyOf(service);
    const other = first.get(key);
    first.set(key, other ?? service);
    if (other === undefined) {
      return [];
    }
    // Of one ServiceEntry's addresses, one is a name of its host on a port that all share.
    return other.object === object ? [...other.addresses, ...service.addresses] : [host];
  });
}
