/*
 * An annotation of Istio's that it calls alpha. Many that everybody uses are. Said of what somebody wrote: not of pods that a
 * controller made, nor of what the injector writes on pods.
 */
import { type MeshObject, nameOf } from '../mesh/object';
import type { Check } from './check';
import { Severity } from './finding';
import { ANNOTATIONS } from './shared/istio-keys';
import { annotationsOfOthers } from './shared/written-annotations';

const BY_INJECTOR: ReadonlySet<string> = new Set(['sidecar.istio.io/status', 'istio.io/rev']);

export const alphaAnnotation: Check = {
  id: 'alpha-annotation',
  title: 'An annotation that Istio calls alpha',
  severity: Severity.INFO,
  istio: ['IST0136'],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const { object, path, key, on } of annotationsOfOthers(mesh)) {
      const known = ANNOTATIONS.get(key);
      const isAlpha = known?.stage === 'alpha' && known.insteadUse === undefined;
      if (isAlpha && !isOwned(object) && !(on === 'Pod' && BY_INJECTOR.has(key))) {
        report({
          object,
          path,
          message: `Istio calls the annotation ${key}, on ${nameOf(object)}, alpha: it may change or go in any release.`,
          help: 'Nothing needs to be done; read the notes of a release before you upgrade Istio.',
        });
      }
    }
  },
};

function isOwned({ node }: MeshObject): boolean {
  return node.get('metadata').get('ownerReferences').items().length > 0;
}
