/*
 * Puts meshes into the real Istio and the real Envoy, sends them requests, and says what happened.
 */
import { isIP } from 'node:net';
import { Backends, RECEIVED_HEADER, type Received } from './backend';
import { type Reply, send } from './client';
import { Cluster, type Pod } from './cluster';
import { type Answer, ControlPlane, proxyPod } from './control-plane';
import { Envoy } from './envoy';
import { type Addresses, combine, FLAGS_HEADER, OUTBOUND_PORT } from './envoy-config';
import type { Ask, MeshCase } from './manifest';

/** What became of a request. */
export type Observation =
  | { readonly kind: 'refused' }
  | { readonly kind: 'closed'; readonly reason: string }
  | {
      readonly kind: 'http';
      readonly status: number;
      /** Envoy's response flags, where it answered by itself. */
      readonly flags?: string;
      readonly location?: string;
      readonly body: string;
      /** What the backend got, where one did. */
      readonly received?: Arrival;
    };

/** A request that reached a backend. */
export interface Arrival extends Omit<Received, 'backend' | 'at'> {
  /** `namespace/name` of the pod's workload or of the WorkloadEntry, or the address where it is neither's. */
  readonly workload: string;
  readonly port: number;
  /** Set where it went to the very address that the app had dialled. */
  readonly passedOn?: true;
}

/** A mesh, and what is asked of it. */
export interface Experiment {
  readonly mesh: MeshCase;
  readonly asks: readonly Ask[];
}

export type Result =
  /** Istio's validation does not admit the mesh, or Envoy not what Istio makes of it. */
  | { readonly refusedBy: 'istio' | 'envoy'; readonly reasons: readonly string[] }
  | { readonly observations: readonly Observation[] };

export interface LaboratoryOptions {
  /** The control plane's binary. */
  readonly xds: string;
  readonly envoy: string;
  /** Folder for what Envoy reads and writes. */
  readonly folder: string;
  /** The first of the loopback ports that are used for listeners. */
  readonly portBase: number;
}

/** Of the requests to one Envoy, how many are under way at the same time. */
const PARALLEL = 16;

export class Laboratory {
  private readonly controlPlane: ControlPlane;
  private readonly envoy: Envoy;
  private readonly backends: Backends;

  public constructor(private readonly options: LaboratoryOptions) {
    const { xds, envoy, folder, portBase } = options;
    this.controlPlane = new ControlPlane(xds);
    this.envoy = new Envoy({ binary: envoy, folder, adminPort: portBase });
    this.backends = new Backends();
  }

  /** Puts all meshes into one Envoy, each behind ports of its own, and gives the results in the order of the experiments. */
  public async run(experiments: readonly Experiment[]): Promise<readonly Result[]> {
    const benches = await Promise.all(experiments.map((experiment) => this.prepare(experiment)));
    const addresses = new AddressBook(this.options.portBase);
    const config = combine(
      benches.map(({ answer }) => answer.proxies?.[0]),
      addresses,
    );
    // Apps dial ports for which there is no listener, too.
    for (const [index, { asks }] of experiments.entries()) {
      for (const { port } of asks) {
        addresses.dialledPort(index, port);
      }
    }
    await this.backends.open(addresses.backends.keys());
    const refused = await this.envoy.start(config);
    try {
      return await inTurns(benches, 4, (bench, index) => observe(bench, index, addresses, refused));
    } finally {
      await this.envoy.stop();
    }
  }

  public close(): void {
    this.controlPlane.stop();
    this.backends.close();
  }

  private async prepare(experiment: Experiment): Promise<Bench> {
    const cluster = new Cluster(experiment.mesh.manifests);
    const answer = await this.controlPlane.resources(experiment.mesh, cluster);
    return { experiment, cluster, answer, pod: proxyPod(experiment.mesh, cluster) };
  }
}

interface Bench {
  readonly experiment: Experiment;
  readonly cluster: Cluster;
  readonly answer: Answer;
  /** The proxy's pod, where the manifests contain it. */
  readonly pod: Pod | undefined;
}

/** From the port base: the admin port, then listeners, then ports that apps dial, then the addresses of endpoints. */
const DIALLED_FROM = 2000;
const ENDPOINTS_FROM = 4000;

/** Which loopback port stands for which port of which proxy, and which for which address of which mesh. */
class AddressBook implements Addresses {
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

  public backendPort(proxy: number, address: string, port: number): number {
    const number = numbered(this.endpoints, `${proxy} ${address} ${port}`, this.portBase + ENDPOINTS_FROM);
    this.backends.set(number, { address, port });
    return number;
  }
}

/** The number of a key; new keys get the next one. */
function numbered(numbers: Map<string, number>, key: string, first: number): number {
  const number = numbers.get(key) ?? first + numbers.size;
  numbers.set(key, number);
  return number;
}

async function observe(
  { experiment, cluster, answer, pod }: Bench,
  index: number,
  addresses: AddressBook,
  refused: ReadonlyMap<string, string>,
): Promise<Result> {
  if (answer.error !== undefined) {
    return { refusedBy: 'istio', reasons: [answer.error] };
  }
  const byEnvoy = [...refused].filter(([name]) => name.startsWith(`${index} `)).map(([, reason]) => reason);
  if (answer.refused !== undefined || byEnvoy.length > 0) {
    return answer.refused === undefined
      ? { refusedBy: 'envoy', reasons: byEnvoy }
      : { refusedBy: 'istio', reasons: answer.refused };
  }
  const observations = await inTurns(experiment.asks, PARALLEL, async (ask): Promise<Observation> => {
    const way = experiment.mesh.proxy.sidecar === undefined ? toGateway(ask) : toSidecar(ask);
    return way === undefined
      ? { kind: 'refused' }
      : toObservation(await send(ask, way.port, way.preface), cluster, addresses);
  });
  return { observations };

  function toGateway({ port }: Ask): Way | undefined {
    const podPort = cluster.podPort(pod, port);
    return podPort === undefined ? undefined : { port: addresses.listenerPort(index, podPort), preface: '' };
  }

  function toSidecar({ connectHost, port }: Ask): Way {
    const namespace = experiment.mesh.proxy.sidecar?.namespace ?? '';
    const dialled = isIP(connectHost) ? connectHost : (cluster.resolve(connectHost, namespace) ?? OUTSIDE_ADDRESS);
    return {
      port: addresses.listenerPort(index, OUTBOUND_PORT),
      preface: `PROXY TCP4 ${pod?.ip ?? '10.200.0.1'} ${dialled} 40000 ${addresses.dialledPort(index, port)}\r\n`,
    };
  }
}

/** Which port of the loopback interface is dialled, and what is said first. */
interface Way {
  readonly port: number;
  readonly preface: string;
}

/** For hosts that only a DNS outside of the cluster would know. */
const OUTSIDE_ADDRESS = '127.99.0.1';

function toObservation(reply: Reply, cluster: Cluster, addresses: AddressBook): Observation {
  if (reply.kind !== 'http') {
    return reply;
  }
  const { status, headers, body } = reply;
  const sent = headers.get(RECEIVED_HEADER);
  return {
    kind: 'http',
    status,
    flags: headers.get(FLAGS_HEADER),
    location: headers.get('location'),
    body,
    received: sent === undefined ? undefined : arrival(sent, cluster, addresses),
  };
}

function arrival(sent: string, cluster: Cluster, { backends }: AddressBook): Arrival {
  const text = Buffer.from(sent, 'base64').toString('latin1');
  const { backend, at, ...received } = JSON.parse(text) as Received;
  const { address, port } = backends.get(backend) ?? { port: 0 };
  return {
    ...received,
    target: Buffer.from(received.target, 'latin1').toString('utf8'),
    workload: cluster.nameOf(address ?? at),
    port,
    ...(address === undefined ? { passedOn: true } : {}),
  };
}

/** Works on all items, on `width` of them at a time. */
async function inTurns<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index], index);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
