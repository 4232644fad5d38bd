/*
 * Where a connection goes that a workload opens to a host: the cluster's DNS knows Services, and a ServiceEntry's host is taken
 * to stand for the address that the ServiceEntry gives.
 */

import { type Cidr, isRange, parseCidr } from '../model/addresses';
import type { RegistryService } from '../model/registry';
import { mostSpecific } from '../syntax/hosts';
import { isIP } from '../syntax/ip-address';
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

/** Following an alias to another leads nowhere when it comes back. */
const MOST_ALIASES = 8;

export class SidecarDns {
  private readonly kubernetes: ReadonlyMap<string, RegistryService>;
  private readonly entries: ReadonlyMap<string, RegistryService>;
  private readonly byAddress: ReadonlyMap<string, RegistryService>;

  public constructor(private readonly viewer: SidecarScope) {
    const { model, services } = viewer;
    // DNS does not know exportTo.
    this.kubernetes = new Map(
      model.registry.filter(({ service }) => service !== undefined).map((service) => [service.host, service]),
    );
    this.entries = new Map(
      services.filter(({ entry }) => entry !== undefined).map((service) => [service.host.toLowerCase(), service]),
    );
    this.byAddress = new Map(services.flatMap((service) => addressKeys(service).map((key) => [key, service])));
  }

  public dial(host: string): Dialled {
    return isIP(host)
      ? { service: this.byAddress.get(host), key: host, at: parseCidr(host), byAddress: true }
      : this.byName(host, MOST_ALIASES);
  }

  private byName(host: string, aliasesLeft: number): Dialled {
    for (const name of this.completions(host)) {
      const found = this.kubernetes.get(name) ?? this.podsOf(name);
      if (found !== undefined) {
        return this.ofService(found, aliasesLeft);
      }
    }
    const entry = mostSpecific(host, this.entries);
    return entry === undefined ? {} : ofEntry(entry);
  }

  private ofService(service: RegistryService, aliasesLeft: number): Dialled {
    const alias = service.service?.externalName;
    if (alias !== undefined) {
      return aliasesLeft === 0 ? {} : this.byName(alias.toLowerCase(), aliasesLeft - 1);
    }
    const [key] = addressKeys(service);
    return { service, key, at: firstAddress(service), hasNoPods: this.hasNoPods(service) };
  }

  private hasNoPods(service: RegistryService): boolean {
    if (service.service?.headless !== true) {
      return false;
    }
    const { groups, known } = this.viewer.model.endpoints.of(service);
    return known && groups.every(({ replicas }) => replicas === 0);
  }

  /** The search path of a pod's resolver: `reviews` and `reviews.bookinfo` stand for a name in full before anything else. */
  private completions(host: string): readonly string[] {
    const { clusterDomain } = this.viewer.model;
    const path = [`${this.viewer.namespace}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain];
    return [...path.map((domain) => `${host}.${domain}`), host];
  }

  /** A Service without address has a name for each of its pods. */
  private podsOf(name: string): RegistryService | undefined {
    const service = this.kubernetes.get(name.slice(name.indexOf('.') + 1));
    return service?.service?.headless === true ? service : undefined;
  }
}

function ofEntry(entry: RegistryService): Dialled {
  const [address] = entry.addresses;
  return address === undefined ? { service: entry } : { service: entry, key: address, at: firstAddress(entry) };
}

function firstAddress({ addresses }: RegistryService): Cidr | undefined {
  return addresses.length === 0 ? undefined : parseCidr(addresses[0]);
}
