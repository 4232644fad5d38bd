/*
 * An annotation of Istio's that it calls alpha. Many that everybody uses are.
 */
import { nameOf } from '../mesh/object';
import type { Check } from './check';
import { Severity } from './finding';
import { ANNOTATIONS } from './istio-keys';
import { istioAnnotations } from './written-annotations';

export const alphaAnnotation: Check = {
  id: 'alpha-annotation',
  title: 'An annotation that Istio calls alpha',
  severity: Severity.INFO,
  istio: ['IST0136'],
  kiali: [],
  run(mesh, report) {
    for (const { object, path, key } of istioAnnotations(mesh)) {
      const known = ANNOTATIONS.get(key);
      if (known?.stage === 'alpha' && known.insteadUse === undefined) {
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
