/*
 * Istio's control plane as a child process (xds/): jobs in, Envoy resources out.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import type { Certificate } from './certificate';
import { type Cluster, namespaceOf, type Pod } from './cluster';
import { CREDENTIAL } from './generate/gateways';
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

/** What is asked of xds/; main.go says what the fields mean. */
export interface Job {
  readonly kubernetes: string;
  readonly istio: string;
  readonly meshConfig?: string;
  /** @default false */
  readonly autoMtls?: boolean;
  readonly trustDomain?: string;
  readonly proxies: readonly object[];
}

export class ControlPlane {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: Interface;
  private readonly waiting: { settle(answer: Answer): void; fail(error: Error): void }[] = [];

  public constructor(binary: string) {
    this.child = spawn(binary, [], {
      env: {
        ...process.env,
        // Filters that exist only in Istio's own build of Envoy. None of them routes.
        PILOT_ENABLE_METADATA_EXCHANGE: 'false',
        PILOT_ENABLE_ALPN_FILTER: 'false',
        // By default copies for mirrors look like what they copy; this marks them, so that they can be told from retries.
        DISABLE_SHADOW_HOST_SUFFIX: 'false',
        GOMAXPROCS: '2',
      },
      stdio: 'pipe',
    });
    this.child.stderr.pipe(process.stderr);
    this.lines = createInterface({ input: this.child.stdout });
    this.lines.on('line', (line) => this.waiting.shift()?.settle(JSON.parse(line) as Answer));
    this.child.on('exit', (code, signal) => {
      for (const { fail } of this.waiting.splice(0)) {
        fail(new Error(`The control plane ended by ${signal ?? `exit code ${code}`} before it had answered.`));
      }
    });
  }

  /** @param certificate given to Istio as the Secret to which the generated Gateways refer */
  public resources(mesh: MeshCase, cluster: Cluster, certificate: Certificate): Promise<Answer> {
    return this.answer(jobOf(mesh, cluster, certificate));
  }

  /** Whether objects of Istio's kinds would be admitted, in their order. */
  public async admit(objects: readonly Manifest[]): Promise<readonly AdmissionVerdict[]> {
    if (objects.length === 0) {
      return [];
    }
    const { admitted, error } = await this.answer({ admit: objects });
    if (admitted === undefined) {
      throw new Error(error ?? 'The control plane knows no admission; build it again with conformance/prepare.');
    }
    return admitted;
  }

  /** What all analyzers of istioctl say to manifests, those too that the command leaves out where there is no cluster. */
  public async analyze(manifests: readonly Manifest[]): Promise<readonly AnalyzerMessage[]> {
    const { analyzed = [], error } = await this.answer({ analyze: documents(manifests) });
    if (error !== undefined) {
      throw new Error(error);
    }
    return analyzed;
  }

  public answer(job: Job | { readonly admit: readonly Manifest[] } | { readonly analyze: string }): Promise<Answer> {
    return new Promise((settle, fail) => {
      this.waiting.push({ settle, fail });
      this.child.stdin.write(`${JSON.stringify(job)}\n`);
    });
  }

  public stop(): void {
    this.waiting.length = 0;
    this.lines.close();
    this.child.stdin.end();
    this.child.kill();
  }
}

function jobOf(mesh: MeshCase, cluster: Cluster, certificate: Certificate): Job {
  const namespace = mesh.proxy.gateway?.namespace;
  const secrets = namespace === undefined ? [] : [secretOf(CREDENTIAL, namespace, certificate)];
  return {
    kubernetes: documents([...cluster.objects(), ...secrets]),
    istio: documents(mesh.manifests.filter(isIstio).map(withNamespace)),
    meshConfig: meshConfigOf(mesh),
    proxies: [proxyOf(mesh, proxyPod(mesh, cluster))],
  };
}

/** What istiod reads from its ConfigMap. */
function meshConfigOf({ manifests, outboundTrafficPolicy: mode }: MeshCase): string {
  const map = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'istio');
  const written: object = JSON.parse((map as { data?: { mesh?: string } } | undefined)?.data?.mesh ?? '{}');
  return JSON.stringify({ ...written, ...(mode === undefined ? {} : { outboundTrafficPolicy: { mode } }) });
}

/** As a gateway's pods read it. */
export function secretOf(name: string, namespace: string, { certificate, key }: Certificate): Manifest {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type: 'kubernetes.io/tls',
    data: { 'tls.crt': base64(certificate), 'tls.key': base64(key), 'ca.crt': base64(certificate) },
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

/** The address of a proxy whose pod is not among the manifests. */
export const PODLESS_IP = '10.200.0.1';

function proxyOf({ proxy }: MeshCase, pod: Pod | undefined): object {
  const { gateway, sidecar } = proxy;
  return {
    type: gateway === undefined ? 'sidecar' : 'router',
    namespace: gateway?.namespace ?? sidecar?.namespace,
    name: pod?.name ?? 'proxy',
    labels: pod?.labels ?? gateway?.labels ?? {},
    ip: pod?.ip ?? PODLESS_IP,
  };
}

function withNamespace(manifest: Manifest): Manifest {
  return { ...manifest, metadata: { ...manifest.metadata, namespace: namespaceOf(manifest) } };
}

/** As YAML. */
export function documents(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n');
}
