/*
 * Which ports of the loopback interface stand for the ports and addresses of meshes.
 */
import type { Addresses, SocketAddress } from './envoy-config';
import type { BackendAddresses } from './observation';

/** From the port base: the admin port, then listeners, then ports that apps dial, then the addresses of endpoints. */
const DIALLED_FROM = 2000;
const ENDPOINTS_FROM = 4000;

/** Which loopback port stands for which port of which proxy, and which for which address of which mesh. */
export class AddressBook implements Addresses, BackendAddresses {
  /** What the backend at a loopback port stands for. Without address, for the one at which it is reached. */
  public readonly backends = new Map<number, { readonly address?: string; readonly port: number }>();
  private readonly listeners = new Map<string, number>();
  private readonly dialled = new Map<string, number>();
  private readonly endpoints = new Map<string, number>();

  public constructor(private readonly portBase: number) {}

  public listenerPort(proxy: number, port: number): number {
    return numbered(this.listeners, `${proxy} ${port}`, this.portBase + 1);
  }

  public dialledPort(proxy: number, port: number): number {
    const number = numbered(this.dialled, `${proxy} ${port}`, this.portBase + DIALLED_FROM);
    this.backends.set(number, { port });
    return number;
  }

  public endpoint(proxy: number, address: string, port: number): SocketAddress {
    const number = numbered(this.endpoints, `${proxy} ${address} ${port}`, this.portBase + ENDPOINTS_FROM);
    this.backends.set(number, { address, port });
    return { address: '127.0.0.1', portValue: number };
  }
}

/** The number of a key; new keys get the next one. */
function numbered(numbers: Map<string, number>, key: string, first: number): number {
  const number = numbers.get(key) ?? first + numbers.size;
  numbers.set(key, number);
  return number;
}
