/*
 * What can be wrong with the options of a workload, said before anything is made.
 */
import { EnvFrom, ImagePullPolicy } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { complaintAboutPort } from '../../syntax/names';
import { checkKind, checkOneOf, checkOptions, checkStrings, isDuration } from '../objects/check-argument';
import { refuse, refuseIf, show } from '../objects/refuse';
import { checkResources } from './check-resources';
import { Drain } from './drain';
import { HealthCheck } from './health-check';
import { RunAs } from './run-as';
import type { AutoscalingOptions, WorkloadOptions } from './workload-options';

const ENV_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/** Throws on the first option that is wrong in itself or does not go with another. */
export function checkWorkload(scope: Construct, options: WorkloadOptions): void {
  checkOptions(scope, 'the argument', options, "{ image: 'ghcr.io/acme/apis:1.4.0' }");
  checkImage(scope, options.image);
  checkKinds(scope, options);
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
    if (typeof value?.value !== 'string' && value?.valueFrom === undefined) {
      refuse(scope, `env '${name}' is ${show(value)}; wrap a string: EnvValue.fromValue('…').`);
    }
  }
  checkResources(scope, options.resources ?? {});
  checkWritablePaths(scope, options.writablePaths ?? []);
}

/** What types would say. */
function checkKinds(scope: Construct, options: WorkloadOptions): void {
  checkStrings(scope, 'command', options.command, "['python', 'app.py']");
  checkStrings(scope, 'args', options.args, "['--verbose']");
  checkStrings(scope, 'writablePaths', options.writablePaths, "['/tmp']");
  checkOneOf(scope, 'imagePullPolicy', options.imagePullPolicy, ImagePullPolicy);
  const { readiness, liveness, startup, runAs, drain, terminationGracePeriod, envFrom, serviceAccount } = options;
  for (const [what, check] of Object.entries({ readiness, liveness, startup })) {
    checkKind(scope, what, check, check instanceof HealthCheck, "HealthCheck.http('/healthz')");
  }
  checkKind(scope, 'runAs', runAs, runAs instanceof RunAs, 'RunAs.user(1000)');
  checkKind(scope, 'drain', drain, drain instanceof Drain, 'Drain.pause(Duration.seconds(5))');
  checkKind(
    scope,
    'terminationGracePeriod',
    terminationGracePeriod,
    isDuration(terminationGracePeriod),
    'Duration.seconds(60)',
  );
  checkKind(
    scope,
    'serviceAccount',
    serviceAccount,
    typeof serviceAccount?.name === 'string',
    "ServiceAccount.fromServiceAccountName(this, 'account', 'apis')",
  );
  const isEnvFrom = Array.isArray(envFrom) && envFrom.every((source) => source instanceof EnvFrom);
  checkKind(scope, 'envFrom', envFrom, isEnvFrom, '[Env.fromConfigMap(settings)]');
}

function checkImage(scope: Construct, image: string): void {
  if (typeof image !== 'string' || image === '') {
    refuse(scope, 'image is missing; write the image to run, as in ghcr.io/acme/apis:1.4.0.');
  }
  if (/[:@/]$/.test(image)) {
    refuse(scope, `image ${show(image)} ends where a name or tag should follow; write it as registry/name:tag.`);
  }
  if (/\s/.test(image)) {
    refuse(scope, `image ${show(image)} contains a space; write it as registry/name:tag.`);
  }
}

function checkReplicas(scope: Construct, options: WorkloadOptions): void {
  const { replicas, autoscaling } = options;
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
    checkOptions(scope, 'autoscaling', autoscaling, '{ maxReplicas: 5 }');
    checkAutoscaling(scope, autoscaling);
    if (options.resources !== undefined && options.resources?.cpu?.request === undefined) {
      refuse(
        scope,
        'autoscaling goes by the use of the requested CPU, but resources requests none, so the number of pods would never change; set resources.cpu.request.',
      );
    }
  }
}

function checkAutoscaling(scope: Construct, { minReplicas, maxReplicas, targetCpuPercent }: AutoscalingOptions): void {
  for (const [what, value] of Object.entries({ minReplicas, maxReplicas, targetCpuPercent })) {
    if (value !== undefined && !isCount(value, 1)) {
      refuse(scope, `autoscaling.${what} ${show(value)} is not a whole number of 1 or more.`);
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

/** Kubernetes counts in 32 bits. */
function isCount(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least && value < 2 ** 31;
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
