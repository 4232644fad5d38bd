/*
 * By which door a request for a host comes in, where a test case does not say: the gateway, or inside the mesh, for which
 * the VirtualService of the host is meant.
 */

import type { RouteRequest } from '../envoy/request';
import { type Gateway, type Server, servesHttp } from '../model/gateway';
import type { EffectiveVirtualService, MeshModel } from '../model/model';
import { MESH_GATEWAY, resolveHost } from '../model/naming';
import { selects } from '../model/workload';
import { isSubsetOf, isWildcard } from '../syntax/hosts';
import { STAND_IN } from './stand-ins';

interface Door extends Pick<RouteRequest, 'from' | 'gatewayLabels' | 'gatewayNamespace'> {
  /** Scheme, host and port. */
  readonly origin: string;
}

export function doorTo(authority: string, model: MeshModel): Door {
  const owner = ownerOf(authority, model);
  const gateway = owner?.boundTo.map((ref) => model.gateway(ref)).find((found) => found !== undefined);
  if (owner === undefined || (gateway === undefined && !owner.boundTo.includes(MESH_GATEWAY))) {
    return { origin: `http://${authority}` };
  }
  return gateway === undefined ? insideMesh(authority, owner, model) : atGateway(authority, gateway, model);
}

/** The VirtualService that names the host, or else has the longest wildcard for it. */
function ownerOf(authority: string, model: MeshModel): EffectiveVirtualService | undefined {
  const all = model.effectiveVirtualServices.flatMap((service) => service.hosts.map((host) => ({ service, host })));
  const exact = all.find(({ host }) => host.written === authority || host.resolved === authority);
  const wildcards = all
    .filter(({ host }) => isWildcard(host.resolved) && isSubsetOf(authority, host.resolved))
    .sort((a, b) => b.host.resolved.length - a.host.resolved.length);
  return (exact ?? wildcards.at(0))?.service;
}

function atGateway(authority: string, gateway: Gateway, model: MeshModel): Door {
  const pod = model.workloads.find(
    ({ podLabels }) => gateway.selector.size > 0 && selects(gateway.selector, podLabels),
  );
  return {
    origin: originAt(authority, gateway),
    gatewayLabels: Object.fromEntries(pod?.podLabels ?? gateway.selector),
    gatewayNamespace: pod?.object.namespace,
  };
}

/** The server that routes requests for the host, best one without TLS; the usual port where the Gateway has none. */
function originAt(authority: string, gateway: Gateway): string {
  const [server] = gateway.servers
    .filter((each) => servesHttp(each) && each.tls?.httpsRedirect !== true && hasHost(each, authority))
    .sort((a, b) => Number(a.protocol === 'HTTPS') - Number(b.protocol === 'HTTPS'));
  if (server === undefined) {
    return `http://${authority}`;
  }
  return server.protocol === 'HTTPS'
    ? `https://${authority}${portOf(server, 443)}`
    : `http://${authority}${portOf(server, 80)}`;
}

function hasHost({ hosts }: Server, authority: string): boolean {
  return hosts.some(({ host }) => isSubsetOf(authority, host));
}

function portOf({ port }: Server, usual: number): string {
  return port.number === usual ? '' : `:${port.number}`;
}

function insideMesh(authority: string, { object }: EffectiveVirtualService, model: MeshModel): Door {
  const host = resolveHost(authority, object.namespace, model.clusterDomain);
  const service = model.service(host, object.namespace, object.namespace);
  // A short name stands for a Service only where there is one.
  const name = service === undefined ? host : authority;
  const port = (service?.ports.find(({ number }) => number === 80) ?? service?.ports.at(0))?.number ?? 80;
  return { origin: `http://${name}${port === 80 ? '' : `:${port}`}`, from: `mesh:${object.namespace}/${STAND_IN}` };
}
