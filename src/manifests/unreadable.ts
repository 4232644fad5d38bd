/*
 * What could not be read, so that it can be said beside what was.
 */

/** A file, or a document in one, that could not be read. */
export interface Unreadable {
  readonly file: string;
  /** Where it shows, from 1; absent where it is the whole file. */
  readonly line?: number;
  /** What is wrong, after the name of the file: `is a binary file, not a manifest`. */
  readonly reason: string;
  /** Whether kubectl silently drops it; it refuses everything else here. */
  readonly dropped?: true;
}

/** `k8s/a.yaml is a binary file, not a manifest`. */
export function sentenceAbout({ file, reason }: Unreadable): string {
  return `${file} ${reason}`;
}
