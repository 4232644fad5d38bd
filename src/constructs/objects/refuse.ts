import type { IConstruct } from 'constructs';
import { printable } from '../../syntax/printable';
import { complaintAboutText } from '../../syntax/yaml-text';

/** Throws what a bad argument deserves: an Error that begins with the path of the construct, or with what stands for it. */
export function refuse(where: IConstruct | string, sentence: string): never {
  throw new Error(`${placeOf(where)}: ${sentence}`);
}

/** How a sentence begins that is about a construct, or about what a text names. */
export function placeOf(where: IConstruct | string): string {
  return typeof where === 'string' ? where : where.node.path || 'App';
}

/**
 * Throws when `complaint` says something about `value`, or when that is text which YAML would not keep; `what` names the
 * argument, as in "port" or "name".
 */
export function refuseIf(
  where: IConstruct | string,
  what: string,
  value: string | number,
  complaint: string | undefined,
): void {
  const wrong = complaint ?? (typeof value === 'string' ? complaintAboutText(value) : undefined);
  if (wrong !== undefined) {
    refuse(where, `${what} ${show(value)} ${wrong}.`);
  }
}

/** A value as it is quoted in a message. Long values are cut: the beginning is enough to find them. */
export function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? '(a list)' : `(an object of class ${value.constructor?.name ?? 'none'})`;
  }
  if (typeof value !== 'string') {
    return typeof value === 'function' ? '(a function)' : String(value);
  }
  return value.length > 100
    ? `'${printable(value.slice(0, 80))}…' (${value.length} characters)`
    : `'${printable(value)}'`;
}
