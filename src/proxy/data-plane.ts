/*
 * The proxies of a mesh and what Istio configures them to do. Each is made when somebody asks for it, and then for all who ask:
 * what is said of a route, a listener or a cluster anywhere is read from here.
 */
import type { MeshModel } from '../model/model';
import { perMesh } from '../model/per-mesh';
import { GatewayListeners } from './gateway-listeners';
import { GatewayProxies, type GatewayProxy } from './gateway-proxies';
import { Sidecars } from './sidecars';

export class DataPlane {
  public readonly gateways: GatewayProxies;
  public readonly sidecars: Sidecars;
  private readonly listeners = new Map<GatewayProxy, GatewayListeners>();

  public constructor(public readonly model: MeshModel) {
    this.gateways = new GatewayProxies(model);
    this.sidecars = new Sidecars(model);
  }

  /** The listeners of a gateway's proxy. */
  public listenersOf(proxy: GatewayProxy): GatewayListeners {
    let listeners = this.listeners.get(proxy);
    if (listeners === undefined) {
      listeners = new GatewayListeners(this.model, this.gateways, proxy);
      this.listeners.set(proxy, listeners);
    }
    return listeners;
  }
}

export const dataPlaneOf = perMesh((mesh) => new DataPlane(mesh));
