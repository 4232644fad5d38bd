/*
 * A subset whose labels no pod behind the service carries: requests to it are answered with 503.
 *
 * Looked for on pod templates. Said only of services some of whose pods are given. An error where nothing can be missing: the
 * labels stand on a workload's own metadata, the Service's selector asks for another value of one of them, or the service lists
 * its endpoints itself. A warning where a route sends requests to the subset, since other pods may run in the cluster; else a
 * remark. A warning, too, where sidecars are to choose a subset of a Service without address, and cannot.
 */

import type { StringMap } from '../../manifests/node';
import { nameOf } from '../../manifests/object';
import type { DestinationRule, Subset } from '../../model/destination-rule';
import type { EndpointGroup } from '../../model/endpoints';
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { perMesh } from '../../model/per-mesh';
import { hasNoAddress, type RegistryService } from '../../model/registry';
import type { VirtualService } from '../../model/virtual-service';
import { selects, type Workload } from '../../model/workload';
import { labelsOf, listOf } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';
import { destinationsOf } from '../shared/written-destinations';

export const subsetSelectsNothing: Check = {
  id: 'subset-selects-nothing',
  title: 'No pod carries the labels of a subset',
  severity: Severity.WARNING,
  istio: ['IST0173'],
  kiali: ['KIA0203'],
  run(mesh, report) {
    for (const rule of mesh.destinationRules) {
      const { host, subsets, workloadSelector } = rule;
      const services = mesh.servicesOf(host);
      for (const subset of services.length === 0 ? [] : subsets) {
        // Where several define the host, each client takes one, or some of them.
        const found = services.map((service) => examine(mesh, service, subset));
        const [first] = found;
        if (first !== undefined && !found.includes(undefined) && isInForce(mesh, services, subset, workloadSelector)) {
          report({ object: subset.object, path: `${subset.path}.labels`, ...first });
        }
      }
      const headless = examineHeadless(mesh, rule);
      if (headless !== undefined) {
        report(headless);
      }
    }
  },
};

/** Not if for all that see the rule another one has a subset of the name, which duplicate-subset says of an older rule. */
function isInForce(
  mesh: MeshModel,
  services: readonly RegistryService[],
  { name, object }: Subset,
  workloadSelector: StringMap | undefined,
): boolean {
  const exported = object.node.get('spec').get('exportTo').strings();
  // No namespace is called '/': it stands for any.
  const viewers = [object.namespace, '/', ...exported];
  return viewers.some((viewer) =>
    services.some(({ host, namespace }) => {
      const rule = mesh.destinationRule(host, namespace, viewer, workloadSelector);
      return rule?.subsets.get(name)?.object === object;
    }),
  );
}

type Words = Pick<Observation, 'message' | 'help' | 'severity'>;

function examine(mesh: MeshModel, service: RegistryService, subset: Subset): Words | undefined {
  const behind = mesh.endpoints.of(service);
  const inSubset = mesh.endpoints.of(service, subset.labels);
  const dynamic = service.entry?.workloadSelector !== undefined;
  if (
    subset.labels.size === 0 ||
    !inSubset.known ||
    dynamic ||
    inSubset.groups.length > 0 ||
    // A service without any pods is one mistake, and service-selects-nothing reports it.
    (behind.groups.length === 0 && behind.known)
  ) {
    return undefined;
  }
  const what = `Subset ${subset.name} of ${service.host} selects ${labelsOf(subset.labels)}`;
  const outcome = hasNoAddress(service)
    ? 'are answered with 503 at gateways, while sidecars send them on to the address that the app connected to'
    : 'are answered with 503';
  const misplaced = labelledOutside(mesh, service, subset);
  if (misplaced !== undefined) {
    return {
      severity: Severity.ERROR,
      message: `${what}. ${nameOf(misplaced.object)} has these labels on its own metadata, but not on its pods. Only the labels of the pod template count, so the subset is empty and requests to it ${outcome}.`,
      help: `Move the label to ${misplaced.podPath}.metadata.labels of ${nameOf(misplaced.object)}.`,
    };
  }
  const contradicted = [...subset.labels].find(([key, value]) => {
    const selected = service.service?.selector?.get(key);
    return selected !== undefined && selected !== value;
  });
  if (contradicted !== undefined) {
    const [key] = contradicted;
    return {
      severity: Severity.ERROR,
      message: `${what}, but ${nameOf(service.object)} selects only pods with ${key}=${service.service?.selector?.get(key)}: no pod has both labels, so the subset is empty and requests to it ${outcome}.`,
      help: `Take ${key} out of the Service's selector (spec.selector), so that it selects the pods of all versions.`,
    };
  }
  const { bare, help, why } = carriersInWords(service, subset, behind.groups);
  const routed = routedTo(mesh).has(`${service.host} ${subset.name}`);
  const certain = service.entry !== undefined;
  return {
    severity: !routed ? Severity.INFO : certain ? Severity.ERROR : Severity.WARNING,
    message: `${what}, and ${why}. ${certain || bare ? 'Requests' : 'Unless the cluster has other pods for it, requests'} to the subset ${outcome}.`,
    help,
  };
}

/** DNS gives the app a pod before its sidecar looks for a rule (`convertResolution`). Told once for all subsets that have pods. */
function examineHeadless(mesh: MeshModel, { host, object, subsets }: DestinationRule): Observation | undefined {
  const services = mesh.servicesOf(host);
  const [service] = services;
  if (services.length !== 1 || service.service?.headless !== true) {
    return undefined;
  }
  const all = mesh.endpoints.of(service).groups.length;
  const sharing = subsets.flatMap((subset) => {
    const by = routedInMesh(mesh).get(`${host} ${subset.name}`);
    const own = by === undefined ? 0 : mesh.endpoints.of(service, subset.labels).groups.length;
    return by !== undefined && own > 0 && own < all && isInForce(mesh, services, subset, undefined)
      ? [{ by, subset }]
      : [];
  });
  if (sharing.length === 0) {
    return undefined;
  }
  const [{ by, subset }] = sharing;
  const names = listOf(sharing.map(({ subset: { name } }) => name));
  return {
    object,
    path: subset.path,
    severity: Severity.WARNING,
    istio: [],
    kiali: [],
    message: `Calls inside the mesh reach any pod of ${host}, whichever subset the rules of ${nameOf(by.object)} name (${names}): ${nameOf(service.object)} has no address (clusterIP: None), so DNS gives an app one of all the pods before its sidecar looks at a rule. Only gateways choose a subset.`,
    help: "Route to a Service with an address: remove 'clusterIP: None', or, if its pods need names of their own, add a second Service without it.",
  };
}

/** `host subset` of the destinations to which rules for calls inside the mesh send requests, with one that does. */
const routedInMesh = perMesh((mesh): ReadonlyMap<string, VirtualService> => {
  const inMesh = mesh.effectiveVirtualServices.filter(({ boundTo }) => boundTo.includes(MESH_GATEWAY));
  return new Map(
    inMesh.flatMap((virtualService) =>
      destinationsOf(virtualService)
        .filter(
          ({ isIdle, matches, role }) =>
            role === 'destination' && !isIdle && (matches.length === 0 || matches.some(isForMesh)),
        )
        .map(({ destination: { host, subset = '' } }) => [`${host} ${subset}`, virtualService] as const),
    ),
  );
});

function isForMesh({ gateways }: { readonly gateways: readonly string[] }): boolean {
  return gateways.length === 0 || gateways.includes(MESH_GATEWAY);
}

/** `host subset` of every destination and mirror of the manifests, without those to which nothing goes. */
const routedTo = perMesh((mesh) => {
  const all = mesh.virtualServices.flatMap(destinationsOf).filter(({ isIdle }) => !isIdle);
  return new Set(all.map(({ destination: { host, subset = '' } }) => `${host} ${subset}`));
});

/** A workload behind the service that has the labels on itself, where nobody looks. */
function labelledOutside(mesh: MeshModel, { service }: RegistryService, { labels }: Subset): Workload | undefined {
  return service?.selector === undefined
    ? undefined
    : mesh.workloadIndex
        .select(service.object.namespace, service.selector)
        .find(({ object, podPath }) => podPath !== '' && selects(labels, object.labels));
}

/** Who stands behind the service without the labels of a subset, and what to do about it. */
function carriersInWords(
  service: RegistryService,
  { labels }: Subset,
  groups: readonly EndpointGroup[],
): { readonly bare: boolean; readonly why: string; readonly help: string } {
  const wanted = labelsOf(labels);
  const names = [...new Set(groups.map(({ object }) => nameOf(object)))];
  if (names.length === 0) {
    return {
      bare: true,
      why: 'endpoints that DNS finds have no labels',
      help: `List the endpoints of ${nameOf(service.object)} with their labels (spec.endpoints), or route without a subset.`,
    };
  }
  if (groups.every(({ object: { kind } }) => kind === 'Endpoints' || kind === 'EndpointSlice')) {
    return {
      bare: true,
      why: `the addresses of ${listOf(names, 'and', 3)} have no labels`,
      help: `Make each address a WorkloadEntry with the labels ${wanted}, behind a ServiceEntry that selects them; or route without a subset.`,
    };
  }
  return {
    bare: false,
    why: `no endpoint of the service has these labels; its endpoints are those of ${listOf(names, 'and', 3)}`,
    help: `Add ${wanted} to the labels of a pod template behind the service, or let the subset select labels that such a template has.`,
  };
}
