/*
 * What became of a request, in the words of the mesh that it was sent to.
 */
import type { RouteWorkload } from '../src/envoy/destination';
import { ID_HEADER, RECEIVED_HEADER } from './backend';
import type { Reply } from './client';
import type { Cluster } from './cluster';
import { FLAGS_HEADER, ROUTE_HEADER } from './envoy-config';
import type { Journal, Received } from './journal';

/** What became of a request. */
export type Observation =
  | { readonly kind: 'refused' }
  /** Envoy does not take the listener that Istio made: a new proxy opens no port, and one that runs keeps what it had. */
  | { readonly kind: 'unloaded'; readonly reason: string }
  | { readonly kind: 'closed'; readonly reason: string }
  | {
      readonly kind: 'http';
      readonly status: number;
      /** Envoy's response flags, where it answered by itself. */
      readonly flags?: string;
      /** Envoy's name of the route that answered, where it has one: of a rule, the rule's name. */
      readonly route?: string;
      readonly location?: string;
      /** The code that stands in the header `grpc-status`. */
      readonly grpcStatus?: string;
      readonly body: string;
      /** What the backend got, where one answered. */
      readonly received?: Arrival;
      /** How often backends got the request; absent where the proxy gave it no id by which it can be told from others. */
      readonly attempts?: number;
      /** The copies of it that backends got, because of mirrors. */
      readonly copies?: readonly Arrival[];
    };

/** A request that reached a backend. */
export interface Arrival extends Omit<Received, 'backend' | 'at' | 'httpVersion'> {
  /** Absent in recordings of the time when no backend spoke HTTP/2. */
  readonly httpVersion?: Received['httpVersion'];
  /** `namespace/name` of the pod's workload or of the WorkloadEntry, or the address where it is neither's. */
  readonly workload: string;
  readonly port: number;
  /** Set where it went to the very address that the app had dialled. */
  readonly passedOn?: true;
}

/** A workload of a decision, as the `workload` of an arrival says it. */
export function workloadName({ kind, namespace, name }: RouteWorkload): string {
  // An address that somebody wrote down goes by itself.
  return kind === 'Deployment' || kind === 'WorkloadEntry' ? `${namespace}/${name}` : name;
}

export type Unloaded = Extract<Observation, { kind: 'unloaded' }>;

/** What the backend at each loopback port stands for. Without address, for the one at which it is reached. */
export interface BackendAddresses {
  readonly backends: ReadonlyMap<number, { readonly address?: string; readonly port: number }>;
}

export class Observer {
  public constructor(
    private readonly cluster: Cluster,
    private readonly addresses: BackendAddresses,
    private readonly journal: Journal,
  ) {}

  /** To be asked when nothing is under way any more, so that all copies have arrived. */
  public observe(reply: Reply | Unloaded): Observation {
    if (reply.kind !== 'http') {
      return reply;
    }
    const { status, headers, body } = reply;
    const sent = headers.get(RECEIVED_HEADER);
    return {
      kind: 'http',
      status,
      flags: headers.get(FLAGS_HEADER),
      route: headers.get(ROUTE_HEADER),
      location: headers.get('location'),
      grpcStatus: headers.get('grpc-status'),
      body,
      received: sent === undefined ? undefined : this.arrival(decode(sent)),
      ...this.history(headers.get(ID_HEADER)),
    };
  }

  private history(id: string | undefined): { readonly attempts?: number; readonly copies?: readonly Arrival[] } {
    // Envoy's formatter writes '-' for what is not there.
    if (id === undefined || id === '' || id === '-') {
      return {};
    }
    const copies = this.journal.copies(id).map((received) => this.arrival(received));
    return { attempts: this.journal.attempts(id), ...(copies.length === 0 ? {} : { copies }) };
  }

  private arrival({ backend, at, ...received }: Received): Arrival {
    const { address, port } = this.addresses.backends.get(backend) ?? { port: 0 };
    return {
      ...received,
      target: Buffer.from(received.target, 'latin1').toString('utf8'),
      workload: this.cluster.nameOf(address ?? at),
      port,
      ...(address === undefined ? { passedOn: true } : {}),
    };
  }
}

/** What a backend says in its answer that it received. */
export function decode(sent: string): Received {
  return JSON.parse(Buffer.from(sent, 'base64').toString('latin1')) as Received;
}
