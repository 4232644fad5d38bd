/*
 * A request from outside: the gateway's proxy, its listener, TLS, and the virtual host.
 */

import { isPassthrough } from '../model/gateway';
import { isGatewayWorkload, mixesInstallations } from '../model/gateway-pods';
import type { MeshModel } from '../model/model';
import type { Workload } from '../model/workload';
import { type DataPlane, dataPlaneOf } from '../proxy/data-plane';
import type { FilterChain, HttpChain } from '../proxy/filter-chains';
import type { GatewayListeners, ProxyListener } from '../proxy/gateway-listeners';
import type { GatewayProxy } from '../proxy/gateway-proxies';
import { whyRefused } from '../proxy/gateway-refusal';
import { apartByTls } from '../proxy/tls-mismatches';
import { isUnsettled, mayBeUnsettled, whyUnsettled } from '../proxy/unsettled';
import { isSubsetOf } from '../syntax/hosts';
import {
  refusalStep,
  serverStep,
  stepsWithoutListener,
  stepsWithoutVirtualHost,
  whyNoChain,
  whyNotSpoken,
} from './gateway-reasons';
import { refuseMalformed } from './malformed';
import { ParsedRequest } from './parsed-request';
import type { RouteRequest } from './request';
import { stepsOfTargets } from './route-steps';
import { stepsBesideGateway } from './rules-elsewhere';
import { TraceKind } from './trace';
import type { Step, Trail } from './trail';
import { caveatsOf, type Passage, type Unread, unreadOf } from './unread';
import {
  inWordsOfClient,
  NO_LISTENER,
  NO_VIRTUAL_HOST,
  TLS_FAILURE,
  UNDECIDED,
  type Verdict,
  verdictOfBytes,
} from './verdict';
import { leaveTranslated, walkVirtualHost } from './virtual-host-walk';

/** By the ports of the Services that Istio's own installation puts in front of gateways, those of their pods. */
const BEHIND_USUAL: ReadonlyMap<number, number> = new Map([
  [80, 8080],
  [443, 8443],
]);

export class GatewayWalk {
  private readonly unsettled = new Map<string, boolean>();

  private readonly plane: DataPlane;

  private readonly isSettled: boolean;

  /** Absent where everything is read. */
  private readonly unread: Unread | undefined;

  public constructor(private readonly model: MeshModel) {
    this.plane = dataPlaneOf(model);
    this.isSettled = !mayBeUnsettled(model);
    this.unread = unreadOf(model);
  }

  public walk(asked: RouteRequest, trail: Trail): Verdict {
    const request = new ParsedRequest(asked, true, this.model.meshConfig.pathNormalization);
    trail.request = request;
    const proxies = this.plane.gateways.meantBy(asked);
    if (proxies.length === 0) {
      const text = 'the manifests contain no Gateway of networking.istio.io';
      trail.note(() => ({ kind: TraceKind.GATEWAY, text, matched: false }));
      trail.noteOf(stepsBesideGateway, this.model, request);
      return this.undecidedIfUnread(asked, NO_LISTENER, request, undefined, trail);
    }
    const candidates = proxies.length === 1 ? proxies : this.narrow(proxies, request);
    if (candidates.length > 1) {
      const texts = [
        ...candidates.map(({ name }) => `${name} would take the request`),
        'several gateways would take it, and DNS decides between them; choose one with gatewayLabels',
      ];
      trail.note(() => texts.map((text) => ({ kind: TraceKind.GATEWAY, text, matched: false })));
      return UNDECIDED;
    }
    const [proxy] = candidates;
    trail.noteOf(assumption, this.model, asked, proxy);
    trail.listeners = this.plane.listenersOf(proxy);
    const verdict = this.atProxy(request, trail.listeners, trail);
    if (verdict === NO_LISTENER || verdict === TLS_FAILURE || verdict === NO_VIRTUAL_HOST) {
      trail.noteOf(stepsBesideGateway, this.model, request);
    }
    const unsettled = this.isSettled ? undefined : this.firstUnsettled(verdict, proxy);
    if (unsettled === undefined) {
      return inWordsOfClient(this.undecidedIfUnread(asked, verdict, request, proxy, trail), request, trail);
    }
    trail.note(() => ({ kind: TraceKind.GATEWAY, text: whyUnsettled(unsettled), matched: false }));
    return UNDECIDED;
  }

  /** The verdict, unless something may change it that is not read. */
  private undecidedIfUnread(
    asked: RouteRequest,
    verdict: Verdict,
    request: ParsedRequest,
    proxy: GatewayProxy | undefined,
    trail: Trail,
  ): Verdict {
    if (this.unread === undefined) {
      return verdict;
    }
    const { unread } = this;
    const passage = this.passage(verdict, request, proxy, unread);
    const doubts = unread.atGateway(asked, passage, proxy);
    if (doubts.length === 0) {
      trail.caveat(() => unread.atPods(passage));
      return verdict;
    }
    trail.caveat(() => caveatsOf(doubts));
    return UNDECIDED;
  }

  private passage(verdict: Verdict, request: ParsedRequest, proxy: GatewayProxy | undefined, unread: Unread): Passage {
    const isKnown = proxy !== undefined && unread.inFrontOf(proxy).size > 0;
    const listener = proxy === undefined ? undefined : this.plane.listenersOf(proxy).at(request.port);
    const http = listener?.chains.find(request.serverName)?.http?.();
    const host = http?.hosts.find(request.host);
    const behind = BEHIND_USUAL.get(request.port);
    return {
      request,
      verdict,
      ports: [request.port, listener?.port ?? request.port, ...(behind === undefined || isKnown ? [] : [behind])],
      listens: listener !== undefined,
      readsHttp: http !== undefined,
      hosts: host === undefined ? [] : [host],
    };
  }

  /** Of the hosts to which the request goes, the first that means different things by chance. */
  private firstUnsettled({ clusters = [] }: Verdict, { namespace }: GatewayProxy): string | undefined {
    return clusters
      .map(({ cluster }) => cluster.host)
      .find((host) => {
        const key = `${namespace} ${host}`;
        const found = this.unsettled.get(key) ?? isUnsettled(host, namespace, this.model);
        this.unsettled.set(key, found);
        return found;
      });
  }

  /** Of several proxies, the one that listens on the port; of several such, the one that has the host. */
  private narrow(proxies: readonly GatewayProxy[], request: ParsedRequest): readonly GatewayProxy[] {
    const listening = proxies.filter((proxy) => this.plane.listenersOf(proxy).at(request.port) !== undefined);
    if (listening.length < 2) {
      return listening.length === 1 ? listening : proxies.slice(0, 1);
    }
    const accepting = listening.filter((proxy) =>
      this.plane
        .listenersOf(proxy)
        .at(request.port)
        ?.servers.some(({ hosts }) => hosts.some(({ host }) => isSubsetOf(request.host, host))),
    );
    return accepting.length > 0 ? accepting : listening.slice(0, 1);
  }

  private atProxy(request: ParsedRequest, listeners: GatewayListeners, trail: Trail): Verdict {
    const listener = listeners.at(request.port);
    if (listener === undefined) {
      trail.note(() => stepsWithoutListener(request.port, listeners));
      return this.mayBeTranslated(request.port, listeners, trail) ? UNDECIDED : NO_LISTENER;
    }
    const refusal = whyRefused(listener);
    if (refusal !== undefined) {
      trail.note(() => refusalStep(refusal));
      return UNDECIDED;
    }
    return this.atListener(request, listener, listeners, trail);
  }

  /** Whether a Service that nobody has given may lead from the port to one where the gateway listens, as Istio's usual ones do. */
  private mayBeTranslated(port: number, listeners: GatewayListeners, trail: Trail): boolean {
    const behind = BEHIND_USUAL.get(port);
    const { proxy } = listeners;
    if (
      behind === undefined ||
      listeners.serversFor(port).length > 0 ||
      listeners.at(behind) === undefined ||
      this.plane.gateways.servicesOf(proxy).length > 0
    ) {
      return false;
    }
    const text = `the manifests contain no Service in front of ${proxy.name}; the one that istioctl installs leads from port ${port} to ${behind}, which is served: add the Service, or ask for port ${behind}`;
    trail.note(() => ({ kind: TraceKind.GATEWAY, text, matched: false }));
    return true;
  }

  private atListener(
    request: ParsedRequest,
    listener: ProxyListener,
    listeners: GatewayListeners,
    trail: Trail,
  ): Verdict {
    const chain = listener.chains.find(request.serverName);
    const refusal = chain === undefined ? whyNoChain(request, listener) : whyNotSpoken(request, chain);
    if (chain === undefined || refusal !== undefined) {
      trail.note(() => serverStep(chain?.server ?? listener.servers[0], refusal ?? '', false));
      return TLS_FAILURE;
    }
    return chain.http === undefined
      ? this.forwardBytes(request, chain, listeners, trail)
      : this.inChain(request, chain.http(), trail);
  }

  private inChain(request: ParsedRequest, chain: HttpChain, trail: Trail): Verdict {
    const refusal = refuseMalformed(request, trail);
    if (refusal !== undefined) {
      return refusal;
    }
    if (request.isGrpcWeb && chain.servers.some(({ port }) => port.protocol.toLowerCase() === 'grpc-web')) {
      return leaveTranslated(trail);
    }
    const host = chain.hosts.find(request.host);
    if (host === undefined) {
      trail.note(() => stepsWithoutVirtualHost(request, chain));
      return NO_VIRTUAL_HOST;
    }
    trail.noteOf(acceptingStep, request.host, chain);
    return walkVirtualHost(request, host, trail);
  }

  private forwardBytes(request: ParsedRequest, chain: FilterChain, listeners: GatewayListeners, trail: Trail): Verdict {
    const { server, l4 } = chain;
    const how = isPassthrough(server)
      ? 'passes TLS through without decrypting it'
      : `has protocol ${server.port.protocol} and forwards bytes`;
    trail.note(() => serverStep(server, `${how}; http rules do not apply`, true));
    if (l4 === undefined) {
      return UNDECIDED;
    }
    const clusters = apartByTls(this.model, listeners.clustersOfBytes(server, l4.route));
    trail.note(() => stepsOfTargets(clusters));
    return verdictOfBytes(request, clusters, l4.owner);
  }
}

/**
 * Gateway pods are rarely among the manifests, and nothing is said of that. But where other gateway pods are, or hardly any pod
 * can have the labels, that there are such pods is a bold assumption.
 */
function assumption(model: MeshModel, asked: RouteRequest, { workload, labels, name }: GatewayProxy): readonly Step[] {
  if (asked.gatewayLabels != null || labels.size === 0) {
    return [];
  }
  const others = model.workloads.filter(isGatewayWorkload);
  if (workload === undefined ? others.length === 0 && !mixesInstallations(labels) : !isNoGateway(workload, others)) {
    return [];
  }
  const what = workload === undefined ? `gateway ${name}` : `gateway pods with the labels of ${name}`;
  const text = `the manifests contain no ${what}; assuming that the cluster has them`;
  return [{ kind: TraceKind.GATEWAY, text, matched: true }];
}

function acceptingStep(host: string, { servers }: HttpChain): Step {
  const server = servers.find(({ hosts }) => hosts.some((each) => isSubsetOf(host, each.host)));
  return serverStep(server ?? servers[0], `accepts host ${host}`, true);
}

/** Whether a Gateway selects pods that are none, while others are. */
function isNoGateway(workload: Workload, gateways: readonly Workload[]): boolean {
  return gateways.length > 0 && !gateways.includes(workload);
}
