/*
 * What can be wrong with the options of a workload, said before anything is made.
 */
import type { Construct } from 'constructs';
import { checkAnnotations, checkLabels } from '../objects/object-options';
import { refuse, refuseIf, show } from '../objects/refuse';
import { complaintAboutPort } from '../syntax/names';
import type { AutoscalingOptions, WorkloadOptions } from './workload-options';

const ENV_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/** Throws on the first option that is wrong in itself or does not go with another. */
export function checkWorkload(scope: Construct, options: WorkloadOptions): void {
  checkImage(scope, options.image);
  if (options.port !== undefined) {
    refuseIf(scope, 'port', options.port, complaintAboutPort(options.port));
  }
  checkReplicas(scope, options);
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (!ENV_NAME.test(name)) {
      refuse(
        scope,
        `env ${show(name)} is not the name of an environment variable: letters, digits, '_', '-' and '.', not beginning with a digit.`,
      );
    }
    if (value === null || typeof value !== 'object') {
      refuse(scope, `env '${name}' is ${show(value)}; wrap it: EnvValue.fromValue(…).`);
    }
  }
  checkWritablePaths(scope, options.writablePaths ?? []);
  checkLabels(scope, options.podLabels ?? {});
  checkAnnotations(scope, options.podAnnotations ?? {});
}

function checkImage(scope: Construct, image: string): void {
  if (typeof image !== 'string' || image === '') {
    refuse(scope, 'image is missing; write the image to run, as in ghcr.io/acme/apis:1.4.0.');
  }
  if (/\s/.test(image)) {
    refuse(scope, `image ${show(image)} contains a space; write it as registry/name:tag.`);
  }
}

function checkReplicas(scope: Construct, options: WorkloadOptions): void {
  const { replicas, autoscaling } = options;
  if (replicas !== undefined && !(Number.isInteger(replicas) && replicas >= 0)) {
    refuse(scope, `replicas ${replicas} is not a number of pods: a whole number of 0 or more.`);
  }
  if (autoscaling !== undefined) {
    if (replicas !== undefined) {
      refuse(
        scope,
        `replicas ${replicas} and autoscaling are both set, and the autoscaler would overwrite the first; leave out one.`,
      );
    }
    checkAutoscaling(scope, autoscaling);
  }
}

function checkAutoscaling(scope: Construct, { minReplicas, maxReplicas, targetCpuPercent }: AutoscalingOptions): void {
  for (const [what, value] of Object.entries({ minReplicas, maxReplicas, targetCpuPercent })) {
    if (value !== undefined && !(Number.isInteger(value) && value >= 1)) {
      refuse(scope, `autoscaling.${what} ${value} is not a whole number of 1 or more.`);
    }
  }
  if (maxReplicas === undefined) {
    refuse(scope, 'autoscaling.maxReplicas is missing; say how many pods there may be at the most.');
  }
  if ((minReplicas ?? DEFAULT_MIN_REPLICAS) > maxReplicas) {
    const fewest =
      minReplicas === undefined ? `minReplicas (${DEFAULT_MIN_REPLICAS} by default)` : `minReplicas ${minReplicas}`;
    refuse(scope, `autoscaling.${fewest} is more than maxReplicas ${maxReplicas}; the fewest cannot exceed the most.`);
  }
}

/** Fewest pods under autoscaling: one pod would make every node drain an outage. */
export const DEFAULT_MIN_REPLICAS = 2;

function checkWritablePaths(scope: Construct, paths: string[]): void {
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
}
