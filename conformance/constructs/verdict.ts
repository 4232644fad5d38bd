/*
 * What a trial says: a sentence, what was expected, and what was seen.
 */
import { isUnlikely } from '../proportions';

export interface Verdict {
  readonly says: string;
  readonly expected: string;
  readonly seen: string;
  readonly isRight: boolean;
}

export function verdict(says: string, expected: string | number | boolean, seen: string | number | boolean): Verdict {
  return { says, expected: `${expected}`, seen: `${seen}`, isRight: `${expected}` === `${seen}` };
}

/** A count by chance: right, unless it is so far off that a run in ten million million would not see it. */
export function shareVerdict(says: string, percent: number, count: number, draws: number): Verdict {
  return {
    says,
    expected: `${percent} % of ${draws}`,
    seen: `${count}`,
    isRight: !isUnlikely(count, draws, percent / 100),
  };
}

/** How often each text is there, the most frequent first. */
export function counted(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) {
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return sorted.map(([text, count]) => `${count} × ${text}`).join(', ') || 'none';
}
