/*
 * A value of the wrong type, and in Istio's kinds one that is not allowed or a required field that is missing. The API server refuses such an object.
 */

import type { Complaint } from '../../istio/complaint';
import { isServed } from '../../istio/served-kinds';
import { type MeshObject, nameOf, writtenAt } from '../../manifests/object';
import { childPath, stepsOf } from '../../manifests/path';
import { valueAt } from '../../manifests/placeholder';
import { closest, listOf } from '../../syntax/wording';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import { schemaComplaints } from '../shared/schema-complaints';

/** The groups whose kinds are read exactly as they are; others may give a field another meaning. */
const GROUPS = new Set(['', 'apps', 'networking.istio.io']);

/** Groups whose objects go to the API server for sure, and whose kinds are not listed here. */
const SERVED = new Set(['autoscaling', 'gateway.networking.k8s.io', 'policy', 'rbac.authorization.k8s.io']);

export const mistypedField: Check = {
  id: 'mistyped-field',
  title: 'A value of the wrong type',
  severity: Severity.ERROR,
  istio: ['IST0106'],
  kiali: [],
  literal: true,
  run(mesh, report) {
    const bySchema = schemaComplaints(mesh);
    for (const object of mesh.objects) {
      const all = bySchema.get(object) ?? [];
      const complaints = all.filter((one) => one.kind === 'mistyped' && !isMisspelt(one, all));
      for (const complaint of complaints) {
        report({
          object,
          path: complaint.path,
          message: sentence(object, complaint.path, complaint.text),
          help: remedy(object, complaint),
        });
      }
      reportRead(object, new Set(complaints.map(({ path }) => path)), report);
    }
  },
};

/** Whether a required field is missing only because its name is written wrong, which is another finding. */
function isMisspelt({ missing, path }: Complaint, all: readonly Complaint[]): boolean {
  return (
    missing !== undefined &&
    all.some(({ kind, path: place, name = '', known = [] }) => {
      return kind === 'unknown' && place === childPath(path, name) && closest(name, known) === missing;
    })
  );
}

/** What could not be read: metadata, kinds without a schema here, and null where the schema asks only for a map. */
function reportRead(object: MeshObject, reported: Set<string>, report: Report): void {
  for (const { path, message } of object.problems) {
    if (reported.has(path) || !isOfConcern(object, path)) {
      continue;
    }
    reported.add(path);
    report({
      object,
      path,
      message: sentence(object, path, message),
      help: path === 'metadata.name' ? "Write 'name: …'." : remedy(object, { path, text: message }),
    });
  }
}

function isOfConcern(object: MeshObject, path: string): boolean {
  // What is not known to be served may be a file for a tool, which needs no name.
  return path === 'metadata.name'
    ? isServed(object) || SERVED.has(object.group)
    : GROUPS.has(object.group) || path.startsWith('metadata.');
}

function sentence(object: MeshObject, path: string, text: string): string {
  const subject = path === '' ? nameOf(object) : `In ${nameOf(object)}, ${path}`;
  return `${subject} ${text}. The API server refuses the object.`;
}

function remedy(
  object: MeshObject,
  { text, allowed, path, help }: Pick<Complaint, 'text' | 'allowed' | 'path' | 'help'>,
): string {
  if (help !== undefined) {
    return help;
  }
  if (allowed !== undefined) {
    const written = /"(.*)"/.exec(text)?.[1] ?? '';
    const near = allowed.find((word) => word.toLowerCase() === written.toLowerCase()) ?? closest(written, allowed);
    return near === undefined ? `Write one of ${listOf(allowed, 'or', 12)}.` : `Did you mean ${near}?`;
  }
  return text.startsWith('has no') ? `Add it to ${path || 'the object'}.` : inExpectedType(object, path, text);
}

/** The same value in the type that is expected, where it can be written so. */
function inExpectedType(object: MeshObject, path: string, text: string): string {
  const value = valueAt(object.raw, stepsOf(path));
  if (text.endsWith(' where a string is expected') && ['number', 'boolean'].includes(typeof value)) {
    return `Write '${writtenAt(object, path) ?? String(value)}', in quotes.`;
  }
  const bare = typeof value === 'string' ? value.trim() : '';
  const fits = text.endsWith('number is expected')
    ? /^-?\d{1,15}$/.test(bare)
    : text.endsWith(' where true or false is expected') && /^(?:true|false)$/.test(bare);
  return fits ? `Write ${bare} without quotes.` : 'Write a value of the expected type.';
}
