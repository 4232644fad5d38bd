/*
 * Who sends a request, as `from` says it: `gateway`, or `mesh:NAMESPACE/WORKLOAD`.
 */
import { isGatewayWorkload } from '../model/gateway-pods';
import { injectionFor, isAmbient, mayHaveSidecar } from '../model/injection';
import type { MeshModel } from '../model/model';
import type { Workload } from '../model/workload';
import { RequestError } from './request-error';

const FROM_MESH = 'mesh:';

/** How a workload's sidecar is called. */
export function senderName({ object }: Workload): string {
  return `${FROM_MESH}${object.namespace}/${object.name}`;
}

/** Of a workload in the mesh, `NAMESPACE/WORKLOAD`; undefined for the gateway. */
export function senderInMesh(from: unknown): string | undefined {
  if (from === 'gateway') {
    return undefined;
  }
  if (typeof from === 'string' && from.startsWith(FROM_MESH)) {
    return from.slice(FROM_MESH.length);
  }
  throw new RequestError(
    `Requests cannot come from '${String(from)}'; write 'gateway', or 'mesh:NAMESPACE/WORKLOAD' for a workload of the manifests`,
  );
}

/** Whether what a workload sends passes a proxy of its own that knows rules. */
export function sendsByProxy(workload: Workload, model: MeshModel): boolean {
  return isGatewayWorkload(workload) || mayHaveSidecar(model, workload);
}

/** Why no rule acts on what such a workload sends. */
export function whyNoRules(workload: Workload, model: MeshModel): string {
  return isAmbient(model, workload)
    ? 'is in ambient mode: the proxy of its node forwards connections and reads no requests, so no rule applies before a waypoint'
    : `has no proxy, since ${injectionFor(model, workload).why}: no rule applies to its requests`;
}

/** @param name `NAMESPACE/WORKLOAD` */
export function workloadCalled(name: string, model: MeshModel): Workload {
  const slash = name.indexOf('/');
  const workload = slash > 0 ? model.workload(name.slice(0, slash), name.slice(slash + 1)) : undefined;
  if (workload === undefined) {
    const known = model.workloads.map(senderName);
    const hint =
      known.length === 0
        ? 'the manifests contain no workload'
        : `known are ${known.slice(0, 5).join(', ')}${known.length > 5 ? ' …' : ''}`;
    throw new RequestError(
      `Requests cannot come from '${FROM_MESH}${name}', since no workload has this namespace and name; ${hint}`,
    );
  }
  return workload;
}
