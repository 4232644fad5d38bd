/*
 * A subset whose labels no pod behind the service carries: requests to it are answered with 503.
 *
 * Looked for on pod templates. Said only of services some of whose pods are given. An error where nothing can be missing: the
 * labels stand on a workload's own metadata, the Service's selector asks for another value of one of them, or the service lists
 * its endpoints itself. A warning where a route sends requests to the subset, since other pods may run in the cluster; else a
 * remark.
 */

import type { StringMap } from '../../manifests/node';
import { nameOf } from '../../manifests/object';
import type { Subset } from '../../model/destination-rule';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import { hasNoAddress, type RegistryService } from '../../model/registry';
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
    for (const { host, subsets, workloadSelector } of mesh.destinationRules) {
      const services = mesh.servicesOf(host);
      for (const subset of services.length === 0 ? [] : subsets) {
        // Where several define the host, each client takes one, or some of them.
        const found = services.map((service) => examine(mesh, service, subset));
        const [first] = found;
        if (first !== undefined && !found.includes(undefined) && isInForce(mesh, services, subset, workloadSelector)) {
          report({ object: subset.object, path: `${subset.path}.labels`, ...first });
        }
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
    behind.groups.length === 0
  ) {
    return undefined;
  }
  const what = `Subset ${subset.name} of ${service.host} selects ${labelsOf(subset.labels)}`;
  const fate = hasNoAddress(service)
    ? 'are answered with 503 at gateways, while sidecars let them through to whatever address was dialled'
    : 'are answered with 503';
  const misplaced = labelledOutside(mesh, service, subset);
  if (misplaced !== undefined) {
    return {
      severity: Severity.ERROR,
      message: `${what}. ${nameOf(misplaced.object)} carries that on its own metadata, but its pods do not: only the labels of the pod template count, so the subset is empty and requests to it ${fate}.`,
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
      message: `${what}, but ${nameOf(service.object)} selects only pods with ${key}=${service.service?.selector?.get(key)}: no pod can be both, so the subset is empty and requests to it ${fate}.`,
      help: `Take ${key} out of the Service's selector (spec.selector), so that it selects the pods of all versions.`,
    };
  }
  const names = [...new Set(behind.groups.map(({ object }) => nameOf(object)))];
  const bare = behind.groups.every(({ object: { kind } }) => kind === 'Endpoints' || kind === 'EndpointSlice');
  const routed = routedTo(mesh).has(`${service.host} ${subset.name}`);
  const certain = service.entry !== undefined;
  return {
    severity: !routed ? Severity.INFO : certain ? Severity.ERROR : Severity.WARNING,
    message: bare
      ? `${what}. The addresses of ${listOf(names, 'and', 3)} carry no labels, so the subset is empty and requests to it ${fate}.`
      : `${what}, and nothing behind the service carries that: not ${listOf(names, 'nor', 3)}. ${certain ? 'Requests' : 'Unless the cluster has other pods for it, requests'} to the subset ${fate}.`,
    help: bare
      ? `Make each address a WorkloadEntry with the labels ${labelsOf(subset.labels)}, behind a ServiceEntry that selects them; or route without a subset.`
      : `Write ${labelsOf(subset.labels)} on a pod template behind the service, or select labels that one carries.`,
  };
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
