/*
 * Ajv, with what Kubernetes adds to JSON schema.
 */
import Ajv from 'ajv';
import { isAtLeastAMillisecond, isQuantity } from './units';

/** A validator that refuses a schema with anything in it that it does not understand. */
export function newValidator(): Ajv {
  const ajv = new Ajv({
    strict: true,
    // Alternatives in CRDs require fields that are described outside of them.
    strictRequired: false,
    allErrors: true,
    verbose: true,
    // To compile takes longer than to validate all that a test run has.
    code: { optimize: false },
  });
  ajv.addKeyword({
    keyword: 'x-kubernetes-list-map-keys',
    type: 'array',
    schemaType: 'array',
    validate: (keys: string[], items: object[]) => duplicates(keys, items).length === 0,
  });
  ajv.addKeyword({
    keyword: 'x-kubernetes-int-or-string',
    schemaType: 'boolean',
    validate: (_: boolean, value: unknown) => typeof value === 'string' || Number.isInteger(value),
  });
  // Such a schema is left open by what has made it strict, which is all that there is to it.
  ajv.addKeyword('x-kubernetes-preserve-unknown-fields');
  ajv.addFormat('byte', /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
  ajv.addFormat('double', { type: 'number', validate: Number.isFinite });
  ajv.addFormat('duration', isAtLeastAMillisecond);
  ajv.addFormat('int32', { type: 'number', validate: (value) => value === (value | 0) });
  ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger });
  ajv.addFormat('quantity', isQuantity);
  return ajv;
}

/** A list with `keys` is a map in truth. The keys of items that repeat an earlier one; only protocol has a default. */
export function duplicates(keys: readonly string[], items: readonly object[]): string[] {
  const values = items.map((item) => {
    const fields = { protocol: 'TCP', ...item } as { [key: string]: unknown };
    return keys.map((key) => `${key} ${fields[key]}`).join(', ');
  });
  return values.filter((value, index) => values.indexOf(value) !== index);
}
