/*
 * What each proxy has counted, where Prometheus looks for it: at the port and the path that the injector has written into the
 * annotations of its pod. Upstream Envoy has no `istio_requests_total`, a filter of Istio's own build; so the run counts the
 * access log, under Istio's names.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Node, RunningPod } from '../kubernetes/node';
import type { PodNetwork } from '../kubernetes/pod-network';
import type { LoggedRequest } from './access-log';
import type { DataPlane } from './data-plane';

export class Metrics {
  public static async open(node: Node, network: PodNetwork, dataPlane: DataPlane): Promise<Metrics> {
    const metrics = new Metrics(node, dataPlane);
    await new Promise<void>((settle) => metrics.server.listen(0, '127.0.0.1', settle));
    const { port } = metrics.server.address() as AddressInfo;
    for (const pod of node.pods.filter(({ isProxied }) => isProxied)) {
      network.add(pod.ip, Number(pod.annotations[PORT]), port);
    }
    return metrics;
  }

  private readonly server: Server;

  private constructor(
    private readonly node: Node,
    private readonly dataPlane: DataPlane,
  ) {
    this.server = createServer(({ headers: { host }, url }, answer) => {
      const pod = node.pods.find(({ ip, annotations }) => host === `${ip}:${annotations[PORT]}`);
      if (pod === undefined || url !== pod.annotations[PATH]) {
        answer.writeHead(404).end();
        return;
      }
      answer.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
      answer.end(exposition(this.sentBy(pod)));
    });
  }

  public close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** Without those that Envoy answered by itself. */
  private sentBy(pod: RunningPod): readonly CountedRequest[] {
    return this.dataPlane.requests().flatMap(({ from, logged }) => {
      const to = this.node.listenerAt(logged.upstream ?? '')?.pod;
      return from === pod && to !== undefined ? [{ from, to, logged }] : [];
    });
  }
}

/** A request that a proxy sent to a pod. */
interface CountedRequest {
  readonly from: RunningPod;
  readonly to: RunningPod;
  readonly logged: LoggedRequest;
}

const PORT = 'prometheus.io/port';
const PATH = 'prometheus.io/path';

/** In Prometheus' text format. */
function exposition(requests: readonly CountedRequest[]): string {
  const counts = new Map<string, number>();
  for (const request of requests) {
    const labels = Object.entries(labelsOf(request)).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    const series = `istio_requests_total{${labels.join(',')}}`;
    counts.set(series, (counts.get(series) ?? 0) + 1);
  }
  const lines = [...counts].map(([series, count]) => `${series} ${count}`);
  return ['# TYPE istio_requests_total counter', ...lines, ''].join('\n');
}

/** Those of Istio's labels by which the traffic is looked at. */
function labelsOf({ from, to, logged }: CountedRequest): { readonly [label: string]: string } {
  const [, , , host] = (logged.cluster ?? '').split('|');
  const [service, namespace] = host.split('.');
  return {
    reporter: 'source',
    ...ofWorkload('source', from),
    ...ofWorkload('destination', to),
    destination_service: host,
    destination_service_name: service,
    destination_service_namespace: namespace,
    request_protocol: 'http',
    response_code: String(logged.status),
  };
}

function ofWorkload(side: string, { workload, labels }: RunningPod): { readonly [label: string]: string } {
  const [namespace, name] = workload.split('/');
  return {
    [`${side}_workload`]: name,
    [`${side}_workload_namespace`]: namespace,
    [`${side}_app`]: labels.app ?? 'unknown',
    [`${side}_version`]: labels.version ?? 'unknown',
    [`${side}_canonical_service`]: labels['service.istio.io/canonical-name'] ?? 'unknown',
    [`${side}_canonical_revision`]: labels['service.istio.io/canonical-revision'] ?? 'latest',
  };
}
