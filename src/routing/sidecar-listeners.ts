/*
 * What a sidecar does with the bytes of a connection on one port, by the address that was dialled
 * (`buildSidecarOutboundListener`). Services that speak HTTP share one listener for all addresses; any other has its own
 * address to itself, or, without one, listens for all addresses too.
 */
import { type Cidr, contains, isRange, parseCidr } from '../mesh/addresses';
import { hostsOverlap } from '../mesh/hosts';
import type { WeightedDestination } from '../mesh/http-route';
import type { EffectiveVirtualService } from '../mesh/model';
import { MESH_GATEWAY } from '../mesh/naming';
import type { RegistryPort, RegistryService } from '../mesh/registry';
import type { L4Route } from '../mesh/virtual-service';
import { selects } from '../mesh/workload';
import { DomainTable } from './domain-table';
import { hasPort } from './port-endpoints';
import type { Sidecar } from './sidecar';
import { addressKeys, type Dialled } from './sidecar-dns';
import { type Refusal, whyRefused } from './sidecar-refusal';

/** Bytes that are forwarded unread. */
export interface BytesChain {
  readonly service: RegistryService;
  readonly owner?: EffectiveVirtualService;
  /** Path of the VirtualService's rule; of a service's own chain, of what names the service. */
  readonly path: string;
  readonly destinations: readonly WeightedDestination[];
  /** Addresses to which it is limited; empty for all. */
  readonly ranges: readonly Cidr[];
  /** Names of TLS to which it is limited; empty for all, and for what is no TLS. */
  readonly names: readonly string[];
}

/** Who gets a connection. */
type Chain =
  /** HTTP by the virtual hosts that all services of the port share. */
  | { readonly kind: 'http' }
  /** HTTP by the virtual host of one service, whose port says nothing of a protocol. */
  | { readonly kind: 'sniffed'; readonly service: RegistryService }
  | { readonly kind: 'bytes'; readonly chain: BytesChain }
  /** A listener that Envoy does not take. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Nobody whom the mesh knows. */
  | { readonly kind: 'none' };

/** What Istio makes for one address, or for all. */
export interface Listener {
  http?: 'shared' | RegistryService;
  readonly bytes: BytesChain[];
  /** Why Envoy refuses it, or null where it does not; worked out for the first connection. */
  refusal?: Refusal | null;
}

const NOBODY: Chain = { kind: 'none' };
const HTTP: Chain = { kind: 'http' };

export class SidecarListeners {
  private readonly byAddress = new Map<string, Listener>();
  private forAll: Listener | undefined;
  private readonly podServices: RegistryService[] = [];

  public constructor(
    private readonly sidecar: Sidecar,
    private readonly port: number,
  ) {
    for (const service of sidecar.servicesOn(port)) {
      const found = service.ports.find(({ number }) => number === port);
      if (found !== undefined && service.service?.externalName === undefined) {
        this.add(service, found);
      }
    }
  }

  public chainFor({ key, ip }: Dialled, overTls: boolean, serverName: string): Chain {
    const own = key === undefined ? undefined : this.byAddress.get(key);
    const listener = own ?? this.forAll;
    if (listener === undefined) {
      return NOBODY;
    }
    const refusal = this.refusalOf(listener, own === undefined ? undefined : key);
    if (refusal !== null) {
      return { kind: 'refused', refusal };
    }
    if (!overTls && listener.http === 'shared' && listener.bytes.length === 0) {
      return HTTP;
    }
    const inRange = narrowest(listener.bytes, ip);
    const candidates = inRange.length > 0 ? inRange : listener.bytes.filter(({ ranges }) => ranges.length === 0);
    // Envoy looks at the address first: a range has no HTTP.
    if (!overTls && listener.http !== undefined && inRange.length === 0) {
      return listener.http === 'shared' ? HTTP : { kind: 'sniffed', service: listener.http };
    }
    const chain =
      (overTls ? byName(candidates, serverName) : undefined) ??
      candidates.find(({ names }) => names.length === 0) ??
      // What no chain takes goes to the one without conditions.
      listener.bytes.find(({ names, ranges }) => names.length === 0 && ranges.length === 0);
    return chain === undefined ? NOBODY : { kind: 'bytes', chain };
  }

  /** Services without address whose pods have listeners of their own here: any address may be one of theirs. */
  public servicesByPod(): readonly RegistryService[] {
    return this.podServices;
  }

  /** Why Envoy does not take some of the listeners. */
  public refusals(): readonly Refusal[] {
    const forAll = this.forAll === undefined ? null : this.refusalOf(this.forAll);
    const byAddress = [...this.byAddress].map(([key, listener]) => this.refusalOf(listener, key));
    return [forAll, ...byAddress].filter((refusal) => refusal !== null);
  }

  /** @param key of the address; none for the listener of all addresses */
  private refusalOf(listener: Listener, key?: string): Refusal | null {
    if (listener.refusal === undefined) {
      const where = `port ${this.port}${key === undefined ? '' : ` of ${key.replace(/^.*\//, '')}`}`;
      listener.refusal = whyRefused(listener, this.sidecar, this.port, where) ?? null;
    }
    return listener.refusal;
  }

  private add(service: RegistryService, port: RegistryPort): void {
    if (port.protocol === 'UDP') {
      return;
    }
    if (port.protocol === 'HTTP') {
      this.forAll ??= { bytes: [] };
      this.forAll.http ??= 'shared';
      return;
    }
    const keys = addressKeys(service);
    if (service.service?.headless === true) {
      this.podServices.push(service);
      if (this.reachablePods(service, port) === 'none') {
        return;
      }
    }
    const ranges = service.addresses
      .filter(isRange)
      .map(parseCidr)
      .filter((range) => range !== undefined);
    const isAuto = port.protocol === 'AUTO';
    if (keys.length === 0) {
      const isNew = this.forAll === undefined;
      this.forAll ??= { bytes: [] };
      this.addTo(this.forAll, isNew, isAuto, 'shared', this.chainsOf(service, port, ranges));
      return;
    }
    for (const key of keys) {
      const known = this.byAddress.get(key);
      const listener = known ?? { bytes: [] };
      this.byAddress.set(key, listener);
      this.addTo(listener, known === undefined, isAuto, service, this.chainsOf(service, port, []));
    }
  }

  /** How many of the pods behind a service have the port, so that there is a listener for their address. */
  public reachablePods(service: RegistryService, port: RegistryPort): 'all' | 'some' | 'none' {
    const { model } = this.sidecar;
    const target = service.service?.ports.find(({ number }) => number === port.number)?.targetPort;
    const pods = model.endpoints.of(service).groups.filter(({ replicas }) => replicas > 0);
    const having = pods.filter((group) => hasPort(group, target, model));
    return having.length === 0 && pods.length > 0 ? 'none' : having.length < pods.length ? 'some' : 'all';
  }

  private addTo(
    listener: Listener,
    isNew: boolean,
    isAuto: boolean,
    http: 'shared' | RegistryService,
    chains: readonly BytesChain[],
  ): void {
    if (isAuto) {
      if (!isNew && listener.http !== undefined) {
        return;
      }
      listener.http = http;
    }
    for (const chain of chains) {
      if (!listener.bytes.some((other) => isAlike(other, chain))) {
        listener.bytes.push(chain);
      }
    }
  }

  private chainsOf(service: RegistryService, port: RegistryPort, ranges: readonly Cidr[]): readonly BytesChain[] {
    const owners = this.sidecar
      .virtualServices()
      .filter(({ hosts }) => hosts.some(({ resolved }) => hostsOverlap(resolved, service.host)));
    return port.protocol === 'TLS' || port.protocol === 'HTTPS'
      ? this.tlsChains(service, owners, ranges)
      : this.tcpChains(service, owners, ranges);
  }

  private tcpChains(
    service: RegistryService,
    owners: readonly EffectiveVirtualService[],
    ranges: readonly Cidr[],
  ): readonly BytesChain[] {
    const chains: BytesChain[] = [];
    for (const owner of owners) {
      for (const route of owner.tcp.filter(({ destinations }) => destinations.length > 0)) {
        const applying = route.match.filter((match) => this.applies(match));
        const base = { service, owner, path: route.path, destinations: route.destinations, names: [] };
        if (route.match.length === 0 || applying.some(({ destinationSubnets }) => destinationSubnets.length === 0)) {
          return [...chains, { ...base, ranges }];
        }
        const subnets = applying.flatMap(({ destinationSubnets }) => destinationSubnets);
        if (subnets.length > 0) {
          chains.push({ ...base, ranges: subnets.map(parseCidr).filter((range) => range !== undefined) });
        }
      }
    }
    return [...chains, this.ofService(service, ranges, [])];
  }

  private tlsChains(
    service: RegistryService,
    owners: readonly EffectiveVirtualService[],
    ranges: readonly Cidr[],
  ): readonly BytesChain[] {
    const chains = owners.flatMap((owner) =>
      owner.tls
        .filter(({ destinations }) => destinations.length > 0)
        .flatMap(({ path, destinations, match }) =>
          match
            .filter((each) => this.applies(each))
            .map(
              ({ destinationSubnets, sniHosts }): BytesChain => ({
                service,
                owner,
                path,
                destinations,
                names: sniHosts.includes('*') ? [] : sniHosts,
                ranges:
                  destinationSubnets.length > 0
                    ? destinationSubnets.map(parseCidr).filter((range) => range !== undefined)
                    : ranges,
              }),
            ),
        ),
    );
    // Without an address, only the name in the handshake tells whose connection it is.
    const names = addressKeys(service).length === 0 ? [service.host] : [];
    return chains.length > 0 ? chains : [this.ofService(service, ranges, names)];
  }

  private ofService(service: RegistryService, ranges: readonly Cidr[], names: readonly string[]): BytesChain {
    const { host, ports } = service;
    const port = ports.length === 1 ? ports[0].number : this.port;
    const destination = { path: '', writtenHost: host, host, port };
    const path = service.entry === undefined ? 'spec.ports' : 'spec.hosts';
    return { service, path, destinations: [{ path: '', weight: 100, destination }], ranges, names };
  }

  /** Unlike in http rules, all conditions count beside `gateways`. */
  private applies({ gateways, port, sourceLabels, sourceNamespace }: L4Route['match'][number]): boolean {
    return (
      (port === 0 || port === this.port) &&
      (gateways.length === 0 || gateways.includes(MESH_GATEWAY)) &&
      selects(sourceLabels, this.sidecar.labels) &&
      (sourceNamespace === '' || sourceNamespace === this.sidecar.namespace)
    );
  }
}

/** The chains with the narrowest range that contains an address. */
function narrowest(chains: readonly BytesChain[], ip: string | undefined): readonly BytesChain[] {
  if (ip === undefined) {
    return [];
  }
  const widths = chains.map(({ ranges }) =>
    Math.max(-1, ...ranges.filter((range) => contains(range, ip)).map(({ bits }) => bits)),
  );
  const best = Math.max(-1, ...widths);
  return best < 0 ? [] : chains.filter((_, index) => widths[index] === best);
}

/** The chain for a name of TLS: the name itself counts before the longest wildcard. */
function byName(chains: readonly BytesChain[], name: string): BytesChain | undefined {
  const table = new DomainTable<BytesChain>();
  for (const chain of chains) {
    for (const each of chain.names) {
      table.set(each.toLowerCase(), chain);
    }
  }
  return table.find(name);
}

/** Envoy refuses two chains for the same connections, so Istio leaves out the later. */
function isAlike(a: BytesChain, b: BytesChain): boolean {
  const same = (left: readonly string[], right: readonly string[]) =>
    [...left].sort().join() === [...right].sort().join();
  return same(a.names, b.names) && same(textsOf(a), textsOf(b));
}

function textsOf({ ranges }: BytesChain): readonly string[] {
  return ranges.map(({ text }) => text);
}
