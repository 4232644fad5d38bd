/*
 * A finding in plain text, for everything that shows findings without a terminal of its own.
 */
import { nameOf } from '../manifests/object';
import { printable } from '../syntax/printable';
import type { Finding } from './finding';
import { FILE_KIND } from './shared/file-object';

/** Several lines: what and where, then, indented, what it means and what to write instead. */
export function findingText(finding: Finding): string {
  const { severity, check, message, help } = finding;
  return `${severity} ${check}  ${printable(placeOf(finding))}\n${indented(`${printable(message)}\nhelp: ${printable(help)}`)}`;
}

/** `VirtualService apis/ingress spec.http[0] (dist/apis.k8s.yaml:12)`; of a file, where it is. */
export function placeOf(finding: Finding): string {
  const { kind, path, file, line } = finding;
  if (kind === FILE_KIND && file !== undefined) {
    return line === undefined ? file : `${file}:${line}`;
  }
  const source = file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`;
  return `${nameOf(finding)}${path === '' ? '' : ` ${path}`}${source}`;
}

/** Every line of `text` two spaces to the right. */
export function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}
