/*
 * The places that a decision names: where a request may go, and as what it arrives there.
 */

import type { Target } from '../proxy/target';
import { forward } from './forwarding';
import type { RouteOutcome } from './outcome';
import type { ParsedRequest } from './parsed-request';

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

/** The request as a destination receives it. */
export interface ForwardedRequest {
  /** HTTP method. */
  readonly method: string;
  /** The authority (`host` header), after any rewrite. */
  readonly authority: string;
  /** Path and query, normalised, after any rewrite. */
  readonly path: string;
  /**
   * Version of HTTP that the proxy speaks: `1.1`, or `2` where the port is called `http2`, `grpc` or `grpc-web`, or a
   * DestinationRule has it so. An app that does not understand it cannot answer, and the client gets 503.
   *
   * @default - the bytes are forwarded unread
   */
  readonly httpVersion?: string;
  /**
   * Headers after the route's operations, names in lower case, values of a repeated header joined by ','. What proxies add
   * on their own (`x-request-id`, tracing) is not among them.
   */
  readonly headers: { readonly [name: string]: string };
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
  public static _of(target: Target, received: ParsedRequest): RouteDestination {
    return new RouteDestination(target, received);
  }

  private constructor(
    private readonly target: Target,
    private readonly received: ParsedRequest,
  ) {
    this.host = target.host;
    this.subset = target.subset;
    this.port = target.port;
    this.targetPort = target.targetPort;
    this.weight = target.weight;
    this.outcome = target.outcome;
    this.workloadsKnown = target.endpointsKnown;
  }

  /** The workloads whose pods answer, as far as the manifests tell. */
  public get workloads(): RouteWorkload[] {
    return workloadsOf(this.target);
  }

  /** The request as it arrives here. */
  public get request(): ForwardedRequest {
    const { forwarding, httpVersion } = this.target;
    return {
      ...forward(this.received, forwarding),
      httpVersion: httpVersion === 'client' ? this.received.httpVersion : httpVersion,
    };
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
export function workloadsOf({ endpoints }: Target): RouteWorkload[] {
  return endpoints.map(({ kind, namespace, name, replicas, version }) => ({
    kind,
    namespace,
    name,
    replicas,
    version,
  }));
}
