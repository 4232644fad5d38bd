/*
 * What the command sees of the world, so that tests can put something else there.
 */

export interface Io {
  /** Standard input. Read only where a path is '-'. */
  readonly input: AsyncIterable<Uint8Array | string>;
  /** Writes to standard output. */
  readonly out: (text: string) => void;
  /** Writes to standard error. */
  readonly err: (text: string) => void;
  /** Whether standard output shows colours. */
  readonly colors: boolean;
}

/** How the command ends. Scripts rely on these. */
export const ExitCode = { GOOD: 0, BAD: 1, UNUSABLE: 2 } as const;

/** An error of whoever called the command. The message is a sentence that says what to write instead. */
export class UsageError extends Error {}
