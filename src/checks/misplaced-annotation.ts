/*
 * An annotation of Istio's on a kind of object where nobody looks for it, most often on a Deployment in place of its pods.
 */
import { nameOf } from '../mesh/object';
import { listOf } from '../syntax/wording';
import type { Check } from './check';
import { Severity } from './finding';
import { ANNOTATIONS } from './shared/istio-keys';
import { annotationsOfOthers } from './shared/written-annotations';

export const misplacedAnnotation: Check = {
  id: 'misplaced-annotation',
  title: 'An annotation of Istio’s on the wrong kind of object',
  severity: Severity.WARNING,
  istio: ['IST0107'],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const { object, path, key, on, podAnnotations } of annotationsOfOthers(mesh)) {
      const known = ANNOTATIONS.get(key);
      if (known === undefined || known.on.includes('Any') || known.on.includes(on)) {
        continue;
      }
      if (key === 'istio.io/dry-run' && object.group.endsWith('.istio.io')) {
        // Istio refuses the object, which rejected-by-istio says.
        continue;
      }
      const kinds = known.on.map((kind) => (kind === 'Pod' ? 'pods' : `${kind}s`));
      const place =
        known.on.includes('Pod') && podAnnotations !== undefined
          ? ` to ${podAnnotations}`
          : ` to a ${listOf(known.on, 'or')}`;
      report({
        object,
        path,
        message: `Istio reads ${key} on ${listOf(kinds)} only; on ${on === 'Pod' ? 'the pods of ' : ''}${nameOf(object)} it has no effect.`,
        help: `Move it${place}.`,
      });
    }
  },
};
