/*
 * The small words of messages.
 */

/** `a`, `a and b`, `a, b and c`; of long lists only the beginning. */
export function listOf(items: readonly string[], conjunction: 'and' | 'or' = 'and', most = 6): string {
  const shown = items.length > most ? [...items.slice(0, most), `${items.length - most} more`] : items;
  return shown.length < 2
    ? shown.join('')
    : `${shown.slice(0, -1).join(', ')} ${conjunction} ${shown[shown.length - 1]}`;
}

/** Labels as on kubectl's command line: `app=apis,version=v1`. */
export function labelsOf(labels: ReadonlyMap<string, string>): string {
  return [...labels].map(([key, value]) => `${key}=${value}`).join(',');
}

/** No name is longer, and the time that a comparison takes grows with the square of it. */
const LONGEST_COMPARED = 300;

/**
 * The candidate that `word` is most likely a misspelling of; undefined when none is near. A third of the letters may be wrong,
 * and only names of three letters or more are compared, since any two of v1, v2, v3 are near each other.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST_COMPARED) {
    return undefined;
  }
  let best: string | undefined;
  let least = Math.floor(word.length / 3) + 1;
  for (const candidate of candidates) {
    if (word.length < 3 || Math.abs(candidate.length - word.length) >= least || differsInDigits(word, candidate)) {
      continue;
    }
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** `app-v1` and `app-v2` are two names, not one misspelt. */
function differsInDigits(a: string, b: string): boolean {
  return a !== b && a.replace(/\d+/g, '#') === b.replace(/\d+/g, '#');
}

/** Optimal string alignment: letters put in, left out, exchanged, or two neighbours swapped. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      current[column] = Math.min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost);
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        current[column] = Math.min(current[column], beforeLast[column - 2] + 1);
      }
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length];
}

/** `; did you mean --format?` where one of the known words is close to what was written, else nothing. */
export function suggestion(written: string, known: Iterable<string>): string {
  const word = closest(written, known);
  return word === undefined ? '' : `; did you mean ${word}?`;
}

/** What somebody wrote, in quotes, cut where it is long. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** `1 rule`, `2 rules`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A value of any length, so that a sentence stays one. */
export function cut(text: string, most = 60): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
