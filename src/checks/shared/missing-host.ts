/*
 * What there is to say of a host for which Envoy has no cluster.
 *
 * Certain to be wrong is only a name that Istio does not complete although a Service was meant: for the rest, the cluster may have
 * what the manifests lack. A Service of a namespace that the manifests do not touch is somebody else's, so that its absence is
 * worth no more than a remark.
 */

import { nameOf } from '../../manifests/object';
import { gatewayApiOf } from '../../model/gateway-api';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import type { RegistryService } from '../../model/registry';
import { append } from '../../syntax/grouping';
import { hostsOverlap, isWildcard } from '../../syntax/hosts';
import { closest } from '../../syntax/wording';
import { Severity } from '../finding';

interface MissingHost {
  readonly severity: Severity;
  /** A sentence without its full stop: why there is no cluster for the host. */
  readonly why: string;
  /** What in the cluster would make it all right, as in `the cluster has one`; undefined where nothing would. */
  readonly unless?: string;
  /** What to write instead. */
  readonly help: string;
}

/** Services of other clusters: their existence shows in no manifest. */
const MULTI_CLUSTER = '.svc.clusterset.local';

/**
 * Undefined where the manifests have the host, or cannot have it.
 *
 * @param written the host as it stands in the manifest of namespace `from`; `host` is what Istio makes of it
 */
export function missingHost(mesh: MeshModel, written: string, host: string, from: string): MissingHost | undefined {
  const [service] = mesh.servicesOf(host);
  const externalName = service?.service?.externalName;
  if (externalName !== undefined) {
    return mesh.servicesOf(externalName).length > 0 ? undefined : missingTarget(nameOf(service.object), externalName);
  }
  if (service !== undefined || host.endsWith(MULTI_CLUSTER) || gatewayApiOf(mesh).generated.has(host)) {
    return undefined;
  }
  const suffix = `.svc.${mesh.clusterDomain}`;
  return (
    incompleteName(mesh, written, host) ??
    (host.endsWith(suffix) ? missingService(mesh, host, suffix, from) : missingOutside(mesh, host))
  );
}

/** The reason, and what comes of it: `it has no effect`. */
export function whyMissing({ why, unless }: MissingHost, consequence: string): string {
  return unless === undefined ? `${why}, and ${consequence}.` : `${why}; unless ${unless}, ${consequence}.`;
}

/** Istio makes no cluster for an ExternalName, but uses the one of the host that it stands for. */
function missingTarget(name: string, externalName: string): MissingHost {
  return {
    severity: Severity.WARNING,
    why: `${name} points to ${externalName}, for which the manifests have no ServiceEntry`,
    unless: 'the cluster has one',
    help: `Sidecars and gateways can reach ${externalName} only by a ServiceEntry: add one.`,
  };
}

/** `svc.namespace` or `svc.namespace.svc` where the name in full was meant. */
function incompleteName(mesh: MeshModel, written: string, host: string): MissingHost | undefined {
  const parts = host.split('.');
  if (parts.length !== 2 && !(parts.length === 3 && parts[2] === 'svc')) {
    return undefined;
  }
  const full = `${parts[0]}.${parts[1]}.svc.${mesh.clusterDomain}`;
  return mesh.servicesOf(full).length === 0
    ? undefined
    : {
        severity: Severity.ERROR,
        why: `Istio completes only names without a dot, so it does not find a Service by '${written}'`,
        help: `Write the name in full: ${full}.`,
      };
}

function missingOutside(mesh: MeshModel, host: string): MissingHost {
  const wildcard = registryOf(mesh).wildcards.find((entry) => hostsOverlap(entry.host, host));
  return wildcard === undefined
    ? {
        severity: Severity.WARNING,
        why: 'No ServiceEntry of the manifests makes this host known to the mesh',
        unless: 'the cluster has one',
        help: `Add a ServiceEntry for ${host}, or write the name of a Service.`,
      }
    : {
        severity: Severity.WARNING,
        why: `${nameOf(wildcard.object)} has it only under ${wildcard.host}, and Istio does not use a wildcard for a destination`,
        unless: 'the cluster has a ServiceEntry for just this host',
        help: `Add '${host}' to the hosts of ${nameOf(wildcard.object)}.`,
      };
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
  return mesh.givenNamespaces.has(namespace)
    ? {
        severity: Severity.WARNING,
        why: `The manifests have no Service ${name} in namespace ${namespace}`,
        unless: 'the cluster has one',
        help,
      }
    : {
        severity: Severity.INFO,
        why: `The manifests contain nothing of namespace ${namespace}`,
        unless: `the cluster has a Service ${name} there`,
        help,
      };
}

interface Registry {
  /** ServiceEntries for a wildcard, one for each host. */
  readonly wildcards: readonly RegistryService[];
  /** Hosts of Services by the Service's name. */
  readonly hostsByName: ReadonlyMap<string, readonly string[]>;
  readonly hostsByNamespace: ReadonlyMap<string, readonly string[]>;
}

const registryOf = perMesh((mesh): Registry => {
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
