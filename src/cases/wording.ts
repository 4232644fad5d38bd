/*
 * Small pieces of sentences.
 */
import { closest } from '../checks/shared/wording';

/** `; did you mean --format?` where one of the known words is close to what was written, else nothing. */
export function suggestion(written: string, known: readonly string[]): string {
  const word = closest(written, known);
  return word === undefined ? '' : `; did you mean ${word}?`;
}

/** `1 rule`, `2 rules`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
