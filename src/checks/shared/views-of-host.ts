/*
 * What the clients of a VirtualService take a host for that several Services and ServiceEntries define: Istio gives each client
 * one of them, by namespace and export, or ServiceEntries of one namespace merged.
 */
import { isGatewayWorkload } from '../../mesh/gateway-pods';
import { mergedByHost, visibleServices } from '../../mesh/imported-services';
import type { MeshModel } from '../../mesh/model';
import { MESH_GATEWAY } from '../../mesh/naming';
import { EMPTY_MAP } from '../../mesh/node';
import type { RegistryService } from '../../mesh/registry';
import type { VirtualService } from '../../mesh/virtual-service';
import type { Workload } from '../../mesh/workload';
import type { Sidecar } from '../../routing/sidecar';
import { Sidecars } from '../../routing/sidecars';
import { groupBy } from '../../syntax/grouping';
import { gatewayNamespaces, rootsOf } from './client-namespaces';
import { perMesh } from './per-mesh';

export interface View {
  /** The clients, as in `clients in namespace shop`. */
  readonly who: string;
  /** Whether the manifests show that there are such clients. */
  readonly certain: boolean;
  /** What they take the host for; several where a Sidecar parts the pods of one namespace. */
  readonly seen: readonly RegistryService[];
}

/** Without clients that are not known, and without those that do not see the host at all. */
export function viewsOf(mesh: MeshModel, virtualService: VirtualService, host: string): readonly View[] {
  const views = rootsOf(mesh, virtualService).flatMap(({ boundTo, object }) =>
    boundTo.flatMap((ref) =>
      ref === MESH_GATEWAY ? [viewOfSidecars(mesh, object.namespace, host)] : viewsOfGateway(mesh, ref, host),
    ),
  );
  return views.filter(({ seen }) => seen.length > 0);
}

/** Of a gateway whose pods are not given, what gateways of every namespace see, if that is the same. */
function viewsOfGateway(mesh: MeshModel, ref: string, host: string): readonly View[] {
  const namespaces = gatewayNamespaces(mesh, ref);
  if (namespaces.length > 0) {
    return namespaces.map((namespace) => ({
      who: `clients in namespace ${namespace}`,
      certain: true,
      seen: present([mesh.service(host, namespace)]),
    }));
  }
  const definitions = mesh.servicesOf(host);
  const forAll = visibleServices(definitions, NO_NAMESPACE);
  return forAll.length < definitions.length
    ? []
    : [{ who: 'gateways', certain: false, seen: present([mergedByHost(forAll).get(host)]) }];
}

/** No namespace has such a name: it sees what all of them see. */
const NO_NAMESPACE = '/';

function viewOfSidecars(mesh: MeshModel, namespace: string, host: string): View {
  return {
    who: `clients in namespace ${namespace}`,
    certain: false,
    seen: [...new Set(present(sidecarsOf(mesh, namespace).map((sidecar) => sidecar.clusterService(host))))],
  };
}

const sidecars = perMesh((mesh) => new Sidecars(mesh));
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
  return pods.length === 0
    ? [sidecars(mesh).ofPod(namespace, EMPTY_MAP)]
    : [...new Set(pods.map((pod) => sidecars(mesh).of(pod)))];
}

function present(services: readonly (RegistryService | undefined)[]): readonly RegistryService[] {
  return services.filter((service) => service !== undefined);
}
