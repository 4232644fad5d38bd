/*
 * What can be wrong with the CPU and memory that an app asks for, beyond the type.
 */
import { type Size, SizeRoundingBehavior } from 'cdk8s';
import type { ContainerResources } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { millisOf } from './container-resources';
import { refuse } from './refuse';

/** Throws on an amount that cannot be written, and on a request that exceeds its limit: the API server refuses such pods. */
export function checkResources(scope: Construct, resources: ContainerResources): void {
  const { cpu = {}, memory = {}, ephemeralStorage = {} } = resources;
  checkWithinLimit(scope, 'cpu', cpu.request && millisOf(cpu.request), cpu.limit && millisOf(cpu.limit), 'm');
  for (const [what, { request, limit }, unit] of [
    ['memory', memory, 'MiB'],
    ['ephemeralStorage', ephemeralStorage, 'GiB'],
  ] as const) {
    const inUnits = (size: Size | undefined) => size && wholeUnits(scope, `resources.${what}`, size, unit);
    checkWithinLimit(scope, what, inUnits(request), inUnits(limit), unit);
  }
}

function checkWithinLimit(
  scope: Construct,
  what: string,
  request: number | undefined,
  limit: number | undefined,
  unit: string,
): void {
  if (request !== undefined && limit !== undefined && request > limit) {
    refuse(
      scope,
      `resources.${what}: the request of ${request} ${unit} exceeds the limit of ${limit} ${unit}, and no such pod is accepted; ask for less, or raise the limit.`,
    );
  }
}

/** cdk8s-plus writes memory in MiB and storage in GiB, and fails at synthesis on what is not a whole number of them. */
export function wholeUnits(scope: Construct, what: string, size: Size, unit: 'MiB' | 'GiB'): number {
  const exact = size.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) / (unit === 'MiB' ? 1024 : 1024 ** 2);
  if (!Number.isInteger(exact)) {
    const next = unit === 'MiB' ? 'mebibytes' : 'gibibytes';
    refuse(
      scope,
      `${what}: ${exact} ${unit} is not a whole number of ${unit}, in which it is written; write Size.${next}(${Math.ceil(exact)}).`,
    );
  }
  return exact;
}
