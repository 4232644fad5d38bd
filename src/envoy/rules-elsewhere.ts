/*
 * Rules for a host that do not hold where a request came in, and how to ask where they do.
 */
import { nameOf } from '../manifests/object';
import type { EffectiveVirtualService, MeshModel } from '../model/model';
import { MESH_GATEWAY } from '../model/naming';
import { dataPlaneOf } from '../proxy/data-plane';
import { isSubsetOf } from '../syntax/hosts';
import { listOf } from '../syntax/wording';
import { isCalled } from './arrivals';
import type { ParsedRequest } from './parsed-request';
import { TraceKind } from './trace';
import type { Step } from './trail';

/** How many VirtualServices the trace lists. */
const MOST = 3;

/** Of a request to a gateway that has nothing for the host: rules at Gateways that are not there, and inside the mesh. */
export function stepsBesideGateway(model: MeshModel, { host }: ParsedRequest): readonly Step[] {
  const owners = model.effectiveVirtualServices.filter((owner) => hasHost(owner, host));
  const steps = owners.flatMap((owner): readonly Step[] => {
    const missing = owner.boundTo.filter((ref) => ref !== MESH_GATEWAY && model.gateway(ref) === undefined);
    if (missing.length > 0) {
      return [
        stepOf(
          owner,
          `has rules for ${host} at Gateway ${listOf(missing)}, which the manifests do not contain; --assume-gateway (assumeGateways in code) assumes that it exists`,
        ),
      ];
    }
    const isInside = owner.boundTo.every((ref) => ref === MESH_GATEWAY);
    return isInside
      ? [stepOf(owner, `has rules for ${host} inside the mesh only; ${askFrom(model, owner.object.namespace)}`)]
      : [];
  });
  return steps.length > 0 || owners.length > 0 ? steps.slice(0, MOST) : stepsOfService(model, host);
}

function stepsOfService(model: MeshModel, host: string): readonly Step[] {
  const service = model.registry.find((each) => isCalled(each.host, host));
  return service === undefined
    ? []
    : [
        {
          kind: TraceKind.GATEWAY,
          object: service.object,
          text: `${nameOf(service.object)} has the host ${host} inside the mesh; ${askFrom(model, service.namespace)}`,
          matched: false,
        },
      ];
}

/** Of a request inside the mesh that no rule takes: rules for its host, or that lead to it, at gateways. */
export function stepsAtGatewaysOnly(model: MeshModel, { host }: ParsedRequest, domain = host): readonly Step[] {
  return model.effectiveVirtualServices
    .filter(({ boundTo }) => !boundTo.includes(MESH_GATEWAY))
    .flatMap((owner): readonly Step[] => {
      const gateways = listOf(owner.boundTo);
      // Istio refuses the host '*' inside the mesh.
      if (owner.hosts.some(({ resolved }) => resolved !== '*' && takes(resolved, domain))) {
        return [
          stepOf(
            owner,
            `has rules for ${host} at Gateway ${gateways} only; to have them here, add 'mesh' to spec.gateways`,
          ),
        ];
      }
      const leads = owner.http.some(({ destinations }) =>
        destinations.some((each) => each.destination.host === domain),
      );
      const hosts = listOf(owner.hosts.map(({ written }) => written));
      return leads
        ? [
            stepOf(
              owner,
              `routes to this host, for ${hosts} at Gateway ${gateways} only; to have its rules here, add ${domain} to spec.hosts and 'mesh' to spec.gateways`,
            ),
          ]
        : [];
    })
    .slice(0, MOST);
}

function hasHost({ hosts }: EffectiveVirtualService, host: string): boolean {
  return hosts.some(({ resolved }) => takes(resolved, host));
}

function takes(resolved: string, host: string): boolean {
  return isSubsetOf(host, resolved) || isCalled(resolved, host);
}

function askFrom(model: MeshModel, namespace: string): string {
  const client = dataPlaneOf(model)
    .sidecars.workloads()
    .find(({ object }) => object.namespace === namespace);
  return `to ask from inside the mesh, use --from mesh:${namespace}/${client?.object.name ?? 'WORKLOAD'} (from in code)`;
}

function stepOf({ object }: EffectiveVirtualService, text: string): Step {
  return { kind: TraceKind.VIRTUAL_SERVICE, object, text, matched: false };
}
