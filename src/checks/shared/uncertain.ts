/*
 * Findings about values that are not known yet, because a placeholder stands there.
 */
import type { MeshObject } from '../../manifests/object';
import { nameOf } from '../../manifests/object';
import { stepsOf } from '../../manifests/path';
import { hasPlaceholder, placeholderAt, placeholderInIdentity, valueAt } from '../../manifests/placeholder';
import type { MeshModel } from '../../model/model';
import { perMesh } from '../../model/per-mesh';
import { quoted } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';

/** Groups of kinds that the mesh is made of. */
const GROUPS = new Set(['', 'apps', 'networking.istio.io']);
/** Of the core group, kinds that hold data for anything else. */
const DATA = new Set(['ConfigMap', 'Secret']);

const withPlaceholder = perMesh((mesh): { readonly object: MeshObject; readonly text: string } | undefined => {
  for (const object of mesh.objects) {
    const text = GROUPS.has(object.group) && !DATA.has(object.kind) ? placeholderInIdentity(object) : undefined;
    if (text !== undefined) {
      return { object, text };
    }
  }
  return undefined;
});

/** The observation as far as it can be made: undefined where it is about a placeholder, a warning where one may change it. */
export function asCertain(mesh: MeshModel, check: Check, observation: Observation): Observation | undefined {
  const { object, path, message, help } = observation;
  if (object.raw === undefined || isAbout(object, path, `${message} ${help}`)) {
    return object.raw === undefined ? observation : undefined;
  }
  const inside = path === '' ? undefined : placeholderAt(object, path);
  if (inside !== undefined) {
    return softened(check, observation, `The value that replaces ${quoted(inside)} may change this.`);
  }
  const elsewhere = check.literal === true ? undefined : withPlaceholder(mesh);
  return elsewhere === undefined || elsewhere.object === object
    ? observation
    : softened(
        check,
        observation,
        `The value that replaces ${quoted(elsewhere.text)} in ${nameOf(elsewhere.object)} may change this.`,
      );
}

/** Whether the value itself, or what the words quote beside the object's name, is a placeholder. */
function isAbout(object: MeshObject, path: string, words: string): boolean {
  const value = path === '' ? undefined : valueAt(object.raw, stepsOf(path));
  return (typeof value === 'string' && hasPlaceholder(value)) || hasPlaceholder(words.replaceAll(object.name, ''));
}

function softened(check: Check, observation: Observation, condition: string): Observation {
  const severity = observation.severity ?? check.severity;
  return severity === Severity.ERROR
    ? { ...observation, severity: Severity.WARNING, message: `${observation.message} ${condition}` }
    : observation;
}
