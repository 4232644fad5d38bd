/*
 * A request from inside the mesh: the sidecar of the workload that sends it.
 */

import { refOf } from '../manifests/object';
import type { MeshModel } from '../model/model';
import type { RegistryService } from '../model/registry';
import type { Workload } from '../model/workload';
import type { BytesChain } from '../proxy/bytes-chains';
import type { Cluster } from '../proxy/cluster';
import { dataPlaneOf } from '../proxy/data-plane';
import type { LeftOut } from '../proxy/routes';
import type { Sidecar } from '../proxy/sidecar';
import type { Dialled } from '../proxy/sidecar-dns';
import type { SidecarListeners } from '../proxy/sidecar-listeners';
import { apartByTls } from '../proxy/tls-mismatches';
import { whyUnsettled } from '../proxy/unsettled';
import { isSubsetOf } from '../syntax/hosts';
import { chainFor } from './chain-choice';
import { refuseMalformed } from './malformed';
import { contradictionAboutPolicy } from './mesh-config-caveats';
import { RouteOutcome } from './outcome';
import { ParsedRequest } from './parsed-request';
import type { RouteRequest } from './request';
import { stepsOfLeftOut, stepsOfTargets } from './route-steps';
import { stepsAtGatewaysOnly } from './rules-elsewhere';
import {
  portOf,
  portsOf,
  stepsOfBytesRule,
  stepsOfTaken,
  unknownHost,
  whoseBytes,
  whyNobody,
  whyOpen,
} from './sidecar-reasons';
import { TraceKind } from './trace';
import type { Step, Trail } from './trail';
import { caveatsOf, type Passage, type Unread, unreadOf } from './unread';
import {
  inWordsOfClient,
  NO_ROUTE,
  NO_VIRTUAL_HOST,
  PASSTHROUGH,
  UNDECIDED,
  type Verdict,
  verdictOfBytes,
} from './verdict';
import { leaveTranslated, refuseUpgrade, walkVirtualHost } from './virtual-host-walk';

export class SidecarWalk {
  /** Absent where everything is read. */
  private readonly unread: Unread | undefined;
  private readonly sidecar: Sidecar;

  public constructor(
    private readonly model: MeshModel,
    private readonly sender: Workload,
  ) {
    this.unread = unreadOf(model);
    this.sidecar = dataPlaneOf(model).sidecars.of(sender);
  }

  public walk(asked: RouteRequest, trail: Trail): Verdict {
    const request = new ParsedRequest(asked, false, this.model.meshConfig.pathNormalization);
    const { sidecar } = this;
    trail.request = request;
    trail.sidecar = sidecar;
    const { unknown } = sidecar.scope;
    if (unknown !== undefined) {
      traceSidecar(unknown, false, trail);
      return UNDECIDED;
    }
    const dialled = sidecar.dial(request.connectHost);
    const verdict = aim(this.connect(request, sidecar, dialled, trail), request, dialled, trail);
    if (isTakenByNoRule(verdict)) {
      trail.noteOf(stepsAtGatewaysOnly, this.model, request, trail.host?.domain);
    }
    const unsettled = sidecar.scope.isSettled
      ? undefined
      : sidecar.scope.firstUnsettled(hostsOf(verdict, request, dialled));
    if (unsettled !== undefined) {
      traceSidecar(whyUnsettled(unsettled), false, trail);
      return UNDECIDED;
    }
    return inWordsOfClient(this.undecidedIfUnread(verdict, request, dialled, trail), request, trail);
  }

  /** The verdict, unless something may change it that is not read. */
  private undecidedIfUnread(verdict: Verdict, request: ParsedRequest, dialled: Dialled, trail: Trail): Verdict {
    const { sender, sidecar, unread } = this;
    if (unread === undefined) {
      return verdict;
    }
    const passage = passageOf(verdict, request, sidecar, dialled);
    const doubts = unread.atSidecar(passage, sender, dialled.service?.host);
    if (doubts.length === 0) {
      trail.caveat(() => unread.atPods(passage));
      return verdict;
    }
    trail.caveat(() => caveatsOf(doubts));
    return UNDECIDED;
  }

  private connect(request: ParsedRequest, sidecar: Sidecar, dialled: Dialled, trail: Trail): Verdict {
    const { service } = dialled;
    if (service !== undefined && dialled.hasNoPods === true) {
      traceSidecar(`${service.host} has no address and no pods, so DNS knows no address for it`, false, trail);
      return { outcome: RouteOutcome.NO_ENDPOINTS };
    }
    const listeners = sidecar.listenersAt(request.port);
    const open = listeners.servicesByPod().length === 0 ? undefined : this.whyOpenPod(request, dialled, listeners);
    if (open !== undefined) {
      traceSidecar(open, false, trail);
      return UNDECIDED;
    }
    trail.noteOf(stepsOfPort, service, request.port);
    const chain = chainFor(listeners, dialled, request);
    switch (chain.kind) {
      case 'http':
        return this.byHost(request, sidecar, dialled, trail);
      case 'sniffed':
        return this.ofOneService(request, sidecar, chain.service, trail);
      case 'bytes':
        return this.forwardBytes(request, sidecar, chain.chain, trail);
      case 'refused':
        traceSidecar(
          `${chain.refusal.reason}; Envoy refuses such a listener, and keeps the previous one`,
          false,
          trail,
        );
        return UNDECIDED;
      case 'open':
        traceSidecar(whyOpen(request, chain.chain), false, trail);
        return UNDECIDED;
      case 'none':
        return this.letThrough(
          request,
          sidecar,
          { dialled, why: whyNobody(request, service, chain.names), readsHttp: false },
          trail,
        );
    }
  }

  /** Why nobody knows to which pod a connection goes, where pods have listeners of their own. */
  private whyOpenPod(
    { connectHost, port: number }: ParsedRequest,
    { byAddress, service }: Dialled,
    listeners: SidecarListeners,
  ): string | undefined {
    const byPod = listeners.servicesByPod();
    if (service === undefined) {
      return byAddress === true
        ? `the manifests do not say whether ${connectHost} is a pod of ${byPod[0].host}, to whose pods this port leads`
        : undefined;
    }
    const port = portOf(service, number);
    const hasAddress = service.service === undefined ? service.addresses.length > 0 : !service.service.headless;
    if (port === undefined || hasAddress || !byPod.some(({ host }) => host === service.host)) {
      return undefined;
    }
    const entry = this.model.definitionsOf(service).find((other) => other.entry !== undefined);
    if (entry !== undefined) {
      return `ServiceEntry ${refOf(entry.object)} also has the host, and which listeners a sidecar has for their endpoints is not worked out here`;
    }
    return listeners.reachablePods(service, port) === 'some'
      ? `some pods of ${service.host} lack the port that targetPort names, and DNS chooses between all of them`
      : undefined;
  }

  private byHost(request: ParsedRequest, sidecar: Sidecar, dialled: Dialled, trail: Trail): Verdict {
    const refusal = refuseMalformed(request, trail);
    if (refusal !== undefined) {
      return refusal;
    }
    if (request.isGrpcWeb && sidecar.scope.speaksGrpcWeb(request.port)) {
      return leaveTranslated(trail);
    }
    const { contested, hosts } = sidecar.port(request.port);
    const host = hosts.find(request.host);
    const contest = contested?.find(request.host);
    if (contest !== undefined && contest.host === host) {
      traceSidecar(contest.reason, false, trail);
      return UNDECIDED;
    }
    if (host === undefined) {
      return this.letThrough(request, sidecar, { dialled, why: unknownHost(request), readsHttp: true }, trail);
    }
    trail.noteOf(knownHostStep, request);
    return walkVirtualHost(request, host, trail);
  }

  /** Whatever the request's host is: the connection has an address that tells the service. */
  private ofOneService(request: ParsedRequest, sidecar: Sidecar, service: RegistryService, trail: Trail): Verdict {
    const text = `port ${request.port} of ${service.host} names no protocol; Istio detects HTTP from the first bytes`;
    traceSidecar(text, true, trail);
    const host = sidecar.port(request.port).hosts.get(service.host);
    return (
      refuseMalformed(request, trail) ?? (host === undefined ? NO_VIRTUAL_HOST : walkVirtualHost(request, host, trail))
    );
  }

  /** A request that no service of the mesh takes goes to its original destination, or is blocked. */
  private letThrough(
    request: ParsedRequest,
    sidecar: Sidecar,
    { dialled, why, readsHttp }: { readonly dialled: Dialled; readonly why: string; readonly readsHttp: boolean },
    trail: Trail,
  ): Verdict {
    if (!request.overTls) {
      const { leftOut } = sidecar.port(request.port);
      trail.note(() => stepsOfLeftOut(leftOut.filter((left) => isAbout(left, request.host))));
    }
    if (readsHttp && request.header('x-forwarded-proto') === '') {
      traceSidecar('x-forwarded-proto is empty, and Envoy routes no request without a scheme', false, trail);
      return NO_ROUTE;
    }
    const refusal = readsHttp ? refuseUpgrade(request, trail) : undefined;
    if (refusal !== undefined) {
      return refusal;
    }
    const { config, outboundMode: mode } = sidecar.scope;
    if (config?.outboundMode === undefined) {
      trail.caveat(() => contradictionAboutPolicy(this.model));
    }
    if (mode !== 'REGISTRY_ONLY') {
      return this.pass(mode, request, dialled, why, trail);
    }
    traceSidecar(`${why}, and requests to unknown hosts are blocked (REGISTRY_ONLY)`, false, trail);
    // A request that is not read as HTTP gets no status: its connection is closed.
    return { outcome: RouteOutcome.BLOCKED, status: readsHttp ? 502 : undefined };
  }

  /** By ALLOW_ANY_DYNAMIC_DNS, requests in plain text go where DNS says that their host is, whatever was dialled. */
  private pass(mode: string, request: ParsedRequest, dialled: Dialled, why: string, trail: Trail): Verdict {
    const readsHost = mode !== 'ALLOW_ANY' && !request.overTls;
    if (readsHost && (dialled.service !== undefined || this.model.meshConfig.startsTls || !isSentToItsHost(request))) {
      traceSidecar(`${why}, and where ${mode} sends the request depends on DNS`, false, trail);
      return UNDECIDED;
    }
    traceSidecar(`${why}, so the request passes through to its original destination`, true, trail);
    return PASSTHROUGH;
  }

  private forwardBytes(request: ParsedRequest, sidecar: Sidecar, chain: BytesChain, trail: Trail): Verdict {
    traceSidecar(`${whoseBytes(request, chain)}; http rules do not apply`, true, trail);
    trail.note(() => [...stepsOfBytesRule(chain), ...stepsOfTaken(sidecar.listenersAt(request.port).taken(), chain)]);
    const clusters = apartByTls(this.model, sidecar.clustersOfBytes(request.port, chain));
    trail.note(() => stepsOfTargets(clusters));
    return verdictOfBytes(request, clusters, chain.owner);
  }
}

function passageOf(verdict: Verdict, request: ParsedRequest, sidecar: Sidecar, { service }: Dialled): Passage {
  const { hosts } = sidecar.port(request.port);
  const found = [hosts.find(request.host), service && hosts.get(service.host)].filter((host) => host !== undefined);
  return {
    request,
    verdict,
    ports: [request.port],
    listens: true,
    readsHttp: !request.overTls && verdict.outcome !== RouteOutcome.TCP_FORWARD,
    hosts: [...new Set(found)],
  };
}

/** Whether the service is called as it is, or nobody knows the host. */
function isTakenByNoRule({ outcome, route }: Verdict): boolean {
  return route === undefined
    ? outcome === RouteOutcome.PASSTHROUGH || outcome === RouteOutcome.BLOCKED
    : route.origin === undefined;
}

function hostsOf({ clusters = [] }: Verdict, request: ParsedRequest, { service }: Dialled): readonly string[] {
  // Of TLS, nobody reads which host the request is for.
  const asked = request.overTls ? request.connectHost : request.host;
  return [asked, ...(service === undefined ? [] : [service.host]), ...clusters.map(({ cluster }) => cluster.host)];
}

/**
 * Some clusters have no endpoints, and lead to whatever address was dialled: of the service that the app meant, whoever the
 * rules name.
 */
function aim(verdict: Verdict, request: ParsedRequest, dialled: Dialled, trail: Trail): Verdict {
  return verdict.passesOn === true ? aimAt(verdict, request, dialled, trail) : verdict;
}

function aimAt(verdict: Verdict, request: ParsedRequest, dialled: Dialled, trail: Trail): Verdict {
  traceSidecar(
    'for a service without address, the sidecar connects to the address that the app connected to',
    true,
    trail,
  );
  return {
    ...verdict,
    clusters: verdict.clusters?.map((each) => ({ ...each, cluster: aimed(each.cluster, request, dialled) })),
  };
}

function aimed(cluster: Cluster, request: ParsedRequest, { service }: Dialled): Cluster {
  const { passedOn, targetPort } = cluster;
  if (passedOn === undefined) {
    return cluster;
  }
  return service?.host === passedOn.host && service.namespace === passedOn.namespace
    ? { ...cluster, targetPort: targetPort ?? request.port }
    : { ...cluster, endpoints: [], endpointsKnown: false };
}

function isSentToItsHost({ authority, connectHost, port }: ParsedRequest): boolean {
  return [...(port === 80 ? [connectHost] : []), `${connectHost}:${port}`].includes(authority.toLowerCase());
}

function isAbout({ owner }: LeftOut, host: string): boolean {
  return owner.hosts.some(({ resolved }) => isSubsetOf(host, resolved));
}

function traceSidecar(text: string, matched: boolean, trail: Trail): void {
  trail.noteOf(sidecarStep, text, matched);
}

function stepsOfPort(service: RegistryService | undefined, port: number): readonly Step[] {
  return service === undefined || portOf(service, port) !== undefined
    ? []
    : [sidecarStep(`${service.host} has no port ${port}, only ${portsOf(service)}`, false)];
}

function sidecarStep(text: string, matched: boolean): Step {
  return { kind: TraceKind.SIDECAR, text, matched };
}

function knownHostStep({ host, port }: ParsedRequest): Step {
  return sidecarStep(`port ${port} has a virtual host for ${host}`, true);
}
