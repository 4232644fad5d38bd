/*
 * From a request to a decision.
 */

import type { MeshModel } from '../model/model';
import { RequestError } from '../proxy/request-error';
import { senderInMesh, sendsByProxy, workloadCalled } from '../proxy/sender';
import { complaintAboutFields, type Fields } from '../syntax/known-fields';
import type { Caveat } from './caveat';
import { type Doubting, RouteDecision } from './decision';
import { DirectWalk } from './direct-walk';
import { GatewayWalk } from './gateway-walk';
import { type OpenSettings, openSettings } from './mesh-config-caveats';
import type { RefusalOf } from './refused-objects';
import type { RouteRequest } from './request';
import { restsOn } from './rests-on';
import { SidecarWalk } from './sidecar-walk';
import { Trail } from './trail';
import type { Verdict } from './verdict';

export class Router implements Doubting {
  private readonly gateways: GatewayWalk;
  private readonly byName = new Map<string, SidecarWalk | DirectWalk>();

  private readonly open?: OpenSettings;

  public constructor(
    private readonly model: MeshModel,
    private readonly refusalOf: RefusalOf,
  ) {
    this.open = openSettings(model);
    this.gateways = new GatewayWalk(model);
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
    if (workload === undefined) {
      return this.cast(this.gateways.walk(request, trail), request, true, trail);
    }
    const walk = this.walkFrom(workload);
    const verdict = walk.walk(request, trail);
    return walk instanceof SidecarWalk ? this.cast(verdict, request, false, trail) : verdict;
  }

  /** The verdict, in doubt where MeshConfig says something about the proxy that is not read. */
  private cast(verdict: Verdict, request: RouteRequest, atGateway: boolean, trail: Trail): Verdict {
    return this.open === undefined ? verdict : this.open.cast(verdict, request, atGateway, trail);
  }

  /** @param name `NAMESPACE/WORKLOAD` */
  private walkFrom(name: string): SidecarWalk | DirectWalk {
    let walk = this.byName.get(name);
    if (walk === undefined) {
      const workload = workloadCalled(name, this.model);
      walk = sendsByProxy(workload, this.model)
        ? new SidecarWalk(this.model, workload)
        : new DirectWalk(this.model, workload);
      this.byName.set(name, walk);
    }
    return walk;
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
