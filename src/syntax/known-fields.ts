/*
 * Requests and options of callers without a compiler. A misspelt field would change nothing, silently.
 */
import { nameOfType } from './type-name';
import { listOf, suggestion } from './wording';

/** All fields that a T may have. With one missing, this would not compile. */
export type FieldsOf<T> = { readonly [field in keyof Required<T>]: true };

/** What has such fields, for a sentence. */
export interface Fields<T> {
  /** As in `A request`. */
  readonly owner: string;
  /** What its fields are called: `field`, `option`. */
  readonly noun: string;
  /** Something to write, as in `{ disable: ['unreachable-rule'] }`. */
  readonly example: string;
  readonly known: FieldsOf<T>;
}

/** What is wrong with `given`, as a sentence; undefined for an object of no other than the known fields. */
export function complaintAboutFields<T extends object>(given: T, fields: Fields<T>): string | undefined {
  const { owner, noun, example, known } = fields;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return `${owner} takes its ${noun}s as an object, and ${nameOfType(given)} is none; write something like ${example}`;
  }
  // Asked for every request; Object.keys would make a list each time.
  for (const field in given) {
    if (!Object.hasOwn(known, field)) {
      return unknownField(field, fields);
    }
  }
  return undefined;
}

function unknownField<T>(field: string, { owner, noun, known }: Fields<T>): string {
  const names = Object.keys(known);
  const help = suggestion(field, names) || `; its ${noun}s are ${listOf(names, 'and', names.length)}`;
  return `${owner} has no ${noun} '${field}'${help}`;
}
