/** One public API, by the field names that the original directory gave it. */
export interface Entry {
  readonly API: string;
  readonly Description: string;
  readonly Link: string;
  readonly Category: string;
}

/** The entries that this process answers from, and where it has them from. */
export interface Directory {
  readonly source: 'upstream' | 'built-in';
  readonly entries: readonly Entry[];
}

/** Those whose name contains the text, upper and lower case told apart. */
export function search(entries: readonly Entry[], text: string): readonly Entry[] {
  return entries.filter((entry) => entry.API.includes(text));
}

export function sortedByName(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((a, b) => a.API.localeCompare(b.API, 'en'));
}
