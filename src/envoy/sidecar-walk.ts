/*
 * A request from inside the mesh: the sidecar of the workload that sends it.
 */

import type { Endpoints } from '../model/endpoints';
import type { MeshModel } from '../model/model';
import type { RegistryService } from '../model/registry';
import type { Workload } from '../model/workload';
import type { BytesChain } from '../proxy/bytes-chains';
import { OutboundTrafficPolicy } from '../proxy/outbound-traffic-policy';
import type { LeftOut } from '../proxy/routes';
import type { Sidecar } from '../proxy/sidecar';
import type { Dialled } from '../proxy/sidecar-dns';
import { Sidecars } from '../proxy/sidecars';
import { l4Targets, type Target } from '../proxy/target';
import { whyUnsettled } from '../proxy/unsettled';
import { isSubsetOf } from '../syntax/hosts';
import { fateOf } from './fate';
import { refuseMalformed } from './malformed';
import { RouteOutcome } from './outcome';
import { ParsedRequest } from './parsed-request';
import type { RouteRequest } from './request';
import { RequestError } from './request-error';
import { traceRule, unknownHost, whoseBytes, whyNobody, whyOpen } from './sidecar-reasons';
import { TraceKind } from './trace';
import { inWordsOfClient, NO_ROUTE, NO_VIRTUAL_HOST, PASSTHROUGH, UNDECIDED, type Verdict } from './verdict';
import {
  refOf,
  refuseUpgrade,
  type Trace,
  traceTargets,
  traceTranslated,
  traceUnused,
  walkVirtualHost,
} from './virtual-host-walk';

export class SidecarWalk {
  private readonly byName = new Map<string, Sidecar>();
  private readonly sidecars: Sidecars;

  public constructor(
    private readonly model: MeshModel,
    private readonly policy: OutboundTrafficPolicy,
  ) {
    this.sidecars = new Sidecars(model);
  }

  /** @param from `NAMESPACE/WORKLOAD` */
  public walk(asked: RouteRequest, from: string, trace: Trace): Verdict {
    const request = new ParsedRequest(asked, false);
    const sidecar = this.sidecarOf(from);
    const { config } = sidecar;
    if (config?.hasOwnListeners === true || config?.hasEgressProxy === true) {
      const what = config.hasOwnListeners ? 'egress listeners of its own' : 'an egress proxy';
      const text = `Sidecar ${refOf(config.object)} has ${what}, and what these do is not worked out here`;
      traceSidecar(text, false, trace);
      return UNDECIDED;
    }
    const dialled = sidecar.dial(request.connectHost);
    const verdict = aim(this.connect(request, sidecar, dialled, trace), request, dialled, trace);
    const unsettled = sidecar.isSettled ? undefined : sidecar.firstUnsettled(hostsOf(verdict, request, dialled));
    if (unsettled === undefined) {
      return inWordsOfClient(verdict, request, trace);
    }
    traceSidecar(whyUnsettled(unsettled), false, trace);
    return UNDECIDED;
  }

  private connect(request: ParsedRequest, sidecar: Sidecar, dialled: Dialled, trace: Trace): Verdict {
    const { service } = dialled;
    if (service?.service?.headless === true && isEmpty(this.model.endpoints.of(service))) {
      traceSidecar(`${service.host} has no address and no pods, so DNS knows no address for it`, false, trace);
      return { outcome: RouteOutcome.NO_ENDPOINTS };
    }
    const listeners = sidecar.listenersAt(request.port);
    const [byPod] = listeners.servicesByPod();
    if (service === undefined && dialled.byAddress === true && byPod !== undefined) {
      traceSidecar(
        `the manifests do not say whether ${request.connectHost} is a pod of ${byPod.host}, to whose pods this port leads`,
        false,
        trace,
      );
      return UNDECIDED;
    }
    const port = service?.ports.find(({ number }) => number === request.port);
    if (
      service !== undefined &&
      port !== undefined &&
      listeners.servicesByPod().some(({ host }) => host === service.host)
    ) {
      const entry = this.model.definitionsOf(service).find((other) => other.entry !== undefined);
      if (entry !== undefined) {
        const text = `ServiceEntry ${refOf(entry.object)} has the host of the headless Service, too, and to which of their endpoints a sidecar listens is not worked out here`;
        traceSidecar(text, false, trace);
        return UNDECIDED;
      }
      if (listeners.reachablePods(service, port) === 'some') {
        const text = `some pods of ${service.host} lack the port that targetPort names, and DNS chooses between all of them`;
        traceSidecar(text, false, trace);
        return UNDECIDED;
      }
    }
    if (service !== undefined && port === undefined) {
      const ports = service.ports.map(({ number }) => number).join(', ');
      traceSidecar(`${service.host} has no port ${request.port}, only ${ports || 'none'}`, false, trace);
    }
    const chain = listeners.chainFor(dialled, request.overTls, request.serverName);
    switch (chain.kind) {
      case 'http':
        return this.byHost(request, sidecar, trace);
      case 'sniffed':
        return this.ofOneService(request, sidecar, chain.service, trace);
      case 'bytes':
        return this.forwardBytes(request, sidecar, chain.chain, trace);
      case 'refused':
        traceSidecar(
          `${chain.refusal.reason}; Envoy does not take such a listener, and keeps what it had`,
          false,
          trace,
        );
        return UNDECIDED;
      case 'open':
        traceSidecar(whyOpen(request, chain.chain), false, trace);
        return UNDECIDED;
      case 'none':
        return this.letThrough(request, sidecar, whyNobody(request, service, chain.names), false, trace);
    }
  }

  private byHost(request: ParsedRequest, sidecar: Sidecar, trace: Trace): Verdict {
    const refusal = refuseMalformed(request, trace);
    if (refusal !== undefined) {
      return refusal;
    }
    if (request.isGrpcWeb && sidecar.speaksGrpcWeb(request.port)) {
      traceTranslated(trace);
      return UNDECIDED;
    }
    const host = sidecar.port(request.port).hosts.find(request.host);
    if (host === undefined) {
      return this.letThrough(request, sidecar, unknownHost(request), true, trace);
    }
    traceSidecar(`port ${request.port} knows host ${request.host}`, true, trace);
    return walkVirtualHost(request, host, trace);
  }

  /** Whatever the request's host is: the connection has an address that tells the service. */
  private ofOneService(request: ParsedRequest, sidecar: Sidecar, service: RegistryService, trace: Trace): Verdict {
    const text = `port ${request.port} of ${service.host} names no protocol; Istio sees HTTP in the first bytes`;
    traceSidecar(text, true, trace);
    const host = sidecar.port(request.port).hosts.get(service.host);
    return (
      refuseMalformed(request, trace) ?? (host === undefined ? NO_VIRTUAL_HOST : walkVirtualHost(request, host, trace))
    );
  }

  /** What nobody in the mesh takes goes where it was sent, or nowhere. */
  private letThrough(request: ParsedRequest, sidecar: Sidecar, why: string, readsHttp: boolean, trace: Trace): Verdict {
    if (!request.overTls) {
      const { leftOut } = sidecar.port(request.port);
      traceUnused(
        leftOut.filter((left) => isAbout(left, request.host)),
        trace,
      );
    }
    if (readsHttp && request.header('x-forwarded-proto') === '') {
      traceSidecar('x-forwarded-proto is empty, and Envoy routes nothing without knowing the scheme', false, trace);
      return NO_ROUTE;
    }
    const refusal = readsHttp ? refuseUpgrade(request, trace) : undefined;
    if (refusal !== undefined) {
      return refusal;
    }
    const mode = sidecar.config?.outboundMode ?? OutboundTrafficPolicy[this.policy];
    if (mode !== 'ALLOW_ANY' && mode !== 'REGISTRY_ONLY') {
      traceSidecar(`${why}, and what ${mode} does depends on DNS`, false, trace);
      return UNDECIDED;
    }
    if (mode === 'ALLOW_ANY') {
      traceSidecar(`${why}, so the request passes through to where it was sent`, true, trace);
      return PASSTHROUGH;
    }
    traceSidecar(`${why}, and what the mesh does not know is blocked (REGISTRY_ONLY)`, false, trace);
    // A request that is not read as HTTP gets no status: its connection is closed.
    return { outcome: RouteOutcome.BLOCKED, status: readsHttp ? 502 : undefined };
  }

  private forwardBytes(request: ParsedRequest, sidecar: Sidecar, chain: BytesChain, trace: Trace): Verdict {
    const { destinations, owner } = chain;
    traceSidecar(`${whoseBytes(request, chain)}; http rules do not apply`, true, trace);
    traceRule(chain, trace);
    const targets = l4Targets(destinations, {
      ...sidecar.clusterScope(request.port),
      lookupService: (host) => sidecar.clusterService(host),
    });
    traceTargets(targets, trace);
    const { outcome } = fateOf(targets);
    return {
      outcome: outcome === RouteOutcome.FORWARD ? RouteOutcome.TCP_FORWARD : outcome,
      request,
      targets,
      l4Owner: owner,
    };
  }

  private source(from: string): Workload {
    const slash = from.indexOf('/');
    const namespace = from.slice(0, Math.max(slash, 0));
    const name = from.slice(slash + 1);
    const workload = slash > 0 ? this.model.workload(namespace, name) : undefined;
    if (workload === undefined) {
      const known = this.model.workloads.map(({ object }) => `mesh:${object.namespace}/${object.name}`);
      const hint =
        known.length === 0
          ? 'the manifests contain no workload'
          : `known are ${known.slice(0, 5).join(', ')}${known.length > 5 ? ' …' : ''}`;
      throw new RequestError(
        `The request comes from 'mesh:${from}', and no workload has this namespace and name; ${hint}`,
      );
    }
    return workload;
  }

  private sidecarOf(from: string): Sidecar {
    let sidecar = this.byName.get(from);
    if (sidecar === undefined) {
      sidecar = this.sidecars.of(this.source(from));
      this.byName.set(from, sidecar);
    }
    return sidecar;
  }
}

function hostsOf({ targets = [] }: Verdict, request: ParsedRequest, { service }: Dialled): readonly string[] {
  // Of TLS, nobody reads which host the request is for.
  const asked = request.overTls ? request.connectHost : request.host;
  return [asked, ...(service === undefined ? [] : [service.host]), ...targets.map(({ host }) => host)];
}

function isEmpty({ groups, known }: Endpoints): boolean {
  return known && groups.every(({ replicas }) => replicas === 0);
}

/**
 * Some clusters have no endpoints, and lead to whatever address was dialled: of the service that the app meant, whoever the
 * rules name.
 */
function aim(verdict: Verdict, request: ParsedRequest, dialled: Dialled, trace: Trace): Verdict {
  const { targets } = verdict;
  if (targets === undefined || !targets.some(({ passedOn }) => passedOn !== undefined)) {
    return verdict;
  }
  const aimed = targets.map((target): Target => {
    const { passedOn, targetPort } = target;
    if (passedOn === undefined) {
      return target;
    }
    const isMeant = dialled.service?.host === passedOn.host && dialled.service.namespace === passedOn.namespace;
    return isMeant
      ? { ...target, targetPort: targetPort ?? request.port }
      : { ...target, endpoints: [], endpointsKnown: false };
  });
  traceSidecar('a service without address is reached wherever the app dialled', true, trace);
  return { ...verdict, targets: aimed };
}

function isAbout({ owner }: LeftOut, host: string): boolean {
  return owner.hosts.some(({ resolved }) => isSubsetOf(host, resolved));
}

function traceSidecar(text: string, matched: boolean, trace: Trace): void {
  trace?.push({ kind: TraceKind.SIDECAR, text, matched });
}
