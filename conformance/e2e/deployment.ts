/*
 * A system in a cluster of its own: applied by kubectl, its pods run, its proxies configured from what the API server holds.
 */
import { join } from 'node:path';
import { keyOf, namespaceOf } from '../cluster';
import { ApiServer } from '../kubernetes/api-server';
import { Node, type RunningPod } from '../kubernetes/node';
import { APPLY, installPlatform, platformYaml, prometheusYaml } from '../kubernetes/platform';
import type { Manifest } from '../manifest';
import { until } from '../program';
import { DataPlane } from './data-plane';
import { Metrics } from './metrics';
import type { System } from './systems';

/** What Istio's control plane watches, as far as these systems have it. */
const WATCHED = [
  'nodes',
  'namespaces',
  'services',
  'pods',
  'endpointslices',
  'gateways',
  'virtualservices',
  'destinationrules',
];

const GATEWAY_WORKLOAD = 'istio-ingress/istio-ingressgateway';

const PROMETHEUS_WORKLOAD = 'istio-system/prometheus';

interface Sample {
  readonly metric: { readonly [label: string]: string };
  readonly value: readonly [time: number, value: string];
}

export class Deployment {
  public static async of({ files, podSecurity }: System): Promise<Deployment> {
    const server = await ApiServer.start({ podSecurity });
    const node = new Node(server);
    try {
      server.startControllers();
      // Without the plugin, no sidecar keeps to "restricted".
      await installPlatform(server, node, platformYaml({ cni: podSecurity === 'restricted' }));
      for (const file of [prometheusYaml(), ...files]) {
        await server.kubectl.output([...APPLY, '--warnings-as-errors'], file);
      }
      await node.settle();
      await endpointsOfAll(server, node.pods);
      const objects = await server.kubectl.list(WATCHED);
      const proxies = onePerWorkload(node.pods);
      const dataPlane = await DataPlane.start(objects, proxies, node.pods, join(server.folder, 'envoy'));
      const metrics = await Metrics.open(node, server.network, dataPlane);
      return new Deployment(server, node, dataPlane, metrics, objects);
    } catch (error) {
      await node.stop();
      await server.stop();
      throw error;
    }
  }

  private constructor(
    private readonly server: ApiServer,
    private readonly node: Node,
    private readonly dataPlane: DataPlane,
    private readonly metrics: Metrics,
    private readonly objects: readonly Manifest[],
  ) {}

  /** What the Prometheus of the cluster answers, as a number by the value of the query's one label. */
  public async query(query: string): Promise<{ readonly [value: string]: number }> {
    const port = this.node.pods.find(({ workload }) => workload === PROMETHEUS_WORKLOAD)?.ports.get(9090);
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/query?${new URLSearchParams({ query })}`);
    const { data } = (await response.json()) as { data: { result: readonly Sample[] } };
    return Object.fromEntries(data.result.map(({ metric, value }) => [Object.values(metric)[0], Number(value[1])]));
  }

  /** What the pods of a Deployment (`namespace/name`) say is their version. */
  public versionOf(workload: string): string {
    return this.node.pods.find((pod) => pod.workload === workload)?.labels.version ?? 'unknown';
  }

  /**
   * The port of the loopback interface at which a client finds a host and port: the load balancer of the gateway, or, for a
   * client in the pod of a Deployment, what iptables make of the Service's address.
   */
  public way(url: string, from: string | undefined): number | Promise<number> {
    const { hostname, port } = new URL(url);
    const number = Number(port || 80);
    if (from !== undefined) {
      const [name, namespace] = hostname.split('.');
      const { clusterIP } = this.service(`${namespace}/${name}`).spec as { clusterIP: string };
      return this.dataPlane.dial(this.proxyOf(from), clusterIP, number);
    }
    const { ports } = this.service(GATEWAY_WORKLOAD).spec as { ports: readonly { port: number; targetPort: number }[] };
    const target = ports.find((each) => each.port === number)?.targetPort;
    if (target === undefined) {
      throw new Error(`The gateway's Service has no port ${number}, which ${url} asks for.`);
    }
    return this.dataPlane.gatewayPort(this.proxyOf(GATEWAY_WORKLOAD), target);
  }

  /** What kubectl reads of these kinds from the cluster. */
  public get(kinds: string): Promise<readonly Manifest[]> {
    return this.server.kubectl.list([kinds]);
  }

  /** The pod that listens at an address of the loopback interface, and at which of its ports. */
  public listenerAt(address: string): { readonly pod: RunningPod; readonly port: number } | undefined {
    return this.node.listenerAt(address);
  }

  public async stop(): Promise<void> {
    this.metrics.close();
    await this.dataPlane.stop();
    await this.node.stop();
    await this.server.stop();
  }

  private proxyOf(workload: string): RunningPod {
    const pod = onePerWorkload(this.node.pods).find((each) => each.workload === workload);
    if (pod === undefined) {
      throw new Error(`There is no pod of ${workload}.`);
    }
    return pod;
  }

  private service(key: string): Manifest {
    const found = this.objects.find((each) => each.kind === 'Service' && keyOf(each) === key);
    if (found === undefined) {
      throw new Error(`There is no Service ${key}.`);
    }
    return found;
  }
}

/** Of the pods with a proxy. Of a Deployment, each is told the same, so the first is enough. */
function onePerWorkload(pods: readonly RunningPod[]): readonly RunningPod[] {
  const byWorkload = new Map<string, RunningPod>();
  for (const pod of pods.filter(({ isProxied }) => isProxied)) {
    byWorkload.set(pod.workload, byWorkload.get(pod.workload) ?? pod);
  }
  return [...byWorkload.values()];
}

/** Waits until every pod is an endpoint of every Service that selects it. */
async function endpointsOfAll({ kubectl }: ApiServer, pods: readonly RunningPod[]): Promise<void> {
  await until('every pod is an endpoint of the Services that select it', async () => {
    const manifests = await kubectl.list(['services', 'endpointslices']);
    const ready = new Set(manifests.filter(({ kind }) => kind === 'EndpointSlice').flatMap(readyEndpoints));
    return manifests
      .filter(({ kind }) => kind === 'Service')
      .every((service) => {
        const { selector } = service.spec as { selector?: { [key: string]: string } };
        return pods
          .filter((pod) => selector !== undefined && pod.namespace === namespaceOf(service))
          .filter(({ labels }) => Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value))
          .every(({ ip }) => ready.has(`${keyOf(service)} ${ip}`));
      });
  });
}

function readyEndpoints(slice: Manifest): readonly string[] {
  const { endpoints } = slice as unknown as {
    endpoints: readonly { addresses: readonly string[]; conditions: { ready?: boolean } }[] | null;
  };
  const service = `${namespaceOf(slice)}/${slice.metadata.labels?.['kubernetes.io/service-name']}`;
  return (endpoints ?? [])
    .filter(({ conditions }) => conditions.ready)
    .flatMap(({ addresses }) => addresses.map((address) => `${service} ${address}`));
}
