/*
 * The places that a decision names: where a request may go, and as what it arrives there.
 */

import type { Cluster, WeightedCluster } from '../proxy/cluster';
import { type ForwardedRequest, forward } from './forwarding';
import type { RouteOutcome } from './outcome';
import type { ParsedRequest } from './parsed-request';
import { outcomeAt } from './verdict';

/** A workload that answers requests. */
export interface RouteWorkload {
  /** Deployment, StatefulSet and so on; EndpointSlice or ServiceEntry for an address that somebody wrote down. */
  readonly kind: string;
  /** Its namespace. */
  readonly namespace: string;
  /** Its name, or the address. */
  readonly name: string;
  /** How many pods it asks for. */
  readonly replicas: number;
  /**
   * The label `version` of its pods.
   *
   * @default - they have none
   */
  readonly version?: string;
}

/** One place that a request may go to. */
export class RouteDestination {
  /** The service's full host name. */
  public readonly host: string;
  /**
   * The subset of the service.
   *
   * @default - the whole service
   */
  public readonly subset?: string;
  /** Port of the service. */
  public readonly port: number;
  /**
   * Port of the pods.
   *
   * @default - not known from the manifests
   */
  public readonly targetPort?: number;
  /** Share of the requests, in percent. */
  public readonly weight: number;
  /** FORWARD, or what happens to the requests sent here: NO_CLUSTER, NO_ENDPOINTS. */
  public readonly outcome: RouteOutcome;
  /** Whether `workloads` is all. False where endpoints come from elsewhere: DNS, or a Service without selector. */
  public readonly workloadsKnown: boolean;

  /** @internal */
  public static _of(to: WeightedCluster, received: ParsedRequest): RouteDestination {
    return new RouteDestination(to, received);
  }

  private constructor(
    private readonly to: WeightedCluster,
    private readonly received: ParsedRequest,
  ) {
    const { cluster, weight } = to;
    this.host = cluster.host;
    this.subset = cluster.subset;
    this.port = cluster.port;
    this.targetPort = cluster.targetPort;
    this.weight = weight;
    this.outcome = outcomeAt(cluster);
    this.workloadsKnown = cluster.endpointsKnown;
  }

  /** @internal Whether the subset is one that chooses between no pods. */
  public get _choosesNothing(): boolean {
    return this.to.cluster.passedOn !== undefined;
  }

  /** The workloads whose pods answer, as far as the manifests tell. */
  public get workloads(): RouteWorkload[] {
    return workloadsOf(this.to.cluster);
  }

  /** The request as it arrives here. */
  public get request(): ForwardedRequest {
    const { httpVersion } = this.to.cluster;
    return {
      ...forward(this.received, this.to.forwarding),
      httpVersion: httpVersion === 'client' ? this.received.httpVersion : httpVersion,
    };
  }

  /** All of it, as the data that `versioned-mesh route --json` prints. */
  public toJSON(): unknown {
    const { host, subset, port, targetPort, weight, outcome, workloads, workloadsKnown, request } = this;
    return { host, subset, port, targetPort, weight, outcome, workloads, workloadsKnown, request };
  }
}

/** A place that gets copies of requests, whose answers nobody sees. */
export interface RouteMirror {
  /** The service's full host name. */
  readonly host: string;
  /**
   * The subset of the service.
   *
   * @default - the whole service
   */
  readonly subset?: string;
  /** Port of the service. */
  readonly port: number;
  /** Share of the requests that are copied, in percent. */
  readonly percentage: number;
  /** FORWARD, or why no copy arrives: NO_CLUSTER, NO_ENDPOINTS. The client notices nothing of that. */
  readonly outcome: RouteOutcome;
  /** The workloads whose pods get the copies, as far as the manifests tell. */
  readonly workloads: RouteWorkload[];
}

/** What is told of the endpoints. */
export function workloadsOf({ endpoints }: Cluster): RouteWorkload[] {
  return endpoints.map(({ kind, namespace, name, replicas, version }) => ({
    kind,
    namespace,
    name,
    replicas,
    version,
  }));
}
