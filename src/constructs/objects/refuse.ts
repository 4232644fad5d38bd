import type { IConstruct } from 'constructs';
import { printable } from '../../syntax/printable';
import { complaintAboutText } from '../../syntax/yaml-text';

/** Throws what a bad argument of a construct deserves: an Error that begins with the construct's path. */
export function refuse(scope: IConstruct, sentence: string): never {
  throw new Error(`${scope.node.path || 'App'}: ${sentence}`);
}

/**
 * Throws when `complaint` says something about `value`, or when that is text which YAML would not keep; `what` names the
 * argument, as in "port" or "name".
 */
export function refuseIf(scope: IConstruct, what: string, value: string | number, complaint: string | undefined): void {
  const wrong = complaint ?? (typeof value === 'string' ? complaintAboutText(value) : undefined);
  if (wrong !== undefined) {
    refuse(scope, `${what} ${show(value)} ${wrong}.`);
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
