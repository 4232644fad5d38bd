/*
 * The command as a process of its own: what only that shows.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { DEAD } from './command';

const MAIN = path.join(__dirname, '../../src/cli/main.ts');

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function start(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return spawn(process.execPath, ['--import', 'tsx', MAIN, ...argv], { env: { PATH: process.env.PATH, ...env } });
}

async function ended(child: ReturnType<typeof start>): Promise<Ended> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk) => out.push(chunk));
  child.stderr.on('data', (chunk) => err.push(chunk));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
}

jest.setTimeout(60_000);

test('reads standard input, ends with the status, and leaves colours out of a pipe', async () => {
  const child = start(['check', '-', '--fail-on', 'warning']);
  child.stdin.end(readFileSync(DEAD));
  const { status, out, err } = await ended(child);
  expect({ status, err }).toEqual({ status: 1, err: '' });
  expect(out).toContain('standard input');
  expect(out).not.toContain('\u001b');
});

test('FORCE_COLOR puts colours into a pipe', async () => {
  const { out } = await ended(start(['check', DEAD], { FORCE_COLOR: '1' }));
  expect(out).toContain('\u001b[31m');
});

test('unusable input: a sentence on standard error', async () => {
  const { status, out, err } = await ended(start(['check', 'no/such/path']));
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toBe('versioned-mesh: no/such/path does not exist\n');
});

test('a reader that goes away is no error', async () => {
  const child = start(['check', DEAD, '--format', 'sarif']);
  child.stdout.destroy();
  const { status, err } = await ended(child);
  expect({ status, err }).toEqual({ status: 1, err: '' });
});

test('a fault of the command does not look like findings', async () => {
  const broken = ['--import', 'tsx', '--import', 'data:text/javascript,delete Object.hasOwn', MAIN, 'check', DEAD];
  const { status, out, err } = await ended(spawn(process.execPath, broken));
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toMatch(/^versioned-mesh: This is a bug in versioned-mesh, .*\nTypeError: Object\.hasOwn/);
});

// Only Linux has a disk that is always full.
(process.platform === 'linux' ? test : test.skip)(
  'output that cannot be written does not look like findings',
  async () => {
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, ['--import', 'tsx', MAIN, 'check', DEAD], {
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    const err: Buffer[] = [];
    child.stderr?.on('data', (chunk) => err.push(chunk));
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(2);
    expect(Buffer.concat(err).toString()).toMatch(/^versioned-mesh: The output cannot be written: ENOSPC/);
  },
);
