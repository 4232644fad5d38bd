/*
 * Programs that render manifests. What they render may come from anywhere, so they get nothing of this process: no environment, no
 * home, no cluster, no network as far as that can be had without privileges, and a limit of time and memory.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

const SECONDS = 60;
const KILOBYTES = 4 * 1024 * 1024;
const MAX_OUTPUT = 64 * 1024 * 1024;
/** Of what a program says beside its output, as much is shown. */
const MAX_WORDS = 1_000;

export interface ProgramOutput {
  /** What it wrote; undefined where it failed. */
  readonly text?: string;
  /** What it said beside that, or why it failed. */
  readonly said: string;
}

/** Where a program of this name is on the PATH. */
export function findProgram(name: string): string | undefined {
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name];
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.flatMap((folder) => names.map((file) => path.join(folder, file))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** @param program its absolute path */
export function runProgram(program: string, args: readonly string[]): ProgramOutput {
  const home = fs.mkdtempSync(path.join(tmpdir(), 'versioned-mesh-home-'));
  try {
    const [command, ...words] = limited([program, ...args]);
    const { status, signal, stdout, stderr, error } = spawnSync(command, words, {
      cwd: home,
      env: environment(home),
      // Helm goes on after SIGTERM.
      killSignal: 'SIGKILL',
      timeout: SECONDS * 1_000,
      maxBuffer: MAX_OUTPUT,
      encoding: 'utf8',
    });
    const said = shortened(stderr ?? '');
    if (status === 0) {
      return { text: stdout, said };
    }
    return {
      said: reasonOf(error as NodeJS.ErrnoException | undefined, signal) ?? (said || `it ended with status ${status}`),
    };
  } finally {
    fs.rmSync(home, { recursive: true, force: true });
  }
}

/** Through a shell, which alone can limit memory; it becomes the program, so that the signal reaches that. */
function limited(command: readonly string[]): readonly string[] {
  return process.platform === 'win32'
    ? command
    : [
        '/bin/sh',
        '-c',
        `ulimit -v ${KILOBYTES} 2>/dev/null; ulimit -t ${SECONDS} 2>/dev/null; exec "$@"`,
        'sh',
        ...command,
      ];
}

function environment(home: string): NodeJS.ProcessEnv {
  const nowhere = 'http://127.0.0.1:9';
  return {
    HOME: home,
    TMPDIR: home,
    // No git and no plugin is found.
    PATH: '',
    KUBECONFIG: '/dev/null',
    HELM_NO_PLUGINS: '1',
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    ...(process.platform === 'win32' && { USERPROFILE: home, TEMP: home, SystemRoot: process.env.SystemRoot }),
  };
}

function reasonOf(error: NodeJS.ErrnoException | undefined, signal: NodeJS.Signals | null): string | undefined {
  if (error?.code === 'ETIMEDOUT') {
    return `it was stopped after ${SECONDS} seconds`;
  }
  if (error?.code === 'ENOBUFS') {
    return `it wrote more than ${MAX_OUTPUT} bytes`;
  }
  return error?.message ?? (signal === null ? undefined : `it was ended by ${signal}`);
}

function shortened(words: string): string {
  const trimmed = words.trim();
  return trimmed.length > MAX_WORDS ? `${trimmed.slice(0, MAX_WORDS)}…` : trimmed;
}

/** Why it failed, in one line. */
export function inOneLine(said: string): string {
  const line = said.replace(/\s+/g, ' ');
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** What a program said, each line behind its name. */
export function linesSaid(name: string, said: string): readonly string[] {
  return said === '' ? [] : said.split('\n').map((line) => `${name}: ${line}`);
}
