/*
 * How a call is made: by a client that speaks TLS by itself, or by one that leaves that to its proxy.
 */
import type { Certificate } from '../certificate';
import { type Reply, send, type Way } from '../client';
import type { Cluster, Pod } from '../cluster';
import { dialledHeader, OUTBOUND_PORT } from '../envoy-config';
import type { Ask } from '../manifest';
import { type Authority, spiffe } from './authority';
import type { Call } from './calls';
import { CLIENT_LABEL, HOST } from './charts';
import type { Identity } from './declaration';
import type { LoopbackPorts } from './ports';

/** Of Services and of the gateway. */
const PORT = 80;

/** Where clients and services are. */
export interface SecuredMesh {
  readonly cluster: Cluster;
  readonly trustDomain: string;
}

export class Clients {
  /** @param authority that of the mesh */
  public constructor(
    private readonly mesh: SecuredMesh,
    private readonly ports: LoopbackPorts,
    private readonly authority: Authority,
    private readonly otherAuthority: Authority,
  ) {}

  public send(call: Call): Promise<Reply> {
    return send(askOf(call), call.pod === undefined ? this.wayByProxy(call) : this.wayToPod(call, call.pod));
  }

  private wayToPod(call: Call, { ip: address }: Pod): Way {
    const port = call.door === 'pod' ? this.ports.app : this.ports.other;
    return { address, port, preface: '', identity: this.certificateFor(call) };
  }

  private wayByProxy({ door, service, client }: Call): Way {
    const { cluster } = this.mesh;
    const proxy = cluster.pods.findIndex((pod) => isPodOf(client, pod));
    if (door === 'gateway') {
      return { port: this.ports.listenerPort(proxy, PORT), preface: '', identity: undefined };
    }
    const address = cluster.addresses.get(`${service.namespace}/${service.name}`) ?? '';
    const dialled = this.ports.dialledPort(proxy, PORT);
    return {
      port: this.ports.listenerPort(proxy, OUTBOUND_PORT),
      preface: dialledHeader(cluster.pods[proxy].ip, address, dialled),
      identity: undefined,
    };
  }

  private certificateFor({ client, credential }: Call): Certificate | undefined {
    const name = spiffe(this.mesh.trustDomain, client);
    switch (credential) {
      case 'of the mesh':
        return this.authority.certificateOf(name);
      case 'another authority':
        return this.otherAuthority.certificateOf(name);
      case 'another trust domain':
        return this.authority.certificateOf(spiffe('example.org', client));
      default:
        return undefined;
    }
  }
}

function askOf({ door, service, pod, credential }: Call): Ask {
  const host = door === 'gateway' ? HOST : `${service.name}.${service.namespace}`;
  return {
    method: 'GET',
    scheme: pod !== undefined && credential !== 'plain text' ? 'https' : 'http',
    connectHost: host,
    port: PORT,
    authority: host,
    target: '/',
    headers: [],
  };
}

function isPodOf({ namespace, account }: Identity, pod: Pod): boolean {
  return CLIENT_LABEL in pod.labels && pod.namespace === namespace && pod.serviceAccount === account;
}
