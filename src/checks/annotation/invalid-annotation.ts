/*
 * An annotation of Istio's with a value that it cannot read.
 */

import { ANNOTATIONS, type ValueKind } from '../../istio/istio-keys';
import { nameOf } from '../../manifests/object';
import type { Check } from '../check';
import { Severity } from '../finding';
import { istioAnnotations } from '../shared/written-annotations';

interface Values {
  readonly accepts: (value: string) => boolean;
  /** What is expected, and an example. */
  readonly expected: string;
  readonly example: string;
}

const PORT_OR_RANGE = /^\d{1,5}(-\d{1,5})?$/;
const RANGE = /^[\da-fA-F.:]+(\/\d{1,3})?$/;
const QUANTITY = /^\d+(\.\d+)?(m|[kKMGTPE]i?)?$/;

/** No finer than what Istio's injection itself refuses. An empty value is as none. */
const VALUES: { readonly [kind in ValueKind]: Values } = {
  boolean: {
    accepts: (value) => /^(true|false|1|0|t|f)$/i.test(value) || /^(y|yes|n|no|on|off)$/i.test(value),
    expected: 'true or false',
    example: '"true"',
  },
  number: { accepts: (value) => /^\d+$/.test(value), expected: 'a whole number', example: '"15021"' },
  ports: {
    accepts: listOfAll((item) => item === '*' || PORT_OR_RANGE.test(item)),
    expected: "ports separated by ',', or '*'",
    example: '"80,8080"',
  },
  ranges: {
    accepts: listOfAll((item) => item === '*' || RANGE.test(item)),
    expected: "address ranges separated by ',', or '*'",
    example: '"10.0.0.0/8"',
  },
  quantity: {
    accepts: (value) => QUANTITY.test(value),
    expected: 'a quantity of a resource',
    example: '"100m" or "128Mi"',
  },
};

export const invalidAnnotation: Check = {
  id: 'invalid-annotation',
  title: 'An annotation whose value Istio cannot read',
  severity: Severity.WARNING,
  istio: ['IST0125'],
  kiali: [],
  literal: true,
  run(mesh, report) {
    for (const { object, path, key, value } of istioAnnotations(mesh)) {
      const kind = ANNOTATIONS.get(key)?.value;
      if (kind === undefined || value === '' || VALUES[kind].accepts(value.trim())) {
        continue;
      }
      const { expected, example } = VALUES[kind];
      report({
        object,
        path,
        message: `'${value}' is not ${expected}, which ${key} on ${nameOf(object)} needs.`,
        help: `Write something like ${key}: ${example}.`,
      });
    }
  },
};

function listOfAll(accepts: (item: string) => boolean): (value: string) => boolean {
  return (value) => value.split(',').every((item) => item.trim() === '' || accepts(item.trim()));
}
