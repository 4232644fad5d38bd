/*
 * What Kubernetes makes of manifests before Istio sees them: pods with addresses, EndpointSlices, cluster IPs. Written from
 * Kubernetes' rules and not from src/model, since it is one of the things that src/model is held against.
 */
import type { Manifest } from './manifest';

export interface Pod {
  readonly workload: string;
  readonly namespace: string;
  readonly name: string;
  readonly ip: string;
  readonly labels: { readonly [key: string]: string };
  readonly serviceAccount: string;
  readonly ports: readonly ContainerPort[];
}

interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
}

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly protocol?: string;
  readonly targetPort?: number | string;
  readonly appProtocol?: string;
}

interface ServiceSpec {
  readonly type?: string;
  readonly clusterIP?: string;
  readonly externalName?: string;
  readonly selector?: { readonly [key: string]: string };
  readonly ports?: readonly ServicePort[];
}

interface DeploymentSpec {
  readonly replicas?: number;
  readonly template?: {
    readonly metadata?: { readonly labels?: { readonly [key: string]: string } };
    readonly spec?: {
      readonly serviceAccountName?: string;
      readonly containers?: readonly { readonly ports?: readonly ContainerPort[] }[];
    };
  };
}

const NAMESPACE = 'default';

export class Cluster {
  public readonly pods: readonly Pod[];
  /** Cluster IPs of Services, by `namespace/name`. */
  public readonly addresses = new Map<string, string>();
  private readonly services: readonly Manifest[];

  public constructor(private readonly manifests: readonly Manifest[]) {
    this.services = manifests.filter(({ kind }) => kind === 'Service');
    this.pods = manifests
      .filter(({ kind }) => kind === 'Deployment')
      .flatMap(podsOf)
      .map(withAddress);
    for (const [index, service] of this.services.entries()) {
      const { type, clusterIP } = specOf(service);
      if (type !== 'ExternalName' && clusterIP !== 'None') {
        this.addresses.set(keyOf(service), clusterIP ?? `127.95.0.${index + 1}`);
      }
    }
  }

  /** The objects of the cluster, Istio's aside. */
  public objects(): readonly Manifest[] {
    const namespaces = new Set(this.manifests.map(namespaceOf));
    return [
      ...[...namespaces].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
      ...this.manifests.filter(({ kind }) => kind === 'Secret'),
      ...this.pods.map(podManifest),
      ...this.services.map((service) => this.completeService(service)),
      ...this.services.flatMap((service) => this.slicesOf(service)),
    ];
  }

  /** The port of the proxy's pod at which a connection to `port` of the Service in front arrives; undefined if it cannot. */
  public podPort(pod: Pod | undefined, port: number): number | undefined {
    const inFront = this.servicesOf(pod);
    if (pod === undefined || inFront.length === 0) {
      return port;
    }
    const found = inFront.flatMap(portsOf).find((each) => each.port === port);
    return found === undefined ? undefined : targetPort(found, pod);
  }

  /** Whether a port before this one, of the same Service, leads to the same port of the pod. */
  public isSecondWay(pod: Pod | undefined, port: number): boolean {
    const ports = this.servicesOf(pod)
      .map(portsOf)
      .find((all) => all.some((each) => each.port === port));
    const target = this.podPort(pod, port);
    const first = ports?.find((each) => pod !== undefined && targetPort(each, pod) === target);
    return first !== undefined && first.port !== port;
  }

  private servicesOf(pod: Pod | undefined): readonly Manifest[] {
    return this.services.filter((service) => pod !== undefined && selectsPod(service, pod));
  }

  /**
   * The address that a pod of `namespace` gets for a host: from the cluster's DNS, or, for the host of a ServiceEntry with an
   * address, from whoever serves that; undefined for one that only a DNS outside of the cluster may know.
   */
  public resolve(host: string, namespace: string): string | undefined {
    const service = this.serviceNamed(host, namespace);
    if (service === undefined) {
      return this.entryAddress(host);
    }
    const { type, externalName = '' } = specOf(service);
    if (type === 'ExternalName') {
      return this.resolve(externalName.toLowerCase(), namespace);
    }
    return this.addresses.get(keyOf(service)) ?? this.podsOf(service)[0]?.ip;
  }

  /** Whether a host is a Service for which the cluster's DNS has no address. */
  public isUnreachable(host: string, namespace: string): boolean {
    const service = this.serviceNamed(host, namespace);
    const { type, externalName = '' } = service === undefined ? {} : specOf(service);
    return type === 'ExternalName'
      ? this.isUnreachable(externalName, namespace)
      : service !== undefined && this.resolve(host, namespace) === undefined;
  }

  /** What an address is to the simulator: `namespace/name` of a workload or WorkloadEntry, or the address itself. */
  public nameOf(address: string): string {
    const pod = this.pods.find(({ ip }) => ip === address);
    if (pod !== undefined) {
      return `${pod.namespace}/${pod.workload}`;
    }
    const machine = this.manifests.find(
      ({ kind, spec }) => kind === 'WorkloadEntry' && (spec as { address?: string }).address === address,
    );
    return machine === undefined ? address : keyOf(machine);
  }

  /** The pods behind a Service, by its host in full, that have the port to which one of its ports leads. */
  public podsWithPort(host: string, port: number): readonly Pod[] {
    const service = this.serviceNamed(host, NAMESPACE);
    const found = service === undefined ? undefined : portsOf(service).find((each) => each.port === port);
    return service === undefined || found === undefined
      ? []
      : this.podsOf(service).filter((pod) => targetPort(found, pod) !== undefined);
  }

  /** The Service that DNS finds under a name, or under that of one of its pods if it has no address of its own. */
  private serviceNamed(host: string, namespace: string): Manifest | undefined {
    const [name, ...rest] = host.replace(/\.svc\.cluster\.local$|\.svc$/, '').split('.');
    const byKey = (key: string) => this.services.find((each) => keyOf(each) === key);
    if (rest.length === 2 && host.includes('.svc')) {
      const ofPod = byKey(`${rest[1]}/${rest[0]}`);
      return ofPod !== undefined && specOf(ofPod).clusterIP === 'None' ? ofPod : undefined;
    }
    return rest.length === 0
      ? byKey(`${namespace}/${name}`)
      : rest.length === 1
        ? byKey(`${rest[0]}/${name}`)
        : undefined;
  }

  private entryAddress(host: string): string | undefined {
    for (const { kind, spec } of this.manifests) {
      const { addresses = [], hosts = [] } = (spec ?? {}) as {
        addresses?: readonly string[];
        hosts?: readonly string[];
      };
      const isMeant = kind === 'ServiceEntry' && hosts.some((each) => covers(each.toLowerCase(), host));
      if (isMeant && addresses.length > 0) {
        return addresses[0].replace(/\.0\/24$/, '.9').replace('/32', '');
      }
    }
    return undefined;
  }

  private podsOf(service: Manifest): readonly Pod[] {
    return this.pods.filter((pod) => selectsPod(service, pod));
  }

  /** With what the API server fills in. */
  private completeService(service: Manifest): Manifest {
    const spec = specOf(service);
    const ports = spec.ports?.map((port) => ({ protocol: 'TCP', targetPort: port.port, ...port }));
    const clusterIP = this.addresses.get(keyOf(service)) ?? spec.clusterIP;
    return {
      ...service,
      metadata: { ...service.metadata, namespace: namespaceOf(service) },
      spec: { ...spec, clusterIP, ports },
    };
  }

  /** Kubernetes makes one slice for each set of pods that agree on what the target ports are. */
  private slicesOf(service: Manifest): readonly Manifest[] {
    const { type, selector, ports = [] } = specOf(service);
    if (type === 'ExternalName' || selector === undefined) {
      return [];
    }
    const bySignature = new Map<string, { ports: readonly object[]; pods: Pod[] }>();
    for (const pod of this.podsOf(service)) {
      const resolved = ports.flatMap((port) => {
        const number = targetPort(port, pod);
        return number === undefined ? [] : [{ name: port.name ?? '', port: number, protocol: port.protocol ?? 'TCP' }];
      });
      const signature = JSON.stringify(resolved);
      const known = bySignature.get(signature) ?? { ports: resolved, pods: [] };
      known.pods.push(pod);
      bySignature.set(signature, known);
    }
    return [...bySignature.values()].map((slice, index) => ({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${service.metadata.name}-${index}`,
        namespace: namespaceOf(service),
        labels: { 'kubernetes.io/service-name': service.metadata.name },
      },
      addressType: 'IPv4',
      ports: slice.ports,
      endpoints: slice.pods.map((pod) => ({
        addresses: [pod.ip],
        conditions: { ready: true, serving: true },
        targetRef: { kind: 'Pod', name: pod.name, namespace: pod.namespace },
      })),
    }));
  }
}

export function namespaceOf({ metadata }: Pick<Manifest, 'metadata'>): string {
  return metadata.namespace ?? NAMESPACE;
}

function covers(pattern: string, host: string): boolean {
  return pattern.startsWith('*') ? host.endsWith(pattern.slice(1)) : pattern === host;
}

/** `namespace/name` */
export function keyOf(manifest: Pick<Manifest, 'metadata'>): string {
  return `${namespaceOf(manifest)}/${manifest.metadata.name}`;
}

function specOf(service: Manifest): ServiceSpec {
  return (service.spec ?? {}) as ServiceSpec;
}

function portsOf(service: Manifest): readonly ServicePort[] {
  return specOf(service).ports ?? [];
}

function podsOf(deployment: Manifest): Omit<Pod, 'ip'>[] {
  const { replicas = 1, template } = (deployment.spec ?? {}) as DeploymentSpec;
  return Array.from({ length: replicas }, (_, index) => ({
    workload: deployment.metadata.name,
    namespace: namespaceOf(deployment),
    name: `${deployment.metadata.name}-${index}`,
    labels: template?.metadata?.labels ?? {},
    serviceAccount: template?.spec?.serviceAccountName ?? 'default',
    ports: (template?.spec?.containers ?? []).flatMap(({ ports }) => ports ?? []),
  }));
}

function withAddress(pod: Omit<Pod, 'ip'>, index: number): Pod {
  return { ...pod, ip: `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}` };
}

/** With what the API server fills in. */
function podManifest({ name, namespace, labels, serviceAccount, ip, ports }: Pod): Manifest {
  const withProtocol = ports.map((port) => ({ protocol: 'TCP', ...port }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      nodeName: 'node',
      serviceAccountName: serviceAccount,
      containers: [{ name: 'app', image: 'app', ports: withProtocol }],
    },
    status: { phase: 'Running', podIP: ip, podIPs: [{ ip }], conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

function selectsPod(service: Manifest, pod: Pod): boolean {
  const { selector } = specOf(service);
  return (
    selector !== undefined &&
    namespaceOf(service) === pod.namespace &&
    Object.entries(selector).every(([key, value]) => pod.labels[key] === value)
  );
}

function targetPort({ port, targetPort: target }: ServicePort, pod: Pod): number | undefined {
  if (typeof target === 'string') {
    return pod.ports.find(({ name }) => name === target)?.containerPort;
  }
  return target ?? port;
}
