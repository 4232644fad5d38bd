/*
 * What Istio's validating webhook refuses. Where the webhook is not installed or was bypassed, Istio drops the object or
 * a part of it silently.
 */
import { nameOf } from '../../manifests/object';
import type { Check } from '../check';
import { Severity } from '../finding';
import { refusalsOf } from './refusals';

export const rejectedByIstio: Check = {
  id: 'rejected-by-istio',
  title: 'Istio refuses the object',
  severity: Severity.ERROR,
  istio: ['IST0106'],
  kiali: [],
  run(mesh, report) {
    for (const [object, { path, message, help, onlyWarns }] of refusalsOf(mesh)) {
      if (onlyWarns !== true) {
        report({ object, path, message: `${message}. Istio refuses ${nameOf(object)} because of it.`, help });
      }
    }
  },
};
