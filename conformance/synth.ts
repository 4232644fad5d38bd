/*
 * The examples, as `cdk8s synth` writes them.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SynthesizedFile {
  readonly file: string;
  readonly yaml: string;
}

/** In the order of their names. */
export function synthesizedExamples(): readonly SynthesizedFile[] {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-synth-'));
  try {
    execFileSync('npx', ['cdk8s', 'synth', '--check-upgrade=false', '--output', folder], { stdio: 'pipe' });
    return readdirSync(folder)
      .filter((file) => file.endsWith('.k8s.yaml'))
      .sort()
      .map((file) => ({ file, yaml: readFileSync(join(folder, file), 'utf8') }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
