/*
 * What Istio's charts call the number of pods, and their CPU and memory.
 */
import { type Size, SizeRoundingBehavior } from 'cdk8s';
import type { ContainerResources } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { checkResources } from '../objects/check-resources';
import { CONTAINER_RESOURCES } from '../objects/container-resources';
import type { JsonValues } from '../objects/json-values';
import { refuse, show } from '../objects/refuse';
import { type FieldsOf, number } from '../objects/struct';
import type { ControlPlaneOptions, ReplicaOptions } from './istio-options';

/** Of the charts `istiod` and `gateway`. */
const FEWEST = 1;
const MOST = 5;

/** For the structs that extend ControlPlaneOptions. */
export const POD_FIELDS: FieldsOf<ControlPlaneOptions> = {
  minReplicas: number,
  maxReplicas: number,
  resources: CONTAINER_RESOURCES,
};

/** How many pods there are, where a prop says so. */
export interface Replicas {
  readonly min: number;
  readonly max: number;
}

/** Throws on a number of pods that cannot be. */
export function replicasOf(part: Construct, { minReplicas, maxReplicas }: ReplicaOptions): Replicas | undefined {
  for (const [what, value] of Object.entries({ minReplicas, maxReplicas })) {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1)) {
      refuse(part, `${what} ${show(value)} is not a number of pods: a whole number of 1 or more.`);
    }
  }
  if (minReplicas === undefined && maxReplicas === undefined) {
    return undefined;
  }
  const min = minReplicas ?? FEWEST;
  const max = maxReplicas ?? Math.max(MOST, min);
  if (min > max) {
    refuse(part, `minReplicas ${min} is more than maxReplicas ${max}; the fewest cannot exceed the most.`);
  }
  return { min, max };
}

/**
 * The resources of one container; undefined where no prop says so. What is not given is null, which has the chart leave out what
 * it would ask for: a request of its own might be more than the limit that is given.
 */
export function resourceValues(part: Construct, resources: ContainerResources | undefined): JsonValues | undefined {
  if (resources === undefined) {
    return undefined;
  }
  checkResources(part, resources);
  return { requests: amounts(resources, 'request'), limits: amounts(resources, 'limit') };
}

function amounts({ cpu, memory, ephemeralStorage }: ContainerResources, what: 'request' | 'limit'): JsonValues {
  const storage = ephemeralStorage?.[what];
  return {
    cpu: cpu?.[what]?.amount ?? null,
    memory: mebibytes(memory?.[what]) ?? null,
    ...(storage === undefined ? undefined : { 'ephemeral-storage': mebibytes(storage) }),
  };
}

function mebibytes(size: Size | undefined): string | undefined {
  return size && `${size.toMebibytes({ rounding: SizeRoundingBehavior.NONE })}Mi`;
}
