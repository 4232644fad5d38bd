/*
 * The names that the cluster's DNS knows: those of Services. Of Istio it knows nothing, exportTo included.
 */
import type { MeshModel } from '../model/model';
import { perMesh } from '../model/per-mesh';
import type { RegistryService } from '../model/registry';

/** What a name stands for. */
interface Resolved {
  /** The name itself, or the one for which it is an alias; absent where aliases go round in a circle. */
  readonly name?: string;
  /** Absent where the cluster has no such name. */
  readonly service?: RegistryService;
}

/** Following an alias to another leads nowhere when it comes back. */
const MOST_ALIASES = 8;

export class ClusterDns {
  private readonly services: ReadonlyMap<string, RegistryService>;

  public constructor(
    private readonly clusterDomain: string,
    services: readonly RegistryService[],
  ) {
    this.services = new Map(services.map((service) => [service.host, service]));
  }

  /** @param namespace of the pod that asks */
  public resolve(name: string, namespace: string, aliasesLeft: number = MOST_ALIASES): Resolved {
    for (const completed of this.completions(name, namespace)) {
      const service = this.services.get(completed) ?? this.podsOf(completed);
      if (service !== undefined) {
        const alias = service.service?.externalName;
        return alias === undefined
          ? { name, service }
          : aliasesLeft === 0
            ? {}
            : this.resolve(alias.toLowerCase(), namespace, aliasesLeft - 1);
      }
    }
    return { name };
  }

  /** Whether only the cluster could know the name. */
  public isInside(name: string): boolean {
    return !name.includes('.') || name.endsWith('.svc') || name.endsWith(`.${this.clusterDomain}`);
  }

  /** The search path of a pod's resolver: `reviews` and `reviews.bookinfo` stand for a name in full before anything else. */
  private completions(name: string, namespace: string): readonly string[] {
    const path = [`${namespace}.svc.${this.clusterDomain}`, `svc.${this.clusterDomain}`, this.clusterDomain];
    return [...path.map((domain) => `${name}.${domain}`), name];
  }

  /** A Service without address has a name for each of its pods. */
  private podsOf(name: string): RegistryService | undefined {
    const service = this.services.get(name.slice(name.indexOf('.') + 1));
    return service?.service?.headless === true ? service : undefined;
  }
}

export const clusterDnsOf = perMesh(
  ({ clusterDomain, registry }: MeshModel) =>
    new ClusterDns(
      clusterDomain,
      registry.filter(({ service }) => service !== undefined),
    ),
);
