/*
 * A real kube-apiserver over a real etcd, on the loopback interface, in a folder of its own; and, where they are wanted, the
 * controllers that make pods of Deployments and EndpointSlices of Services.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { components } from '../components';
import { freePorts, Program } from '../program';
import { startIstioWebhook } from './istio-webhook';
import { Kubectl, listOf } from './kubectl';

export interface ApiServerOptions {
  /**
   * The Pod Security Standard that pods of all namespaces but `istio-system` must keep.
   *
   * @default privileged
   */
  readonly podSecurity?: 'privileged' | 'restricted';
}

export class ApiServer {
  /** Starts both and waits until requests are answered. */
  public static async start({ podSecurity = 'privileged' }: ApiServerOptions = {}): Promise<ApiServer> {
    const folder = mkdtempSync(join(tmpdir(), 'conformance-kubernetes-'));
    const [clientPort, peerPort, securePort] = await freePorts(3);
    const server = new ApiServer(folder, securePort);
    try {
      server.startEtcd(clientPort, peerPort);
      server.writeAdmission(podSecurity);
      await server.startApiServer(clientPort);
    } catch (error) {
      // The folder stays, since the error names a log in it.
      await server.stopPrograms();
      throw error;
    }
    return server;
  }

  public readonly kubectl: Kubectl;
  /** Latest last. */
  private readonly programs: Program[] = [];

  private constructor(
    public readonly folder: string,
    private readonly port: number,
  ) {
    const file = this.writeKubeconfig();
    const cache = join(folder, 'kubectl');
    this.kubectl = new Kubectl(components('kubectl').kubectl, ['--kubeconfig', file, '--cache-dir', cache]);
  }

  /** Its version, as it says itself. */
  public async version(): Promise<string> {
    return JSON.parse(await this.kubectl.output(['get', '--raw', '/version'])).gitVersion;
  }

  /** Istio's CustomResourceDefinitions and its admission webhook, ready for objects. */
  public async installIstio(): Promise<void> {
    const { istioCrds } = components('istioCrds');
    await this.kubectl.output(['apply', '--server-side', '-f', istioCrds]);
    await this.kubectl.output(['wait', '--for', 'condition=Established', '--timeout', '60s', '-f', istioCrds]);
    this.programs.push(await startIstioWebhook(this.kubectl, this.folder));
  }

  /** Namespaces that manifests name and that are not among them. */
  public async createNamespaces(names: Iterable<string>): Promise<void> {
    const manifests = [...names].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    await this.kubectl.output(['apply', '-f', '-'], listOf(manifests));
  }

  /** Those of kube-controller-manager that stand between a Deployment and the endpoints of its Service. */
  public startControllers(): void {
    this.start(components('kubeControllerManager').kubeControllerManager, 'kube-controller-manager.log', [
      ...['--kubeconfig', join(this.folder, 'kubeconfig.json'), '--leader-elect=false', '--secure-port=0'],
      '--controllers=deployment-controller,replicaset-controller,endpointslice-controller,serviceaccount-controller',
    ]);
  }

  public async stop(): Promise<void> {
    await this.stopPrograms();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async stopPrograms(): Promise<void> {
    for (const program of this.programs.reverse()) {
      // Nothing that they hold outlives them.
      await program.stop('SIGKILL');
    }
  }

  private startEtcd(clientPort: number, peerPort: number): void {
    const client = `http://127.0.0.1:${clientPort}`;
    const peer = `http://127.0.0.1:${peerPort}`;
    this.start(components('etcd').etcd, 'etcd.log', [
      ...['--name', 'conformance', '--data-dir', join(this.folder, 'etcd'), '--unsafe-no-fsync'],
      ...['--listen-client-urls', client, '--advertise-client-urls', client],
      ...[
        '--listen-peer-urls',
        peer,
        '--initial-advertise-peer-urls',
        peer,
        '--initial-cluster',
        `conformance=${peer}`,
      ],
    ]);
  }

  private async startApiServer(etcdPort: number): Promise<void> {
    const { folder } = this;
    const key = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const keyFile = join(folder, 'service-accounts.pem');
    writeFileSync(keyFile, key.privateKey, { mode: 0o600 });
    const program = this.start(components('kubeApiserver').kubeApiserver, 'kube-apiserver.log', [
      ...['--etcd-servers', `http://127.0.0.1:${etcdPort}`],
      // With its certificate, which it makes itself.
      ...[
        '--bind-address',
        '127.0.0.1',
        '--secure-port',
        String(this.port),
        '--cert-dir',
        join(folder, 'certificates'),
      ],
      ...['--token-auth-file', join(folder, 'tokens.csv'), '--authorization-mode', 'RBAC'],
      ...['--service-account-issuer', 'https://kubernetes.default.svc'],
      ...['--service-account-key-file', keyFile, '--service-account-signing-key-file', keyFile],
      ...['--admission-control-config-file', join(folder, 'admission.json')],
      ...['--service-cluster-ip-range', '10.96.0.0/16'],
      // A cluster's own choice, so here it is the widest; 30000-32767 is the default.
      ...['--service-node-port-range', '1-65535'],
      // It does not announce itself to pods, because they run beside it.
      ...['--endpoint-reconciler-type', 'none', '--advertise-address', '192.0.2.1'],
    ]);
    await program.until(async () => (await this.kubectl.run(['get', '--raw', '/readyz'])).stdout === 'ok');
  }

  private start(binary: string, log: string, args: readonly string[]): Program {
    const program = new Program({ binary, args, log: join(this.folder, log) });
    this.programs.push(program);
    return program;
  }

  private writeAdmission(level: string): void {
    const podSecurity = {
      apiVersion: 'pod-security.admission.config.k8s.io/v1',
      kind: 'PodSecurityConfiguration',
      defaults: { enforce: level, warn: level },
      exemptions: { namespaces: ['istio-system'] },
    };
    const admission = {
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AdmissionConfiguration',
      plugins: [{ name: 'PodSecurity', configuration: podSecurity }],
    };
    writeFileSync(join(this.folder, 'admission.json'), JSON.stringify(admission));
  }

  private writeKubeconfig(): string {
    const token = randomBytes(24).toString('hex');
    mkdirSync(join(this.folder, 'certificates'));
    writeFileSync(join(this.folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
    const file = join(this.folder, 'kubeconfig.json');
    const cluster = {
      server: `https://127.0.0.1:${this.port}`,
      'certificate-authority': join(this.folder, 'certificates', 'apiserver.crt'),
    };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'conformance', cluster }],
      users: [{ name: 'admin', user: { token } }],
      contexts: [{ name: 'conformance', context: { cluster: 'conformance', user: 'admin' } }],
      'current-context': 'conformance',
    };
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }
}
