/*
 * Gateways that VirtualServices name and that are somebody else's: another team's, or another chart's.
 */
import { readObject } from '../manifests/object';
import { append } from '../syntax/grouping';
import { type Gateway, readGateway } from './gateway';
import { MESH_GATEWAY } from './naming';
import type { VirtualService } from './virtual-service';

/** Stand-ins for the Gateways that are not `given`, for the hosts of the VirtualServices that are bound to them, on the usual ports. */
export function assumedGateways(all: readonly VirtualService[], given: readonly Gateway[]): readonly Gateway[] {
  const known = new Set([MESH_GATEWAY, ...given.map(({ ref }) => ref)]);
  const hosts = new Map<string, string[]>();
  for (const service of all) {
    for (const ref of service.boundTo.filter((each) => !known.has(each))) {
      for (const { resolved } of service.hosts) {
        append(hosts, ref, resolved);
      }
    }
  }
  return [...hosts].flatMap(([ref, names]) => assumedGateway(ref, [...new Set(names)]));
}

/** All at the same pods, as if there were one gateway, so that a request does not have to say which it comes to. */
function assumedGateway(ref: string, hosts: readonly string[]): readonly Gateway[] {
  const [namespace, name] = ref.split('/');
  const raw = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name, namespace },
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [
        { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts },
        {
          port: { number: 443, name: `https-${namespace}-${name}`, protocol: 'HTTPS' },
          hosts,
          tls: { mode: 'SIMPLE', credentialName: 'assumed' },
        },
      ],
    },
  };
  const object = readObject(raw, { document: 0 }, namespace);
  return object === undefined ? [] : [readGateway(object)];
}
