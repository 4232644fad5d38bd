/*
 * An annotation that looks like one of Istio's and is none: misspelt, or a label.
 */

import { ANNOTATIONS, LABELS } from '../../istio/istio-keys';
import { nameOf } from '../../manifests/object';
import { closest } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';
import { istioAnnotations } from '../shared/written-annotations';

export const unknownAnnotation: Check = {
  id: 'unknown-annotation',
  title: 'An annotation that Istio does not know',
  severity: Severity.WARNING,
  istio: ['IST0108'],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const { object, path, key } of istioAnnotations(mesh)) {
      if (ANNOTATIONS.has(key)) {
        continue;
      }
      const near = closest(key, [...ANNOTATIONS.keys(), ...LABELS]);
      report({
        object,
        path,
        // A newer Istio may know it, unless it is clear what was meant.
        severity: LABELS.has(key) || near !== undefined ? Severity.WARNING : Severity.INFO,
        message: LABELS.has(key)
          ? `${key} is a label, and as an annotation of ${nameOf(object)} it has no effect.`
          : `Istio 1.30 knows no annotation ${key}, so on ${nameOf(object)} it has no effect.`,
        help: LABELS.has(key)
          ? 'Move it to the labels.'
          : near === undefined
            ? 'Take it out, or look it up among the annotations of your release of Istio.'
            : `Did you mean ${near}?`,
      });
    }
  },
};
