/*
 * A cluster for statements: a real API server and its controllers, and what is asked of both.
 */
import { App, Chart } from 'cdk8s';
import { MeshNamespace, type MeshNamespaceProps } from 'cdk8s-versioned-mesh';
import { ApiServer } from '../kubernetes/api-server';
import type { Kubectl } from '../kubernetes/kubectl';
import { containersOf, isProxy, Node } from '../kubernetes/node';
import { APPLY } from '../kubernetes/platform';
import type { Manifest } from '../manifest';
import type { ProgramResult } from '../run-to-end';

export class PlatformCluster {
  public static async start(): Promise<PlatformCluster> {
    const server = await ApiServer.start();
    server.startControllers();
    return new PlatformCluster(server);
  }

  public readonly kubectl: Kubectl;
  public readonly node: Node;

  private constructor(public readonly server: ApiServer) {
    this.kubectl = server.kubectl;
    this.node = new Node(server);
  }

  /** As `kubectl apply --server-side -f` does a file. */
  public apply(yaml: string): Promise<ProgramResult> {
    return this.kubectl.run(APPLY, yaml);
  }

  /** Applies a namespace as MeshNamespace writes it. */
  public async meshNamespace(name: string, props: MeshNamespaceProps = {}): Promise<void> {
    const app = new App();
    new MeshNamespace(new Chart(app, 'namespaces'), name, props);
    await this.kubectl.output(APPLY, app.synthYaml());
    // The ServiceAccount of its pods, which a controller makes.
    await this.kubectl.output(['wait', '--for=create', '--timeout=60s', '--namespace', name, 'serviceaccount/default']);
  }

  /** Creates a pod that keeps to "restricted" by itself. */
  public createPod(namespace: string, name: string): Promise<ProgramResult> {
    return this.kubectl.run(['create', '--output', 'json', '-f', '-'], JSON.stringify(plainPod(namespace, name)));
  }

  /** The revision whose sidecar a new pod gets; undefined where it gets none. */
  public async revisionOfNewPod(namespace: string, name: string): Promise<string | undefined> {
    const { code, stdout, stderr } = await this.createPod(namespace, name);
    if (code !== 0) {
      throw new Error(stderr.trim());
    }
    return revisionOf(JSON.parse(stdout));
  }

  public async stop(): Promise<void> {
    await this.node.stop();
    await this.server.stop();
  }
}

/** The revision by which a pod was injected; undefined where it has no proxy. */
export function revisionOf(pod: Manifest): string | undefined {
  return containersOf(pod).some(isProxy) ? pod.metadata.annotations?.['istio.io/rev'] : undefined;
}

function plainPod(namespace: string, name: string): Manifest {
  const securityContext = {
    ...{ runAsNonRoot: true, runAsUser: 1000, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  };
  // Of the pod, so that it is of the sidecar, too.
  const ofPod = { seccompProfile: { type: 'RuntimeDefault' } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: { securityContext: ofPod, containers: [{ name: 'app', image: 'app', securityContext }] },
  };
}
