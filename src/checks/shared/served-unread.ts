/*
 * Hosts that the pods of a Gateway may serve by something that is not read: an Ingress, or a Gateway of the Kubernetes Gateway API
 * that names their Service. What the read objects lack may stand there.
 */
import { gatewayApiOf } from '../../model/gateway-api';
import type { MeshModel } from '../../model/model';
import { agree } from '../../proxy/gateway-proxies';
import { hostsOverlap, isWildcard, mostSpecific } from '../../syntax/hosts';

/** @param port of the pods' Service, or any */
export function isServedUnread(mesh: MeshModel, ref: string, host: string, port?: number): boolean {
  const gateway = mesh.gateway(ref);
  return gatewayApiOf(mesh).gateways.some(({ selector, services, ports }) => {
    const mayShare = selector === undefined ? services !== undefined : agree(selector, gateway?.selector ?? selector);
    return (
      mayShare &&
      [...ports].some(
        ([number, byHost]) =>
          (port ?? number) === number &&
          (isWildcard(host)
            ? [...byHost.keys()].some((other) => hostsOverlap(other, host))
            : mostSpecific(host.toLowerCase(), byHost) !== undefined),
      )
    );
  });
}
