/*
 * What one condition allows for one part of a request: a set of values, of which "there is none" may be one.
 */
import { Language } from './language';

export interface ValueSet {
  /** Sets of one key are equal. */
  readonly key: string;
  /** Whether the set holds "there is no value". */
  readonly missing: boolean;
  readonly language: Language;
  /** The strings of the set are those outside of `language`. */
  readonly negated: boolean;
}

function valueSet(language: Language, missing: boolean, negated: boolean): ValueSet {
  return { key: `${missing ? '?' : ''}${negated ? '!' : ''}${language.key}`, missing, language, negated };
}

/** There is a value, and it is in `language`. */
export function within(language: Language): ValueSet {
  return valueSet(language, false, false);
}

/** The value is not in `language`, where none counts as the empty string: how Envoy reads withoutHeaders. */
export function without(language: Language): ValueSet {
  return valueSet(language, !language.includes(''), true);
}

/** The value is in `language`, or there is none. */
export function withinOrMissing(language: Language): ValueSet {
  return valueSet(language, true, false);
}

export const PRESENT = within(Language.ALL);
export const ABSENT = complement(PRESENT);

/** Everything that `set` does not hold. */
export function complement(set: ValueSet): ValueSet {
  return valueSet(set.language, !set.missing, !set.negated);
}

/** Whether the set holds `value`; undefined stands for "there is none". */
export function holds(set: ValueSet, value: string | undefined): boolean {
  return value === undefined ? set.missing : set.language.includes(value) !== set.negated;
}
