/*
 * The ports on which the rules of a VirtualService are in force: what `match.port` is compared with.
 */
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import type { VirtualService } from '../../model/virtual-service';
import { routesReadBy, serversFor } from './bound-servers';

/** Undefined where some Gateway or Service that counts is not among the manifests, or none has a port for HTTP. */
export function listenerPorts(mesh: MeshModel, virtualService: VirtualService): readonly number[] | undefined {
  const parts = virtualService.boundTo.map((ref) =>
    ref === MESH_GATEWAY ? portsInMesh(mesh, virtualService) : portsOfGateway(mesh, virtualService, ref),
  );
  return parts.some((ports) => ports.length === 0) ? undefined : [...new Set(parts.flat())];
}

function portsOfGateway(mesh: MeshModel, virtualService: VirtualService, ref: string): readonly number[] {
  return serversFor(virtualService, mesh.gateway(ref))
    .filter((server) => routesReadBy(server) === 'http')
    .map(({ port }) => port.number);
}

/** A sidecar has a listener for each port of the hosts. */
function portsInMesh(mesh: MeshModel, { hosts }: VirtualService): readonly number[] {
  const ofHosts = hosts.map(({ resolved }) =>
    mesh
      .servicesOf(resolved)
      .flatMap(({ ports }) => ports)
      .filter(({ protocol }) => protocol === 'HTTP' || protocol === 'AUTO')
      .map(({ number }) => number),
  );
  return ofHosts.some((ports) => ports.length === 0) ? [] : ofHosts.flat();
}
