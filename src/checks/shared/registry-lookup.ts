/*
 * Which hosts and namespaces the manifests know.
 */

import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import type { RegistryService } from '../../model/registry';
import { append } from '../../syntax/grouping';
import { isWildcard } from '../../syntax/hosts';

interface Registry {
  /** ServiceEntries for a wildcard, one for each host. */
  readonly wildcards: readonly RegistryService[];
  /** Hosts of Services by the Service's name. */
  readonly hostsByName: ReadonlyMap<string, readonly string[]>;
  readonly hostsByNamespace: ReadonlyMap<string, readonly string[]>;
}

export const registryOf = perMesh((mesh): Registry => {
  const hostsByName = new Map<string, string[]>();
  const hostsByNamespace = new Map<string, string[]>();
  for (const entry of mesh.registry) {
    if (entry.service !== undefined) {
      append(hostsByName, entry.object.name, entry.host);
      append(hostsByNamespace, entry.namespace, entry.host);
    }
  }
  const wildcards = mesh.registry.filter(({ host }) => isWildcard(host));
  return { wildcards, hostsByName, hostsByNamespace };
});

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
