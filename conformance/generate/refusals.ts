/*
 * What the constructs refuse of options by chance, in counts: a generator that is mostly refused compares little.
 */

interface Counts {
  taken: number;
  refused: number;
}

/** How many reasons are listed. */
const MOST = 12;

export class Refusals {
  private readonly counts = new Map<string, Counts>();
  private readonly reasons = new Map<string, number>();

  /** What `make` makes; undefined where the constructs refuse it. An error that is no sentence of theirs is thrown on. */
  public attempt<T>(what: string, make: () => T): T | undefined {
    const counts = this.counts.get(what) ?? { taken: 0, refused: 0 };
    this.counts.set(what, counts);
    try {
      const made = make();
      counts.taken++;
      return made;
    } catch (error) {
      if (!isRefusal(error)) {
        throw error;
      }
      counts.refused++;
      const reason = withoutValues(error.message);
      this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
      return undefined;
    }
  }

  public get report(): readonly string[] {
    const counts = [...this.counts].map(
      ([what, { taken, refused }]) => `${taken} ${what} taken and ${refused} refused`,
    );
    const reasons = [...this.reasons].sort(([, a], [, b]) => b - a).slice(0, MOST);
    return [`By the constructs: ${counts.join(', ')}.`, ...reasons.map(([reason, count]) => `  ${count} × ${reason}`)];
  }
}

/** Whether an error is a sentence about what was given, and not the library's own fault. */
function isRefusal(error: unknown): error is Error {
  return error instanceof Error && error.constructor === Error && /[.?]$/.test(error.message.trim());
}

function withoutValues(message: string): string {
  return message.replace(/^\S+: /, '').replaceAll(/'[^']*'/g, '…');
}
