/*
 * A request from inside the mesh: the sidecar of the workload that sends it.
 */

import type { WeightedDestination } from '../mesh/http-route';
import type { MeshModel } from '../mesh/model';
import { MESH_GATEWAY } from '../mesh/naming';
import type { RegistryPort, RegistryService } from '../mesh/registry';
import type { L4Route } from '../mesh/virtual-service';
import type { Workload } from '../mesh/workload';
import { l4Targets } from './action';
import { fateOf } from './fate';
import { refuseMalformed } from './malformed';
import { OutboundTrafficPolicy } from './outbound-traffic-policy';
import { RouteOutcome } from './outcome';
import { ParsedRequest } from './parsed-request';
import type { RouteRequest } from './request';
import type { LeftOut } from './routes';
import { Sidecar } from './sidecar';
import { TraceKind } from './trace';
import { PASSTHROUGH, TLS_FAILURE, type Verdict } from './verdict';
import { type Trace, traceTargets, traceUnused, walkVirtualHost } from './virtual-host-walk';

export class SidecarWalk {
  private readonly sidecars = new Map<string, Sidecar>();
  private readonly shared = new Map<string, Sidecar>();
  /** Only labels that some rule asks for tell one workload's routes from another's. */
  private readonly sourceLabels: readonly string[];

  public constructor(
    private readonly model: MeshModel,
    private readonly policy: OutboundTrafficPolicy,
  ) {
    const matches = model.effectiveVirtualServices.flatMap(({ http }) => http).flatMap(({ match }) => match);
    this.sourceLabels = [...new Set(matches.flatMap(({ sourceLabels }) => [...sourceLabels.keys()]))].sort();
  }

  /** @param from `NAMESPACE/WORKLOAD` */
  public walk(asked: RouteRequest, from: string, trace: Trace): Verdict {
    const request = new ParsedRequest(asked, false);
    const sidecar = this.sidecarOf(from);
    const service = sidecar.serviceAt(request.connectHost);
    const port = service?.ports.find(({ number }) => number === request.port);
    if (service !== undefined && port !== undefined) {
      return this.toService(request, sidecar, service, port, trace);
    }
    if (service !== undefined) {
      const ports = service.ports.map(({ number }) => number).join(', ');
      traceSidecar(`${service.host} has no port ${request.port}, only ${ports || 'none'}`, false, trace);
    }
    return this.elsewhere(request, sidecar, trace);
  }

  private toService(
    request: ParsedRequest,
    sidecar: Sidecar,
    service: RegistryService,
    port: RegistryPort,
    trace: Trace,
  ): Verdict {
    const { hosts, byService } = sidecar.port(request.port);
    if (request.overTls) {
      if (port.protocol === 'HTTP') {
        traceSidecar(
          `port ${port.number} of ${service.host} is declared as HTTP, and the request uses TLS`,
          false,
          trace,
        );
        return TLS_FAILURE;
      }
      return this.forwardBytes(request, sidecar, service, port, trace);
    }
    if (port.protocol === 'AUTO') {
      const host = byService.get(service.host);
      if (host !== undefined) {
        traceSidecar(
          `port ${port.number} of ${service.host} names no protocol; Istio sees HTTP in the first bytes`,
          true,
          trace,
        );
        return refuseMalformed(request, trace) ?? walkVirtualHost(request, host, trace);
      }
    } else if (port.protocol !== 'HTTP') {
      return this.forwardBytes(request, sidecar, service, port, trace);
    }
    const host = hosts.find(request.host);
    if (host === undefined) {
      return this.unknownHost(request, sidecar, trace);
    }
    traceSidecar(`port ${request.port} knows host ${request.host}`, true, trace);
    return refuseMalformed(request, trace) ?? walkVirtualHost(request, host, trace);
  }

  /** To an address that is no service of the mesh. A port on which services speak HTTP still reads the request. */
  private elsewhere(request: ParsedRequest, sidecar: Sidecar, trace: Trace): Verdict {
    const { hosts, isShared } = sidecar.port(request.port);
    const host = isShared && !request.overTls ? hosts.find(request.host) : undefined;
    if (host === undefined) {
      return this.unknownHost(request, sidecar, trace, isShared && !request.overTls);
    }
    traceSidecar(`port ${request.port} knows host ${request.host}`, true, trace);
    return refuseMalformed(request, trace) ?? walkVirtualHost(request, host, trace);
  }

  private unknownHost(request: ParsedRequest, sidecar: Sidecar, trace: Trace, readsHttp: boolean = true): Verdict {
    const refusal = readsHttp ? refuseMalformed(request, trace) : undefined;
    if (refusal !== undefined) {
      return refusal;
    }
    traceUnused(
      sidecar.port(request.port).leftOut.filter((left) => isAbout(left, request.host)),
      trace,
    );
    const unknown = `the mesh knows no host ${request.host} on port ${request.port}`;
    if (this.policy === OutboundTrafficPolicy.ALLOW_ANY) {
      traceSidecar(`${unknown}, so the request passes through to where it was sent`, true, trace);
      return PASSTHROUGH;
    }
    traceSidecar(`${unknown}, and unknown hosts are blocked (REGISTRY_ONLY)`, false, trace);
    // A request that is not read as HTTP gets no status: its connection is closed.
    return { outcome: RouteOutcome.BLOCKED, status: readsHttp ? 502 : undefined };
  }

  private forwardBytes(
    request: ParsedRequest,
    sidecar: Sidecar,
    service: RegistryService,
    port: RegistryPort,
    trace: Trace,
  ): Verdict {
    const what = request.overTls
      ? 'TLS is not read'
      : `port ${port.number} of ${service.host} has protocol ${port.protocol}`;
    traceSidecar(`${what}; http rules do not apply`, true, trace);
    const { model } = this;
    const targets = l4Targets(this.l4Destinations(request, sidecar, service), {
      model,
      proxyNamespace: sidecar.namespace,
      port: port.number,
      isTls: false,
      lookupService: (host) => model.service(host, sidecar.namespace),
    });
    traceTargets(targets, trace);
    const { outcome } = fateOf(targets);
    return {
      outcome: outcome === RouteOutcome.FORWARD ? RouteOutcome.TCP_FORWARD : outcome,
      request,
      targets,
    };
  }

  /** The destinations of the tcp or tls route that some VirtualService gives the service, else the service itself. */
  private l4Destinations(
    request: ParsedRequest,
    sidecar: Sidecar,
    service: RegistryService,
  ): readonly WeightedDestination[] {
    for (const { hosts, tls, tcp } of this.model.virtualServicesFor(sidecar.namespace, MESH_GATEWAY)) {
      if (hosts.some(({ resolved }) => resolved === service.host)) {
        const route = (request.overTls ? tls : tcp).find((each) => applies(each, request));
        if (route !== undefined) {
          return route.destinations;
        }
      }
    }
    const { host } = service;
    return [{ path: '', weight: 100, destination: { path: '', writtenHost: host, host, port: request.port } }];
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
      throw new Error(`The request comes from 'mesh:${from}', and no workload has this namespace and name; ${hint}`);
    }
    return workload;
  }

  private sidecarOf(from: string): Sidecar {
    let sidecar = this.sidecars.get(from);
    if (sidecar === undefined) {
      sidecar = this.sharedSidecar(this.source(from));
      this.sidecars.set(from, sidecar);
    }
    return sidecar;
  }

  /** Workloads between which no rule can tell have their routes in common. */
  private sharedSidecar({ object, podLabels }: Workload): Sidecar {
    const telling = this.sourceLabels.flatMap((key) => {
      const value = podLabels.get(key);
      return value === undefined ? [] : [[key, value] as const];
    });
    const key = JSON.stringify([object.namespace, telling]);
    const sidecar = this.shared.get(key) ?? new Sidecar(this.model, object.namespace, new Map(telling));
    this.shared.set(key, sidecar);
    return sidecar;
  }
}

function applies({ match }: L4Route, request: ParsedRequest): boolean {
  return (
    match.length === 0 ||
    match.some(
      ({ port, gateways, sniHosts }) =>
        (port === 0 || port === request.port) &&
        (gateways.length === 0 || gateways.includes(MESH_GATEWAY)) &&
        (sniHosts.length === 0 || sniHosts.some((host) => covers(host, request.connectHost))),
    )
  );
}

function isAbout({ owner }: LeftOut, host: string): boolean {
  return owner.hosts.some(({ resolved }) => covers(resolved, host));
}

function covers(pattern: string, host: string): boolean {
  return pattern.startsWith('*') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function traceSidecar(text: string, matched: boolean, trace: Trace): void {
  trace?.push({ kind: TraceKind.SIDECAR, text, matched });
}
