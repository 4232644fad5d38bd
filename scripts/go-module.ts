/*
 * Published schemas come as Go modules: pinned, checked against Go's checksum database, and fetched by whatever
 * proxy the user has set for Go.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Downloads a Go module, unless Go has it already, and returns the folder with its files. */
export function goModuleFolder(module: string, version: string): string {
  // Outside of the project, so that no go.mod of a folder above has a say in it.
  const go = spawnSync('go', ['mod', 'download', '-json', `${module}@${version}`], { cwd: tmpdir(), encoding: 'utf8' });
  if (go.error !== undefined) {
    throw new Error(
      `The schemas come with the Go module ${module}, and the command 'go' cannot be run (${go.error.message}). ` +
        'Install Go from https://go.dev/dl and run this again; nothing was changed.',
    );
  }
  const answer = go.stdout === '' ? {} : (JSON.parse(go.stdout) as { Dir?: string; Error?: string });
  if (answer.Dir === undefined) {
    throw new Error(`Go cannot download ${module}@${version}: ${answer.Error ?? go.stderr.trim()}`);
  }
  return answer.Dir;
}

/** By module: the version that a go.mod builds with, `replace` included. */
export function pinnedVersions(file: string): ReadonlyMap<string, string> {
  const text = readFileSync(file, 'utf8');
  // Of two lines for one module, the later: go.mod has its replacements at the end.
  return new Map(
    [...text.matchAll(/^(?:require |\t)(\S+)(?: => \S+)? (v\S+)/gm)].map(([, module, version]) => [module, version]),
  );
}
