/*
 * What the options of a workload hold.
 */
import { type EnvValue, ImagePullPolicy } from 'cdk8s-plus-27';
import { complaintAboutText } from '../../syntax/yaml-text';
import { CONTAINER_RESOURCES } from '../objects/container-resources';
import { ANNOTATIONS, LABELS, OBJECT_OPTIONS } from '../objects/object-options';
import {
  checked,
  duration,
  type FieldsOf,
  list,
  made,
  map,
  number,
  oneOf,
  required,
  Struct,
  size,
  text,
} from '../objects/struct';
import { Drain } from './drain';
import { EnvSource } from './env-source';
import { HealthCheck } from './health-check';
import { RunAs } from './run-as';
import type { AutoscalingOptions, WorkloadOptions } from './workload-options';

const ENV_SOURCES = ['configMapKeyRef', 'fieldRef', 'resourceFieldRef', 'secretKeyRef'];

const envValue = checked<EnvValue>((given) => {
  if (typeof given?.value === 'string' && given.valueFrom === undefined) {
    return complaintAboutText(given.value);
  }
  return given?.value === undefined && isEnvSource(given?.valueFrom)
    ? undefined
    : "is not an EnvValue; wrap a string: EnvValue.fromValue('…')";
});

/** Whether `value` names one source. */
function isEnvSource(value: unknown): boolean {
  const [[kind, source] = [], ...more] = Object.entries(Object(value));
  return more.length === 0 && ENV_SOURCES.includes(kind ?? '') && Object.keys(Object(source)).length > 0;
}

const healthCheck = made<HealthCheck>(HealthCheck._is, "HealthCheck.http('/healthz')");

const AUTOSCALING = new Struct<AutoscalingOptions>('{ maxReplicas: 5 }', {
  name: text,
  minReplicas: number,
  maxReplicas: required(number, 'say how many pods there may be at the most'),
  targetCpuPercent: number,
});

/** For the structs that extend WorkloadOptions. */
export const WORKLOAD_FIELDS: FieldsOf<WorkloadOptions> = {
  image: required(text, 'write the image to run, as in ghcr.io/acme/apis:1.4.0'),
  containerName: text,
  port: number,
  command: list(text, "['python', 'app.py']"),
  args: list(text, "['--verbose']"),
  env: map(envValue, "{ GREETING: EnvValue.fromValue('hello') }"),
  envFrom: list(made<EnvSource>(EnvSource._is, "EnvSource.configMap('settings')"), "[EnvSource.configMap('settings')]"),
  replicas: number,
  autoscaling: AUTOSCALING,
  podDisruptionBudget: OBJECT_OPTIONS,
  readiness: healthCheck,
  liveness: healthCheck,
  startup: healthCheck,
  resources: CONTAINER_RESOURCES,
  imagePullPolicy: oneOf(ImagePullPolicy),
  writablePaths: list(text, "['/tmp']"),
  writableSizeLimit: size,
  runAs: made<RunAs>(RunAs._is, 'RunAs.user(1000)'),
  drain: made<Drain>(Drain._is, 'Drain.sleepCommand(Duration.seconds(5))'),
  terminationGracePeriod: duration,
  serviceAccountName: text,
  selector: LABELS,
  podLabels: LABELS,
  podAnnotations: ANNOTATIONS,
};
