/*
 * Two objects of one kind, namespace and name. A cluster has room for one: what is applied last replaces what came before. All other
 * checks that compare objects see only the last one.
 */

import type { Alternatives } from '../../manifests/alternatives';
import { lineOf, type MeshObject, nameOf } from '../../manifests/object';
import { count, listOf } from '../../syntax/wording';
import type { Check, Observation } from '../check';
import { Severity } from '../finding';

export const duplicateObject: Check = {
  id: 'duplicate-object',
  title: 'Two objects of one kind and name',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  literal: true,
  run(mesh, report) {
    if (mesh.alternatives !== undefined) {
      report(aboutAlternatives(mesh.alternatives, mesh.objects));
    }
    for (const { first, other: object } of mesh.duplicates) {
      report({
        object,
        path: 'metadata.name',
        message: `${nameOf(object)} is defined twice: in ${placeOf(first)} and in ${placeOf(object)}. The cluster keeps only the one that is applied last, and the fields of the other are gone.`,
        help: 'Take one of the two out, or give it another name.',
      });
    }
  },
};

/** Nobody applies alternatives together, so that this is one remark for all of their objects. */
function aboutAlternatives(alternatives: Alternatives, objects: readonly MeshObject[]): Observation {
  const { pairs, forks, choices } = alternatives;
  const [{ other }] = pairs;
  const looked = alternatives.chosenOf(objects).length;
  const places = forks.map(({ branches }) => listOf(branches, 'and', 4));
  const namespaced = other.namespace !== '' && !other.node.get('metadata').get('namespace').present;
  return {
    object: other,
    path: 'metadata.name',
    severity: Severity.WARNING,
    message: `${listOf(places, 'and', 3)} define ${count(new Set(pairs.map(({ first }) => first)).size, 'object')} more than once, for example ${nameOf(other)}. They look like alternatives, of which a cluster gets one, so ${looked < choices ? `only the first ${looked} are checked` : 'each is checked'} by itself, together with the files that all share. Requests are routed by the first.`,
    help: namespaced
      ? `If each is for a namespace of its own, say so, as in '-n alpha=${forks[0].branches[0]}'; if all are applied together, keep one definition of each object.`
      : 'If all of them are applied together, keep one definition of each object; otherwise check them one at a time.',
  };
}

function placeOf(object: MeshObject): string {
  const { file, document } = object.source;
  const line = lineOf(object);
  const where = `document ${document + 1}`;
  return file === undefined ? where : line === undefined ? `${file}, ${where}` : `${file}:${line}`;
}
