/*
 * What the clients of a VirtualService take a host for that several Services and ServiceEntries define: Istio gives each client
 * one of them, by namespace, export and age, or ServiceEntries of one namespace merged.
 */

import { EMPTY_MAP } from '../../manifests/node';
import { isGatewayWorkload } from '../../model/gateway-pods';
import { mergedByHost, visibleServices } from '../../model/imported-services';
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { perMesh } from '../../model/per-mesh';
import type { RegistryService } from '../../model/registry';
import type { VirtualService } from '../../model/virtual-service';
import { Visibility, visibilityOf } from '../../model/visibility';
import type { Workload } from '../../model/workload';
import { dataPlaneOf } from '../../proxy/data-plane';
import type { Sidecar } from '../../proxy/sidecar';
import { groupBy } from '../../syntax/grouping';
import { gatewayNamespaces, rootsOf } from './client-namespaces';

export interface View {
  /** The clients, as in `clients in namespace shop`. */
  readonly who: string;
  /** Where they are; absent for gateways whose pods are not given. */
  readonly namespace?: string;
  /** Whether the manifests show that there are such clients. */
  readonly certain: boolean;
  /** What they take the host for; several where a Sidecar parts the pods of one namespace. */
  readonly seen: readonly RegistryService[];
}

/**
 * Without clients that are not known, and without those that do not see the host at all. Several of the same clients where age
 * decides what they take the host for, and is not known.
 */
export function viewsOf(mesh: MeshModel, virtualService: VirtualService, host: string): readonly View[] {
  const views = rootsOf(mesh, virtualService).flatMap(({ boundTo, object }) =>
    boundTo.flatMap((ref) =>
      ref === MESH_GATEWAY ? viewsOfSidecars(mesh, object.namespace, host) : viewsOfGateway(mesh, ref, host),
    ),
  );
  return views.filter(({ seen }) => seen.length > 0);
}

export interface Failing extends View {
  /** Whether it is not so if another definition is the older, and the manifests do not say which is. */
  readonly isOpen: boolean;
}

/** The clients for whom something fails: the first of those for whom that is certain, or else of all. */
export function firstFailing(views: readonly View[], fails: (view: View) => boolean): Failing | undefined {
  const [failing, fine] = [views.filter(fails), views.filter((view) => !fails(view))];
  // A gateway and sidecars of one namespace are called the same.
  const all = failing.map((view) => ({
    ...view,
    isOpen: fine.some(({ who, certain }) => who === view.who && certain === view.certain),
  }));
  return all.find(({ certain, isOpen }) => certain && !isOpen) ?? all[0];
}

export const AGE_NOT_KNOWN = 'which one is older is not known from manifests';

/** Of a gateway whose pods are not given, what gateways of every namespace see, if that is the same. */
function viewsOfGateway(mesh: MeshModel, ref: string, host: string): readonly View[] {
  const namespaces = gatewayNamespaces(mesh, ref);
  if (namespaces.length > 0) {
    return namespaces.flatMap((namespace) => viewsOfProxies(mesh, namespace, host, true));
  }
  const definitions = mesh.servicesOf(host);
  return visibleServices(definitions, NO_NAMESPACE).length < definitions.length
    ? []
    : takenByAge(mesh, host, NO_NAMESPACE).map((service) => ({ who: 'gateways', certain: false, seen: [service] }));
}

/** Of proxies in a namespace that import all they may, as gateways do. */
export function viewsOfProxies(mesh: MeshModel, namespace: string, host: string, certain: boolean): readonly View[] {
  const who = `clients in namespace ${namespace}`;
  return takenByAge(mesh, host, namespace).map((service) => ({ who, namespace, certain, seen: [service] }));
}

/**
 * What a proxy in `viewer` that imports all it may takes the host for: one definition, or each that may be the oldest of those
 * that differ in nothing else for Istio.
 */
function takenByAge(mesh: MeshModel, host: string, viewer: string): readonly RegistryService[] {
  const taken = mesh.service(host, viewer);
  const visible = visibleServices(mesh.servicesOf(host), viewer);
  if (taken?.entry === undefined || visible.length < 2) {
    return present([taken]);
  }
  const isPublic = ({ exportTo, namespace }: RegistryService) =>
    visibilityOf(exportTo, namespace, viewer) === Visibility.PUBLIC;
  const equals = visible.filter((service) => isPublic(service) === isPublic(visible[0]));
  const oldest = equals.filter(
    ({ object }, index) =>
      object.created === undefined || equals.slice(0, index).every((earlier) => earlier.object.created === undefined),
  );
  // Of one namespace, others may add their ports to whichever comes first.
  return present(oldest.map((first) => mergedByHost([first, ...visible.filter((each) => each !== first)]).get(host)));
}

/** No namespace has such a name: it sees what all of them see. */
const NO_NAMESPACE = '/';

function viewsOfSidecars(mesh: MeshModel, namespace: string, host: string): readonly View[] {
  // One definition, and no Sidecar that could leave it out: whatever the pods are, they see the same.
  if (mesh.sidecarConfigs.length === 0 && mesh.servicesOf(host).length < 2) {
    return viewsOfProxies(mesh, namespace, host, false);
  }
  const all = sidecarsOf(mesh, namespace);
  const seen = [...new Set(present(all.map((sidecar) => sidecar.scope.clusterService(host))))];
  // What is of their own namespace they take whatever its age, and of what a Sidecar imports the model knows more.
  return seen.length !== 1 || seen[0].namespace === namespace || all.some(({ scope }) => scope.config !== undefined)
    ? [{ who: `clients in namespace ${namespace}`, namespace, certain: false, seen }]
    : viewsOfProxies(mesh, namespace, host, false);
}

const callers = perMesh(
  (mesh): ReadonlyMap<string, readonly Workload[]> =>
    groupBy(
      mesh.workloads.filter((workload) => !isGatewayWorkload(workload)),
      ({ object }) => object.namespace,
    ),
);

/** Those of its pods; where none are given, that of a pod without labels. */
function sidecarsOf(mesh: MeshModel, namespace: string): readonly Sidecar[] {
  const pods = callers(mesh).get(namespace) ?? [];
  const { sidecars } = dataPlaneOf(mesh);
  return pods.length === 0 ? [sidecars.ofPod(namespace, EMPTY_MAP)] : [...new Set(pods.map((pod) => sidecars.of(pod)))];
}

function present(services: readonly (RegistryService | undefined)[]): readonly RegistryService[] {
  return services.filter((service) => service !== undefined);
}
