/*
 * Gateway: which ports a gateway's proxies open, with which protocol and for which hosts.
 */
import type { Node, StringMap } from '../manifests/node';
import type { MeshObject } from '../manifests/object';
import { type PortProtocol, parseProtocol } from './port-protocol';

export interface ServerHost {
  readonly path: string;
  readonly written: string;
  /** Namespace of the VirtualServices that may use the host: '*' for any. */
  readonly namespace: string;
  /** The host without the namespace. */
  readonly host: string;
}

interface ServerTls {
  readonly path: string;
  /** PASSTHROUGH (also when nothing is written), SIMPLE, MUTUAL, ISTIO_MUTUAL, AUTO_PASSTHROUGH, OPTIONAL_MUTUAL. */
  readonly mode: string;
  readonly httpsRedirect: boolean;
}

export interface Server {
  readonly gateway: Gateway;
  readonly index: number;
  readonly path: string;
  readonly port: { readonly path: string; readonly number: number; readonly name: string; readonly protocol: string };
  /** The protocol as Istio reads it; undefined for a word that it does not know. */
  readonly protocol?: PortProtocol;
  readonly hosts: readonly ServerHost[];
  /** Empty for every address. */
  readonly bind: string;
  readonly tls?: ServerTls;
}

export interface Gateway {
  readonly object: MeshObject;
  /** `namespace/name`, as VirtualServices refer to it once resolved. */
  readonly ref: string;
  /** Labels of the proxies' pods; empty for every gateway of the cluster. */
  readonly selector: StringMap;
  readonly servers: readonly Server[];
}

export function readGateway(object: MeshObject): Gateway {
  const spec = object.node.get('spec');
  const servers: Server[] = [];
  const gateway: Gateway = {
    object,
    ref: `${object.namespace}/${object.name}`,
    selector: spec.get('selector').stringMap(),
    servers,
  };
  spec
    .get('servers')
    .items()
    .forEach((node, index) => {
      const server = readServer(node, index, gateway);
      if (server !== undefined) {
        servers.push(server);
      }
    });
  return gateway;
}

/** Whether the server terminates TLS or forwards it unread (`gateway.IsPassThroughServer`). */
export function isPassthrough(server: Server): boolean {
  return server.tls !== undefined && (server.tls.mode === 'PASSTHROUGH' || server.tls.mode === 'AUTO_PASSTHROUGH');
}

/** Whether Istio reads `http` routes for this server: plain HTTP, or HTTPS that ends here. */
export function servesHttp(server: Server): boolean {
  return (
    server.protocol === 'HTTP' || (server.protocol === 'HTTPS' && server.tls !== undefined && !isPassthrough(server))
  );
}

function readServer(node: Node, index: number, gateway: Gateway): Server | undefined {
  const port = node.get('port');
  const number = port.get('number').number();
  if (number === undefined) {
    port.get('number').problem('is missing; a server needs the number of a port, and Istio ignores it without');
    return undefined;
  }
  const protocol = port.get('protocol').string() ?? '';
  const tls = node.get('tls');
  return {
    gateway,
    index,
    path: node.path,
    port: { path: port.path, number, name: port.get('name').string() ?? '', protocol },
    protocol: parseProtocol(protocol),
    hosts: readHosts(node.get('hosts'), gateway.object.namespace),
    bind: node.get('bind').string() ?? '',
    tls: tls.present
      ? {
          path: tls.path,
          mode: tls.get('mode').text() ?? 'PASSTHROUGH',
          httpsRedirect: tls.get('httpsRedirect').boolean() ?? false,
        }
      : undefined,
  };
}

function readHosts(node: Node, namespace: string): readonly ServerHost[] {
  const hosts = readEachHost(node, namespace);
  // Istio makes `*` of `*/*`, and forgets the server's other hosts with their virtual hosts (`sanitizeServerHostNamespace`).
  const everything = hosts.find(({ written }) => written === '*/*');
  return everything === undefined ? hosts : [everything];
}

function readEachHost(node: Node, namespace: string): readonly ServerHost[] {
  return node.items().flatMap((item) => {
    const written = item.text();
    if (written === undefined) {
      return [];
    }
    const slash = written.indexOf('/');
    if (slash < 0) {
      return [{ path: item.path, written, namespace: '*', host: written }];
    }
    const scope = written.slice(0, slash);
    return [{ path: item.path, written, namespace: scope === '.' ? namespace : scope, host: written.slice(slash + 1) }];
  });
}
