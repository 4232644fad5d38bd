/*
 * Ages of objects. Istio decides between equals by age, so some objects are of one age.
 */
import type { Random } from '../random';

export function createdAt(random: Random): string {
  return `2026-01-0${random.integer(1, 5)}T00:00:00Z`;
}
