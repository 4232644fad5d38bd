/*
 * Services and the workloads that they select; and Services of a part of the pods of another: how versions are told apart without
 * subsets.
 */
import { gatewayApiOf } from '../../model/gateway-api';
import type { MeshModel } from '../../model/model';
import { serviceHost } from '../../model/naming';
import { perMesh } from '../../model/per-mesh';
import type { Service } from '../../model/service';
import { selects, type Workload } from '../../model/workload';
import { append } from '../../syntax/grouping';
import { destinationsOf } from './written-destinations';

/** The Services whose selector the workload's pods match, in the order of the manifests. */
export function servicesSelecting(mesh: MeshModel, { object, podLabels }: Workload): readonly Service[] {
  const index = byFirstLabel(mesh);
  return [...podLabels].flatMap(([key, value]) =>
    (index.get(`${object.namespace}\n${key}\n${value}`) ?? []).filter(
      ({ selector }) => selector !== undefined && selects(selector, podLabels),
    ),
  );
}

/** A Service is found by the first label of its selector alone, so that nobody compares it with every workload. */
const byFirstLabel = perMesh((mesh) => {
  const index = new Map<string, Service[]>();
  for (const service of mesh.services) {
    for (const [key, value] of [...(service.selector ?? [])].slice(0, 1)) {
      append(index, `${service.object.namespace}\n${key}\n${value}`, service);
    }
  }
  return index;
});

/** The workloads of the manifests that a Service selects. */
export function workloadsBehind(mesh: MeshModel, service: Service): ReadonlySet<Workload> {
  const known = behind(mesh);
  let workloads = known.get(service);
  if (workloads === undefined) {
    const { object, selector } = service;
    workloads = new Set(selector === undefined ? [] : mesh.workloadIndex.select(object.namespace, selector));
    known.set(service, workloads);
  }
  return workloads;
}

const behind = perMesh(() => new Map<Service, ReadonlySet<Workload>>());

/** The Services none of whose pods is behind a route, each with those that have another part of the same pods and a route. */
export function partsWithoutRoute(mesh: MeshModel): ReadonlyMap<Service, readonly Service[]> {
  const hosts = new Set([
    ...mesh.virtualServices.flatMap(destinationsOf).map(({ destination }) => destination.host),
    ...gatewayApiOf(mesh).destinations,
  ]);
  const routed = mesh.services.filter(({ object: { name, namespace } }) =>
    hosts.has(serviceHost(name, namespace, mesh.clusterDomain)),
  );
  const reached = new Set(routed.flatMap((service) => [...workloadsBehind(mesh, service)]));
  const found = new Map<Service, Service[]>();
  for (const [whole, siblings] of wholesOf(mesh, routed)) {
    const apart = [...workloadsBehind(mesh, whole)].filter((workload) => !reached.has(workload));
    for (const service of new Set(apart.flatMap((workload) => servicesSelecting(mesh, workload)))) {
      if (isPart(mesh, service, whole) && [...workloadsBehind(mesh, service)].every((one) => !reached.has(one))) {
        found.set(service, siblings);
      }
    }
  }
  return found;
}

/** The Services of more pods than some of these, each with those. */
function wholesOf(mesh: MeshModel, parts: readonly Service[]): ReadonlyMap<Service, Service[]> {
  const wholes = new Map<Service, Service[]>();
  for (const part of parts) {
    const [first] = workloadsBehind(mesh, part);
    for (const whole of first === undefined ? [] : servicesSelecting(mesh, first)) {
      if (isPart(mesh, part, whole)) {
        append(wholes, whole, part);
      }
    }
  }
  return wholes;
}

function isPart(mesh: MeshModel, part: Service, whole: Service): boolean {
  const [some, all] = [part, whole].map((service) => workloadsBehind(mesh, service));
  return some.size < all.size && [...some].every((workload) => all.has(workload));
}
