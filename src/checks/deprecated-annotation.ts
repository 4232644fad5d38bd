/*
 * An annotation of Istio's that is on its way out.
 */
import { nameOf } from '../mesh/object';
import type { Check } from './check';
import { Severity } from './finding';
import { ANNOTATIONS } from './shared/istio-keys';
import { annotationsOfOthers } from './shared/written-annotations';

export const deprecatedAnnotation: Check = {
  id: 'deprecated-annotation',
  title: 'An annotation that Istio is giving up',
  severity: Severity.INFO,
  istio: ['IST0135'],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const { object, path, key } of annotationsOfOthers(mesh)) {
      const insteadUse = ANNOTATIONS.get(key)?.insteadUse;
      if (insteadUse !== undefined) {
        report({
          object,
          path,
          message: `The annotation ${key} on ${nameOf(object)} is deprecated; a coming release of Istio may ignore it.`,
          help: `Use ${insteadUse}.`,
        });
      }
    }
  },
};
