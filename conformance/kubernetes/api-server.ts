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
import { Kubectl, listOf } from './kubectl';
import { PodNetwork } from './pod-network';

export interface ApiServerOptions {
  /**
   * The Pod Security Standard that pods of namespaces must keep which say nothing of it.
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
    const server = new ApiServer(folder, securePort, await PodNetwork.open(join(folder, 'network.sock')));
    try {
      server.startEtcd(clientPort, peerPort);
      server.writeAdmission(podSecurity);
      server.writeEgress();
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
    public readonly network: PodNetwork,
  ) {
    const file = this.writeAdminKubeconfig();
    const cache = join(folder, 'kubectl');
    this.kubectl = new Kubectl(components('kubectl').kubectl, ['--kubeconfig', file, '--cache-dir', cache]);
  }

  public get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  /** The file by which its certificate is judged. */
  public get authority(): string {
    return join(this.folder, 'certificates', 'apiserver.crt');
  }

  /** Its version, as it says itself. */
  public async version(): Promise<string> {
    return JSON.parse(await this.kubectl.output(['get', '--raw', '/version'])).gitVersion;
  }

  /** Namespaces that manifests name and that are not among them. */
  public async createNamespaces(names: Iterable<string>): Promise<void> {
    const manifests = [...names].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    await this.kubectl.output(['apply', '-f', '-'], listOf(manifests));
  }

  /** Those of kube-controller-manager that stand between a Deployment and the endpoints of its Service. */
  public startControllers(): Program {
    return this.start(components('kubeControllerManager').kubeControllerManager, 'kube-controller-manager.log', [
      ...['--kubeconfig', join(this.folder, 'kubeconfig.json'), '--leader-elect=false', '--secure-port=0'],
      '--controllers=deployment-controller,replicaset-controller,endpointslice-controller,serviceaccount-controller',
    ]);
  }

  /** A token of a ServiceAccount, as its pods get one. */
  public async tokenOf(namespace: string, name: string): Promise<string> {
    return (await this.kubectl.output(['create', 'token', name, '--namespace', namespace])).trim();
  }

  /** A file by which a ServiceAccount asks this server, with no more than its own rights. */
  public async kubeconfigOf(namespace: string, name: string): Promise<string> {
    return this.writeKubeconfig(`${namespace}.${name}.json`, await this.tokenOf(namespace, name));
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
    this.network.close();
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
      // To the webhooks of Services it goes by their endpoints, through a proxy, as where nodes have a network of their own.
      ...['--enable-aggregator-routing', '--egress-selector-config-file', join(folder, 'egress.json')],
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
    };
    const admission = {
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'AdmissionConfiguration',
      plugins: [{ name: 'PodSecurity', configuration: podSecurity }],
    };
    writeFileSync(join(this.folder, 'admission.json'), JSON.stringify(admission));
  }

  private writeEgress(): void {
    const connection = { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: this.network.socket } } };
    const egress = {
      apiVersion: 'apiserver.k8s.io/v1beta1',
      kind: 'EgressSelectorConfiguration',
      egressSelections: [{ name: 'cluster', connection }],
    };
    writeFileSync(join(this.folder, 'egress.json'), JSON.stringify(egress));
  }

  private writeAdminKubeconfig(): string {
    const token = randomBytes(24).toString('hex');
    mkdirSync(join(this.folder, 'certificates'));
    writeFileSync(join(this.folder, 'tokens.csv'), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
    return this.writeKubeconfig('kubeconfig.json', token);
  }

  private writeKubeconfig(name: string, token: string): string {
    const file = join(this.folder, name);
    const cluster = {
      server: this.url,
      'certificate-authority': this.authority,
    };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'conformance', cluster }],
      users: [{ name: 'user', user: { token } }],
      contexts: [{ name: 'conformance', context: { cluster: 'conformance', user: 'user' } }],
      'current-context': 'conformance',
    };
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }
}
