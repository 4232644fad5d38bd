/*
 * Puts meshes into the real Istio and the real Envoy, sends them requests, and says what happened.
 */
import { mkdirSync } from 'node:fs';
import { isIP } from 'node:net';
import { AddressBook } from './address-book';
import { Backends } from './backend';
import { type Certificate, makeCertificate } from './certificate';
import { type Reply, send, type Way } from './client';
import { Cluster, type Pod } from './cluster';
import { type Answer, ControlPlane, PODLESS_IP, proxyPod } from './control-plane';
import { Envoy } from './envoy';
import { combine, dialledHeader, OUTBOUND_PORT } from './envoy-config';
import { inTurns } from './in-turns';
import { Journal } from './journal';
import type { Ask, MeshCase } from './manifest';
import { type Observation, Observer, type Unloaded } from './observation';

/** A mesh, and what is asked of it. */
export interface Experiment {
  readonly mesh: MeshCase;
  readonly asks: readonly Ask[];
  /** Asked many times each, so that shares can be seen. */
  readonly repeats?: readonly Repeat[];
}

export interface Repeat {
  readonly ask: Ask;
  readonly times: number;
}

export type Result =
  /** Istio's validation does not admit the mesh. */
  | Refusal
  | {
      readonly observations: readonly Observation[];
      /** For each of the experiment's repeats, what became of each time. */
      readonly repeated: readonly (readonly Observation[])[];
    };

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
  private readonly certificate: Certificate;
  private readonly journal = new Journal();
  private readonly ahead = new WeakMap<MeshCase, Promise<Translated>>();

  public constructor(private readonly options: LaboratoryOptions) {
    const { xds, envoy, folder, portBase } = options;
    mkdirSync(folder, { recursive: true });
    this.certificate = makeCertificate(folder);
    this.controlPlane = new ControlPlane(xds);
    this.envoy = new Envoy({ binary: envoy, folder, adminPort: portBase });
    this.backends = new Backends(this.certificate, this.journal);
  }

  /** Puts all meshes into one Envoy, each behind ports of its own, and gives the results in the order of the experiments. */
  public async run(experiments: readonly Experiment[]): Promise<readonly Result[]> {
    const benches = await Promise.all(
      experiments.map(async (experiment) => ({ experiment, ...(await this.translated(experiment.mesh)) })),
    );
    const addresses = new AddressBook(this.options.portBase);
    const config = combine(
      benches.map(({ answer }) => answer.proxies?.[0]),
      addresses,
      () => this.certificate,
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
      const replies = await inTurns(benches, 4, (bench, index) => this.sendAll(bench, index, addresses, refused));
      await this.envoy.untilQuiet();
      return replies.map((reply, index) => this.observeAll(reply, benches[index], addresses));
    } finally {
      await this.envoy.stop();
      this.journal.clear();
    }
  }

  public close(): void {
    this.controlPlane.stop();
    this.backends.close();
  }

  /** Has Istio translate meshes that will be run later, while Envoy is busy with others. */
  public prepare(experiments: readonly Experiment[]): void {
    for (const { mesh } of experiments) {
      this.ahead.set(mesh, this.translate(mesh));
    }
  }

  private async translated(mesh: MeshCase): Promise<Translated> {
    return await (this.ahead.get(mesh) ?? this.translate(mesh));
  }

  private async translate(mesh: MeshCase): Promise<Translated> {
    const cluster = new Cluster(mesh.manifests);
    const answer = await this.controlPlane.resources(mesh, cluster, this.certificate);
    return { cluster, answer, pod: proxyPod(mesh, cluster) };
  }

  private async sendAll(
    bench: Bench,
    index: number,
    addresses: AddressBook,
    refused: ReadonlyMap<string, string>,
  ): Promise<Refusal | Replies> {
    const { error, refused: reasons } = bench.answer;
    if (error !== undefined || reasons !== undefined) {
      return { refusedBy: 'istio', reasons: reasons ?? [error ?? ''] };
    }
    const { asks, repeats = [] } = bench.experiment;
    const sendOne = async (ask: Ask): Promise<Reply | Unloaded> => {
      const way = wayTo(bench, index, addresses, ask);
      if (way === undefined) {
        return { kind: 'refused' };
      }
      const reason = refused.get(`127.0.0.1:${way.port}`) ?? refused.get(way.dialled ?? '');
      return reason === undefined
        ? await send(ask, { ...way, identity: this.certificate })
        : { kind: 'unloaded', reason };
    };
    const replies = await inTurns(asks, PARALLEL, sendOne);
    const repeated: (readonly (Reply | Unloaded)[])[] = [];
    for (const { ask, times } of repeats) {
      repeated.push(await inTurns(new Array<Ask>(times).fill(ask), PARALLEL, sendOne));
    }
    return { replies, repeated };
  }

  private observeAll(sent: Refusal | Replies, { cluster }: Bench, addresses: AddressBook): Result {
    if ('refusedBy' in sent) {
      return sent;
    }
    const observer = new Observer(cluster, addresses, this.journal);
    return {
      observations: sent.replies.map((reply) => observer.observe(reply)),
      repeated: sent.repeated.map((replies) => replies.map((reply) => observer.observe(reply))),
    };
  }
}

export interface Refusal {
  readonly refusedBy: 'istio';
  readonly reasons: readonly string[];
}

interface Replies {
  readonly replies: readonly (Reply | Unloaded)[];
  readonly repeated: readonly (readonly (Reply | Unloaded)[])[];
}

/** A mesh as Istio translates it. */
interface Translated {
  readonly cluster: Cluster;
  readonly answer: Answer;
  /** The proxy's pod, where the manifests contain it. */
  readonly pod: Pod | undefined;
}

interface Bench extends Translated {
  readonly experiment: Experiment;
}

/** Undefined where no connection can be made. */
function wayTo(
  { experiment, cluster, pod, answer }: Bench,
  index: number,
  addresses: AddressBook,
  { connectHost, port }: Ask,
): (Omit<Way, 'identity'> & { readonly dialled?: string }) | undefined {
  const { sidecar } = experiment.mesh.proxy;
  if (sidecar === undefined) {
    const podPort = cluster.podPort(pod, port);
    return podPort === undefined ? undefined : { port: addresses.listenerPort(index, podPort), preface: '' };
  }
  const dialled = isIP(connectHost)
    ? connectHost
    : (cluster.resolve(connectHost, sidecar.namespace) ?? OUTSIDE_ADDRESS);
  const dialledPort = addresses.dialledPort(index, port);
  return {
    port: addresses.listenerPort(index, OUTBOUND_PORT),
    preface: dialledHeader(pod?.ip ?? PODLESS_IP, dialled, dialledPort),
    // A listener for this very address comes before that of the port.
    dialled: `${listensAt(answer, dialled, port) ? dialled : '0.0.0.0'}:${dialledPort}`,
  };
}

function listensAt({ proxies }: Answer, address: string, port: number): boolean {
  return (proxies?.[0].listeners ?? []).some(({ address: own }) => {
    const { socketAddress } = own as { socketAddress?: { address: string; portValue: number } };
    return socketAddress?.address === address && socketAddress.portValue === port;
  });
}

/** For hosts that only a DNS outside of the cluster would know. */
const OUTSIDE_ADDRESS = '127.99.0.1';
