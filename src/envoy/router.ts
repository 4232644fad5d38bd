/*
 * From a request to a decision.
 */

import type { MeshModel } from '../model/model';
import type { OutboundTrafficPolicy } from '../proxy/outbound-traffic-policy';
import { RequestError } from '../proxy/request-error';
import { senderInMesh } from '../proxy/sender';
import { complaintAboutFields, type Fields } from '../syntax/known-fields';
import type { Caveat } from './caveat';
import { type Doubting, RouteDecision } from './decision';
import { GatewayWalk } from './gateway-walk';
import type { RefusalOf } from './refused-objects';
import type { RouteRequest } from './request';
import { restsOn } from './rests-on';
import { SidecarWalk } from './sidecar-walk';
import { Trail } from './trail';
import type { Verdict } from './verdict';

export class Router implements Doubting {
  private readonly gateways: GatewayWalk;
  private readonly sidecars: SidecarWalk;

  public constructor(
    private readonly model: MeshModel,
    policy: OutboundTrafficPolicy,
    private readonly refusalOf: RefusalOf,
  ) {
    this.gateways = new GatewayWalk(model);
    this.sidecars = new SidecarWalk(model, policy);
  }

  public route(request: RouteRequest): RouteDecision {
    refuseUnknown(request);
    const trail = new Trail();
    const verdict = this.walk(request, trail);
    return RouteDecision._of(verdict, trail, request, this);
  }

  /** What a decision rests on, for those who ask. */
  public restsOn(request: RouteRequest, verdict: Verdict, trail: Trail): readonly Caveat[] {
    return restsOn(this.model, request, verdict, trail, this.refusalOf);
  }

  private walk(request: RouteRequest, trail: Trail): Verdict {
    const workload = senderInMesh(request.from ?? 'gateway');
    return workload === undefined ? this.gateways.walk(request, trail) : this.sidecars.walk(request, workload, trail);
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
