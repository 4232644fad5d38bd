/*
 * Ports of a gateway's pods behind the ports of the Services in front: where clients arrive, and where Istio opens them.
 */
import type { RegistryService } from '../model/registry';
import type { ServicePort } from '../model/service';
import type { GatewayProxy } from './gateway-proxies';

export class GatewayPorts {
  private readonly leadTo: ReadonlyMap<number, number>;
  private readonly targets: ReadonlyMap<number, number>;
  private readonly listed: ReadonlySet<number>;

  /** @param services those that select the proxy's pods */
  public constructor(
    private readonly proxy: GatewayProxy,
    private readonly services: readonly RegistryService[],
  ) {
    const ports = services.map(({ service }) => this.resolve(service?.ports ?? []));
    this.listed = new Set(services.flatMap((service) => service.ports.map(({ number }) => number)));
    this.leadTo = firstOf(ports.flat());
    this.targets = firstOf(ports.flatMap(withoutDoubles));
  }

  /** Whether clients reach the port at all: where Services in front of the proxy are known, one must lead to its pods. */
  public isExposed(port: number): boolean {
    return this.arrival(port) !== undefined;
  }

  /** The pods' port at which a connection to `port` arrives; undefined where it gets nowhere. */
  public arrival(port: number): number | undefined {
    const found = this.leadTo.get(port);
    // Without the pods nobody knows which of their ports has the name that a Service gives.
    const isOwn = this.services.length === 0 || (this.proxy.workload === undefined && this.listed.has(port));
    return found ?? (isOwn ? port : undefined);
  }

  /** The pods' port that Istio opens for a server on `port`: the one behind it, or the port itself (`resolvePorts`). */
  public opened(port: number): number {
    return this.targets.get(port) ?? port;
  }

  private resolve(ports: readonly ServicePort[]): readonly ResolvedPort[] {
    return ports.flatMap(({ number, protocol, targetPort }) => {
      const target = typeof targetPort === 'number' ? targetPort : this.containerPort(targetPort);
      return target === undefined ? [] : [{ number, protocol, target }];
    });
  }

  private containerPort(wanted: string): number | undefined {
    return this.proxy.workload?.containerPorts.find(({ name }) => name === wanted)?.number;
  }
}

interface ResolvedPort {
  readonly number: number;
  readonly protocol: string;
  readonly target: number;
}

/** Of the ports of one Service that lead to one port with one protocol, Istio knows the first (`GetProxyServiceTargetsByPod`). */
function withoutDoubles(ports: readonly ResolvedPort[]): readonly ResolvedPort[] {
  const seen = new Set<string>();
  return ports.filter(({ target, protocol }) => {
    const key = `${target} ${protocol}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function firstOf(ports: readonly ResolvedPort[]): ReadonlyMap<number, number> {
  return new Map([...ports].reverse().map(({ number, target }) => [number, target]));
}
