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
import { isGatewayWorkload } from '../../model/gateway-pods';
import type { MeshModel } from '../../model/model';
import type { SidecarConfig } from '../../model/sidecar-config';
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
      const others = configs.filter(({ workloadSelector }) => workloadSelector === undefined);
      for (const [index, config] of selecting.entries()) {
        const older = selecting.slice(0, index);
        const found = overtaken(config, older) ?? perhapsOvertaken(config, selecting) ?? sharing(mesh, config, older);
        if (found !== undefined) {
          report(found);
        }
      }
      const empty = selecting.find((config) => selectorOf(config).size === 0);
      for (const [index, config] of others.entries()) {
        // That of the root namespace is for all other namespaces besides.
        if (empty !== undefined && config.object.namespace !== mesh.rootNamespace) {
          report(behindEmpty(config, empty));
        } else if (index > 0) {
          report(second(config, others[0]));
        }
      }
    }
  },
};

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

/** @param older those before it in Istio's order */
function overtaken(config: SidecarConfig, older: readonly SidecarConfig[]): Observation | undefined {
  const covering = older.find(
    (other) => selects(selectorOf(other), selectorOf(config)) && !isWiderOfUnknownAge(other, config),
  );
  return (
    covering && {
      ...atSelector(config),
      message: `${nameOf(covering.object)} selects all pods that ${nameOf(config.object)} selects, and a pod has one Sidecar: ${whichCounts(config, covering)}, and the other has no effect.`,
      help: 'Write both into one Sidecar, or let the older one select fewer pods.',
    }
  );
}

/** @param all those of the namespace with a selector, in whatever order: which of them is older is not known */
function perhapsOvertaken(config: SidecarConfig, all: readonly SidecarConfig[]): Observation | undefined {
  const wider = all.find((other) => isWiderOfUnknownAge(other, config));
  return (
    wider && {
      ...atSelector(config),
      severity: Severity.WARNING,
      message: `${nameOf(wider.object)} selects all pods that ${nameOf(config.object)} selects, and more. A pod has one Sidecar, the older one, so whether ${nameOf(config.object)} has any effect depends on which of the two is older, which the manifests do not say.`,
      help: 'Let the two select different pods, by a label that only some of them have.',
    }
  );
}

/** @param older those before it in Istio's order */
function sharing(mesh: MeshModel, config: SidecarConfig, older: readonly SidecarConfig[]): Observation | undefined {
  const { object } = config;
  // A gateway heeds no Sidecar.
  const pods = mesh.workloadIndex
    .select(object.namespace, selectorOf(config))
    .filter((workload) => !isGatewayWorkload(workload));
  // Of a selector inside another, where it is not known which is older, it is said of the narrower one (`perhapsOvertaken`).
  const apart = older.filter((each) => !isWiderOfUnknownAge(each, config) && !isWiderOfUnknownAge(config, each));
  for (const other of apart) {
    const both = pods.filter(({ podLabels }) => selects(selectorOf(other), podLabels));
    if (both.length > 0) {
      return {
        ...atSelector(config),
        severity: Severity.WARNING,
        message: `${nameOf(other.object)} selects the pods of ${listOf(both.map((workload) => nameOf(workload.object)))} too, and a pod has one Sidecar: ${whichCounts(config, other)}.`,
        help: 'Let the two select different pods, by a label that only some of them have.',
      };
    }
  }
  return undefined;
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
    : 'Istio takes the older one, which is not known from manifests';
}
