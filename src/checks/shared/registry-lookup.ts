/*
 * Which hosts and namespaces the manifests know, and what to say of a host that they do not.
 */
import { hostsOverlap, isWildcard } from '../../mesh/hosts';
import type { MeshModel } from '../../mesh/model';
import type { RegistryService } from '../../mesh/registry';
import { Severity } from '../finding';
import { perMesh } from './per-mesh';
import { closest } from './wording';

interface Registry {
  readonly byHost: ReadonlyMap<string, readonly RegistryService[]>;
  readonly wildcards: readonly string[];
  /** Hosts of Services by the Service's name. */
  readonly hostsByName: ReadonlyMap<string, readonly string[]>;
  readonly hostsByNamespace: ReadonlyMap<string, readonly string[]>;
}

const registryOf = perMesh((mesh): Registry => {
  const byHost = new Map<string, RegistryService[]>();
  const hostsByName = new Map<string, string[]>();
  const hostsByNamespace = new Map<string, string[]>();
  for (const entry of mesh.registry) {
    append(byHost, entry.host, entry);
    if (entry.service !== undefined) {
      append(hostsByName, entry.object.name, entry.host);
      append(hostsByNamespace, entry.namespace, entry.host);
    }
  }
  return { byHost, wildcards: [...byHost.keys()].filter(isWildcard), hostsByName, hostsByNamespace };
});

/** Every Service and ServiceEntry of exactly this host. Several ServiceEntries may share one. */
export function servicesOf(mesh: MeshModel, host: string): readonly RegistryService[] {
  return registryOf(mesh).byHost.get(host) ?? [];
}

/** Whether some Service or ServiceEntry stands for the host, or may: under a wildcard, either way round. */
export function isKnownHost(mesh: MeshModel, host: string): boolean {
  const { byHost, wildcards } = registryOf(mesh);
  return isWildcard(host)
    ? [...byHost.keys()].some((known) => hostsOverlap(known, host))
    : byHost.has(host) || wildcards.some((known) => hostsOverlap(known, host));
}

const givenNamespaces = perMesh(
  (mesh) => new Set([...mesh.namespaces.keys(), ...mesh.objects.map(({ namespace }) => namespace)]),
);

/** Whether the manifests contain the namespace or anything in it. */
export function isGivenNamespace(mesh: MeshModel, namespace: string): boolean {
  return givenNamespaces(mesh).has(namespace);
}

export function namespacesGiven(mesh: MeshModel): Iterable<string> {
  return givenNamespaces(mesh);
}

export interface MissingHost {
  readonly severity: Severity;
  /** A sentence: why nothing is found under the name. */
  readonly why: string;
  /** What to write instead. */
  readonly help: string;
}

/**
 * What there is to say of a host that no Service or ServiceEntry of the manifests has. Certain to be wrong is only a name that
 * Istio does not complete although a Service was meant. A Service of a namespace that the manifests do not touch is somebody
 * else's, so that its absence is worth no more than a remark.
 */
export function explainMissingHost(mesh: MeshModel, written: string, host: string, from: string): MissingHost {
  const incomplete = incompleteName(mesh, host);
  if (incomplete !== undefined) {
    return {
      severity: Severity.ERROR,
      why: `Istio completes only names without a dot, so '${written}' is no Service for it`,
      help: `Write the name in full: ${incomplete}.`,
    };
  }
  const suffix = `.svc.${mesh.clusterDomain}`;
  if (!host.endsWith(suffix)) {
    return {
      severity: Severity.WARNING,
      why: `no ServiceEntry of the manifests makes the host ${host} known to the mesh; this assumes that the cluster has none either`,
      help: `Add a ServiceEntry for ${host}, or write the name of a Service.`,
    };
  }
  return missingService(mesh, host, suffix, from);
}

function missingService(mesh: MeshModel, host: string, suffix: string, from: string): MissingHost {
  const [name, namespace] = host.slice(0, -suffix.length).split('.');
  const { hostsByName, hostsByNamespace } = registryOf(mesh);
  const elsewhere = hostsByName.get(name)?.[0];
  const neighbours = (hostsByNamespace.get(namespace) ?? []).map((known) => known.slice(0, known.indexOf('.')));
  const near = closest(name, neighbours);
  const help =
    elsewhere !== undefined
      ? `A Service of that name is in another namespace; write its name in full: ${elsewhere}.`
      : near !== undefined
        ? `Did you mean ${namespace === from ? near : `${near}.${namespace}${suffix}`}?`
        : `Add Service ${namespace}/${name}, or write the name of one that exists.`;
  const given = isGivenNamespace(mesh, namespace);
  return {
    severity: given ? Severity.WARNING : Severity.INFO,
    why: `there is no Service ${name} in namespace ${namespace} among the manifests${given ? '; this assumes that the cluster has none either' : ', which contain nothing of that namespace'}`,
    help,
  };
}

/** The full name of the Service that `svc.namespace` or `svc.namespace.svc` was meant to be. */
function incompleteName(mesh: MeshModel, host: string): string | undefined {
  const parts = host.split('.');
  if (parts.length !== 2 && !(parts.length === 3 && parts[2] === 'svc')) {
    return undefined;
  }
  const full = `${parts[0]}.${parts[1]}.svc.${mesh.clusterDomain}`;
  return registryOf(mesh).byHost.has(full) ? full : undefined;
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) {
    map.set(key, [value]);
  } else {
    list.push(value);
  }
}
