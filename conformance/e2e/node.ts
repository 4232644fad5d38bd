/*
 * The one node of a cluster. It takes every pod, gives it an address, runs its containers, probes them, and reports when they are
 * ready. The containers are processes of this machine, so their ports are moved to free ones of the loopback interface.
 */
import { join } from 'node:path';
import type { ApiServer } from '../kubernetes/api-server';
import type { Manifest } from '../manifest';
import { freePorts, Program, until } from '../program';
import { commandOf } from './images';
import { type Probe, type Probed, succeeds } from './probe';

/** A pod with an address, as Istio knows it. */
export interface RunningPod {
  readonly namespace: string;
  readonly name: string;
  /** `namespace/name` of the Deployment. */
  readonly workload: string;
  readonly labels: { readonly [key: string]: string };
  readonly ip: string;
  /** Where on the loopback interface each port of the pod is. */
  readonly ports: ReadonlyMap<number, number>;
}

interface Container extends Probed {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly envFrom?: readonly object[];
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
}

/** Of the gateway's pods: their container is the Envoy of the run. */
const PROXY_IMAGE = 'auto';

const NODE = 'loopback';

export class Node {
  public readonly pods: RunningPod[] = [];
  private readonly programs: Program[] = [];

  public constructor(private readonly server: ApiServer) {}

  /** Runs pods, and waits until each is ready. */
  public async run(pods: readonly Manifest[]): Promise<void> {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } };
    await this.server.kubectl.output(['create', '-f', '-'], JSON.stringify(node));
    await Promise.all(pods.map((pod) => this.runPod(pod)));
  }

  public async stop(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.stop()));
  }

  private async runPod(manifest: Manifest): Promise<void> {
    const { name, namespace = '', labels = {} } = manifest.metadata;
    const ports = new Map<number, number>();
    const pod = { namespace, name, labels, workload: workloadOf(manifest), ip: this.nextAddress(), ports };
    this.pods.push(pod);
    await this.bind(pod);
    const { containers } = manifest.spec as { containers: readonly Container[] };
    for (const container of containers.filter(({ image }) => image !== PROXY_IMAGE)) {
      await this.runContainer(container, pod, ports);
    }
    await this.report(pod);
  }

  private nextAddress(): string {
    return `10.244.0.${this.pods.length + 1}`;
  }

  private async runContainer(container: Container, pod: RunningPod, ports: Map<number, number>): Promise<void> {
    const [containerPort, ...others] = (container.ports ?? []).map((port) => port.containerPort);
    const unsupported = container.command ?? container.args ?? container.envFrom;
    if (containerPort === undefined || others.length > 0 || unsupported !== undefined) {
      throw new Error(
        `The container ${container.name} of pod ${pod.name} has more or fewer parts than the run can start.`,
      );
    }
    const [port] = await freePorts(1);
    ports.set(containerPort, port);
    const { binary, args, folder, env } = commandOf(container.image, port);
    const program = new Program({
      binary,
      args,
      folder,
      log: join(this.server.folder, `${pod.name}.log`),
      env: { PATH: process.env.PATH, HOSTNAME: pod.name, ...env, ...envOf(container) },
    });
    this.programs.push(program);
    await program.until(() => succeeds(container.readinessProbe, container, ports));
    for (const probe of [container.startupProbe, container.livenessProbe]) {
      if (!(await succeeds(probe, container, ports))) {
        throw new Error(`Pod ${pod.name} is ready, but fails its probe ${JSON.stringify(probe)}.`);
      }
    }
  }

  /** As a scheduler does. */
  private async bind({ namespace, name }: RunningPod): Promise<void> {
    const target = { apiVersion: 'v1', kind: 'Node', name: NODE };
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace }, target };
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/binding`;
    await this.server.kubectl.output(['create', '--raw', path, '-f', '-'], JSON.stringify(binding));
  }

  /** As a kubelet does. */
  private async report({ namespace, name, ip }: RunningPod): Promise<void> {
    const conditions = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({
      type,
      status: 'True',
    }));
    const status = { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions };
    await this.server.kubectl.output([
      ...['patch', 'pod', name, '--namespace', namespace, '--subresource', 'status'],
      ...['--type', 'merge', '--patch', JSON.stringify({ status })],
    ]);
  }
}

/** All pods that the Deployments ask for, once the controllers have made them. */
export async function podsOfDeployments({ kubectl }: ApiServer): Promise<readonly Manifest[]> {
  let pods: readonly Manifest[] = [];
  await until('every Deployment has its pods', async () => {
    const manifests = await kubectl.list(['deployments', 'pods']);
    pods = manifests.filter(({ kind }) => kind === 'Pod');
    const wanted = manifests
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ spec }) => (spec as { replicas: number }).replicas);
    return pods.length === wanted.reduce((sum, replicas) => sum + replicas, 0);
  });
  return pods;
}

/** The Deployment above the pod's ReplicaSet. */
function workloadOf({ metadata }: Manifest): string {
  const { ownerReferences = [] } = metadata as { ownerReferences?: readonly { name: string }[] };
  const hash = metadata.labels?.['pod-template-hash'] ?? '';
  return `${metadata.namespace}/${ownerReferences[0]?.name.slice(0, -hash.length - 1)}`;
}

function envOf({ name, env = [] }: Container): { [name: string]: string } {
  return Object.fromEntries(
    env.map((variable) => {
      if (variable.valueFrom !== undefined) {
        throw new Error(
          `The variable ${variable.name} of container ${name} is taken from elsewhere, which the run cannot do.`,
        );
      }
      return [variable.name, variable.value ?? ''];
    }),
  );
}
