/*
 * Makes a refuted finding as small as it can be: takes parts of the mesh and of the request away for as long as the same check
 * says something that Envoy refutes in the same way.
 */
import type { Laboratory } from '../laboratory';
import { candidates } from '../shrink';
import { canBeTried, examine, type FindingsOf, type Verdict } from './confirm';

const ROUNDS = 40;
const ATTEMPTS_AT_ONCE = 12;

export async function shrinkVerdict(laboratory: Laboratory, verdict: Verdict, check: FindingsOf): Promise<Verdict> {
  const only: FindingsOf = (mesh) => check(mesh).filter((finding) => finding.check === verdict.finding.check);
  let smallest = verdict;
  for (let round = 0; round < ROUNDS; round++) {
    const smaller = await firstStillRefuted(laboratory, smallest, only);
    if (smaller === undefined) {
      return smallest;
    }
    smallest = smaller;
  }
  return smallest;
}

async function firstStillRefuted(
  laboratory: Laboratory,
  { mesh, exchange, why }: Verdict,
  check: FindingsOf,
): Promise<Verdict | undefined> {
  const smaller = exchange === undefined ? [] : candidates({ mesh, ask: exchange.ask });
  const all = smaller.filter((each) => canBeTried(each, check));
  for (let start = 0; start < all.length; start += ATTEMPTS_AT_ONCE) {
    const outcomes = await examine(laboratory, all.slice(start, start + ATTEMPTS_AT_ONCE), start, check);
    const verdicts = outcomes.flatMap((outcome) => ('refused' in outcome ? [] : outcome.verdicts));
    const found = verdicts.find((each) => each.kind === 'refuted' && each.why === why);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
