/*
 * Objects that are not read here and that may change a decision: patches of proxies, the Kubernetes Gateway API, Ingress, and waypoints behind
 * a gateway. A mesh without such objects pays nothing for it.
 */
import type { StringMap } from '../manifests/node';
import { type MeshObject, nameOf, refOf } from '../manifests/object';
import { type GatewayApi, gatewayApiOf, type UnreadGateway } from '../model/gateway-api';
import { INGRESS_USE_WAYPOINT, waypointOfGateways } from '../model/injection';
import type { MeshModel } from '../model/model';
import { perMesh } from '../model/per-mesh';
import {
  EXTENSION_KINDS,
  GATEWAY_NAME,
  isInForce,
  type ProxyPatch,
  type ProxySide,
  patchesOf,
  ROUTES,
} from '../model/proxy-patch';
import { selects, type Workload } from '../model/workload';
import { dataPlaneOf } from '../proxy/data-plane';
import type { GatewayProxy } from '../proxy/gateway-proxies';
import type { VirtualHost } from '../proxy/virtual-host';
import { isSubsetOf, mostSpecific } from '../syntax/hosts';
import { type Caveat, CaveatKind, caveatAbout } from './caveat';
import { RouteOutcome } from './outcome';
import type { ParsedRequest } from './parsed-request';
import type { RouteRequest } from './request';
import type { Verdict } from './verdict';

/** A request on its way through a proxy. */
export interface Passage {
  readonly request: ParsedRequest;
  readonly verdict: Verdict;
  /** The port that was asked for, and what may be that of the pods behind it. */
  readonly ports: readonly number[];
  /** Whether anything listens there. */
  readonly listens: boolean;
  /** Whether requests are read, and not just bytes forwarded. */
  readonly readsHttp: boolean;
  /** The virtual hosts that may take it. */
  readonly hosts: readonly VirtualHost[];
}

/** An object that may change the decision, and how. */
interface Doubt {
  readonly object: MeshObject;
  readonly path?: string;
  readonly text: string;
}

type Doubts = readonly Doubt[];

export function caveatsOf(doubts: Doubts, kind: CaveatKind = CaveatKind.NOT_READ): readonly Caveat[] {
  return doubts.map(({ object, path, text }) => caveatAbout(kind, object, `${text}.`, path));
}

/** Undefined where the mesh has none. */
export const unreadOf = perMesh((mesh): Unread | undefined => {
  const unread = new Unread(mesh);
  return unread.isEmpty ? undefined : unread;
});

export class Unread {
  private readonly api: GatewayApi;
  private readonly patches: readonly ProxyPatch[];
  /** Services that gateways call by their waypoints, by host. */
  private readonly behindWaypoint: ReadonlyMap<string, MeshObject>;
  private readonly hasInbound: boolean;
  private readonly inFront = new Map<GatewayProxy, ReadonlySet<string>>();
  private readonly ofProxy = new Map<GatewayProxy | Workload, readonly ProxyPatch[]>();

  public constructor(private readonly mesh: MeshModel) {
    this.api = gatewayApiOf(mesh);
    this.patches = ['EnvoyFilter', ...EXTENSION_KINDS].flatMap((kind) =>
      mesh
        .ofKind(kind)
        .filter(({ group }) => group.endsWith('.istio.io'))
        .flatMap(patchesOf),
    );
    this.hasInbound = this.patches.some(({ sides }) => sides.includes('SIDECAR_INBOUND'));
    this.behindWaypoint = servicesBehindWaypoint(mesh);
  }

  public get isEmpty(): boolean {
    const { api, patches, behindWaypoint } = this;
    return api.gateways.length + api.meshRoutes.size + patches.length + behindWaypoint.size === 0;
  }

  /** @param proxy absent where there is none that listens for Gateways of Istio's */
  public atGateway(asked: RouteRequest, passage: Passage, proxy: GatewayProxy | undefined): Doubts {
    const besides = this.api.gateways.flatMap((gateway) =>
      this.isServedBy(gateway, proxy)
        ? served(gateway, passage, false)
        : isMeant(gateway, asked)
          ? served(gateway, passage, true)
          : [],
    );
    return proxy === undefined
      ? besides
      : [
          ...besides,
          ...this.byWaypoint(passage),
          ...patching(this.patchesAt(proxy, proxy.labels, this.likely(asked, proxy)), passage, 'GATEWAY'),
        ];
  }

  public atSidecar(passage: Passage, workload: Workload, dialled: string | undefined): Doubts {
    const { namespace } = workload.object;
    const [first] = passage.hosts;
    const host = passage.readsHttp ? first?.domain : dialled;
    const routes = (this.api.meshRoutes.get(host?.toLowerCase() ?? '') ?? []).filter(
      ({ clients = namespace, port, readsHttp }) =>
        clients === namespace && passage.ports.includes(port ?? passage.ports[0]) && readsHttp === passage.readsHttp,
    );
    const namespaces = [namespace, this.mesh.rootNamespace];
    return [
      ...routes.map(({ object }) => ({
        object,
        text: `${nameOf(object)} has routes of its own for ${host}, which sidecars follow in place of a VirtualService, and what they do is not read here`,
      })),
      ...patching(
        this.patchesAt(workload, workload.podLabels, { namespaces, isGiven: true }),
        passage,
        'SIDECAR_OUTBOUND',
      ),
    ];
  }

  /** What changes the proxies of the pods that get the request. It arrives there whatever that does. */
  public atPods({ verdict: { clusters = [] }, readsHttp }: Passage): readonly Caveat[] {
    const found = new Map<MeshObject, Doubt>();
    for (const { cluster } of this.hasInbound ? clusters : []) {
      for (const { namespace, name } of cluster.endpoints) {
        const workload = this.mesh.workload(namespace, name);
        const namespaces = [namespace, this.mesh.rootNamespace];
        for (const { object, path, applyTo, sides, ports } of workload === undefined
          ? []
          : this.patchesAt(workload, workload.podLabels, { namespaces, isGiven: true })) {
          const isConcerned =
            sides.includes('SIDECAR_INBOUND') &&
            ports.every((port) => port === cluster.targetPort) &&
            AT_PODS.has(applyTo) &&
            (readsHttp || applyTo === 'NETWORK_FILTER');
          if (isConcerned) {
            const text = `${nameOf(object)} changes the sidecars of the pods that get the request (${applyTo}), and what that does to it is not read here`;
            found.set(object, { object, path, text });
          }
        }
      }
    }
    return caveatsOf([...found.values()], CaveatKind.NOT_EVALUATED);
  }

  /** Whether it has no pods of its own, and is on these. */
  private isServedBy({ selector, services }: UnreadGateway, proxy: GatewayProxy | undefined): boolean {
    if (selector !== undefined) {
      return proxy === undefined || selects(selector, proxy.labels);
    }
    if (services === undefined || proxy === undefined) {
      return services !== undefined;
    }
    return services.some(
      (host) =>
        this.inFrontOf(proxy).has(host) || (proxy.workload === undefined && this.mesh.servicesOf(host).length === 0),
    );
  }

  /** The hosts of the Services in front of a gateway's pods. */
  public inFrontOf(proxy: GatewayProxy): ReadonlySet<string> {
    const found =
      this.inFront.get(proxy) ??
      new Set(
        dataPlaneOf(this.mesh)
          .gateways.servicesOf(proxy)
          .map(({ host }) => host),
      );
    this.inFront.set(proxy, found);
    return found;
  }

  private byWaypoint({ verdict: { clusters = [] } }: Passage): Doubts {
    return clusters.flatMap(({ cluster }) => {
      const object = this.behindWaypoint.get(cluster.host);
      const waypoint = object && waypointOfGateways(this.mesh, object);
      const text = `gateways send what is for ${object && nameOf(object)} through the waypoint ${waypoint} (label ${INGRESS_USE_WAYPOINT}), whose rules are not read here`;
      return object === undefined ? [] : [{ object, text }];
    });
  }

  private patchesAt(
    proxy: GatewayProxy | Workload,
    labels: StringMap,
    { namespaces, isGiven }: Whereabouts,
  ): readonly ProxyPatch[] {
    let found = this.ofProxy.get(proxy);
    if (found === undefined) {
      found = this.patches.filter(({ object }) => isInForce(object, labels, namespaces, isGiven));
      this.ofProxy.set(proxy, found);
    }
    return found;
  }

  /** Pods that are not given may be in the root namespace, or with their Gateways. */
  private likely({ gatewayNamespace }: RouteRequest, proxy: GatewayProxy): Whereabouts {
    const isGiven = proxy.workload !== undefined || gatewayNamespace != null;
    const gateways = isGiven ? [] : dataPlaneOf(this.mesh).gateways.gatewaysOf(proxy);
    const namespaces = [proxy.namespace, this.mesh.rootNamespace, ...gateways.map(({ object }) => object.namespace)];
    return { namespaces, isGiven };
  }
}

interface Whereabouts {
  readonly namespaces: readonly string[];
  readonly isGiven: boolean;
}

/** Whether somebody who asks means the pods of a Gateway of the Gateway API, too. */
function isMeant({ object, services }: UnreadGateway, { gatewayLabels, gatewayNamespace }: RouteRequest): boolean {
  return (
    object !== undefined &&
    services === undefined &&
    (gatewayLabels == null || gatewayLabels[GATEWAY_NAME] === object.name) &&
    (gatewayNamespace == null || gatewayNamespace === object.namespace)
  );
}

/** @param isElsewhere whether other pods serve it: then DNS decides, and a host that the request's gateway has is not just any */
function served({ object, ports }: UnreadGateway, passage: Passage, isElsewhere: boolean): Doubts {
  const { request, hosts, listens, readsHttp } = passage;
  const byHost = ports.get(request.port);
  if (byHost === undefined) {
    return [];
  }
  const name = pattern(request.host, byHost);
  const route = name === undefined ? undefined : byHost.get(name);
  const of = object === undefined ? '' : ` of Gateway ${refOf(object)} (${object.group})`;
  if (name === undefined || route === undefined) {
    // Where nothing else listens, any host gets an answer of it.
    const opener = object ?? [...byHost.values()][0];
    return listens || opener === undefined
      ? []
      : [
          {
            object: opener,
            text: `${nameOf(opener)} (${opener.group}) opens port ${request.port}, and is not read here`,
          },
        ];
  }
  const isTaken = isElsewhere
    ? name === '*' && (hosts.length > 0 || (listens && !readsHttp))
    : hosts.some(({ domain }) => !isSubsetOf(name, domain));
  return isTaken
    ? []
    : [
        {
          object: route,
          text: `${nameOf(route)}${of} serves ${request.host} on port ${request.port}, and what it does with the request is not read here`,
        },
      ];
}

/** Of hosts, the one by which a request is served. */
function pattern(host: string, byHost: ReadonlyMap<string, MeshObject>): string | undefined {
  return mostSpecific(host, patternsOf(byHost));
}

const knownPatterns = new WeakMap<ReadonlyMap<string, MeshObject>, ReadonlyMap<string, string>>();

function patternsOf(byHost: ReadonlyMap<string, MeshObject>): ReadonlyMap<string, string> {
  const patterns = knownPatterns.get(byHost) ?? new Map([...byHost.keys()].map((host) => [host, host]));
  knownPatterns.set(byHost, patterns);
  return patterns;
}

/** Those that touch the request, one for each object. */
function patching(patches: readonly ProxyPatch[], passage: Passage, side: ProxySide): Doubts {
  const found = new Map<MeshObject, ProxyPatch>();
  for (const patch of patches) {
    if (!found.has(patch.object) && patch.sides.includes(side) && touches(patch, passage)) {
      found.set(patch.object, patch);
    }
  }
  const proxy = side === 'GATEWAY' ? 'the gateway' : 'the sidecar';
  return [...found.values()].map(({ object, path, applyTo }) => ({
    object,
    path,
    text: `${nameOf(object)} changes ${proxy} (${applyTo}), and what that does to the request is not read here`,
  }));
}

function touches(patch: ProxyPatch, passage: Passage): boolean {
  const { applyTo, adds, ports } = patch;
  if (!ports.every((port) => passage.ports.includes(port))) {
    return false;
  }
  if (!passage.listens) {
    return applyTo === 'LISTENER' && adds;
  }
  if (ROUTES.has(applyTo)) {
    return passage.readsHttp && touchesRoutes(patch, passage);
  }
  switch (applyTo) {
    case 'CLUSTER':
      return !adds && touchesCluster(patch, passage);
    case 'HTTP_FILTER':
      return passage.readsHttp && touchesListener(patch, passage);
    case 'LISTENER':
      return !adds && touchesListener(patch, passage);
    case 'LISTENER_FILTER':
    case 'FILTER_CHAIN':
    case 'NETWORK_FILTER':
      return touchesListener(patch, passage);
    default:
      // BOOTSTRAP and EXTENSION_CONFIG choose nothing by themselves.
      return false;
  }
}

const CONNECTION_MANAGER = 'envoy.filters.network.http_connection_manager';
const TCP_PROXY = 'envoy.filters.network.tcp_proxy';

function touchesListener({ listener: { name, sni, filter } }: ProxyPatch, passage: Passage): boolean {
  const { readsHttp, request } = passage;
  return (
    name !== 'virtualInbound' &&
    (name !== 'virtualOutbound' || isPassedOn(passage)) &&
    (sni === undefined || request.overTls) &&
    (filter !== CONNECTION_MANAGER || readsHttp) &&
    (filter !== TCP_PROXY || !readsHttp)
  );
}

function touchesRoutes(patch: ProxyPatch, passage: Passage): boolean {
  const { applyTo, adds, domains, routes } = patch;
  // Tables of plain HTTP belong to no Gateway (`ParseGatewayRDSRouteName`).
  if (routes.gateway !== undefined && !passage.request.overTls) {
    return false;
  }
  if (applyTo === 'ROUTE_CONFIGURATION') {
    return true;
  }
  if (applyTo === 'VIRTUAL_HOST' && adds) {
    return domains.length === 0 || domains.some((domain) => isSubsetOf(passage.request.host, withoutPort(domain)));
  }
  const { host, domain } = routes;
  return passage.hosts.length === 0
    ? isPassedOn(passage) && domain === undefined && UNKNOWN_HOSTS.has(host ?? 'allow_any')
    : passage.hosts.some(
        ({ name, domains: own }) =>
          (host === undefined || host === name) && (domain === undefined || own.includes(withoutPort(domain))),
      );
}

/** What changes what a pod's sidecar answers. */
const AT_PODS: ReadonlySet<string> = new Set([...ROUTES, 'HTTP_FILTER', 'NETWORK_FILTER']);

/** The virtual hosts of a sidecar for what the mesh does not know. */
const UNKNOWN_HOSTS: ReadonlySet<string> = new Set(['allow_any', 'block_all']);

function withoutPort(domain: string): string {
  return domain.toLowerCase().replace(/:\d+$/, '');
}

function touchesCluster({ cluster: asked }: ProxyPatch, { verdict: { clusters = [] } }: Passage): boolean {
  const { name, service, subset, port } = asked;
  return clusters.some(({ cluster }) =>
    name === undefined
      ? (service ?? cluster.host) === cluster.host &&
        (subset ?? cluster.subset) === cluster.subset &&
        (port ?? cluster.port) === cluster.port
      : name === `outbound|${cluster.port}|${cluster.subset ?? ''}|${cluster.host}`,
  );
}

/** Whether no service of the mesh takes it. */
function isPassedOn({ verdict: { outcome } }: Passage): boolean {
  return outcome === RouteOutcome.PASSTHROUGH || outcome === RouteOutcome.BLOCKED;
}

/** By host. */
function servicesBehindWaypoint(mesh: MeshModel): ReadonlyMap<string, MeshObject> {
  const behind = mesh.registry.filter(({ object }) => waypointOfGateways(mesh, object) !== undefined);
  return new Map(behind.map(({ host, object }) => [host, object]));
}
