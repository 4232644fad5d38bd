/*
 * A request of pods without a proxy that could follow rules: DNS finds the Service, and connections to it are shared between all pods
 * behind it, by kube-proxy or, in ambient mode, by the proxy of the node.
 */

import { nameOf, refOf } from '../manifests/object';
import type { EndpointGroup, Endpoints } from '../model/endpoints';
import { injectionFor, isAmbient, waypointOf } from '../model/injection';
import type { MeshModel } from '../model/model';
import { perMesh } from '../model/per-mesh';
import type { RegistryService } from '../model/registry';
import type { Workload } from '../model/workload';
import { type Cluster, endpointsText } from '../proxy/cluster';
import { clusterDnsOf } from '../proxy/cluster-dns';
import { UNREAD } from '../proxy/forwarding';
import { atPort } from '../proxy/port-endpoints';
import { whyNoRules } from '../proxy/sender';
import { mostSpecific } from '../syntax/hosts';
import { isIP } from '../syntax/ip-address';
import { type Caveat, CaveatKind, caveatAbout } from './caveat';
import { RouteOutcome } from './outcome';
import { ParsedRequest } from './parsed-request';
import { strictPods } from './policies-passed';
import type { RouteRequest } from './request';
import { portOf, portsOf } from './sidecar-reasons';
import { TraceKind } from './trace';
import type { Step, Trail } from './trail';
import { NO_LISTENER, PASSTHROUGH, UNDECIDED, type Verdict, verdictOfBytes } from './verdict';

/** Where connections to a host and port go. */
interface Target {
  readonly verdict: Verdict;
  readonly cluster?: Cluster;
  readonly steps: readonly Step[];
  readonly caveats?: () => readonly Caveat[];
}

export class DirectWalk {
  private readonly targets = new Map<string, Target>();
  private readonly isAmbient: boolean;

  public constructor(
    private readonly model: MeshModel,
    private readonly sender: Workload,
  ) {
    this.isAmbient = isAmbient(model, sender);
  }

  public walk(asked: RouteRequest, trail: Trail): Verdict {
    const request = new ParsedRequest(asked, false, this.model.meshConfig.pathNormalization);
    const { caveats, cluster, steps, verdict } = this.targetOf(request);
    trail.note(() => [senderStep(this.model, this.sender, this.isAmbient), ...steps]);
    trail.caveat(() => [...this.assumptions(), ...(caveats?.() ?? [])]);
    return cluster === undefined
      ? verdict
      : verdictOfBytes(request, [{ cluster, weight: 100, path: '', forwarding: UNREAD }], undefined);
  }

  private targetOf({ connectHost, port }: ParsedRequest): Target {
    const key = `${connectHost} ${port}`;
    let target = this.targets.get(key);
    if (target === undefined) {
      target = this.dial(connectHost, port);
      // Names that nothing answers to are without number, so they are not kept.
      if (target.cluster !== undefined) {
        this.targets.set(key, target);
      }
    }
    return target;
  }

  private dial(host: string, port: number): Target {
    if (isIP(host)) {
      const service = this.model.registry.find((each) => each.service !== undefined && each.addresses.includes(host));
      return service === undefined
        ? goesOut(`${host} is not the address of a Service here`)
        : this.reach(service, port);
    }
    const dns = clusterDnsOf(this.model);
    const { name, service } = dns.resolve(host, this.sender.object.namespace);
    if (service !== undefined) {
      return this.reach(service, port);
    }
    const entry = name === undefined || !this.isAmbient ? undefined : mostSpecific(name, entriesByHost(this.model));
    if (entry !== undefined) {
      return unread(
        entry,
        `${nameOf(entry.object)} gives ${name} its addresses in ambient mode, which is not read here`,
      );
    }
    return name === undefined || dns.isInside(name)
      ? nowhere(`no Service is called ${host}, so DNS knows no address for it`)
      : goesOut(`no Service is called ${host}, so the request goes to whatever address DNS has for ${name}`);
  }

  private reach(service: RegistryService, port: number): Target {
    const { host, object } = service;
    const waypoint = this.isAmbient ? waypointOf(this.model, object) : undefined;
    if (waypoint !== undefined) {
      return unread(
        service,
        `calls of ${host} in ambient mode pass the waypoint ${waypoint}, whose rules are not read here`,
      );
    }
    const { endpoints } = this.model;
    const behind = this.isAmbient ? endpoints.of(service) : endpoints.ofPods(service);
    if (service.service?.headless === true) {
      return this.reachPods(service, port, behind);
    }
    const servicePort = portOf(service, port);
    if (servicePort === undefined || servicePort.protocol === 'UDP') {
      return {
        verdict: NO_LISTENER,
        steps: [destination(service, `has no port ${port}, only ${portsOf(service)}`, false)],
      };
    }
    const { alive, groups, known, targetPort } = atPort(behind, service, servicePort, this.model);
    const who = this.isAmbient ? 'ztunnel' : 'kube-proxy';
    const text = `${who} shares the connections between all pods behind it: ${endpointsText(alive, groups, known)}`;
    return this.arrive(service, { port, targetPort, alive, known, text });
  }

  /** DNS gives the addresses of the pods: nobody shares the connections, and nobody translates the port. */
  private reachPods(service: RegistryService, port: number, { groups, known }: Endpoints): Target {
    const alive = groups.filter(({ replicas }) => replicas > 0);
    const text = `has no address of its own: DNS returns the addresses of its pods, ${endpointsText(alive, groups, known)}`;
    return alive.length === 0 && known
      ? nowhere(`${service.host} has no address and no pods, so DNS knows no address for it`)
      : this.arrive(service, { port, targetPort: port, alive, known, text });
  }

  private arrive(service: RegistryService, { port, targetPort, alive, known, text }: Arriving): Target {
    const state = alive.length === 0 && known ? 'empty' : 'usable';
    return {
      verdict: PASSTHROUGH,
      cluster: { host: service.host, port, targetPort, state, text, endpoints: alive, endpointsKnown: known },
      steps: [destination(service, text, state === 'usable')],
      caveats: () => [
        ...(this.isAmbient ? waypointNotGiven(this.model, service) : strictPods(this.model, alive, targetPort ?? port)),
      ],
    };
  }

  /** A label on a namespace can come from elsewhere than its manifest. */
  private assumptions(): readonly Caveat[] {
    const { by, injected, path, why } = injectionFor(this.model, this.sender);
    const text = `${refOf(this.sender.object)} is assumed to have no sidecar, since ${why}; if it gets one by other means, or Istio injects by default, rules apply`;
    return injected === 'not asked for' && !this.isAmbient ? [caveatAbout(CaveatKind.ASSUMED, by, text, path)] : [];
  }
}

interface Arriving {
  readonly port: number;
  readonly targetPort?: number;
  readonly alive: readonly EndpointGroup[];
  readonly known: boolean;
  readonly text: string;
}

/** Hosts that only a proxy gives addresses. */
const entriesByHost = perMesh(
  ({ registry }): ReadonlyMap<string, RegistryService> =>
    new Map(
      registry.filter(({ entry }) => entry !== undefined).map((service) => [service.host.toLowerCase(), service]),
    ),
);

function senderStep(model: MeshModel, sender: Workload, ambient: boolean): Step {
  const { by, path } = injectionFor(model, sender);
  const where = ambient ? {} : { home: by, path };
  return { kind: TraceKind.REQUEST, object: sender.object, ...where, text: whyNoRules(sender, model), matched: true };
}

function goesOut(text: string): Target {
  return { verdict: PASSTHROUGH, steps: [{ kind: TraceKind.DESTINATION, text, matched: true }] };
}

function nowhere(text: string): Target {
  return {
    verdict: { outcome: RouteOutcome.NO_ENDPOINTS },
    steps: [{ kind: TraceKind.DESTINATION, text, matched: false }],
  };
}

function unread(service: RegistryService, text: string): Target {
  return {
    verdict: UNDECIDED,
    steps: [destination(service, text, false)],
    caveats: () => [caveatAbout(CaveatKind.NOT_READ, service.object, text)],
  };
}

function destination({ object }: RegistryService, text: string, matched: boolean): Step {
  return { kind: TraceKind.DESTINATION, object, text, matched };
}

function waypointNotGiven({ namespaces }: MeshModel, { host, namespace, object }: RegistryService): readonly Caveat[] {
  const text = `the manifests do not contain namespace ${namespace}; it is assumed to set no waypoint for ${host}`;
  return namespaces.has(namespace) ? [] : [caveatAbout(CaveatKind.ASSUMED, object, text)];
}
