/*
 * A request from outside: the gateway's proxy, its listener, TLS, and the virtual host.
 */

import type { StringMap } from '../manifests/node';
import { isPassthrough } from '../model/gateway';
import { isGatewayWorkload, mixesInstallations } from '../model/gateway-pods';
import type { MeshModel } from '../model/model';
import { sameLabels, type Workload } from '../model/workload';
import type { FilterChain, HttpChain } from '../proxy/filter-chains';
import { GatewayListeners, type ProxyListener } from '../proxy/gateway-listeners';
import { GatewayProxies, type GatewayProxy } from '../proxy/gateway-proxies';
import { l4Targets } from '../proxy/target';
import { isUnsettled, whyUnsettled } from '../proxy/unsettled';
import { isSubsetOf } from '../syntax/hosts';
import { fateOf } from './fate';
import {
  traceNoListener,
  traceNoVirtualHost,
  traceOverlap,
  tracePartialWildcard,
  traceServer,
  whyNoChain,
  whyNotSpoken,
} from './gateway-reasons';
import { refuseMalformed } from './malformed';
import { RouteOutcome } from './outcome';
import { ParsedRequest } from './parsed-request';
import type { RouteRequest } from './request';
import { TraceKind } from './trace';
import { inWordsOfClient, NO_LISTENER, NO_VIRTUAL_HOST, TLS_FAILURE, UNDECIDED, type Verdict } from './verdict';
import { type Trace, traceTargets, traceTranslated, traceUnusable, walkVirtualHost } from './virtual-host-walk';

export class GatewayWalk {
  private readonly proxies: GatewayProxies;
  private readonly listeners = new Map<GatewayProxy, GatewayListeners>();
  private readonly unsettled = new Map<string, boolean>();
  private readonly described = new Map<string, readonly GatewayProxy[]>();

  public constructor(private readonly model: MeshModel) {
    this.proxies = new GatewayProxies(model);
  }

  public walk(asked: RouteRequest, trace: Trace): Verdict {
    const request = new ParsedRequest(asked, true);
    const proxies = this.proxiesFor(asked);
    if (proxies.length === 0) {
      trace?.push({ kind: TraceKind.GATEWAY, text: 'the manifests contain no Gateway', matched: false });
      return NO_LISTENER;
    }
    const candidates = proxies.length === 1 ? proxies : this.narrow(proxies, request);
    if (candidates.length > 1) {
      for (const { name } of candidates) {
        trace?.push({ kind: TraceKind.GATEWAY, text: `${name} would take the request`, matched: false });
      }
      trace?.push({
        kind: TraceKind.GATEWAY,
        text: 'several gateways listen for it, and DNS decides between them; say which by gatewayLabels',
        matched: false,
      });
      return UNDECIDED;
    }
    this.traceAssumption(asked, candidates[0], trace);
    const verdict = this.atProxy(request, this.listenersOf(candidates[0]), trace);
    const unsettled = this.firstUnsettled(verdict, candidates[0]);
    if (unsettled === undefined) {
      return inWordsOfClient(verdict, request, trace);
    }
    trace?.push({ kind: TraceKind.GATEWAY, text: whyUnsettled(unsettled), matched: false });
    return UNDECIDED;
  }

  /** Of the hosts to which the request goes, the first that means different things by chance. */
  private firstUnsettled({ targets = [] }: Verdict, { namespace }: GatewayProxy): string | undefined {
    return targets
      .map(({ host }) => host)
      .find((host) => {
        const key = `${namespace} ${host}`;
        const found = this.unsettled.get(key) ?? isUnsettled(host, namespace, this.model);
        this.unsettled.set(key, found);
        return found;
      });
  }

  /**
   * Gateway pods are rarely among the manifests, and nothing is said of that. But where other gateway pods are, or hardly any pod
   * can have the labels, that there are such pods is a bold assumption.
   */
  private traceAssumption(asked: RouteRequest, { workload, labels, name }: GatewayProxy, trace: Trace): void {
    if (trace === undefined || asked.gatewayLabels != null || labels.size === 0) {
      return;
    }
    const others = this.model.workloads.filter(isGatewayWorkload);
    if (workload === undefined ? others.length > 0 || mixesInstallations(labels) : isNoGateway(workload, others)) {
      const what = workload === undefined ? `gateway ${name}` : `gateway pods with the labels of ${name}`;
      const text = `the manifests contain no ${what}; assuming that the cluster does`;
      trace.push({ kind: TraceKind.GATEWAY, text, matched: true });
    }
  }

  /** The proxies that the caller means. */
  private proxiesFor({ gatewayLabels, gatewayNamespace }: RouteRequest): readonly GatewayProxy[] {
    if (gatewayLabels == null && gatewayNamespace == null) {
      return this.proxies.all;
    }
    const key = JSON.stringify([gatewayLabels, gatewayNamespace]);
    let found = this.described.get(key);
    if (found === undefined) {
      found = this.describe(gatewayLabels ?? undefined, gatewayNamespace ?? undefined);
      this.described.set(key, found);
    }
    return found;
  }

  private describe(labels: RouteRequest['gatewayLabels'], namespace: string | undefined): readonly GatewayProxy[] {
    if (labels !== undefined) {
      const map: StringMap = new Map(Object.entries(labels));
      const known = this.proxies.all.find(
        (proxy) =>
          proxy.workload !== undefined &&
          sameLabels(proxy.labels, map) &&
          proxy.namespace === (namespace ?? proxy.namespace),
      );
      return [known ?? this.proxies.ofLabels(map, namespace)];
    }
    const inNamespace = this.proxies.all.filter(
      (proxy) => proxy.workload !== undefined && proxy.namespace === namespace,
    );
    return inNamespace.length > 0
      ? inNamespace
      : this.proxies.all.map((proxy) => this.proxies.ofLabels(proxy.labels, namespace));
  }

  /** Of several proxies, the one that listens on the port; of several such, the one that has the host. */
  private narrow(proxies: readonly GatewayProxy[], request: ParsedRequest): readonly GatewayProxy[] {
    const listening = proxies.filter((proxy) => this.listenersOf(proxy).at(request.port) !== undefined);
    if (listening.length < 2) {
      return listening.length === 1 ? listening : proxies.slice(0, 1);
    }
    const accepting = listening.filter((proxy) =>
      this.listenersOf(proxy)
        .at(request.port)
        ?.servers.some(({ hosts }) => hosts.some(({ host }) => isSubsetOf(request.host, host))),
    );
    return accepting.length > 0 ? accepting : listening.slice(0, 1);
  }

  private listenersOf(proxy: GatewayProxy): GatewayListeners {
    let listeners = this.listeners.get(proxy);
    if (listeners === undefined) {
      listeners = new GatewayListeners(this.model, this.proxies, proxy);
      this.listeners.set(proxy, listeners);
    }
    return listeners;
  }

  private atProxy(request: ParsedRequest, listeners: GatewayListeners, trace: Trace): Verdict {
    const listener = listeners.at(request.port);
    if (listener === undefined) {
      traceNoListener(request, listeners, trace);
      return NO_LISTENER;
    }
    const [overlap] = listener.chains.overlaps.values();
    if (overlap !== undefined) {
      traceOverlap(listener.port, overlap, trace);
      return UNDECIDED;
    }
    const [partial] = listener.chains.partialWildcards;
    if (partial !== undefined) {
      tracePartialWildcard(listener.port, partial, trace);
      return UNDECIDED;
    }
    const [unusable] = listener.chains.unusable;
    if (unusable !== undefined) {
      traceUnusable(unusable, trace);
      return UNDECIDED;
    }
    return this.atListener(request, listener, listeners, trace);
  }

  private atListener(
    request: ParsedRequest,
    listener: ProxyListener,
    listeners: GatewayListeners,
    trace: Trace,
  ): Verdict {
    const chain = listener.chains.find(request.serverName);
    const refusal = chain === undefined ? whyNoChain(request, listener) : whyNotSpoken(request, chain);
    if (chain === undefined || refusal !== undefined) {
      traceServer(chain?.server ?? listener.servers[0], refusal ?? '', false, trace);
      return TLS_FAILURE;
    }
    return chain.http === undefined
      ? this.forwardBytes(request, chain, listeners, trace)
      : this.inChain(request, chain.http(), trace);
  }

  private inChain(request: ParsedRequest, chain: HttpChain, trace: Trace): Verdict {
    const refusal = refuseMalformed(request, trace);
    if (refusal !== undefined) {
      return refusal;
    }
    if (request.isGrpcWeb && chain.servers.some(({ port }) => port.protocol.toLowerCase() === 'grpc-web')) {
      traceTranslated(trace);
      return UNDECIDED;
    }
    const host = chain.hosts.find(request.host);
    if (host === undefined) {
      traceNoVirtualHost(request, chain, trace);
      return NO_VIRTUAL_HOST;
    }
    if (trace !== undefined) {
      const server = chain.servers.find(({ hosts }) => hosts.some((each) => isSubsetOf(request.host, each.host)));
      traceServer(server ?? chain.servers[0], `accepts host ${request.host}`, true, trace);
    }
    return walkVirtualHost(request, host, trace);
  }

  private forwardBytes(request: ParsedRequest, chain: FilterChain, listeners: GatewayListeners, trace: Trace): Verdict {
    const { server, l4 } = chain;
    const how = isPassthrough(server)
      ? 'passes TLS through unread'
      : `has protocol ${server.port.protocol} and forwards bytes`;
    traceServer(server, `${how}; http rules do not apply`, true, trace);
    if (l4 === undefined) {
      return UNDECIDED;
    }
    const { namespace } = listeners.proxy;
    const { model } = this;
    const targets = l4Targets(l4.route.destinations, {
      model,
      proxyNamespace: namespace,
      proxyLabels: listeners.proxy.labels,
      port: server.port.number,
      isTls: true,
      // Of bytes, Istio asks for the host alone, and not first in the rule's namespace (`buildOutboundNetworkFilters`).
      lookupService: (host) => model.service(host, namespace),
      clusterService: (host) => model.service(host, namespace),
      passesOn: false,
    });
    traceTargets(targets, trace);
    const { outcome } = fateOf(targets);
    return {
      // Without HTTP there is no status: where nothing answers, the connection is closed.
      outcome: outcome === RouteOutcome.FORWARD ? RouteOutcome.TCP_FORWARD : outcome,
      request,
      targets,
      l4Owner: l4.owner,
    };
  }
}

/** Whether a Gateway selects pods that are none, while others are. */
function isNoGateway(workload: Workload, gateways: readonly Workload[]): boolean {
  return gateways.length > 0 && !gateways.includes(workload);
}
