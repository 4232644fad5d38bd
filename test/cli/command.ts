/*
 * The command in this process: what it wrote, and how it ended.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { run } from '../../src/cli/run';

export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly input?: string | Uint8Array;
  readonly colors?: boolean;
}

/** Named from where the tests run, so that output does not depend on the machine. */
export const APIS = path.relative(process.cwd(), path.join(__dirname, 'fixtures', 'apis.yaml'));
export const DEAD = path.relative(process.cwd(), path.join(__dirname, 'fixtures', 'dead.yaml'));

export async function command(
  argv: readonly string[],
  { input = '', colors = false }: Surroundings = {},
): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await run(argv, {
    input: (async function* () {
      yield input;
    })(),
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    colors,
  });
  return { status, out: out.join(''), err: err.join('') };
}

/** A folder that is gone after the tests of the file. */
export class Folder {
  public readonly path = mkdtempSync(path.join(tmpdir(), 'versioned-mesh-'));

  public write(name: string, content: string | Uint8Array): string {
    const file = path.join(this.path, name);
    writeFileSync(file, content);
    return file;
  }

  public remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
