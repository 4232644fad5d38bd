/*
 * Two Sidecars for the same pods. A pod has one: the oldest of its namespace that selects it, else the oldest without selector
 * (`getSidecarScope`, pilot/pkg/model/push_context.go). Whatever the others import or forbid is without effect.
 *
 * Certain, and an error, where the older one takes all pods that the other could have; where it takes some of the pods that the
 * manifests contain, a warning.
 */
import { isGatewayWorkload } from '../mesh/gateway-pods';
import type { MeshModel } from '../mesh/model';
import { EMPTY_MAP, type StringMap } from '../mesh/node';
import { nameOf } from '../mesh/object';
import type { SidecarConfig } from '../mesh/sidecar-config';
import { selects } from '../mesh/workload';
import { groupBy } from '../syntax/grouping';
import { listOf } from '../syntax/wording';
import type { Check, Observation } from './check';
import { Severity } from './finding';

export const conflictingSidecars: Check = {
  id: 'conflicting-sidecars',
  title: 'Two Sidecars for the same pods',
  severity: Severity.ERROR,
  istio: ['IST0110', 'IST0111'],
  kiali: ['KIA0002', 'KIA0003'],
  run(mesh, report) {
    for (const configs of groupBy(mesh.sidecarConfigs, ({ object }) => object.namespace).values()) {
      // Those with a selector and those without never compete: the first go before.
      const selecting = configs.filter(({ workloadSelector }) => workloadSelector !== undefined);
      const others = configs.filter(({ workloadSelector }) => workloadSelector === undefined);
      for (const [index, config] of selecting.entries()) {
        const found = overtaken(mesh, config, selecting.slice(0, index));
        if (found !== undefined) {
          report(found);
        }
      }
      for (const config of others.slice(1)) {
        report(second(config, others[0]));
      }
    }
  },
};

function second(config: SidecarConfig, first: SidecarConfig): Observation {
  const { object } = config;
  return {
    object,
    path: 'spec',
    istio: ['IST0111'],
    kiali: ['KIA0002'],
    message: `${nameOf(first.object)} has no workloadSelector either, and a namespace has one such Sidecar: ${whichCounts(config, first)}, and the other has no effect on any pod.`,
    help: 'Write both into one Sidecar, or give one of them a workloadSelector.',
  };
}

function overtaken(mesh: MeshModel, config: SidecarConfig, older: readonly SidecarConfig[]): Observation | undefined {
  const { object } = config;
  const workloadSelector = selectorOf(config);
  const shared = { object, path: 'spec.workloadSelector', istio: ['IST0110'], kiali: ['KIA0003'] };
  const covering = older.find((other) => selects(selectorOf(other), workloadSelector));
  if (covering !== undefined) {
    const isIdle = isAgeKnown(config, covering) || selects(workloadSelector, selectorOf(covering));
    return {
      ...shared,
      message: `${nameOf(covering.object)} selects all pods that ${nameOf(object)} selects, and a pod has one Sidecar: ${whichCounts(config, covering)}${isIdle ? ', and the other has no effect' : ''}.`,
      help: 'Write both into one Sidecar, or let the older one select fewer pods.',
    };
  }
  // A gateway heeds no Sidecar.
  const pods = mesh.workloadIndex
    .select(object.namespace, workloadSelector)
    .filter((workload) => !isGatewayWorkload(workload));
  for (const other of older) {
    const both = pods.filter(({ podLabels }) => selects(selectorOf(other), podLabels));
    if (both.length > 0) {
      return {
        ...shared,
        severity: Severity.WARNING,
        message: `${nameOf(other.object)} selects the pods of ${listOf(both.map((workload) => nameOf(workload.object)))} too, and a pod has one Sidecar: ${whichCounts(config, other)}.`,
        help: 'Let the two select different pods, by a label that only some of them have.',
      };
    }
  }
  return undefined;
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
