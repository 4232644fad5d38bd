/*
 * The CPU and memory that an app asks for: cdk8s-plus' own structs, whose options have a table here as ours have.
 */
import type { ContainerResources, Cpu, CpuResources, EphemeralStorageResources, MemoryResources } from 'cdk8s-plus-27';
import { show } from './refuse';
import { checked, Struct, size } from './struct';

const cpu = checked<Cpu>((value) => {
  if (millisOf(value) !== undefined) {
    return undefined;
  }
  const amount = typeof value?.amount === 'string' ? `of ${show(value.amount)} ` : '';
  return `${amount}is not an amount of CPU; write Cpu.millis(100) or Cpu.units(1)`;
});

const CPU = new Struct<CpuResources>('{ request: Cpu.millis(100) }', { request: cpu, limit: cpu });

const MEMORY = new Struct<MemoryResources>('{ request: Size.mebibytes(128) }', { request: size, limit: size });

const STORAGE = new Struct<EphemeralStorageResources>('{ limit: Size.gibibytes(1) }', { request: size, limit: size });

/** Options of `resources`. */
export const CONTAINER_RESOURCES = new Struct<ContainerResources>('{ cpu: { request: Cpu.millis(100) } }', {
  cpu: CPU,
  memory: MEMORY,
  ephemeralStorage: STORAGE,
});

/** Kubernetes' notation of an amount, as far as it is for CPU. */
const AMOUNT = /^(\d+(?:\.\d*)?|\.\d+)(m|[eE][-+]?\d+)?$/;

/** An amount of CPU in thousandths of one; undefined for what is none. */
export function millisOf(value: Cpu): number | undefined {
  const amount = String(value?.amount);
  const [isAmount, digits, unit] = AMOUNT.exec(amount) ?? [];
  if (isAmount === undefined) {
    return undefined;
  }
  return unit === 'm' ? Number(digits) : Number(amount) * 1000;
}
