/*
 * Programs that are run to their end.
 */
import { spawn } from 'node:child_process';

export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  /** For its standard input. */
  readonly input?: string;
}

/** What it says, also where it fails; an error only if it cannot be started. */
export function runToEnd(
  binary: string,
  args: readonly string[],
  { env, input = '' }: RunOptions,
): Promise<ProgramResult> {
  return new Promise((settle, fail) => {
    const child = spawn(binary, args, { stdio: 'pipe', env });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.on('error', fail);
    child.on('close', (code) => settle({ code, stdout, stderr }));
    // It may end without reading to the end, and says then why.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
