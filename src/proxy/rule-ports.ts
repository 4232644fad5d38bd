/*
 * The ports on which proxies have the http rules of a VirtualService: what `match.port` is compared with.
 */
import type { MeshModel } from '../model/model';
import { MESH_GATEWAY } from '../model/naming';
import { perMesh } from '../model/per-mesh';
import type { VirtualService } from '../model/virtual-service';
import { hostsOverlap, isWildcard } from '../syntax/hosts';
import { routesReadBy, serversFor } from './bound-servers';

/** The port on which a sidecar takes rules for hosts that are no service there (`BuildSidecarVirtualHostWrapper`). */
export const PORT_OF_UNKNOWN_HOSTS = 80;

/** Where http rules of a VirtualService are read: the mesh, Gateways that serve a host of it by HTTP, and those that are not given. */
export function httpReadersOf(mesh: MeshModel, virtualService: VirtualService): readonly string[] {
  return virtualService.boundTo.filter((ref) => {
    const gateway = mesh.gateway(ref);
    return (
      gateway === undefined || serversFor(virtualService, gateway).some((server) => routesReadBy(server) === 'http')
    );
  });
}

/** On a Gateway, or in the `mesh`; undefined where the manifests do not tell all of them. */
export function rulePorts(mesh: MeshModel, virtualService: VirtualService, ref: string): readonly number[] | undefined {
  return ref === MESH_GATEWAY ? portsInMesh(mesh, virtualService) : portsOnGateway(mesh, virtualService, ref);
}

/** Those on which it serves the hosts by HTTP; if it does so on none, which is another mistake, all that it has. */
function portsOnGateway(mesh: MeshModel, virtualService: VirtualService, ref: string): readonly number[] | undefined {
  const gateway = mesh.gateway(ref);
  const serving = serversFor(virtualService, gateway).filter((server) => routesReadBy(server) === 'http');
  return (serving.length > 0 ? serving : gateway?.servers)?.map(({ port }) => port.number);
}

const wildcardHosts = perMesh((mesh) => mesh.registry.map(({ host }) => host).filter(isWildcard));

/**
 * A sidecar has rules on the ports of the services whose hosts they are for, also of those with a wildcard that covers them, and on
 * that of unknown hosts. A Sidecar may give it listeners of other ports.
 */
function portsInMesh(mesh: MeshModel, { hosts }: VirtualService): readonly number[] | undefined {
  const services = hosts.map(({ resolved }) => mesh.servicesOf(resolved));
  const areKnown = services.every(
    (found) => found.length > 0 && found.every(({ service }) => service?.externalName === undefined),
  );
  const areCovered = hosts.some(({ resolved }) => wildcardHosts(mesh).some((host) => hostsOverlap(host, resolved)));
  const isUsual = !mesh.sidecarConfigs.some(({ hasOwnListeners }) => hasOwnListeners);
  return areKnown && !areCovered && isUsual
    ? [...services.flat().flatMap(({ ports }) => ports.map(({ number }) => number)), PORT_OF_UNKNOWN_HOSTS]
    : undefined;
}
