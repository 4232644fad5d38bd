/*
 * From which namespaces a VirtualService's routes are used, since every client looks for DestinationRules in its own namespace
 * first.
 */
import type { MeshModel } from '../../mesh/model';
import { MESH_GATEWAY } from '../../mesh/naming';
import type { VirtualService } from '../../mesh/virtual-service';
import { proxiesOf } from './gateway-proxies';

interface Client {
  readonly namespace: string;
  /** Whether the manifests show that there is such a client: gateway pods that obey one of the Gateways. */
  readonly certain: boolean;
}

/**
 * The clients that are known: pods of the Gateways, as far as they are given, and for the mesh those of the VirtualService's own
 * namespace. A delegate is used by others and has none.
 */
export function clientsOf(mesh: MeshModel, { object, boundTo, hosts }: VirtualService): readonly Client[] {
  if (hosts.length === 0) {
    return [];
  }
  return boundTo.flatMap((ref): readonly Client[] => {
    if (ref === MESH_GATEWAY) {
      return [{ namespace: object.namespace, certain: false }];
    }
    const gateway = mesh.gateway(ref);
    const proxies = gateway === undefined ? [] : proxiesOf(mesh, gateway);
    return [...new Set(proxies.map((workload) => workload.object.namespace))].map((namespace) => ({
      namespace,
      certain: true,
    }));
  });
}
