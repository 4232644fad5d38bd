/*
 * A Service that selects none of the pods that are given. An error where the labels stand on a workload's own metadata; a
 * warning where some workload has part of them; otherwise the pods may well come from elsewhere, and it is a remark. Pods of a Gateway
 * of the Gateway API are never among the manifests: Istio starts them.
 *
 * A ServiceEntry lists its endpoints, or selects pods and WorkloadEntries: without either it has none for certain. With resolution
 * NONE it needs none for sidecars, which let requests through to the address that was dialled; at a gateway nobody has dialled one.
 */

import { nameOf } from '../../manifests/object';
import type { MeshModel } from '../../model/model';
import { serviceHost } from '../../model/naming';
import { perMesh } from '../../model/per-mesh';
import { GATEWAY_NAME } from '../../model/proxy-patch';
import { hasNothingToChoose, type RegistryService } from '../../model/registry';
import type { Service } from '../../model/service';
import type { ServiceEntry } from '../../model/service-entry';
import { selects, type Workload } from '../../model/workload';
import { PODS } from '../../syntax/exists-elsewhere';
import { append } from '../../syntax/grouping';
import { labelsOf } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';
import { existsElsewhere } from '../shared/exists-elsewhere';
import { gatewaysTo } from '../shared/written-destinations';

export const serviceSelectsNothing: Check = {
  id: 'service-selects-nothing',
  title: 'Nothing stands behind a Service or ServiceEntry',
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
    for (const entry of mesh.serviceEntries) {
      const found = wordsOf(mesh, entry);
      if (found !== undefined && !existsElsewhere(entry.object, PODS)) {
        report({ object: entry.object, ...found });
      }
    }
  },
};

function wordsOf(mesh: MeshModel, entry: ServiceEntry): Omit<Observation, 'object'> | undefined {
  const all = entry.hosts.flatMap((host) => mesh.servicesOf(host).filter((service) => service.entry === entry));
  const { resolution, workloadSelector } = entry;
  const name = nameOf(entry.object);
  if (workloadSelector !== undefined) {
    return all.some((service) => hasNobody(mesh, service))
      ? {
          path: 'spec.workloadSelector',
          severity: Severity.INFO,
          message: `${name} selects ${labelsOf(workloadSelector)}, and no pod or WorkloadEntry of the manifests in its namespace has these labels. Unless the cluster has some, requests to it are answered with 503.`,
          help: 'Select labels that a pod template or a WorkloadEntry has.',
        }
      : undefined;
  }
  if (resolution === 'STATIC' && all.some((service) => hasNobody(mesh, service))) {
    return {
      path: 'spec.resolution',
      severity: Severity.ERROR,
      message: `${name} has resolution STATIC and no endpoints: requests to it are answered with 503.`,
      help: "List the addresses in spec.endpoints, or write 'resolution: DNS' to have the host looked up.",
    };
  }
  const routed = all.find((service) => gatewaysTo(mesh).has(service.host) && hasNothingToChoose(mesh, service));
  return (
    routed && {
      path: 'spec.resolution',
      severity: Severity.ERROR,
      message: `${name} has resolution NONE, and a gateway has routes to ${routed.host}. A sidecar sends requests on to the address that its app connected to; a gateway has no such address, and answers them with 503.`,
      help: "Write 'resolution: DNS', or list the addresses in spec.endpoints with 'resolution: STATIC'.",
    }
  );
}

function hasNobody(mesh: MeshModel, service: RegistryService): boolean {
  return mesh.definitionsOf(service).every((other) => {
    const { groups, known } = mesh.endpoints.of(other);
    return known && groups.length === 0;
  });
}

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
      message: `${what}, which ${nameOf(misplaced.object)} has on its own metadata and not on its pods. Only the labels of the pod template count, so the Service has no endpoints and requests to it are answered with 503.`,
      help: `Write the labels at ${misplaced.podPath}.metadata.labels of ${nameOf(misplaced.object)}.`,
    };
  }
  const near = labels.flatMap((label) => mesh.workloadIndex.select(object.namespace, new Map([label])))[0];
  return {
    severity: near === undefined ? Severity.INFO : Severity.WARNING,
    message: `${what}, and no workload of the manifests makes pods with these labels. Unless the cluster has some, requests to it are answered with 503.`,
    help:
      near === undefined
        ? 'Select labels that a pod template has.'
        : `${nameOf(near.object)} comes nearest, with ${labelsOf(near.podLabels)}: make the selector and the labels agree.`,
  };
}
