/*
 * What must agree inside of one manifest: fields that refer to each other, and amounts that bound each other.
 */
import { at, type Complaint } from './complaint';
import {
  type Amounts,
  type Container,
  fieldsOf,
  inContainers,
  inPod,
  type LabelSelector,
  type Labels,
  type Manifest,
  type Metadata,
  type PreStop,
  podTemplateOf,
} from './manifest';
import { amountOf } from './units';

const DEFAULT_GRACE_PERIOD = 30;
const HOOKS = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'];

export function selectorMatchesTemplate(manifest: Manifest): Complaint[] {
  const { template } = podTemplateOf(manifest) ?? {};
  const { selector } = (manifest.spec ?? {}) as { selector?: LabelSelector };
  if (template === undefined || manifest.kind === 'Pod' || selector === undefined) {
    return [];
  }
  const { matchLabels = {}, matchExpressions = [] } = selector;
  if (Object.keys(matchLabels).length + matchExpressions.length === 0) {
    return [{ path: 'spec.selector', wrong: 'is empty, and so would select every pod' }];
  }
  return selects(selector, template.metadata?.labels ?? {})
    ? []
    : [{ path: 'spec.selector', wrong: 'does not match the labels in spec.template.metadata.labels' }];
}

function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => OPERATORS[operator]?.(labels[key], values))
  );
}

const OPERATORS: { [operator: string]: (value: string | undefined, values: readonly string[]) => boolean } = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
};

/** Of containers, volumes and variables the schemas say it. */
export function uniqueNames(manifest: Manifest): Complaint[] {
  return inPod(manifest, (pod, path) => [
    ...repeated(path, namesOf([...(pod.initContainers ?? []), ...pod.containers]), 'containers'),
    ...repeated(path, namesOf(pod.containers.flatMap(({ ports = [] }) => ports)), 'ports'),
  ]);
}

export function volumesOfMounts(manifest: Manifest): Complaint[] {
  const { volumeClaimTemplates = [] } = (manifest.spec ?? {}) as { volumeClaimTemplates?: { metadata?: Metadata }[] };
  const claims = namesOf(volumeClaimTemplates.flatMap(({ metadata }) => metadata ?? []));
  return inContainers(manifest, ({ volumeMounts = [] }, path, { volumes = [] }) =>
    volumeMounts.flatMap(({ name }, index) =>
      [...namesOf(volumes), ...claims].includes(name)
        ? []
        : [{ path: at(path, 'volumeMounts', index), wrong: `mounts "${name}", and the pod has no such volume` }],
    ),
  );
}

export function portsOfProbes(manifest: Manifest): Complaint[] {
  return inContainers(manifest, (container, root) =>
    HOOKS.flatMap((hook) => [...fieldsOf(container[hook as keyof Container], at(root, hook))])
      .filter(({ name, value }) => name === 'port' && typeof value === 'string')
      .filter(({ value }) => !namesOf(container.ports ?? []).includes(value as string))
      .map(({ path, value }) => ({ path, wrong: `is "${value}", and the container has no port of that name` })),
  );
}

export function requestsWithinLimits(manifest: Manifest): Complaint[] {
  return inContainers(manifest, ({ resources = {} }, path) => {
    const limits: Amounts = resources.limits ?? {};
    return Object.entries(resources.requests ?? {})
      .filter(([resource, amount]) => resource in limits && amountOf(amount) > amountOf(limits[resource]))
      .map(([resource, amount]) => ({
        path: at(path, 'resources', 'requests', resource),
        wrong: `is ${amount}, more than the limit of ${limits[resource]}`,
      }));
  });
}

/** The grace period begins before the preStop hook: what the hook sleeps through, the process does not get. */
export function graceAfterPreStop(manifest: Manifest): Complaint[] {
  return inContainers(manifest, ({ lifecycle }, path, { terminationGracePeriodSeconds = DEFAULT_GRACE_PERIOD }) => {
    const seconds = sleepOf(lifecycle?.preStop);
    return seconds === 0 || seconds < terminationGracePeriodSeconds
      ? []
      : [
          {
            path: at(path, 'lifecycle', 'preStop'),
            wrong: `sleeps ${seconds} s, and the pod is killed after ${terminationGracePeriodSeconds} s`,
          },
        ];
  });
}

/** No server looks at them, but a container with a capability by another name does not start. */
export function namesOfCapabilities(manifest: Manifest): Complaint[] {
  return inContainers(manifest, ({ securityContext }, root) =>
    [...fieldsOf(securityContext?.capabilities, at(root, 'securityContext', 'capabilities'))]
      .filter(({ value }) => typeof value === 'string' && !/^(?!CAP_)[A-Z_]+$/.test(value))
      .map(({ path, value }) => ({ path, wrong: `is "${value}"; a capability is written in capitals, without CAP_` })),
  );
}

export function budgetOfDisruptions({ kind, spec }: Manifest): Complaint[] {
  return kind === 'PodDisruptionBudget' && 'minAvailable' in (spec ?? {}) && 'maxUnavailable' in (spec ?? {})
    ? [{ path: 'spec', wrong: 'has both minAvailable and maxUnavailable, and may have only one' }]
    : [];
}

export function boundsOfAutoscaler({ kind, spec }: Manifest): Complaint[] {
  const { minReplicas = 1, maxReplicas = 1 } = (spec ?? {}) as { minReplicas?: number; maxReplicas?: number };
  return kind === 'HorizontalPodAutoscaler' && minReplicas > maxReplicas
    ? [{ path: 'spec.minReplicas', wrong: `is ${minReplicas}, more than the maxReplicas of ${maxReplicas}` }]
    : [];
}

export function rollingUpdateMoves({ kind, spec }: Manifest): Complaint[] {
  const { strategy } = (spec ?? {}) as { strategy?: { rollingUpdate?: { [field: string]: number | string } } };
  const { maxSurge = 1, maxUnavailable = 1 } = strategy?.rollingUpdate ?? {};
  return kind === 'Deployment' && [maxSurge, maxUnavailable].every((amount) => /^0%?$/.test(String(amount)))
    ? [{ path: 'spec.strategy.rollingUpdate', wrong: 'lets no pod come before and none go, so nothing can ever move' }]
    : [];
}

function sleepOf(preStop: PreStop | undefined): number {
  const command = preStop?.exec?.command?.join(' ') ?? '';
  const [, seconds] = /\bsleep (\d+(?:\.\d+)?)/.exec(command) ?? [];
  return preStop?.sleep?.seconds ?? Number(seconds ?? 0);
}

function namesOf(items: readonly { readonly name?: string }[]): string[] {
  return items.flatMap(({ name }) => name ?? []);
}

function repeated(path: string, names: readonly string[], what: string): Complaint[] {
  return names
    .filter((name, index) => names.indexOf(name) !== index)
    .map((name) => ({ path, wrong: `has several ${what} with the name "${name}"` }));
}
