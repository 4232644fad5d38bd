/*
 * Service: a DNS name in the mesh, its ports, and which pods stand behind it.
 */
import type { Node, StringMap } from '../manifests/node';
import type { MeshObject } from '../manifests/object';
import { meansHttp2, type PortProtocol, servicePortProtocol } from './port-protocol';

export interface ServicePort {
  readonly path: string;
  readonly number: number;
  /** Empty when the port has no name. */
  readonly name: string;
  readonly protocol: PortProtocol;
  readonly http2: boolean;
  readonly grpcWeb: boolean;
  /** Number, or the name of a container port; the port's own number when the manifest says nothing. */
  readonly targetPort: number | string;
}

export interface Service {
  readonly object: MeshObject;
  readonly ports: readonly ServicePort[];
  /** Absent when the Service has no selector: its endpoints are then somebody else's business. */
  readonly selector?: StringMap;
  /** The DNS name that an ExternalName Service stands for. */
  readonly externalName?: string;
  readonly clusterIps: readonly string[];
  /** `clusterIP: None`: DNS gives the pods' own addresses. */
  readonly headless: boolean;
}

export function readService(object: MeshObject): Service {
  const spec = object.node.get('spec');
  const selector = spec.get('selector').stringMap();
  const clusterIps = [spec.get('clusterIP').string(), ...spec.get('clusterIPs').strings()];
  return {
    object,
    ports: spec
      .get('ports')
      .maps()
      .map(readPort)
      .filter((port) => port !== undefined),
    selector: selector.size > 0 ? selector : undefined,
    externalName: spec.get('type').string() === 'ExternalName' ? spec.get('externalName').text() : undefined,
    clusterIps: [...new Set(clusterIps)].filter((ip) => ip !== undefined && ip !== '' && ip !== 'None') as string[],
    headless: clusterIps.includes('None'),
  };
}

function readPort(node: Node): ServicePort | undefined {
  const number = node.get('port').number();
  if (number === undefined) {
    node.get('port').problem('is missing; a port of a Service needs a number');
    return undefined;
  }
  const name = node.get('name').string() ?? '';
  const target = node.get('targetPort');
  const targetPort = typeof target.value === 'number' ? target.value : (target.text() ?? number);
  const appProtocol = node.get('appProtocol').text();
  const protocol = servicePortProtocol({
    number,
    name,
    transport: node.get('protocol').text() ?? 'TCP',
    appProtocol,
  });
  return {
    path: node.path,
    number,
    name,
    protocol,
    http2: protocol === 'HTTP' && meansHttp2(appProtocol ?? name),
    grpcWeb: protocol === 'HTTP' && /^grpc-web/i.test(appProtocol ?? name),
    targetPort,
  };
}
