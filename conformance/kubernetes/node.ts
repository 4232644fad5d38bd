/*
 * The one node of a cluster. It takes every pod, gives it an address, runs its containers, probes them, and reports when they are
 * ready. The containers are processes of this machine, so their ports are moved to free ones of the loopback interface.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { keyOf, namespaceOf } from '../cluster';
import type { Manifest } from '../manifest';
import { freePorts, Program, until } from '../program';
import type { ApiServer } from './api-server';
import { commandOf } from './images';
import { appProbe, type Probe, type Probed, succeeds } from './probe';

/** A pod with an address, as Istio knows it. */
export interface RunningPod {
  readonly namespace: string;
  readonly name: string;
  /** `namespace/name` of the Deployment. */
  readonly workload: string;
  readonly labels: { readonly [key: string]: string };
  readonly annotations: { readonly [key: string]: string };
  readonly serviceAccount: string;
  readonly ip: string;
  /** Whether it has a proxy of Istio's. */
  readonly isProxied: boolean;
  /** Where on the loopback interface each port of the pod is. */
  readonly ports: ReadonlyMap<number, number>;
}

export interface Container extends Probed {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly Variable[];
  readonly envFrom?: readonly object[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly startupProbe?: Probe;
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string }; readonly resourceFieldRef?: object };
}

export interface PodVolume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
}

interface PodSpec {
  readonly serviceAccountName?: string;
  readonly volumes?: readonly PodVolume[];
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
}

/** Istio's proxy, whose work the Envoy of the run does, and what leads connections to it. */
export function isProxy({ image }: Container): boolean {
  return /\/proxyv2[:@]/.test(image);
}

export function containersOf(pod: Manifest): readonly Container[] {
  const { initContainers = [], containers } = pod.spec as PodSpec;
  return [...initContainers, ...containers];
}

/** What a container shares with the others of its pod. */
interface PodParts {
  readonly pod: RunningPod;
  /** Those of the pod, to be added to. */
  readonly ports: Map<number, number>;
  readonly volumes: readonly PodVolume[];
  readonly proxy: Container | undefined;
}

const NODE = 'loopback';

/** Long enough for what a ReplicaSet waits at most, after istiod was not there to inject its pods. */
const SETTLE_MILLIS = 120_000;

export class Node {
  public readonly pods: RunningPod[] = [];
  private readonly programs: Program[] = [];
  private isThere = false;

  public constructor(private readonly server: ApiServer) {}

  /**
   * Runs all pods that Deployments ask for, as the controllers make them, and waits until each is ready.
   *
   * @param namespaces of which Deployments; of all where none is named
   */
  public async settle(...namespaces: readonly string[]): Promise<void> {
    await this.join();
    const isMeant = (each: Manifest) => namespaces.length === 0 || namespaces.includes(namespaceOf(each));
    await until(
      `every Deployment has its pods${namespaces.length === 0 ? '' : `, in ${namespaces.join(' and ')}`}`,
      async () => {
        const manifests = (await this.server.kubectl.list(['deployments', 'pods'])).filter(isMeant);
        const made = manifests.filter(({ kind, metadata }) => kind === 'Pod' && 'ownerReferences' in metadata);
        const known = new Set(this.pods.map(({ namespace, name }) => `${namespace}/${name}`));
        await Promise.all(made.filter((pod) => !known.has(keyOf(pod))).map((pod) => this.runPod(pod)));
        const wanted = manifests
          .filter(({ kind }) => kind === 'Deployment')
          .map(({ spec }) => (spec as { replicas: number }).replicas);
        return made.length === wanted.reduce((sum, replicas) => sum + replicas, 0);
      },
      SETTLE_MILLIS,
    );
  }

  /** The pod that listens at an address of the loopback interface, and at which of its ports. */
  public listenerAt(address: string): { readonly pod: RunningPod; readonly port: number } | undefined {
    const loopback = Number(address.split(':')[1]);
    for (const pod of this.pods) {
      for (const [port, moved] of pod.ports) {
        if (moved === loopback) {
          return { pod, port };
        }
      }
    }
    return undefined;
  }

  public async stop(): Promise<void> {
    await Promise.all(this.programs.map((program) => program.stop('SIGKILL')));
  }

  private async join(): Promise<void> {
    if (!this.isThere) {
      const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } };
      await this.server.kubectl.output(['create', '-f', '-'], JSON.stringify(node));
      this.isThere = true;
    }
  }

  private async runPod(manifest: Manifest): Promise<void> {
    const { name, labels = {}, annotations = {} } = manifest.metadata;
    const { serviceAccountName: serviceAccount = 'default', volumes = [] } = manifest.spec as PodSpec;
    const containers = containersOf(manifest);
    const ports = new Map<number, number>();
    const pod = {
      ...{ namespace: namespaceOf(manifest), name, labels, annotations, serviceAccount, ports },
      ...{ workload: workloadOf(manifest), ip: this.nextAddress(), isProxied: containers.some(isProxy) },
    };
    this.pods.push(pod);
    await this.bind(pod);
    for (const container of containers.filter((each) => !isProxy(each))) {
      await this.runContainer(container, { pod, ports, volumes, proxy: containers.find(isProxy) });
    }
    await this.report(pod);
  }

  private nextAddress(): string {
    return `10.244.0.${this.pods.length + 1}`;
  }

  private async runContainer(container: Container, { pod, ports, volumes, proxy }: PodParts): Promise<void> {
    const containerPorts = (container.ports ?? []).map((port) => port.containerPort);
    for (const [index, port] of (await freePorts(containerPorts.length)).entries()) {
      ports.set(containerPorts[index], port);
      this.server.network.add(pod.ip, containerPorts[index], port);
    }
    const folder = join(this.server.folder, 'pods', pod.name);
    mkdirSync(folder, { recursive: true });
    const place = { server: this.server, pod, folder, volumes, manifest: container };
    const command = await commandOf(place);
    const program = new Program({
      binary: command.binary,
      args: command.args,
      folder: command.folder,
      log: join(this.server.folder, `${pod.name}.log`),
      env: { PATH: process.env.PATH, HOSTNAME: pod.name, ...envOf(container, pod), ...command.env },
    });
    this.programs.push(program);
    const isSo = (probe: Probe | undefined) => succeeds(appProbe(probe, proxy?.env), container, ports);
    await program.until(() => isSo(container.readinessProbe));
    for (const probe of [container.startupProbe, container.livenessProbe]) {
      if (!(await isSo(probe))) {
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

/** The Deployment above the pod's ReplicaSet. */
function workloadOf({ metadata }: Manifest): string {
  const { ownerReferences = [] } = metadata as { ownerReferences?: readonly { name: string }[] };
  const hash = metadata.labels?.['pod-template-hash'] ?? '';
  return `${metadata.namespace}/${ownerReferences[0]?.name.slice(0, -hash.length - 1)}`;
}

/** What is to be of a container's resources is left out: a process has those of the machine. */
function envOf({ name, env = [] }: Container, pod: RunningPod): { [name: string]: string } {
  const fields: { readonly [path: string]: string } = {
    'metadata.name': pod.name,
    'metadata.namespace': pod.namespace,
    'spec.serviceAccountName': pod.serviceAccount,
    'status.podIP': pod.ip,
  };
  return Object.fromEntries(
    env
      .filter(({ valueFrom }) => valueFrom?.resourceFieldRef === undefined)
      .map((variable) => {
        const value = variable.valueFrom
          ? fields[variable.valueFrom.fieldRef?.fieldPath ?? '']
          : (variable.value ?? '');
        if (value === undefined) {
          throw new Error(
            `The variable ${variable.name} of container ${name} is taken from elsewhere, which the run cannot do.`,
          );
        }
        return [variable.name, value];
      }),
  );
}
