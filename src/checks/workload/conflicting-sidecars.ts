/*
 * Two Sidecars for the same pods. A pod has one: the oldest of its namespace that selects it, else the oldest without selector
 * (`getSidecarScope`, pilot/pkg/model/push_context.go). Whatever the others import or forbid is without effect. An empty selector
 * is a selector: it takes all pods, and goes before all Sidecars without one, whatever their age (`initSidecarScopes`).
 *
 * Certain, and an error, where one takes all pods that the other could have. A warning where the ages that decide it are not
 * known, and where the older one takes some of the pods that the manifests contain.
 */

import { EMPTY_MAP, type StringMap } from '../../manifests/node';
import { nameOf } from '../../manifests/object';
import { mayHaveSidecar } from '../../model/injection';
import type { MeshModel } from '../../model/model';
import { type SidecarConfig, sidecarConfigFor } from '../../model/sidecar-config';
import { selects } from '../../model/workload';
import { groupBy } from '../../syntax/grouping';
import { listOf } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';

export const conflictingSidecars: Check = {
  id: 'conflicting-sidecars',
  title: 'Two Sidecars for the same pods',
  severity: Severity.ERROR,
  istio: ['IST0110', 'IST0111'],
  kiali: ['KIA0002', 'KIA0003'],
  run(mesh, report) {
    for (const configs of groupBy(mesh.sidecarConfigs, ({ object }) => object.namespace).values()) {
      const selecting = configs.filter(({ workloadSelector }) => workloadSelector !== undefined);
      for (const config of configs) {
        const found =
          overtaken(mesh, config, configs) ?? perhapsOvertaken(config, selecting) ?? sharing(mesh, config, selecting);
        if (found !== undefined) {
          report(found);
        }
      }
    }
  },
};

/**
 * By the one that is in force for the pod that has the labels of the selector and no others, and so for all pods that it selects.
 *
 * @param all those of the namespace, in Istio's order
 */
function overtaken(mesh: MeshModel, config: SidecarConfig, all: readonly SidecarConfig[]): Observation | undefined {
  const { object, workloadSelector } = config;
  const settled = all.filter((other) => !isWiderOfUnknownAge(other, config));
  // One of the root namespace without selector is for all other namespaces besides.
  const isForOthers = workloadSelector === undefined && object.namespace === mesh.rootNamespace;
  const home = isForOthers ? '' : object.namespace;
  const inForce = sidecarConfigFor(settled, home, selectorOf(config), mesh.rootNamespace);
  if (inForce === undefined || inForce === config) {
    return undefined;
  }
  return workloadSelector !== undefined
    ? covered(config, inForce)
    : inForce.workloadSelector !== undefined
      ? behindEmpty(config, inForce)
      : second(config, inForce);
}

function behindEmpty({ object }: SidecarConfig, empty: SidecarConfig): Observation {
  return {
    object,
    path: 'spec',
    istio: ['IST0111'],
    kiali: ['KIA0002'],
    message: `${nameOf(empty.object)} has an empty workloadSelector, which selects all pods of the namespace. Istio takes Sidecars with a workloadSelector before those without, whatever their age, and a pod has one Sidecar: ${nameOf(object)} has no effect on any pod.`,
    help: `Write both into one Sidecar, or write labels into the workloadSelector of ${nameOf(empty.object)}.`,
  };
}

function second(config: SidecarConfig, first: SidecarConfig): Observation {
  const { object } = config;
  return {
    object,
    path: 'spec',
    istio: ['IST0111'],
    kiali: ['KIA0002'],
    message: `${nameOf(first.object)} has no workloadSelector either, and only one Sidecar without a workloadSelector counts in a namespace: ${whichCounts(config, first)}, and the other has no effect on any pod.`,
    help: 'Write both into one Sidecar, or give one of them a workloadSelector.',
  };
}

function covered(config: SidecarConfig, covering: SidecarConfig): Observation {
  return {
    ...atSelector(config),
    message: `${nameOf(covering.object)} selects all pods that ${nameOf(config.object)} selects, and a pod has one Sidecar: ${whichCounts(config, covering)}, and the other has no effect.`,
    help: 'Write both into one Sidecar, or let the older one select fewer pods.',
  };
}

/** @param all those of the namespace with a selector, in whatever order: which of them is older is not known */
function perhapsOvertaken(config: SidecarConfig, all: readonly SidecarConfig[]): Observation | undefined {
  const wider = all.find((other) => isWiderOfUnknownAge(other, config));
  return (
    wider && {
      ...atSelector(config),
      severity: Severity.WARNING,
      message: `${nameOf(wider.object)} selects all pods that ${nameOf(config.object)} selects, and more. A pod has one Sidecar, the older one, so whether ${nameOf(config.object)} has any effect depends on which of the two is older. The manifests do not say which.`,
      help: 'Let the two select different pods, by a label that only some of them have.',
    }
  );
}

/** @param all those of the namespace with a selector, in Istio's order */
function sharing(mesh: MeshModel, config: SidecarConfig, all: readonly SidecarConfig[]): Observation | undefined {
  const { object, workloadSelector } = config;
  // Of a selector inside another, where it is not known which is older, it is said of the narrower one (`perhapsOvertaken`).
  const apart = all.filter((each) => !isWiderOfUnknownAge(each, config) && !isWiderOfUnknownAge(config, each));
  if (workloadSelector === undefined || apart.length < 2) {
    return undefined;
  }
  // Gateways heed no Sidecar.
  const pods = mesh.workloadIndex
    .select(object.namespace, workloadSelector)
    .filter((workload) => mayHaveSidecar(mesh, workload));
  const byConfig = groupBy(pods, ({ podLabels }) =>
    sidecarConfigFor(apart, object.namespace, podLabels, mesh.rootNamespace),
  );
  const [taken] = [...byConfig].filter(([inForce]) => inForce !== config);
  const [other, both] = taken ?? [];
  return other === undefined || both === undefined
    ? undefined
    : {
        ...atSelector(config),
        severity: Severity.WARNING,
        message: `${nameOf(other.object)} selects the pods of ${listOf(both.map((workload) => nameOf(workload.object)))} too, and a pod has one Sidecar: ${whichCounts(config, other)}.`,
        help: 'Let the two select different pods, by a label that only some of them have.',
      };
}

function atSelector({ object }: SidecarConfig): Pick<Observation, 'object' | 'path' | 'istio' | 'kiali'> {
  return { object, path: 'spec.workloadSelector', istio: ['IST0110'], kiali: ['KIA0003'] };
}

/** Whether one selects all pods that another does, and others, and it is not known which of them is older. */
function isWiderOfUnknownAge(one: SidecarConfig, other: SidecarConfig): boolean {
  const [wider, narrower] = [selectorOf(one), selectorOf(other)];
  return !isAgeKnown(one, other) && wider.size < narrower.size && selects(wider, narrower);
}

function selectorOf({ workloadSelector }: SidecarConfig): StringMap {
  return workloadSelector ?? EMPTY_MAP;
}

function isAgeKnown(one: SidecarConfig, other: SidecarConfig): boolean {
  return one.object.created !== undefined && other.object.created !== undefined;
}

/** Which of the two is in force, as far as their age is known; of one age, the first by name. */
function whichCounts(config: SidecarConfig, first: SidecarConfig): string {
  return isAgeKnown(config, first)
    ? `Istio takes the older one, here ${nameOf(first.object)}`
    : 'Istio takes the older one (the manifests do not say which that is)';
}
