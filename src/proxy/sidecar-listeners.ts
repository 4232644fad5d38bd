/*
 * What a sidecar does with a connection on one port, by the address that was dialled (`buildSidecarOutboundListener`). Services
 * that speak HTTP share one listener for all addresses; any other has its own address to itself, or, without one, listens for all
 * addresses too.
 */

import { nameOf } from '../manifests/object';
import { type Cidr, isRange, parseCidr } from '../model/addresses';
import type { RegistryPort, RegistryService } from '../model/registry';
import { type BytesChain, bytesChains, likenessOf } from './bytes-chains';
import type { TakenRule } from './bytes-rules';
import { hasPort, instancesAt } from './port-endpoints';
import { addressKeys } from './sidecar-dns';
import type { SidecarPort } from './sidecar-port';
import { type Listener, type Refusal, whyRefused } from './sidecar-refusal';
import type { SidecarScope } from './sidecar-scope';

export class SidecarListeners {
  private readonly byAddress = new Map<string, Listener>();
  private forAll: Listener | undefined;
  private readonly podServices: RegistryService[] = [];
  /** Of the chains of each listener. */
  private readonly likenesses = new Map<Listener, Set<string>>();
  private readonly takenRules = new Map<string, TakenRule>();

  public constructor(
    private readonly scope: SidecarScope,
    private readonly port: number,
    private readonly table: () => SidecarPort,
  ) {
    for (const service of scope.servicesOn(port)) {
      const found = service.ports.find(({ number }) => number === port);
      if (found !== undefined && service.service?.externalName === undefined) {
        this.add(service, found);
      }
    }
  }

  /** What takes connections to an address, by its key; to one that has no listener of its own, that of all addresses. */
  public at(key: string | undefined): Listener | undefined {
    const own = key === undefined ? undefined : this.byAddress.get(key);
    const listener = own ?? this.forAll;
    if (listener !== undefined && listener.refusal === undefined) {
      this.refusalOf(listener, own === undefined ? undefined : key);
    }
    return listener;
  }

  /** Services and ServiceEntries without address whose pods have listeners of their own here: any address may be one of theirs. */
  public servicesByPod(): readonly RegistryService[] {
    return this.podServices;
  }

  /** All of them; the one of all addresses has no key. */
  public all(): readonly { readonly key?: string; readonly listener: Listener; readonly refusal: Refusal | null }[] {
    const all = [
      ...(this.forAll === undefined ? [] : [{ key: undefined, listener: this.forAll }]),
      ...[...this.byAddress].map(([key, listener]) => ({ key, listener })),
    ];
    return all.map(({ key, listener }) => ({ key, listener, refusal: this.refusalOf(listener, key) }));
  }

  /** Rules for bytes of which there is no chain, since an earlier one takes all that they could. */
  public taken(): readonly TakenRule[] {
    return [...this.takenRules.values()];
  }

  /** Why Envoy does not take some of the listeners. */
  public refusals(): readonly Refusal[] {
    return this.all().flatMap(({ refusal }) => refusal ?? []);
  }

  /** @param key of the address; none for the listener of all addresses */
  private refusalOf(listener: Listener, key?: string): Refusal | null {
    if (listener.refusal === undefined) {
      const { port, scope, table } = this;
      const where = `port ${port}${key === undefined ? '' : ` of ${key.replace(/^.*\//, '')}`}`;
      listener.refusal = whyRefused(listener, { port, scope, table }, where) ?? null;
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
    const { addresses, entry } = service;
    const isOpen = entry?.resolution === 'NONE' && addresses.length === 0;
    const instances = isOpen ? instancesAt(service, port, this.scope.model) : undefined;
    if (instances?.hasOthers === true) {
      this.podServices.push(service);
    }
    const keys = instances?.addresses ?? addressKeys(service);
    if (service.service?.headless === true) {
      this.podServices.push(service);
      if (this.reachablePods(service, port) === 'none') {
        return;
      }
    }
    const ranges = addresses
      .filter(isRange)
      .map(parseCidr)
      .filter((range) => range !== undefined);
    const isAuto = port.protocol === 'AUTO';
    if (keys.length === 0 && instances === undefined) {
      const isNew = this.forAll === undefined;
      this.forAll ??= { bytes: [] };
      this.addTo(this.forAll, isNew, isAuto, 'shared', this.bytesChains(service, port, ranges, true));
      return;
    }
    for (const key of keys) {
      const known = this.byAddress.get(key);
      const listener = known ?? { bytes: [] };
      this.byAddress.set(key, listener);
      this.addTo(listener, known === undefined, isAuto, service, this.bytesChains(service, port, [], false));
    }
  }

  private bytesChains(service: RegistryService, port: RegistryPort, ranges: readonly Cidr[], byName: boolean) {
    const { chains, taken } = bytesChains(this.scope, service, port, ranges, byName);
    for (const each of taken) {
      this.takenRules.set(`${nameOf(each.rule.owner.object)} ${each.rule.path}`, each);
    }
    return chains;
  }

  /** How many of the pods behind a service have the port, so that there is a listener for their address. */
  public reachablePods(service: RegistryService, port: RegistryPort): 'all' | 'some' | 'none' {
    const { model } = this.scope;
    const target = service.service?.ports.find(({ number }) => number === port.number)?.targetPort;
    const pods = model.endpoints.of(service).groups.filter(({ replicas }) => replicas > 0);
    const having = pods.filter((group) => hasPort(group, target, model));
    return having.length === 0 && pods.length > 0 ? 'none' : having.length < pods.length ? 'some' : 'all';
  }

  private known(listener: Listener): Set<string> {
    const known = this.likenesses.get(listener) ?? new Set();
    this.likenesses.set(listener, known);
    return known;
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
      // Envoy refuses two chains for the same connections. Of different services, Istio leaves out the later.
      const likeness = likenessOf(chain);
      if (isNew || !this.known(listener).has(likeness)) {
        listener.bytes.push(chain);
        this.known(listener).add(likeness);
      }
    }
  }
}
