/*
 * What can be wrong with the CPU and memory that an app asks for.
 */
import { type Size, SizeRoundingBehavior } from 'cdk8s';
import type { ContainerResources, Cpu } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { checkOptions } from '../objects/check-argument';
import { refuse, show } from '../objects/refuse';

/** Throws on an amount that is none, and on a request that exceeds its limit: the API server refuses such pods. */
export function checkResources(scope: Construct, resources: ContainerResources): void {
  checkOptions(scope, 'resources', resources, '{ cpu: { request: Cpu.millis(100) } }');
  const { cpu = {}, memory = {}, ephemeralStorage = {} } = resources;
  checkOptions(scope, 'resources.cpu', cpu, '{ request: Cpu.millis(100) }');
  checkWithinLimit(scope, 'cpu', millis(scope, cpu.request), millis(scope, cpu.limit), 'm');
  for (const [what, { request, limit }, unit] of [
    ['memory', memory, 'MiB'],
    ['ephemeralStorage', ephemeralStorage, 'GiB'],
  ] as const) {
    checkWithinLimit(scope, what, wholeUnits(scope, what, request, unit), wholeUnits(scope, what, limit, unit), unit);
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

function millis(scope: Construct, cpu: Cpu | undefined): number | undefined {
  if (cpu === undefined) {
    return undefined;
  }
  const amount = String(cpu?.amount);
  const value = amount.endsWith('m') ? Number(amount.slice(0, -1)) : Number(amount) * 1000;
  if (!(value >= 0 && Number.isFinite(value))) {
    const given = typeof cpu?.amount === 'string' ? cpu.amount : cpu;
    refuse(scope, `resources.cpu ${show(given)} is no amount of CPU; write Cpu.millis(100) or Cpu.units(1).`);
  }
  return value;
}

/** cdk8s-plus writes memory in MiB and storage in GiB, and fails at synthesis on what is not a whole number of them. */
function wholeUnits(scope: Construct, what: string, size: Size | undefined, unit: 'MiB' | 'GiB'): number | undefined {
  if (size === undefined) {
    return undefined;
  }
  if (typeof size?.toKibibytes !== 'function') {
    refuse(scope, `resources.${what} ${show(size)} is no Size; write Size.mebibytes(128).`);
  }
  const exact = size.toKibibytes({ rounding: SizeRoundingBehavior.NONE }) / (unit === 'MiB' ? 1024 : 1024 ** 2);
  if (!Number.isInteger(exact)) {
    const next = unit === 'MiB' ? 'mebibytes' : 'gibibytes';
    refuse(
      scope,
      `resources.${what}: ${exact} ${unit} is not a whole number of ${unit}, in which it is written; write Size.${next}(${Math.ceil(exact)}).`,
    );
  }
  return exact;
}
