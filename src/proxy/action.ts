/*
 * What a route does with a request: redirect, answer, or forward (`translateRoute`).
 */
import { type Destination, type HttpMatch, type HttpRoute, mirrorsInForce } from '../model/http-route';
import type { MeshModel } from '../model/model';
import type { RegistryService } from '../model/registry';
import {
  type Cluster,
  type ClusterScope,
  type ClusterState,
  clusterOf,
  passOn,
  stateOf,
  type WeightedCluster,
} from './cluster';
import { type Cors, corsOf } from './cors';
import { faultInForce, type InjectedFault } from './fault';
import { forwardingOf } from './forwarding';
import { type RedirectAction, redirectAction } from './redirect';
import { type RetryPolicy, retriesInForce } from './retries';
import { apartByTls } from './tls-mismatches';

/** A destination of copies. */
interface Mirror {
  readonly cluster: Cluster;
  /** Share of the requests that are copied, in percent. */
  readonly percentage: number;
}

export interface Action {
  readonly redirect?: RedirectAction;
  readonly directResponse?: { readonly status: number; readonly body: string };
  /** Where requests are forwarded. */
  readonly clusters: readonly WeightedCluster[];
  /** The same by how requests fare there: what only some pods of a cluster understand stands apart. */
  readonly arrivals: readonly WeightedCluster[];
  /** What becomes of the requests there. */
  readonly state: ClusterState;
  /** Whether some go on to the address that was dialled. */
  readonly passesOn: boolean;
  readonly mirrors: readonly Mirror[];
  readonly timeoutMillis?: number;
  readonly retries?: RetryPolicy;
  readonly fault?: InjectedFault;
  readonly cors?: Cors;
}

function leadingTo(
  model: MeshModel,
  clusters: readonly WeightedCluster[],
): Pick<Action, 'clusters' | 'arrivals' | 'state' | 'passesOn'> {
  const arrivals = apartByTls(model, clusters);
  return { clusters, arrivals, state: stateOf(arrivals), passesOn: passOn(clusters) };
}

const NOWHERE = { clusters: [], arrivals: [], state: stateOf([]), passesOn: false } as const;

/** The action of a rule, for requests that came in by `match`. */
export function ruleAction(rule: HttpRoute, match: HttpMatch | undefined, scope: ClusterScope): Action {
  const filters = { fault: faultInForce(rule.fault), cors: corsOf(rule.corsPolicy) };
  if (rule.redirect !== undefined) {
    return { redirect: redirectAction(rule.redirect, match, scope), ...NOWHERE, mirrors: [], ...filters };
  }
  if (rule.directResponse !== undefined) {
    return { directResponse: rule.directResponse, ...NOWHERE, mirrors: [], ...filters };
  }
  return {
    ...leadingTo(scope.model, clustersOf(rule, match, scope)),
    mirrors: mirrorsInForce(rule).map(({ destination, percentage }) => ({
      cluster: asCopy(clusterOf(destination, scope)),
      percentage,
    })),
    timeoutMillis: rule.timeoutMs || undefined,
    retries: retriesInForce(rule.retries ?? scope.model.meshConfig.retries),
    ...filters,
  };
}

/** A copy belongs to no connection, so nothing was dialled to which it could be passed on. */
function asCopy(cluster: Cluster): Cluster {
  const text = 'has no address of its own, and a copy has no original destination';
  return cluster.passedOn === undefined
    ? cluster
    : { ...cluster, state: 'empty', endpoints: [], endpointsKnown: true, text };
}

/** The action of a service of the mesh for which no VirtualService speaks: forward to it, on the port that was asked. */
export function defaultAction({ host }: RegistryService, scope: ClusterScope): Action {
  const destination: Destination = { path: '', writtenHost: host, host, port: scope.port };
  const retries = retriesInForce(scope.model.meshConfig.retries);
  const forwarding = { passes: [], limits: { perTryMillis: retries?.perTryTimeoutMillis || undefined } };
  return {
    ...leadingTo(scope.model, [{ cluster: clusterOf(destination, scope), weight: 100, path: '', forwarding }]),
    mirrors: [],
    retries,
  };
}

function clustersOf(rule: HttpRoute, match: HttpMatch | undefined, scope: ClusterScope): readonly WeightedCluster[] {
  const only = rule.destinations.length === 1;
  // Among several, a weight of 0 takes part in nothing; alone, the weight does not count.
  const counted = only ? rule.destinations : rule.destinations.filter((destination) => destination.weight > 0);
  const total = counted.reduce((sum, { weight }) => sum + weight, 0);
  return counted.map((weighted) => ({
    cluster: clusterOf(weighted.destination, scope),
    weight: only ? 100 : (weighted.weight * 100) / total,
    path: weighted.path,
    forwarding: forwardingOf(rule, match, weighted, scope.model.meshConfig),
  }));
}
