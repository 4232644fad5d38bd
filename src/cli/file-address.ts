/*
 * Where a finding's file is for a code host, which knows files by their path from the top of a repository.
 */
import * as path from 'node:path';
import type { Finding } from '../checks/finding';
import { STDIN_NAME } from './input';

export interface FileAddress {
  readonly file: string;
  /** Whether `file` begins at `folder` and uses '/'; otherwise it is absolute. */
  readonly isBelow: boolean;
  readonly line: number;
}

/** Undefined for what no file holds. `folder` is where the command runs, which code hosts expect to be the top of a repository. */
export function fileAddressOf({ file, line }: Finding, folder: string): FileAddress | undefined {
  if (file === undefined || line === undefined || file === STDIN_NAME) {
    return undefined;
  }
  const absolute = path.resolve(folder, file);
  const relative = path.relative(folder, absolute);
  return relative.startsWith('..') || path.isAbsolute(relative)
    ? { file: absolute, isBelow: false, line }
    : { file: relative.split(path.sep).join('/'), isBelow: true, line };
}
