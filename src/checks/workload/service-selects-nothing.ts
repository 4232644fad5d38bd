/*
 * A Service that selects none of the pods that are given. An error where the labels stand on a workload's own metadata; a
 * warning where some workload has part of them; otherwise the pods may well come from elsewhere, and it is a remark. Pods of a Gateway
 * of the Gateway API are never among the manifests: Istio starts them.
 */

import { nameOf } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { serviceHost } from '../../model/naming';
import { perMesh } from '../../model/per-mesh';
import { GATEWAY_NAME } from '../../model/proxy-patch';
import type { Service } from '../../model/service';
import { selects, type Workload } from '../../model/workload';
import { PODS } from '../../syntax/exists-elsewhere';
import { append } from '../../syntax/grouping';
import { labelsOf } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';
import { existsElsewhere } from '../shared/exists-elsewhere';

export const serviceSelectsNothing: Check = {
  id: 'service-selects-nothing',
  title: 'No pod has the labels that the Service selects',
  severity: Severity.WARNING,
  istio: [],
  kiali: [],
  run(mesh, report) {
    for (const service of mesh.services) {
      const { object, selector, externalName } = service;
      if (selector === undefined || externalName !== undefined || !workloadsOf(mesh).namespaces.has(object.namespace)) {
        continue;
      }
      if (mesh.workloadIndex.select(object.namespace, selector).length === 0 && !hasEndpoints(mesh, service)) {
        const found = words(mesh, service, selector);
        const isElsewhere = existsElsewhere(object, PODS) || selector.has(GATEWAY_NAME);
        if (found.severity === Severity.ERROR || !isElsewhere) {
          report({ object, path: 'spec.selector', ...found });
        }
      }
    }
  },
};

interface Workloads {
  readonly namespaces: ReadonlySet<string>;
  /** By each label of their own metadata, which no Service looks at. */
  readonly byOwnLabel: ReadonlyMap<string, readonly Workload[]>;
}

const workloadsOf = perMesh((mesh): Workloads => {
  const byOwnLabel = new Map<string, Workload[]>();
  for (const workload of mesh.workloads.filter(({ podPath }) => podPath !== '')) {
    for (const [key, value] of workload.object.labels) {
      append(byOwnLabel, labelKey(workload.object.namespace, key, value), workload);
    }
  }
  return { namespaces: new Set(mesh.workloads.map(({ object }) => object.namespace)), byOwnLabel };
});

function labelKey(namespace: string, key: string, value: string): string {
  return `${namespace}\n${key}\n${value}`;
}

/** From a cluster, EndpointSlices say what is there. */
function hasEndpoints(mesh: MeshModel, { object }: Service): boolean {
  const services = mesh.servicesOf(serviceHost(object.name, object.namespace, mesh.clusterDomain));
  return services.some((service) => mesh.endpoints.of(service).groups.length > 0);
}

function words(
  mesh: MeshModel,
  { object }: Service,
  selector: ReadonlyMap<string, string>,
): Pick<Observation, 'message' | 'help' | 'severity'> {
  const what = `${nameOf(object)} selects ${labelsOf(selector)}`;
  const labels = [...selector];
  const labelled = labels.flatMap(
    ([key, value]) => workloadsOf(mesh).byOwnLabel.get(labelKey(object.namespace, key, value)) ?? [],
  );
  const misplaced = labelled.find((workload) => selects(selector, workload.object.labels));
  if (misplaced !== undefined) {
    return {
      severity: Severity.ERROR,
      message: `${what}, which ${nameOf(misplaced.object)} carries on its own metadata and not on its pods. Only the labels of the pod template count, so the Service has no endpoints and requests to it are answered with 503.`,
      help: `Write the labels at ${misplaced.podPath}.metadata.labels of ${nameOf(misplaced.object)}.`,
    };
  }
  const near = labels.flatMap((label) => mesh.workloadIndex.select(object.namespace, new Map([label])))[0];
  return {
    severity: near === undefined ? Severity.INFO : Severity.WARNING,
    message: `${what}, and no workload of the manifests makes pods with these labels. Unless the cluster has some, requests to it are answered with 503.`,
    help:
      near === undefined
        ? 'Select labels that a pod template carries.'
        : `${nameOf(near.object)} comes nearest, with ${labelsOf(near.podLabels)}: make the selector and the labels agree.`,
  };
}
