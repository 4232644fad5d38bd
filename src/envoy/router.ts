/*
 * From a request to a decision.
 */

import type { MeshModel } from '../model/model';
import { RequestError } from '../proxy/request-error';
import { senderInMesh } from '../proxy/sender';
import { complaintAboutFields, type Fields } from '../syntax/known-fields';
import { RouteDecision } from './decision';
import { GatewayWalk } from './gateway-walk';
import { type OpenSettings, openSettings } from './mesh-config-caveats';
import type { RouteRequest } from './request';
import { SidecarWalk } from './sidecar-walk';
import { Trail } from './trail';
import type { Verdict } from './verdict';

export class Router {
  private readonly gateways: GatewayWalk;
  private readonly sidecars: SidecarWalk;

  private readonly open?: OpenSettings;

  public constructor(model: MeshModel) {
    this.open = openSettings(model);
    this.gateways = new GatewayWalk(model);
    this.sidecars = new SidecarWalk(model);
  }

  public route(request: RouteRequest): RouteDecision {
    refuseUnknown(request);
    const trail = new Trail();
    return RouteDecision._of(this.walk(request, trail), trail);
  }

  private walk(request: RouteRequest, trail: Trail): Verdict {
    const workload = senderInMesh(request.from ?? 'gateway');
    const atGateway = workload === undefined;
    const verdict = atGateway ? this.gateways.walk(request, trail) : this.sidecars.walk(request, workload, trail);
    return this.open === undefined ? verdict : this.open.cast(verdict, request, atGateway, trail);
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
