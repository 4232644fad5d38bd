/*
 * Where a connection goes that a workload opens to a host: the cluster's DNS knows Services, and a ServiceEntry's host is taken
 * to stand for the address that the ServiceEntry gives.
 */

import { type Cidr, isRange, parseCidr } from '../model/addresses';
import type { RegistryService } from '../model/registry';
import { mostSpecific } from '../syntax/hosts';
import { isIP } from '../syntax/ip-address';
import { clusterDnsOf } from './cluster-dns';
import type { SidecarScope } from './sidecar-scope';

/** The far end of a connection. */
export interface Dialled {
  /** What is meant by it, as far as the mesh knows. */
  readonly service?: RegistryService;
  /** Tells the address from all others: itself where the manifests contain it, else the service to which it belongs. */
  readonly key?: string;
  /** The address, where the manifests contain it, or a range that contains it. */
  readonly at?: Cidr;
  /** Set where the service has no address but those of its pods, and no pods. */
  readonly hasNoPods?: boolean;
  /** Set when the address was given and no name. */
  readonly byAddress?: boolean;
}

/** The keys of a service's addresses; none where it has no address of its own. */
export function addressKeys({ addresses, entry, host, namespace }: RegistryService): readonly string[] {
  const own = addresses.filter((address) => !isRange(address));
  return entry === undefined && own.length === 0 ? [`${namespace}/${host}`] : own;
}

export class SidecarDns {
  private readonly entries: ReadonlyMap<string, RegistryService>;
  private readonly byAddress: ReadonlyMap<string, RegistryService>;

  public constructor(private readonly viewer: SidecarScope) {
    const { services } = viewer;
    this.entries = new Map(
      services.filter(({ entry }) => entry !== undefined).map((service) => [service.host.toLowerCase(), service]),
    );
    this.byAddress = new Map(services.flatMap((service) => addressKeys(service).map((key) => [key, service])));
  }

  public dial(host: string): Dialled {
    return isIP(host)
      ? { service: this.byAddress.get(host), key: host, at: parseCidr(host), byAddress: true }
      : this.byName(host);
  }

  private byName(host: string): Dialled {
    const { model, namespace } = this.viewer;
    const { name, service } = clusterDnsOf(model).resolve(host, namespace);
    if (service !== undefined) {
      const [key] = addressKeys(service);
      return { service, key, at: firstAddress(service), hasNoPods: this.hasNoPods(service) };
    }
    const entry = name === undefined ? undefined : mostSpecific(name, this.entries);
    return entry === undefined ? {} : ofEntry(entry);
  }

  private hasNoPods(service: RegistryService): boolean {
    if (service.service?.headless !== true) {
      return false;
    }
    const { groups, known } = this.viewer.model.endpoints.of(service);
    return known && groups.every(({ replicas }) => replicas === 0);
  }
}

function ofEntry(entry: RegistryService): Dialled {
  const [address] = entry.addresses;
  return address === undefined ? { service: entry } : { service: entry, key: address, at: firstAddress(entry) };
}

function firstAddress({ addresses }: RegistryService): Cidr | undefined {
  return addresses.length === 0 ? undefined : parseCidr(addresses[0]);
}
