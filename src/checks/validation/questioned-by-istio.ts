/*
 * What Istio's validating webhook accepts with a warning, which few ways of applying manifests show.
 */
import { nameOf } from '../../manifests/object';
import type { Check } from '../check';
import { Severity } from '../finding';
import { refusalsOf } from './refusals';

export const questionedByIstio: Check = {
  id: 'questioned-by-istio',
  title: 'Istio accepts the object with a warning',
  severity: Severity.WARNING,
  istio: ['IST0133'],
  kiali: [],
  run(mesh, report) {
    for (const [object, { path, message, help, onlyWarns }] of refusalsOf(mesh)) {
      if (onlyWarns === true) {
        report({ object, path, message: `${message}. Istio accepts ${nameOf(object)} with a warning.`, help });
      }
    }
  },
};
