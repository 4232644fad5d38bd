/*
 * The proxies that use the routes of a VirtualService: those that the manifests have, and in the namespaces that have none the one
 * that would be there; and what each takes a host for that several Services and ServiceEntries define: one of them, by namespace,
 * export and age, or ServiceEntries of one namespace merged.
 */
import type { MeshObject } from '../manifests/object';
import { mergedByHost, visibleServices } from '../model/imported-services';
import type { MeshModel } from '../model/model';
import { MESH_GATEWAY } from '../model/naming';
import { perMesh } from '../model/per-mesh';
import type { RegistryService } from '../model/registry';
import type { VirtualService } from '../model/virtual-service';
import { Visibility, visibilityOf } from '../model/visibility';
import { append } from '../syntax/grouping';
import { dataPlaneOf } from './data-plane';

/** The gateways or sidecars of one namespace, or a gateway whose pods are not given. */
export interface Client {
  readonly kind: 'gateway' | 'sidecar';
  /** Where they are; absent for gateways whose pods are not given. */
  readonly namespace?: string;
  /** Of pods that are not given, where they may run: with their Gateway, or in Istio's root namespace. */
  readonly likely: readonly string[];
  /** Whether the manifests show that there are such clients. */
  readonly certain: boolean;
}

/** For the mesh, those of the VirtualService's own namespace. */
export function clientsOf(mesh: MeshModel, virtualService: VirtualService): readonly Client[] {
  return rootsOf(mesh, virtualService).flatMap(({ boundTo, object }) =>
    boundTo.flatMap((ref): readonly Client[] => {
      if (ref === MESH_GATEWAY) {
        return [{ kind: 'sidecar', namespace: object.namespace, likely: [], certain: false }];
      }
      const gateway = mesh.gateway(ref);
      const pods = gateway === undefined ? [] : dataPlaneOf(mesh).gateways.podsOf(gateway);
      const namespaces = new Set(pods.map((workload) => workload.object.namespace));
      const likely = new Set(gateway === undefined ? [] : [gateway.object.namespace, mesh.rootNamespace]);
      return namespaces.size === 0
        ? [{ kind: 'gateway', likely: [...likely], certain: false }]
        : [...namespaces].map((namespace) => ({ kind: 'gateway', namespace, likely: [], certain: true }));
    }),
  );
}

/** Those through which clients use the routes: itself, or for a delegate all that delegate to it. */
export function rootsOf(mesh: MeshModel, virtualService: VirtualService): readonly VirtualService[] {
  return virtualService.hosts.length > 0 ? [virtualService] : (rootsByDelegate(mesh).get(virtualService.object) ?? []);
}

/** Only those count of which a rule is merged in. */
const rootsByDelegate = perMesh((mesh) => {
  const roots = new Map<MeshObject, VirtualService[]>();
  for (const root of mesh.effectiveVirtualServices) {
    for (const delegate of new Set(root.http.map(({ object }) => object))) {
      if (delegate !== root.object) {
        append(roots, delegate, root);
      }
    }
  }
  return roots;
});

/** What some clients take a host for. */
export interface View {
  /** The clients, as in `clients in namespace shop`. */
  readonly who: string;
  readonly namespace?: string;
  readonly certain: boolean;
  /** Several where a Sidecar parts the pods of one namespace. */
  readonly seen: readonly RegistryService[];
}

/**
 * Without clients that do not see the host at all. Several of the same clients where age decides what they take the host for, and
 * is not known.
 */
export function viewsOf(mesh: MeshModel, virtualService: VirtualService, host: string): readonly View[] {
  const views = clientsOf(mesh, virtualService).flatMap(({ kind, namespace, certain }) =>
    namespace === undefined
      ? viewsOfAnyGateway(mesh, host)
      : kind === 'sidecar'
        ? viewsOfSidecars(mesh, namespace, host)
        : viewsOfProxies(mesh, namespace, host, certain),
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

/** No namespace has such a name: it sees what all of them see. */
const NO_NAMESPACE = '/';

/** What gateways of every namespace take the host for, if that is the same. */
function viewsOfAnyGateway(mesh: MeshModel, host: string): readonly View[] {
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

function viewsOfSidecars(mesh: MeshModel, namespace: string, host: string): readonly View[] {
  // One definition, and no Sidecar that could leave it out: whatever the pods are, they see the same.
  if (mesh.sidecarConfigs.length === 0 && mesh.servicesOf(host).length < 2) {
    return viewsOfProxies(mesh, namespace, host, false);
  }
  const all = dataPlaneOf(mesh).sidecars.inNamespace(namespace);
  const seen = [...new Set(present(all.map(({ scope }) => scope.clusterService(host))))];
  // What is of their own namespace they take whatever its age, and of what a Sidecar imports the model knows more.
  return seen.length !== 1 || seen[0].namespace === namespace || all.some(({ scope }) => scope.config !== undefined)
    ? [{ who: `clients in namespace ${namespace}`, namespace, certain: false, seen }]
    : viewsOfProxies(mesh, namespace, host, false);
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

function present(services: readonly (RegistryService | undefined)[]): readonly RegistryService[] {
  return services.filter((service) => service !== undefined);
}
