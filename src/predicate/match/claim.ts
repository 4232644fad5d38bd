/*
 * Claims of the caller's token, which stand among the headers of a match and are none. They are lists of values, of which only
 * "the claim is such" or "it is not" is known here.
 */
import type { StringMatch } from '../../model/string-match';
import { opaque } from '../predicate';
import type { ValueSet } from '../value-set';
import type { Condition } from './condition';

/** Whether a name among the headers of a match means a claim (`jwt.ToRoutingClaim`). */
export function isClaim(name: string): boolean {
  return /^@request\.auth\.claims(?:\..|\[.+\]$)/i.test(name);
}

export function claimSets(name: string, { kind, value }: StringMatch, set: ValueSet): ReturnType<Condition['sets']> {
  return [[opaque(`${name} ${kind} ${value}`), set]];
}
