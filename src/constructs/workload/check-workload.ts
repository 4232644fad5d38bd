/*
 * What can be wrong with the options of a workload beyond their types, said before anything is made.
 */
import type { ContainerResources } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { complaintAboutImage } from '../../syntax/image';
import { complaintAboutDnsLabel, complaintAboutPort } from '../../syntax/names';
import { checkResources, wholeUnits } from '../objects/check-resources';
import { checkLabels } from '../objects/object-options';
import { refuse, refuseIf, show } from '../objects/refuse';
import { complaintAboutEnvName } from './env-name';
import type { AutoscalingOptions, WorkloadOptions } from './workload-options';

/** Throws on the first option that is out of range or does not go with another. */
export function checkWorkload(scope: Construct, options: WorkloadOptions): void {
  const { image, containerName, port, env = {}, selector } = options;
  if (image === '') {
    refuse(scope, 'image is empty; write the image to run, as in ghcr.io/acme/apis:1.4.0.');
  }
  refuseIf(scope, 'image', image, complaintAboutImage(image));
  if (containerName !== undefined) {
    refuseIf(scope, 'containerName', containerName, complaintAboutDnsLabel(containerName));
  }
  if (port !== undefined) {
    refuseIf(scope, 'port', port, complaintAboutPort(port));
  }
  checkReplicas(scope, options);
  for (const name of Object.keys(env)) {
    refuseIf(scope, 'env', name, complaintAboutEnvName(name));
  }
  if (selector !== undefined) {
    checkSelector(scope, selector);
  }
  checkResources(scope, options.resources ?? {});
  checkWritablePaths(scope, options);
}

function checkSelector(scope: Construct, selector: { readonly [key: string]: string }): void {
  if (Object.keys(selector).length === 0) {
    refuse(scope, 'selector is empty, and a Deployment has to select its pods; write its labels, or leave it out.');
  }
  if (Object.values(selector).every((value) => value === '')) {
    refuse(
      scope,
      'selector has labels without a value only, and cdk8s-plus would write none of them; give one of them a value, or leave it out.',
    );
  }
  checkLabels(scope, selector, 'selector');
}

function checkReplicas(scope: Construct, options: WorkloadOptions): void {
  const { replicas, autoscaling, podDisruptionBudget } = options;
  if (replicas !== undefined && !isCount(replicas, 0)) {
    refuse(scope, `replicas ${show(replicas)} is not a number of pods: a whole number of 0 or more.`);
  }
  if (autoscaling !== undefined) {
    if (replicas !== undefined) {
      refuse(
        scope,
        `replicas ${replicas} and autoscaling are both set, and the autoscaler would overwrite the first; leave out one.`,
      );
    }
    checkAutoscaling(scope, autoscaling);
    if (options.resources !== undefined && !asksForCpu(options.resources)) {
      refuse(
        scope,
        'autoscaling goes by the use of the requested CPU, but resources requests none, so the number of pods would never change; set resources.cpu.request.',
      );
    }
  }
  const most = mostPods(options);
  if (podDisruptionBudget !== undefined && most < 2) {
    refuse(
      scope,
      `podDisruptionBudget is for two pods or more, and there is ${most === 1 ? 'one' : 'none'} at the most, so none is made; leave it out.`,
    );
  }
}

/** Without a request, Kubernetes takes the limit for it. */
function asksForCpu({ cpu = {} }: ContainerResources): boolean {
  return (cpu.request ?? cpu.limit) !== undefined;
}

/** The most pods that there may be. */
export function mostPods({ autoscaling, replicas }: WorkloadOptions): number {
  return autoscaling?.maxReplicas ?? replicas ?? DEFAULT_REPLICAS;
}

export const DEFAULT_REPLICAS = 2;

function checkAutoscaling(scope: Construct, { minReplicas, maxReplicas, targetCpuPercent }: AutoscalingOptions): void {
  for (const [what, value] of Object.entries({ minReplicas, maxReplicas, targetCpuPercent })) {
    if (value !== undefined && !isCount(value, 1)) {
      refuse(scope, `autoscaling.${what} ${show(value)} is not a whole number of 1 or more.`);
    }
  }
  if ((minReplicas ?? DEFAULT_MIN_REPLICAS) > maxReplicas) {
    const fewest =
      minReplicas === undefined ? `minReplicas (${DEFAULT_MIN_REPLICAS} by default)` : `minReplicas ${minReplicas}`;
    refuse(scope, `autoscaling.${fewest} is more than maxReplicas ${maxReplicas}; the fewest cannot exceed the most.`);
  }
}

/** Kubernetes counts in 32 bits. */
function isCount(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least && value < 2 ** 31;
}

/** Fewest pods under autoscaling: one pod would make every node drain an outage. */
export const DEFAULT_MIN_REPLICAS = 2;

function checkWritablePaths(scope: Construct, { writablePaths, writableSizeLimit }: WorkloadOptions): void {
  const paths = writablePaths ?? [];
  for (const path of paths) {
    if (!/^\/[^:]*[^:/]$/.test(path)) {
      refuse(
        scope,
        `writablePaths: ${show(path)} is not an absolute path of a folder below '/', as in /var/cache/app.`,
      );
    }
  }
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) {
    refuse(scope, `writablePaths: ${show(twice)} is listed twice; leave out one.`);
  }
  if (writableSizeLimit !== undefined && writablePaths?.length === 0) {
    refuse(scope, 'writableSizeLimit is for writablePaths, and there are none; leave it out.');
  }
  if (writableSizeLimit !== undefined && wholeUnits(scope, 'writableSizeLimit', writableSizeLimit, 'MiB') < 1) {
    refuse(scope, 'writableSizeLimit is 0 MiB, so that every pod would be evicted; give it some, or leave it out.');
  }
}
