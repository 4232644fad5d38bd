/*
 * What a renderer has made of folders that are not read as they lie.
 */
import type { LeftOutReason } from '../left-out';
import type { RawManifest } from '../manifest-list';
import type { Unreadable } from '../unreadable';

export interface Build {
  readonly manifests: readonly RawManifest[];
  readonly unreadable: readonly Unreadable[];
  /** What was not built and how to build it: a sentence each. */
  readonly notes: readonly string[];
  /** What the programs said beside their output. */
  readonly said: readonly string[];
  /** Real paths of files that are not to be read by themselves; with a reason where they are in no build either. */
  readonly skipped: ReadonlyMap<string, LeftOutReason | undefined>;
}
