/*
 * From which namespaces a VirtualService's routes are used, since every client looks for DestinationRules in its own namespace
 * first.
 */

import type { MeshObject } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { perMesh } from '../../model/per-mesh';
import type { VirtualService } from '../../model/virtual-service';
import { append } from '../../syntax/grouping';
import { proxiesOf } from './gateway-proxies';

interface Client {
  readonly namespace: string;
  /** Whether the manifests show that there is such a client: gateway pods that obey one of the Gateways. */
  readonly certain: boolean;
}

/** The clients that are known: pods of the Gateways, as far as they are given, and for the mesh those of its own namespace. */
export function clientsOf(mesh: MeshModel, virtualService: VirtualService): readonly Client[] {
  return rootsOf(mesh, virtualService).flatMap(({ boundTo, object }) =>
    boundTo.flatMap((ref): readonly Client[] =>
      ref === MESH_GATEWAY
        ? [{ namespace: object.namespace, certain: false }]
        : gatewayNamespaces(mesh, ref).map((namespace) => ({ namespace, certain: true })),
    ),
  );
}

/**
 * Namespaces in which the pods of a Gateway may run that are not given: the Gateway's own and Istio's root namespace. One group
 * for each such Gateway of the VirtualService.
 */
export function likelyNamespaces(mesh: MeshModel, virtualService: VirtualService): readonly (readonly string[])[] {
  return rootsOf(mesh, virtualService).flatMap(({ boundTo }) =>
    boundTo.flatMap((ref) => {
      const gateway = mesh.gateway(ref);
      return gateway === undefined || gatewayNamespaces(mesh, ref).length > 0
        ? []
        : [[...new Set([gateway.object.namespace, mesh.rootNamespace])]];
    }),
  );
}

/** Those through which clients use the routes: itself, or for a delegate all that delegate to it. */
export function rootsOf(mesh: MeshModel, virtualService: VirtualService): readonly VirtualService[] {
  return virtualService.hosts.length > 0 ? [virtualService] : (rootsByDelegate(mesh).get(virtualService.object) ?? []);
}

/** Where the pods of a Gateway run that the manifests contain. */
export function gatewayNamespaces(mesh: MeshModel, ref: string): readonly string[] {
  const gateway = mesh.gateway(ref);
  const proxies = gateway === undefined ? [] : proxiesOf(mesh, gateway);
  return [...new Set(proxies.map((workload) => workload.object.namespace))];
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
