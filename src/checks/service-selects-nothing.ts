/*
 * A Service that selects none of the pods that are given. An error where the labels stand on a workload's own metadata; a
 * warning where some workload has part of them; otherwise the pods may well come from elsewhere, and it is a remark.
 */
import type { MeshModel } from '../mesh/model';
import { serviceHost } from '../mesh/naming';
import { nameOf } from '../mesh/object';
import type { Service } from '../mesh/service';
import { selects, type Workload } from '../mesh/workload';
import type { Check, Observation } from './check';
import { Severity } from './finding';
import { perMesh } from './per-mesh';
import { servicesOf } from './registry-lookup';
import { labelsOf } from './wording';

export const serviceSelectsNothing: Check = {
  id: 'service-selects-nothing',
  title: 'No pod has the labels that the Service selects',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const service of mesh.services) {
      const { object, selector, externalName } = service;
      const neighbours = workloadsByNamespace(mesh).get(object.namespace) ?? [];
      if (selector === undefined || externalName !== undefined || neighbours.length === 0) {
        continue;
      }
      if (mesh.workloadIndex.select(object.namespace, selector).length === 0 && !hasEndpoints(mesh, service)) {
        report({ object, path: 'spec.selector', ...words(service, selector, neighbours) });
      }
    }
  },
};

const workloadsByNamespace = perMesh((mesh) => {
  const index = new Map<string, Workload[]>();
  for (const workload of mesh.workloads) {
    const others = index.get(workload.object.namespace);
    if (others === undefined) {
      index.set(workload.object.namespace, [workload]);
    } else {
      others.push(workload);
    }
  }
  return index;
});

/** From a cluster, EndpointSlices say what is there. */
function hasEndpoints(mesh: MeshModel, { object }: Service): boolean {
  const services = servicesOf(mesh, serviceHost(object.name, object.namespace, mesh.clusterDomain));
  return services.some((service) => mesh.endpoints.of(service).groups.length > 0);
}

function words(
  { object }: Service,
  selector: ReadonlyMap<string, string>,
  neighbours: readonly Workload[],
): Pick<Observation, 'message' | 'help' | 'severity'> {
  const what = `${nameOf(object)} selects ${labelsOf(selector)}`;
  const misplaced = neighbours.find((workload) => workload.podPath !== '' && selects(selector, workload.object.labels));
  if (misplaced !== undefined) {
    return {
      severity: Severity.ERROR,
      message: `${what}, which ${nameOf(misplaced.object)} carries on its own metadata and not on its pods. Only the labels of the pod template count, so the Service has no endpoints and requests to it are answered with 503.`,
      help: `Write the labels at ${misplaced.podPath}.metadata.labels of ${nameOf(misplaced.object)}.`,
    };
  }
  const near = neighbours.find(({ podLabels }) => [...selector].some(([key, value]) => podLabels.get(key) === value));
  return {
    severity: near === undefined ? Severity.INFO : Severity.WARNING,
    message: `${what}, and no workload of the manifests makes such pods. Unless others in the cluster do, requests to it are answered with 503.`,
    help:
      near === undefined
        ? 'Select labels that a pod template carries.'
        : `${nameOf(near.object)} comes nearest, with ${labelsOf(near.podLabels)}: make the selector and the labels agree.`,
  };
}
