/*
 * Istio's control plane as a child process (xds/): jobs in, Envoy resources out.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { type Cluster, namespaceOf, type Pod } from './cluster';
import { isIstio, type Manifest, type MeshCase } from './manifest';

/** A piece of Envoy's configuration, as JSON. */
export interface EnvoyJson {
  [key: string]: unknown;
}

export interface Resources {
  readonly listeners: EnvoyJson[] | null;
  readonly clusters: EnvoyJson[] | null;
}

/** What the control plane says to a mesh. */
export interface Answer {
  /** Why Istio's validation refuses objects of the mesh. */
  readonly refused?: readonly string[];
  readonly error?: string;
  readonly proxies?: readonly Resources[];
  readonly admitted?: readonly AdmissionVerdict[];
  readonly analyzed?: readonly AnalyzerMessage[];
}

/** What an analyzer of `istioctl analyze` reports. */
export interface AnalyzerMessage {
  readonly code: string;
  /** The object that it is about, as in `VirtualService shop/apis`. */
  readonly origin: string;
  readonly level: string;
  readonly message: string;
}

/** What Istio's admission webhook says to an object: nothing, where it is admitted without a word. */
export interface AdmissionVerdict {
  /** Why it cannot be read as its kind at all. */
  readonly unreadable?: string;
  readonly refused?: string;
  readonly warned?: string;
}

export class ControlPlane {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: Interface;
  private readonly waiting: ((answer: Answer) => void)[] = [];

  public constructor(binary: string) {
    this.child = spawn(binary, [], {
      env: {
        ...process.env,
        // Filters that exist only in Istio's own build of Envoy. None of them routes.
        PILOT_ENABLE_METADATA_EXCHANGE: 'false',
        PILOT_ENABLE_ALPN_FILTER: 'false',
        GOMAXPROCS: '2',
      },
      stdio: 'pipe',
    });
    this.child.stderr.pipe(process.stderr);
    this.lines = createInterface({ input: this.child.stdout });
    this.lines.on('line', (line) => this.waiting.shift()?.(JSON.parse(line) as Answer));
    this.child.on('exit', (code) => {
      for (const settle of this.waiting.splice(0)) {
        settle({ error: `the control plane ended with ${code}` });
      }
    });
  }

  public resources(mesh: MeshCase, cluster: Cluster): Promise<Answer> {
    return this.ask(jobOf(mesh, cluster));
  }

  /** Whether objects of Istio's kinds would be admitted, in their order. */
  public async admit(objects: readonly Manifest[]): Promise<readonly AdmissionVerdict[]> {
    if (objects.length === 0) {
      return [];
    }
    const { admitted, error } = await this.ask({ admit: objects });
    if (admitted === undefined) {
      throw new Error(error ?? 'The control plane knows no admission; build it again with conformance/prepare.');
    }
    return admitted;
  }

  /** What all analyzers of istioctl say to manifests, those too that the command leaves out where there is no cluster. */
  public async analyze(manifests: readonly Manifest[]): Promise<readonly AnalyzerMessage[]> {
    const { analyzed = [], error } = await this.ask({ analyze: documents(manifests) });
    if (error !== undefined) {
      throw new Error(error);
    }
    return analyzed;
  }

  private ask(job: object): Promise<Answer> {
    return new Promise((settle) => {
      this.waiting.push(settle);
      this.child.stdin.write(`${JSON.stringify(job)}\n`);
    });
  }

  public stop(): void {
    this.lines.close();
    this.child.stdin.end();
    this.child.kill();
  }
}

function jobOf(mesh: MeshCase, cluster: Cluster): object {
  return {
    kubernetes: documents(cluster.objects()),
    istio: documents(mesh.manifests.filter(isIstio).map(withNamespace)),
    outboundTrafficPolicy: mesh.outboundTrafficPolicy,
    proxies: [proxyOf(mesh, proxyPod(mesh, cluster))],
  };
}

/** The pod of the proxy, where the manifests contain one. */
export function proxyPod({ proxy }: MeshCase, { pods }: Cluster): Pod | undefined {
  const { gateway, sidecar } = proxy;
  if (sidecar !== undefined) {
    return pods.find(({ namespace, workload }) => namespace === sidecar.namespace && workload === sidecar.workload);
  }
  return pods.find(
    ({ namespace, labels }) =>
      namespace === gateway?.namespace && Object.entries(gateway.labels).every(([key, value]) => labels[key] === value),
  );
}

function proxyOf({ proxy }: MeshCase, pod: Pod | undefined): object {
  const { gateway, sidecar } = proxy;
  return {
    type: gateway === undefined ? 'sidecar' : 'router',
    namespace: gateway?.namespace ?? sidecar?.namespace,
    name: pod?.name ?? 'proxy',
    labels: pod?.labels ?? gateway?.labels ?? {},
    ip: pod?.ip ?? '10.200.0.1',
  };
}

function withNamespace(manifest: Manifest): Manifest {
  return { ...manifest, metadata: { ...manifest.metadata, namespace: namespaceOf(manifest) } };
}

function documents(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n');
}
