/*
 * Where a destination leads: the service, the endpoints behind its port, and how they are spoken to.
 */

import type { StringMap } from '../manifests/node';
import { nameOf } from '../manifests/object';
import { inForce } from '../model/by-port';
import type { MergedDestinationRule, Subset } from '../model/destination-rule';
import type { EndpointGroup } from '../model/endpoints';
import type { Destination, WeightedDestination } from '../model/http-route';
import type { MeshModel } from '../model/model';
import {
  hasNoAddress,
  hasNothingToChoose,
  isHttpOrSniffed,
  isServiceVisible,
  type RegistryPort,
  type RegistryService,
} from '../model/registry';
import type { HttpChoice, HttpVersion } from '../model/upstream-http';
import { labelsOf } from '../syntax/wording';
import { type Forwarding, UNREAD } from './forwarding';
import { endpointsOf } from './port-endpoints';

/** Where destinations are looked up. */
export interface ClusterScope {
  readonly model: MeshModel;
  /** Namespace of the proxy, which decides what it can see. */
  readonly proxyNamespace: string;
  /** Labels of the proxy's pod. */
  readonly proxyLabels: StringMap;
  readonly port: number;
  readonly isTls: boolean;
  /** The service that a destination's host names, for finding its port. A sidecar knows only those on the listener's port. */
  readonly lookupService: (host: string) => RegistryService | undefined;
  /** The service whose clusters the proxy has under a host. */
  readonly clusterService: (host: string) => RegistryService | undefined;
  /** Whether the clusters of services without address lead to wherever the app dialled, as a sidecar's do. */
  readonly passesOn: boolean;
}

/** What becomes of requests that are sent to a cluster. */
export type ClusterState =
  | 'usable'
  /** There is no such cluster. */
  | 'missing'
  /** No pod stands behind it. */
  | 'empty'
  /** The pods do not understand the TLS, or lack of it, that is spoken to them. */
  | 'mismatched'
  /** The manifests do not decide it. */
  | 'open';

/** What Istio makes of a destination, with all that the manifests say about it. */
export interface Cluster {
  readonly host: string;
  readonly subset?: string;
  readonly port: number;
  /** Port of the pods, where it is known. */
  readonly targetPort?: number;
  readonly state: ClusterState;
  /** Why it is so; for people. */
  readonly text: string;
  readonly endpoints: readonly EndpointGroup[];
  readonly endpointsKnown: boolean;
  /** The version of HTTP that is spoken there, or `client` for that of the request; absent for bytes, which nobody reads. */
  readonly httpVersion?: HttpVersion | 'client';
  /** What it is made of; absent where there is no such cluster. */
  readonly madeOf?: ClusterOrigin;
  /** Envoy's response flag where connections fail: UC, or URX,UF. */
  readonly flag?: string;
  /** Set where the connection goes on to the very address that was dialled: the service whose address that should be. */
  readonly passedOn?: RegistryService;
}

/** The objects behind a cluster. */
export interface ClusterOrigin {
  readonly service: RegistryService;
  readonly port: RegistryPort;
  readonly rule?: MergedDestinationRule;
  readonly subset?: Subset;
}

/** A cluster to which a route sends a share of its requests. */
export interface WeightedCluster {
  readonly cluster: Cluster;
  /** In percent. */
  readonly weight: number;
  /** Where the route names it. */
  readonly path: string;
  readonly forwarding: Forwarding;
}

/** What becomes of requests that go to several: what the first that works does, or the first; open where one is. */
export function stateOf(clusters: readonly WeightedCluster[]): ClusterState {
  const states = clusters.map(({ cluster }) => cluster.state);
  return states.includes('open') ? 'open' : states.includes('usable') ? 'usable' : (states[0] ?? 'missing');
}

/** Whether some connection goes on to the address that was dialled. */
export function passOn(clusters: readonly WeightedCluster[]): boolean {
  return clusters.some(({ cluster }) => cluster.passedOn !== undefined);
}

/** The clusters of a tcp or tls route. */
export function clustersOfBytes(
  destinations: readonly WeightedDestination[],
  scope: ClusterScope,
): readonly WeightedCluster[] {
  const total = destinations.reduce((sum, { weight }) => sum + weight, 0);
  const only = destinations.length === 1;
  return destinations
    .filter(({ weight }) => only || weight > 0)
    .map(({ destination, path, weight }) => ({
      cluster: clusterOf(destination, scope, { readsHttp: false }),
      weight: only ? 100 : (weight * 100) / total,
      path,
      forwarding: UNREAD,
    }));
}

/** A cluster that a proxy has whether or not a route names it, and what it is made of. */
export interface ServiceCluster {
  readonly cluster: Cluster;
  readonly service: RegistryService;
  readonly port: RegistryPort;
  readonly subset?: Subset;
}

/** All clusters of a service: of each port, one for all of it and one for each subset (`buildOutboundClusters`). */
export function clustersOfService(service: RegistryService, scope: ClusterScope): readonly ServiceCluster[] {
  const { host, namespace, ports } = service;
  if (service.service?.externalName !== undefined) {
    return [];
  }
  const rule = scope.model.destinationRule(host, namespace, scope.proxyNamespace, scope.proxyLabels);
  const subsets = [undefined, ...(rule?.subsets.values() ?? [])];
  return ports
    .filter(({ protocol }) => protocol !== 'UDP')
    .flatMap((port) =>
      subsets.map((subset) => {
        const destination = { path: '', writtenHost: host, host, port: port.number, subset: subset?.name };
        return { service, port, subset, cluster: clusterOf(destination, scope, { readsHttp: isHttpOrSniffed(port) }) };
      }),
    );
}

/** Host and port of Envoy's cluster for a destination (`GetDestinationCluster`). */
function addressOf(destination: Destination, scope: ClusterScope): { readonly host: string; readonly port: number } {
  const service = scope.lookupService(destination.host);
  const onlyPort = service?.ports.length === 1 ? service.ports[0].number : undefined;
  return {
    host: service?.service?.externalName ?? destination.host,
    port: destination.port ?? onlyPort ?? scope.port,
  };
}

export function clusterOf(destination: Destination, scope: ClusterScope, { readsHttp = true } = {}): Cluster {
  const { host, port } = addressOf(destination, scope);
  const { subset } = destination;
  const base = { host, subset, port, endpoints: [], endpointsKnown: true };
  const noCluster = (text: string): Cluster => ({ ...base, state: 'missing', text });

  const service = scope.clusterService(host);
  if (service === undefined || service.service?.externalName !== undefined) {
    return noCluster(whyNoService(host, scope));
  }
  const servicePort = service.ports.find(({ number }) => number === port);
  if (servicePort === undefined || servicePort.protocol === 'UDP') {
    return noCluster(
      `${host} has no port ${port}, only ${service.ports.map(({ number }) => number).join(', ') || 'none'}`,
    );
  }
  const rule = scope.model.destinationRule(host, service.namespace, scope.proxyNamespace, scope.proxyLabels);
  const found = subset === undefined ? undefined : rule?.subsets.get(subset);
  if (subset !== undefined && found === undefined) {
    return noCluster(
      rule === undefined
        ? `no DestinationRule for ${host} defines subset ${subset}`
        : `the DestinationRule for ${host} has no subset ${subset}, only ${[...rule.subsets.keys()].join(', ') || 'none'}`,
    );
  }
  const madeOf = { service, port: servicePort, rule, subset: found };
  const httpVersion = readsHttp ? versionSpoken(servicePort, inForce(rule?.http, found?.http, port), scope) : undefined;
  if (scope.passesOn && hasNoAddress(service)) {
    return { ...base, madeOf, httpVersion, ...passedOn(service, servicePort, found, scope) };
  }
  const { alive, groups, known, targetPort } = endpointsOf(service, servicePort, found?.labels, scope.model);
  if (alive.length === 0 && known && service.entry?.resolution.startsWith('DNS')) {
    return noCluster(`${host} has no endpoint for DNS to resolve, so Istio generates no cluster`);
  }
  if (!scope.passesOn && hasNothingToChoose(scope.model, service)) {
    const text = `${host} has resolution NONE, so only a sidecar has an address for it: the one that its app connected to`;
    return { ...base, madeOf, state: 'empty', text };
  }
  if (isExportedToNobody(service)) {
    const text = `${nameOf(service.object)} is exported to nobody ('~'): whether Istio gives it endpoints depends on which it saw first, the endpoints or the Service`;
    return { ...base, madeOf, state: 'open', text };
  }
  const labels = found === undefined ? '' : `${labelsOf(found.labels)} → `;
  return {
    ...base,
    madeOf,
    httpVersion,
    endpoints: alive,
    endpointsKnown: known,
    targetPort,
    state: alive.length === 0 && known ? 'empty' : 'usable',
    text: `${labels}${endpointsText(alive, groups, known)}${httpVersion === '2' ? ', in HTTP/2' : ''}`,
  };
}

/** Where first bytes tell what a port speaks, a sidecar goes on in the version of its client (`setUpstreamProtocol`). */
function versionSpoken(
  { protocol, http2 }: RegistryPort,
  ofRules: HttpChoice | undefined,
  { model: { meshConfig }, passesOn: isSidecar }: ClusterScope,
): HttpVersion | 'client' {
  const said = ofRules ?? meshConfig.httpChoice ?? 'MESH';
  const choice = said === 'MESH' && meshConfig.upgradesToHttp2 && protocol === 'HTTP' ? 'HTTP2' : said;
  if (choice === 'CLIENT' || (isSidecar && protocol === 'AUTO')) {
    return 'client';
  }
  return http2 || choice === 'HTTP2' ? '2' : '1.1';
}

function whyNoService(host: string, { model, proxyNamespace }: ClusterScope): string {
  const hidden = model.servicesOf(host).find((service) => !isServiceVisible(service, proxyNamespace));
  return hidden === undefined
    ? `no Service or ServiceEntry has the host ${host || '(none given)'}`
    : `${nameOf(hidden.object)} has the host ${host}, and is not exported to namespace ${proxyNamespace}`;
}

/** Istio does not heed its EndpointSlices then, but reads those that are there when it hears of the Service (`serviceNeedsPush`). */
function isExportedToNobody({ service, exportTo }: RegistryService): boolean {
  return service !== undefined && exportTo.includes('~');
}

/** A subset's labels do not count: nobody chooses between endpoints (`convertResolution`). */
function passedOn(
  service: RegistryService,
  port: RegistryPort,
  subset: Subset | undefined,
  { model }: ClusterScope,
): Pick<Cluster, 'passedOn' | 'endpoints' | 'endpointsKnown' | 'targetPort' | 'state' | 'text'> {
  const { groups, known } = model.endpoints.of(service);
  const override = service.entry?.ports.find(({ number }) => number === port.number)?.targetPort;
  return {
    passedOn: service,
    endpoints: groups.filter(({ replicas }) => replicas > 0),
    endpointsKnown: known,
    targetPort: override,
    state: 'usable',
    text: `${subset === undefined || subset.labels.size === 0 ? '' : `has no address, so subset ${subset.name} chooses no pod: the app has one from DNS; `}goes on to the address that the app connected to`,
  };
}

/** What stands behind a service, in words. */
export function endpointsText(alive: readonly EndpointGroup[], all: readonly EndpointGroup[], known: boolean): string {
  if (alive.length > 0) {
    return countByKind(alive);
  }
  if (!known) {
    return 'its endpoints are not in the manifests';
  }
  if (all.some(({ replicas }) => replicas > 0)) {
    return `${countByKind(all)} without the port that targetPort names`;
  }
  return all.length > 0 ? `${countByKind(all)} with 0 replicas` : 'no pod';
}

function countByKind(groups: readonly EndpointGroup[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of groups) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`).join(', ');
}
