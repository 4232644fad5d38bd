/*
 * Where a mesh with `security` meets a service that it routes.
 */
import type { Construct } from 'constructs';
import type { MetadataOptions } from '../objects/object-options';
import { refuse } from '../objects/refuse';
import type { RoutingApi } from '../objects/routing-api';
import { made, refuseWrong } from '../objects/struct';
import type { VersionedService } from '../workload/versioned-service';
import { CALLERS, type ICaller } from './caller';
import { asksForCallers, MeshSecurity } from './mesh-security';
import { ServicePolicies } from './service-policies';

/** A service as the mesh routes it. */
export interface SecuredService {
  readonly service: VersionedService;
  /** Those that the service declares. */
  readonly callers?: ICaller[];
  /** The gateway at which it is reached; undefined where it is reached from inside the mesh only. */
  readonly gateway?: ICaller;
  /** Of the policies. */
  readonly metadata: MetadataOptions;
  readonly api: RoutingApi;
}

/** What a mesh holds in its option `security`. */
export const SECURITY = made<MeshSecurity>((value) => MeshSecurity._is(value), 'MeshSecurity.strict()');

/**
 * Makes the policies of a service, or nothing where the mesh has no security. To be called last: what it makes is the
 * service's, and stays there when the mesh is refused afterwards.
 */
export function secureService(mesh: Construct, security: MeshSecurity | undefined, secured: SecuredService): void {
  const { service, callers = [], gateway, metadata, api } = secured;
  refuseWrong(mesh, 'callers', callers, CALLERS);
  if (security === undefined) {
    refuseCallers(mesh, secured, 'the mesh has no security; set it, as in security: MeshSecurity.strict()');
    return;
  }
  refuseWrong(mesh, 'security', security, SECURITY);
  const parts = security._parts;
  const isForAll = !asksForCallers(parts);
  if (isForAll) {
    refuseCallers(mesh, secured, 'MeshSecurity.mutualTls lets in all of the mesh; use MeshSecurity.strict');
  }
  refusePlaceless(mesh, service);
  refuseDoors(mesh, service);
  const doors = gateway === undefined || isForAll ? [] : [gateway];
  for (const door of doors) {
    // Asked already now: that its account is not known is to be said where the mesh is made.
    door.callerIdentity();
  }
  const pods = podsOf(mesh, service);
  const there = ServicePolicies.of(service);
  if (there !== undefined && !there.enforces(parts)) {
    refuse(
      mesh,
      `security of service '${service.name}' is another one in the mesh that routes it already, and a service has one; give both meshes the same.`,
    );
  }
  const policies = there ?? ServicePolicies.make(service, { parts, api, metadata, pods });
  policies.letIn([...doors, ...security._callers, ...callers]);
}

function refuseCallers(mesh: Construct, { service, callers = [] }: SecuredService, why: string): void {
  if (callers.length > 0) {
    refuse(
      mesh,
      `callers of service '${service.name}' are set, but nothing would hold others off: ${why}, or leave callers out.`,
    );
  }
}

/** A policy is about the pods of its own namespace, and the service's callers are told apart by theirs. */
function refusePlaceless(mesh: Construct, { name, namespace }: VersionedService): void {
  if (namespace === undefined) {
    refuse(
      mesh,
      `service '${name}' has no namespace, and its policies hold for the pods of their own namespace only; set namespace on the service or on its chart.`,
    );
  }
}

/** What comes past the gateway through a Service of its own has no certificate, and no pod that a NetworkPolicy knows. */
function refuseDoors(mesh: Construct, { name, service }: VersionedService): void {
  const type = service?.type;
  if (type === 'NodePort' || type === 'LoadBalancer') {
    refuse(
      mesh,
      `service '${name}' is of type ${type}, by which clients come past the gateway, and security has the pods refuse all of them; leave serviceType out, and have clients come by the gateway.`,
    );
  }
}

function podsOf(mesh: Construct, service: VersionedService): { readonly [key: string]: string } {
  const pods = service._pods();
  if (pods === undefined) {
    refuse(
      mesh,
      `security cannot tell the pods of service '${service.name}', whose Service is somebody else's, from those of other services; set selector on the service to labels that its pods carry and no others do.`,
    );
  }
  return pods;
}
