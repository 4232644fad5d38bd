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

/**
 * An action of one form, whatever it does, with what every request asks for in front: of a large mesh a decision reads little more
 * than this, and what lies together comes from memory together.
 */
function actionOf(
  model: MeshModel,
  clusters: readonly WeightedCluster[],
  { redirect, directResponse, mirrors = [], timeoutMillis, retries, fault, cors }: Partial<Action>,
): Action {
  const arrivals = apartByTls(model, clusters);
  return {
    fault,
    redirect,
    directResponse,
    cors,
    arrivals,
    state: stateOf(arrivals),
    passesOn: passOn(clusters),
    clusters,
    mirrors,
    timeoutMillis,
    retries,
  };
}

/** The action of a rule, for requests that came in by `match`. */
export function ruleAction(rule: HttpRoute, match: HttpMatch | undefined, scope: ClusterScope): Action {
  const { model } = scope;
  const filters = { fault: faultInForce(rule.fault), cors: corsOf(rule.corsPolicy) };
  if (rule.redirect !== undefined) {
    return actionOf(model, [], { redirect: redirectAction(rule.redirect, match, scope), ...filters });
  }
  if (rule.directResponse !== undefined) {
    return actionOf(model, [], { directResponse: rule.directResponse, ...filters });
  }
  return actionOf(model, clustersOf(rule, match, scope), {
    mirrors: mirrorsInForce(rule).map(({ destination, percentage }) => ({
      cluster: asCopy(clusterOf(destination, scope)),
      percentage,
    })),
    timeoutMillis: rule.timeoutMs || undefined,
    retries: retriesInForce(rule.retries ?? model.meshConfig.retries),
    ...filters,
  });
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
  return actionOf(scope.model, [{ cluster: clusterOf(destination, scope), weight: 100, path: '', forwarding }], {
    retries,
  });
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
