/*
 * Parts of manifests that do not mean what they look like, because a value there has the wrong type, is unknown, or is refused. What
 * such a part was meant to say is not known, so that whatever a check makes of it only follows from that mistake.
 */

import type { MeshObject } from '../../manifests/object';
import { childPath } from '../../manifests/path';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import { append } from '../../syntax/grouping';
import { refusalsOf } from '../validation/refusals';
import { schemaComplaints } from './schema-complaints';

const refusedPaths = perMesh((mesh): ReadonlyMap<MeshObject, readonly string[]> => {
  const paths = new Map<MeshObject, string[]>();
  for (const [object, { path, onlyWarns }] of refusalsOf(mesh)) {
    if (onlyWarns !== true) {
      append(paths, object, path);
    }
  }
  return paths;
});

const NONE: readonly string[] = [];

/** Where the object has something that means nothing, inside of `path`. */
export function damageIn(mesh: MeshModel, object: MeshObject, path: string): readonly string[] {
  const complaints = schemaComplaints(mesh).get(object);
  const refused = refusedPaths(mesh).get(object);
  return complaints === undefined && refused === undefined
    ? NONE
    : [...(complaints ?? []).map((complaint) => complaint.path), ...(refused ?? NONE)].filter((one) =>
        isWithin(one, path),
      );
}

/** Fields of a spec on whose form everything else that is said of the object rests. */
const STRUCTURE = new Set(
  ['gateways', 'host', 'hosts', 'http', 'ports', 'selector', 'servers', 'subsets', 'tcp', 'template', 'tls'].map(
    (field) => `spec.${field}`,
  ),
);

/** Whether what a check says of `path` only follows from a mistake that is told of the object anyway. */
export function followsFromMistake(mesh: MeshModel, object: MeshObject, path: string): boolean {
  return unreadableIn(mesh, object).some(
    (wrong) => STRUCTURE.has(wrong) || isWithin(path, wrong) || parentOf(wrong) === path,
  );
}

/** Whether something inside of `path` could not be read, so that the object looks as if it lacked it. */
export function isUnreadable(mesh: MeshModel, object: MeshObject, path: string): boolean {
  return unreadableIn(mesh, object).some((wrong) => isWithin(wrong, path));
}

/** Where a value has the wrong type, or is missing. */
function unreadableIn(mesh: MeshModel, object: MeshObject): readonly string[] {
  const complaints = schemaComplaints(mesh).get(object) ?? [];
  return complaints.length + object.problems.length === 0
    ? NONE
    : [
        ...complaints
          .filter(({ kind }) => kind === 'mistyped')
          .map((complaint) => childOf(complaint.path, complaint.missing)),
        ...object.problems.map((problem) => problem.path),
      ];
}

/** Whether `path` is `outer`, or something inside of it. */
export function isWithin(path: string, outer: string): boolean {
  return path === outer || outer === '' || (path.startsWith(outer) && /^[.[]/.test(path.slice(outer.length)));
}

function childOf(path: string, field: string | undefined): string {
  return field === undefined ? path : childPath(path, field);
}

function parentOf(path: string): string {
  return path.replace(/(?:\.[^.[\]]+|\[[^[\]]*\])$/, '');
}
