/*
 * Hosts of a VirtualService that none of its Gateways serves. An error for a host that nothing serves; a warning for a Gateway
 * that serves none of the hosts, while others do.
 */

import { nameOf } from '../../manifests/object';
import type { Gateway } from '../../model/gateway';
import type { EffectiveVirtualService } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import type { WrittenName } from '../../model/virtual-service';
import { servesAnywhere } from '../../proxy/bound-servers';
import { hostsOverlap } from '../../syntax/hosts';
import { listOf } from '../../syntax/wording';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import { isUnreadable } from '../shared/unreadable';

export const hostNotInGateway: Check = {
  id: 'host-not-in-gateway',
  title: 'The Gateway does not serve the VirtualService’s host',
  severity: Severity.ERROR,
  istio: ['IST0132'],
  kiali: [],
  run(mesh, report) {
    for (const virtualService of mesh.effectiveVirtualServices) {
      const refs = virtualService.boundTo.filter((ref) => ref !== MESH_GATEWAY);
      const gateways = refs
        .map((ref) => mesh.gateway(ref))
        .filter((gateway) => gateway !== undefined)
        .filter(({ object }) => !isUnreadable(mesh, object, 'spec.servers'));
      const servesOthers = gateways.length < virtualService.boundTo.length;
      const unserved = servesOthers
        ? []
        : virtualService.hosts.filter((host) => !gateways.some(has(host, virtualService)));
      if (gateways.length > 0) {
        reportHosts(virtualService, gateways, unserved, report);
      }
      if (unserved.length === 0) {
        reportGateways(virtualService, gateways, report);
      }
    }
  },
};

function has({ resolved }: WrittenName, { object }: EffectiveVirtualService): (gateway: Gateway) => boolean {
  return (gateway) => servesAnywhere(gateway, resolved, object.namespace);
}

function reportHosts(
  { object }: EffectiveVirtualService,
  gateways: readonly Gateway[],
  hosts: readonly WrittenName[],
  report: Report,
): void {
  for (const host of hosts) {
    const names = listOf(gateways.map((gateway) => nameOf(gateway.object)));
    report({
      object,
      path: host.path,
      message: `${names} ${gateways.length > 1 ? 'serve' : 'serves'} ${served(gateways)}, not ${host.resolved}: the routes of ${nameOf(object)} for this host are never used, and clients get 404.`,
      help: remedy(host, gateways, object.namespace),
    });
  }
}

function reportGateways(virtualService: EffectiveVirtualService, gateways: readonly Gateway[], report: Report): void {
  for (const gateway of gateways) {
    if (gateway.servers.length > 0 && !virtualService.hosts.some((host) => has(host, virtualService)(gateway))) {
      report({
        object: virtualService.object,
        path: virtualService.gateways.find(({ resolved }) => resolved === gateway.ref)?.path ?? '',
        severity: Severity.WARNING,
        message: `${nameOf(gateway.object)} serves ${served([gateway])}, and none of the hosts of ${nameOf(virtualService.object)}: this Gateway never uses its routes.`,
        help: `Take ${gateway.ref} out of spec.gateways, or add the host to its servers.`,
      });
    }
  }
}

function served(gateways: readonly Gateway[]): string {
  const hosts = gateways.flatMap(({ servers }) =>
    servers.flatMap((server) => server.hosts.map(({ written }) => written)),
  );
  return hosts.length === 0 ? 'no host' : `only ${listOf([...new Set(hosts)])}`;
}

function remedy(host: WrittenName, gateways: readonly Gateway[], namespace: string): string {
  const hosts = gateways.flatMap(({ servers }) => servers.flatMap((server) => server.hosts));
  const scoped = hosts.find((other) => hostsOverlap(other.host, host.resolved));
  if (scoped !== undefined) {
    return `'${scoped.written}' is for VirtualServices of namespace ${scoped.namespace} only; write '${namespace}/${scoped.host}' or '*/${scoped.host}' in the Gateway.`;
  }
  if (host.written !== host.resolved) {
    return `The short name '${host.written}' means ${host.resolved}; write the name that clients use, as it is written in the Gateway's hosts.`;
  }
  return `Add '${host.resolved}' to the hosts of a server of ${nameOf(gateways[0].object)}, or write a host that it serves.`;
}
