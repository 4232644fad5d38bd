/*
 * The proxies of a cluster: Istio's control plane tells from the cluster's objects what they do, and one Envoy does it for all.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from '../certificate';
import { components } from '../components';
import { ControlPlane, documents, type EnvoyJson, type Resources } from '../control-plane';
import { Envoy } from '../envoy';
import {
  type Addresses,
  combine,
  dialledHeader,
  type EnvoyConfig,
  HTTP_MANAGER,
  OUTBOUND_PORT,
  type SocketAddress,
} from '../envoy-config';
import type { RunningPod } from '../kubernetes/node';
import { isIstio, type Manifest } from '../manifest';
import { freePorts } from '../program';
import { accessLogOf, type LoggedRequest, readAccessLog } from './access-log';
import { Redirect } from './redirect';

/** The header in which Envoy names the address that it had the answer from. */
export const UPSTREAM_HEADER = 'x-conformance-upstream';

export class DataPlane {
  /** @param proxies the pods whose proxies are wanted */
  public static async start(
    objects: readonly Manifest[],
    proxies: readonly RunningPod[],
    pods: readonly RunningPod[],
    folder: string,
  ): Promise<DataPlane> {
    const [adminPort, ...ports] = await freePorts(1 + PORTS);
    const addresses = new LoopbackPorts(ports, pods);
    mkdirSync(folder, { recursive: true });
    const certificate = makeCertificate(folder);
    const accessLog = join(folder, 'access.log');
    const config = observed(
      combine(await resources(objects, proxies), addresses, () => certificate),
      accessLog,
    );
    const envoy = new Envoy({ binary: components('envoy').envoy, folder, adminPort });
    const refused = await envoy.start(config);
    if (refused.size > 0) {
      await envoy.stop();
      throw new Error(`Envoy refuses listeners: ${JSON.stringify([...refused])}`);
    }
    return new DataPlane(envoy, proxies, addresses, accessLog);
  }

  private readonly redirects: Redirect[] = [];

  private constructor(
    private readonly envoy: Envoy,
    private readonly proxies: readonly RunningPod[],
    private readonly addresses: LoopbackPorts,
    private readonly accessLog: string,
  ) {}

  /** What the proxies have sent on by now: by which pod, and what Envoy logged of it. */
  public requests(): readonly { readonly from: RunningPod; readonly logged: LoggedRequest }[] {
    return readAccessLog(this.accessLog).map((logged) => ({ from: this.proxies[logged.proxy], logged }));
  }

  /** Where a port of a gateway's proxy is. */
  public gatewayPort(gateway: RunningPod, port: number): number {
    return this.addresses.listenerPort(this.proxies.indexOf(gateway), port);
  }

  /** Where connections go that an app dials at an address of the cluster, as iptables has them go through its sidecar. */
  public async dial(from: RunningPod, address: string, port: number): Promise<number> {
    const proxy = this.proxies.indexOf(from);
    const outbound = this.addresses.listenerPort(proxy, OUTBOUND_PORT);
    const header = dialledHeader(from.ip, address, this.addresses.dialledPort(proxy, port));
    const redirect = new Redirect(outbound, header);
    this.redirects.push(redirect);
    return redirect.open();
  }

  public async stop(): Promise<void> {
    for (const redirect of this.redirects) {
      redirect.close();
    }
    await this.envoy.stop();
  }
}

async function resources(objects: readonly Manifest[], proxies: readonly RunningPod[]): Promise<readonly Resources[]> {
  const controlPlane = new ControlPlane(components('xds').xds);
  try {
    const answer = await controlPlane.answer({
      kubernetes: documents(objects.filter((each) => !isIstio(each))),
      istio: documents(objects.filter(isIstio)),
      proxies: proxies.map((pod) => ({
        type: pod.labels.istio === 'ingressgateway' ? 'router' : 'sidecar',
        namespace: pod.namespace,
        name: pod.name,
        labels: pod.labels,
        ip: pod.ip,
      })),
    });
    if (answer.proxies === undefined) {
      throw new Error(`Istio does not take the objects: ${answer.error ?? answer.refused?.join('; ')}`);
    }
    return answer.proxies;
  } finally {
    controlPlane.stop();
  }
}

/** More than the proxies of any system here have listeners. */
const PORTS = 64;

/** A proxy's listeners are on free ports, and addresses of pods are where the processes of the pods are. */
class LoopbackPorts implements Addresses {
  private readonly byListener = new Map<string, number>();

  public constructor(
    private readonly free: readonly number[],
    private readonly pods: readonly RunningPod[],
  ) {}

  public listenerPort(proxy: number, port: number): number {
    const key = `${proxy} ${port}`;
    const known = this.byListener.get(key) ?? this.free[this.byListener.size];
    if (known === undefined) {
      throw new Error(`The proxies have more than ${this.free.length} listeners; raise the number of ports.`);
    }
    this.byListener.set(key, known);
    return known;
  }

  /** Nobody listens there, but listeners of all proxies stand side by side, so these too are told apart by port. */
  public dialledPort(proxy: number, port: number): number {
    return this.listenerPort(proxy, port);
  }

  public endpoint(_proxy: number, address: string, port: number): SocketAddress {
    // Outside of the cluster, and where a pod does not listen, nobody does; as the discard port on any machine here.
    const portValue = this.pods.find(({ ip }) => ip === address)?.ports.get(port) ?? 9;
    return { address: '127.0.0.1', portValue };
  }
}

/** Has every route say where the answer came from, and each proxy log what it sends on. */
function observed({ listeners, clusters }: EnvoyConfig, accessLog: string): EnvoyConfig {
  return {
    listeners: listeners.map((listener) => {
      // Its name begins with the index of the proxy.
      const log = accessLogOf(Number.parseInt(String(listener.name), 10), accessLog);
      return observe(listener, log) as EnvoyJson;
    }),
    clusters,
  };
}

const TELL_UPSTREAM = { header: { key: UPSTREAM_HEADER, value: '%UPSTREAM_REMOTE_ADDRESS%' } };

function observe(value: unknown, log: EnvoyJson): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => observe(each, log));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const told = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, observe(each, log)]));
  if (told['@type'] === HTTP_MANAGER) {
    return { ...told, accessLog: [log] };
  }
  if (!('virtualHosts' in told)) {
    return told;
  }
  const others = Array.isArray(told.responseHeadersToAdd) ? told.responseHeadersToAdd : [];
  return { ...told, responseHeadersToAdd: [...others, TELL_UPSTREAM] };
}
