/*
 * What was passed over on purpose, and the line that says so.
 */
import { append } from '../syntax/grouping';
import { count, listOf } from '../syntax/wording';

export enum LeftOutReason {
  /** Nothing in it has a kind: workflows, values of charts, dashboards. */
  NO_MANIFEST = 'without manifests',
  HIDDEN_FOLDER = 'hidden',
  NODE_MODULES = 'node_modules',
  EXCLUDED = 'excluded',
  /** Named by a kustomization as a patch, or has `$patch`. */
  PATCH = 'Kustomize patches and other files that only a build uses',
  BASE = 'in bases that are not built',
  UNUSED = 'beside a kustomization that does not name them',
}

/** A file or folder that was not read. */
export interface LeftOut {
  readonly path: string;
  readonly reason: LeftOutReason;
}

const FOLDERS: ReadonlySet<LeftOutReason> = new Set([LeftOutReason.HIDDEN_FOLDER, LeftOutReason.NODE_MODULES]);

/** `Not read: 3 files without manifests, the folders .git and node_modules.`; empty where everything was. */
export function leftOutSentence(leftOut: readonly LeftOut[]): string {
  const byReason = new Map<LeftOutReason, string[]>();
  for (const { path, reason } of leftOut) {
    append(byReason, reason, path);
  }
  const parts = [...byReason].map(([reason, paths]) =>
    FOLDERS.has(reason)
      ? `${paths.length === 1 ? 'the folder' : `${paths.length} folders:`} ${listOf(paths, 'and', 3)}`
      : `${count(paths.length, 'file')} ${reason}`,
  );
  return parts.length === 0 ? '' : `Not read: ${parts.join('; ')}.`;
}
