/*
 * One chart on a bench: what Istio makes of it runs in Envoy, for the gateway and for as many sidecars as are wanted, before
 * backends that can be told to fail.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AddressBook } from '../address-book';
import { Backends, ID_HEADER, RECEIVED_HEADER } from '../backend';
import { type Certificate, makeCertificate } from '../certificate';
import { type Reply, send } from '../client';
import { Cluster, type Pod } from '../cluster';
import { ControlPlane, documents, type Resources, secretOf } from '../control-plane';
import { Envoy } from '../envoy';
import { combine, dialledHeader, FLAGS_HEADER, OUTBOUND_PORT } from '../envoy-config';
import { GATEWAY_LABELS } from '../generate/gateways';
import { GATEWAY_NAMESPACE } from '../generate/proxies';
import { Journal, type Received } from '../journal';
import { isIstio, type Manifest } from '../manifest';

/** Where a request starts: at the gateway, or in a pod, by its name. */
export type Start = 'gateway' | string;

export interface Request {
  readonly host: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  /** @default 80, and 443 for HTTPS */
  readonly port?: number;
  readonly https?: boolean;
}

/** What came of a request. */
export interface Seen {
  /** 0 where there was no answer. */
  readonly status: number;
  /** Why Envoy answered by itself. */
  readonly flags?: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly cookies: readonly string[];
  /** The pod that answered, and what it got. */
  readonly pod?: Pod;
  readonly received?: Received;
  readonly id?: string;
}

export interface BenchOptions {
  readonly folder: string;
  readonly portBase: number;
  readonly xds: string;
  readonly envoy: string;
}

/** The pod of the gateway, which no chart makes. */
const GATEWAY = { namespace: GATEWAY_NAMESPACE, name: 'gateway', labels: GATEWAY_LABELS, ip: '10.200.0.1' };

export class Bench {
  /** @param pods whose sidecars are wanted, by name */
  public static async open(
    options: BenchOptions,
    manifests: readonly Manifest[],
    pods: readonly string[] = [],
  ): Promise<Bench> {
    const bench = new Bench(options, manifests, pods);
    await bench.start(manifests);
    return bench;
  }

  public readonly cluster: Cluster;
  private readonly journal = new Journal();
  private readonly addresses: AddressBook;
  private readonly certificate: Certificate;
  private readonly backends: Backends;
  private readonly envoy: Envoy;
  private readonly starts: readonly Start[];

  private constructor(
    private readonly options: BenchOptions,
    manifests: readonly Manifest[],
    pods: readonly string[],
  ) {
    const { folder, portBase, envoy } = options;
    mkdirSync(folder, { recursive: true });
    this.cluster = new Cluster(manifests);
    this.addresses = new AddressBook(portBase);
    this.certificate = makeCertificate(folder);
    this.backends = new Backends(this.certificate, this.journal);
    this.envoy = new Envoy({ binary: envoy, folder, adminPort: portBase });
    this.starts = ['gateway', ...pods];
  }

  public async ask(start: Start, request: Request): Promise<Seen> {
    const { host, https = false, path = '/', method = 'GET', headers = {} } = request;
    const port = request.port ?? (https ? 443 : 80);
    const ask = {
      method,
      scheme: https ? ('https' as const) : ('http' as const),
      connectHost: host,
      port,
      authority: host,
      target: path,
      headers: Object.entries(headers),
    };
    return this.seen(await send(ask, { ...this.wayTo(start, host, port), identity: this.certificate }));
  }

  /** The port of the loopback interface that stands for one of the gateway. */
  public gatewayPort(port: number): number {
    return this.addresses.listenerPort(0, port);
  }

  /** Has a pod answer all with 503. */
  public fail(pod: string): void {
    for (const port of this.portsOf(pod)) {
      this.backends.fail(port);
    }
  }

  /** Has nobody listen where a pod was. */
  public async remove(pod: string): Promise<void> {
    for (const port of this.portsOf(pod)) {
      await this.backends.remove(port);
    }
  }

  /** The pods that got copies of requests with these ids, a name for each copy. */
  public async copies(ids: readonly (string | undefined)[]): Promise<readonly string[]> {
    await this.envoy.untilQuiet();
    return ids
      .flatMap((id) => (id === undefined ? [] : this.journal.copies(id)))
      .map((copy) => this.podAt(copy.backend)?.name ?? 'nobody');
  }

  public async close(): Promise<void> {
    await this.envoy.stop();
    this.backends.close();
  }

  private async start(manifests: readonly Manifest[]): Promise<void> {
    const secrets = secretNames(manifests);
    const certificates = new Map(secrets.map((name) => [name, this.ownCertificate(name)] as const));
    const proxies = await this.translate(manifests, certificates);
    const config = combine(proxies, this.addresses, () => this.certificate, certificates);
    await this.backends.open(this.addresses.backends.keys());
    const refused = await this.envoy.start(config);
    if (refused.size > 0) {
      await this.close();
      throw new Error(`Envoy refuses listeners: ${JSON.stringify([...refused])}`);
    }
  }

  private ownCertificate(name: string): Certificate {
    const folder = join(this.options.folder, name);
    mkdirSync(folder, { recursive: true });
    return makeCertificate(folder, name);
  }

  private async translate(
    manifests: readonly Manifest[],
    certificates: ReadonlyMap<string, Certificate>,
  ): Promise<readonly Resources[]> {
    const controlPlane = new ControlPlane(this.options.xds);
    try {
      const secrets = [...certificates].map(([name, certificate]) => secretOf(name, GATEWAY_NAMESPACE, certificate));
      const { proxies, refused, error } = await controlPlane.answer({
        kubernetes: documents([...this.cluster.objects(), ...secrets]),
        istio: documents(manifests.filter(isIstio)),
        proxies: this.starts.map((start) => this.proxyOf(start)),
      });
      if (proxies === undefined) {
        throw new Error(`Istio does not take the chart: ${error ?? refused?.join('; ')}`);
      }
      return proxies;
    } finally {
      controlPlane.stop();
    }
  }

  private proxyOf(start: Start): object {
    if (start === 'gateway') {
      return { type: 'router', ...GATEWAY };
    }
    const { namespace, name, labels, ip } = this.podNamed(start);
    return { type: 'sidecar', namespace, name, labels, ip };
  }

  private wayTo(start: Start, host: string, port: number): { readonly port: number; readonly preface: string } {
    const proxy = this.starts.indexOf(start);
    if (start === 'gateway') {
      return { port: this.addresses.listenerPort(proxy, port), preface: '' };
    }
    const { ip, namespace } = this.podNamed(start);
    const dialled = this.cluster.resolve(host, namespace) ?? '127.99.0.1';
    return {
      port: this.addresses.listenerPort(proxy, OUTBOUND_PORT),
      preface: dialledHeader(ip, dialled, this.addresses.dialledPort(proxy, port)),
    };
  }

  private seen(reply: Reply): Seen {
    if (reply.kind !== 'http') {
      return { status: 0, flags: reply.kind, headers: new Map(), cookies: [] };
    }
    const { status, headers, cookies = [] } = reply;
    const told = headers.get(RECEIVED_HEADER);
    const received =
      told === undefined ? undefined : (JSON.parse(Buffer.from(told, 'base64').toString('latin1')) as Received);
    return {
      status,
      flags: headers.get(FLAGS_HEADER),
      headers,
      cookies,
      received,
      pod: received && this.podAt(received.backend),
      id: headers.get(ID_HEADER),
    };
  }

  private podAt(backend: number): Pod | undefined {
    const address = this.addresses.backends.get(backend)?.address;
    return this.cluster.pods.find(({ ip }) => ip === address);
  }

  private podNamed(name: string): Pod {
    const pod = this.cluster.pods.find((each) => each.name === name);
    if (pod === undefined) {
      throw new Error(`The chart makes no pod ${name}, but ${this.cluster.pods.map((each) => each.name).join(', ')}.`);
    }
    return pod;
  }

  private portsOf(pod: string): readonly number[] {
    const { ip } = this.podNamed(pod);
    return [...this.addresses.backends].flatMap(([port, { address }]) => (address === ip ? [port] : []));
  }
}

/** The Secrets that Gateways name. */
function secretNames(manifests: readonly Manifest[]): readonly string[] {
  const gateways = manifests.filter(({ kind }) => kind === 'Gateway');
  const names = [...JSON.stringify(gateways).matchAll(/"credentialName":"([^"]+)"/g)].map(([, name]) => name);
  return [...new Set(names)];
}
