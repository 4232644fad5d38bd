/*
 * Which loopback ports stand for what. Pods keep their addresses, which are of the loopback network already.
 */
import type { Addresses, SocketAddress } from '../envoy-config';
import type { PodPorts } from './inbound';

export class LoopbackPorts implements Addresses, PodPorts {
  public readonly app: number;
  public readonly appBackend: number;
  public readonly other: number;
  public readonly otherBackend: number;
  private readonly numbers = new Map<string, number>();

  /** @param base the port before the first */
  public constructor(private readonly base: number) {
    [this.app, this.appBackend, this.other, this.otherBackend] = [1, 2, 3, 4].map((offset) => base + offset);
  }

  public listenerPort(proxy: number, port: number): number {
    return this.numbered(`listener ${proxy} ${port}`);
  }

  /** Nobody listens there, but listeners of all proxies stand side by side, so these too are told apart by port. */
  public dialledPort(proxy: number, port: number): number {
    return this.numbered(`dialled ${proxy} ${port}`);
  }

  public endpoint(_proxy: number, address: string, port: number): SocketAddress {
    return { address, portValue: port };
  }

  private numbered(key: string): number {
    const number = this.numbers.get(key) ?? this.base + 5 + this.numbers.size;
    this.numbers.set(key, number);
    return number;
  }
}
