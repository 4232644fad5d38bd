/*
 * A field that Istio's schema does not have. The API server drops it or refuses the object, so what it says never acts. The
 * schema is of one release: where a newer one may have the field, it is a warning.
 */

import { ISTIO } from '../../istio/release';
import { nameOf } from '../../manifests/object';
import { closest, listOf } from '../../syntax/wording';
import type { Check } from '../check';
import { Severity } from '../finding';
import { schemaComplaints } from '../shared/schema-complaints';

export const unknownField: Check = {
  id: 'unknown-field',
  title: 'A field that Istio does not have',
  severity: Severity.ERROR,
  istio: ['IST0106'],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const [object, complaints] of schemaComplaints(mesh)) {
      for (const { path, name = '', known = [] } of complaints.filter(({ kind }) => kind === 'unknown')) {
        const parent = path.endsWith(`.${name}`) ? path.slice(0, -name.length - 1) : '';
        const near = closest(name, known);
        report({
          object,
          path,
          severity: near === undefined && parent !== '' ? Severity.WARNING : Severity.ERROR,
          message: `${nameOf(object)} has the field '${name}' at ${parent || 'its top'}, which ${ISTIO} does not know. The API server drops it or refuses the object; either way it has no effect.`,
          help:
            near === undefined
              ? `Take it out, or move it to where it belongs; Istio's fields here are ${listOf([...known].sort(), 'and', 12)}.`
              : `Did you mean ${near}?`,
        });
      }
    }
  },
};
