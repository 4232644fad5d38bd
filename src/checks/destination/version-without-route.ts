/*
 * A version that no route names, though routes name others of its service, and though it has pods: they run, and no rule sends
 * them a request. By subsets it is a subset of the DestinationRule; by Services it is a Service of a part of the pods of another.
 *
 * A remark: pods may well come before their first requests, and a Service can be called by its name. A share of 0 % names a
 * version, too, and an annotation says which versions are on their way out.
 */

import { nameOf } from '../../manifests/object';
import { gatewayApiOf } from '../../model/gateway-api';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import { RETIRED_VERSIONS } from '../../syntax/retired-versions';
import { listOf } from '../../syntax/wording';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import { podsBehind } from '../shared/pods-behind';
import { partsWithoutRoute, workloadsBehind } from '../shared/selected-pods';
import { destinationsOf } from '../shared/written-destinations';

export const versionWithoutRoute: Check = {
  id: 'version-without-route',
  title: 'A version that no route leads to',
  severity: Severity.INFO,
  istio: [],
  kiali: [],
  run(mesh, report) {
    reportSubsets(mesh, report);
    reportServices(mesh, report);
  },
};

function reportSubsets(mesh: MeshModel, report: Report): void {
  for (const { object, host, subsets } of mesh.destinationRules) {
    const named = namedSubsets(mesh).get(host);
    // Where a route leads to the host without a subset, all of its pods get requests.
    if (named === undefined || named.has('')) {
      continue;
    }
    const retired = (object.annotations.get(RETIRED_VERSIONS) ?? '').split(',').map((subset) => subset.trim());
    for (const { name, path } of subsets) {
      if (named.has(name) || retired.includes(name)) {
        continue;
      }
      const groups = podsBehind(mesh, { host, subset: name }, object.namespace)?.groups ?? [];
      if (groups.some(({ replicas }) => replicas > 0)) {
        report({
          object,
          path,
          message: `No route leads to subset ${name} of ${host}, while routes lead to ${listOf([...named])}. No rule sends requests to the pods of ${listOf(groups.map((group) => nameOf(group.object)))}.`,
          help: remedy(name),
        });
      }
    }
  }
}

function reportServices(mesh: MeshModel, report: Report): void {
  for (const [service, siblings] of partsWithoutRoute(mesh)) {
    const { object } = service;
    const alive = [...workloadsBehind(mesh, service)].filter(({ replicas }) => replicas > 0);
    if (alive.length > 0 && !object.annotations.has(RETIRED_VERSIONS)) {
      report({
        object,
        path: '',
        message: `No route leads to ${nameOf(object)}, while routes lead to ${listOf(siblings.map((sibling) => nameOf(sibling.object)))} beside it. No rule sends requests to the pods of ${listOf(alive.map((workload) => nameOf(workload.object)))}.`,
        help: remedy(object.name),
      });
    }
  }
}

function remedy(version: string): string {
  return `Add a route to it. If it is to get no requests yet, give it the weight 0 beside others. If it is being retired, add the annotation ${RETIRED_VERSIONS}: ${version}.`;
}

/** By host, the subsets that routes name, at whatever weight; '' where one names none. */
const namedSubsets = perMesh((mesh: MeshModel) => {
  const byHost = new Map<string, Set<string>>();
  for (const { host, subset } of mesh.virtualServices.flatMap(destinationsOf).map(({ destination }) => destination)) {
    byHost.set(host, (byHost.get(host) ?? new Set()).add(subset ?? ''));
  }
  for (const host of gatewayApiOf(mesh).destinations) {
    byHost.set(host, (byHost.get(host) ?? new Set()).add(''));
  }
  return byHost;
});
