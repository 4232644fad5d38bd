/*
 * From a request to a decision. The walk is taken once for the decision, and once more with a trace if somebody asks why.
 */

import type { MeshModel } from '../model/model';
import type { OutboundTrafficPolicy } from '../proxy/outbound-traffic-policy';
import { complaintAboutFields, type Fields } from '../syntax/known-fields';
import { RouteDecision } from './decision';
import { GatewayWalk } from './gateway-walk';
import type { RouteRequest } from './request';
import { RequestError } from './request-error';
import { SidecarWalk } from './sidecar-walk';
import type { Tracer, TraceStep } from './trace';
import type { Verdict } from './verdict';
import type { Trace } from './virtual-host-walk';

const FROM_MESH = 'mesh:';

export class Router implements Tracer {
  private readonly gateways: GatewayWalk;
  private readonly sidecars: SidecarWalk;

  public constructor(model: MeshModel, policy: OutboundTrafficPolicy) {
    this.gateways = new GatewayWalk(model);
    this.sidecars = new SidecarWalk(model, policy);
  }

  public route(request: RouteRequest): RouteDecision {
    refuseUnknown(request);
    return RouteDecision._of(this.walk(request, undefined), request, this);
  }

  public trace(request: RouteRequest): TraceStep[] {
    const trace: TraceStep[] = [];
    this.walk(request, trace);
    return trace;
  }

  private walk(request: RouteRequest, trace: Trace): Verdict {
    const from: unknown = request.from ?? 'gateway';
    if (from === 'gateway') {
      return this.gateways.walk(request, trace);
    }
    if (typeof from === 'string' && from.startsWith(FROM_MESH)) {
      return this.sidecars.walk(request, from.slice(FROM_MESH.length), trace);
    }
    throw new RequestError(
      `The request comes from '${String(from)}', which is nowhere; write 'gateway', or 'mesh:NAMESPACE/WORKLOAD' for a workload with a sidecar`,
    );
  }
}

const REQUEST: Fields<RouteRequest> = {
  owner: 'A request',
  noun: 'field',
  example: "{ url: 'http://apis.example.com/' }",
  known: {
    url: true,
    method: true,
    headers: true,
    headerLines: true,
    httpVersion: true,
    from: true,
    gatewayLabels: true,
    gatewayNamespace: true,
  },
};

function refuseUnknown(request: RouteRequest): void {
  const complaint = complaintAboutFields(request, REQUEST);
  if (complaint !== undefined) {
    throw new RequestError(complaint);
  }
}
