/*
 * Values of manifests as text and as numbers. JavaScript's own String and Number throw on a map with a key such as toString.
 */

/** The text of a scalar; of a map or a list, none. */
export function scalarText(value: unknown): string {
  return typeof value === 'object' && value !== null ? '' : String(value);
}

/** The number that a scalar is or spells; of anything else, NaN. */
export function scalarNumber(value: unknown): number {
  return typeof value === 'object' && value !== null ? Number.NaN : Number(value);
}

/** A number as a sentence shows it. Of a whole one beyond 2^53, JavaScript does not keep the last digits that were written. */
export function numberText(value: number): string {
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? `some ${value}` : String(value);
}
