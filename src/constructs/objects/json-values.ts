/*
 * Values that no table describes, as those of a Helm chart: what JSON has words for. A function, a class or a number that is none
 * would be lost on its way to a file, or become something else.
 */
import { isWritableKey } from './check-argument';
import { type Complaint, checked, isPlain, type Kind, list, map, text } from './struct';

/** A map of values, whatever they are called. */
export interface JsonValues {
  readonly [key: string]: unknown;
}

/** No values are nested deeper, but those that hold themselves. */
const MAX_NESTING = 100;

/** Of values. A key with `undefined` is one that is not there, as it is in options. */
export const JSON_VALUES: Kind<JsonValues> = mapWithin(MAX_NESTING);

function mapWithin(levels: number): Kind<JsonValues> {
  const values = map(
    anyOf((value) => (value === undefined ? ANYTHING : kindOf(value, levels))),
    '{ logging: { level: "default:info" } }',
  );
  return { ...values, complaint: (value) => values.complaint(value) ?? KEYS.complaint(value) };
}

function listWithin(levels: number): Kind<unknown[]> {
  return list(
    anyOf((value) => kindOf(value, levels)),
    "['a', 'b']",
  );
}

function kindOf(value: unknown, levels: number): Kind<unknown> {
  if (levels === 0) {
    return TOO_DEEP;
  }
  if (Array.isArray(value)) {
    return listWithin(levels - 1);
  }
  if (isPlain(value)) {
    return mapWithin(levels - 1);
  }
  return typeof value === 'string' ? text : SCALAR;
}

/** Of values that each have the kind that `kind` knows for them. */
function anyOf(kind: (value: unknown) => Kind<unknown>): Kind<unknown> {
  return {
    complaint: (value): Complaint | undefined => kind(value).complaint(value),
    copy: (value) => kind(value).copy(value),
  };
}

const ANYTHING: Kind<unknown> = checked(() => undefined);

const SCALAR: Kind<unknown> = checked((value) =>
  value === null || typeof value === 'boolean' || Number.isFinite(value)
    ? undefined
    : 'is nothing that a file of values can hold; write text, a number, true, false, null, a list or a map',
);

const TOO_DEEP: Kind<unknown> = checked(
  () => `is nested more than ${MAX_NESTING} levels deep, as only what holds itself is; write the values out`,
);

const KEYS: Kind<JsonValues> = checked((values) => {
  const key = Object.keys(values).find((name) => !isWritableKey(name));
  return key === undefined ? undefined : `has the key '${key}', which cdk8s cannot write; leave it out`;
});

/** `over` merged into `base` as Helm merges files of values: maps deeply, anything else in place of what was there. */
export function mergeValues(base: JsonValues, over: JsonValues): JsonValues {
  const merged: { [key: string]: unknown } = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    if (value !== undefined) {
      merged[key] = isPlain(value) ? mergeValues(isPlain(below) ? below : {}, value) : value;
    }
  }
  return merged;
}

/** Whether there is a null anywhere in `values`. */
export function holdsNull(values: unknown): boolean {
  return values === null || (typeof values === 'object' && Object.values(values).some(holdsNull));
}
