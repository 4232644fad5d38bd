/*
 * A program that runs beside this process until it is stopped, at the latest when this process ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) {
    child.kill('SIGKILL');
  }
});

export interface ProgramOptions {
  readonly binary: string;
  readonly args: readonly string[];
  /** File for all that it prints. */
  readonly log: string;
  /** @default that of this process */
  readonly env?: NodeJS.ProcessEnv;
  readonly folder?: string;
}

export class Program {
  private readonly child: ChildProcess;
  private readonly gone: Promise<void>;
  /** How it ended, once it has. */
  private end: string | undefined;

  public constructor(private readonly options: ProgramOptions) {
    const { binary, args, log, env, folder } = options;
    const child = spawn(binary, args, { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const file = createWriteStream(log);
    child.stdout.pipe(file, { end: false });
    child.stderr.pipe(file, { end: false });
    running.add(child);
    this.child = child;
    this.gone = new Promise((settle) => {
      const ended = (how: string) => {
        this.end ??= how;
        running.delete(child);
        settle();
      };
      child.on('error', (error) => ended(error.message));
      child.on('close', (code, signal) => {
        file.end();
        ended(signal === null ? `exit code ${code}` : `signal ${signal}`);
      });
    });
  }

  /** Polls until `isReady`; an error if the program ends or the deadline passes before. */
  public async until(isReady: () => Promise<boolean>, deadlineMillis = 60_000): Promise<void> {
    const { binary, log } = this.options;
    await until(
      `${binary} is ready (its log: ${log})`,
      () => {
        if (this.end !== undefined) {
          const lines = readFileSync(log, 'utf8').trim().split('\n').slice(-LINES_SHOWN);
          throw new Error(`${binary} ended before it was ready, by ${this.end}; it said last:\n${lines.join('\n')}`);
        }
        return isReady();
      },
      deadlineMillis,
    );
  }

  public async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.end === undefined) {
      this.child.kill(signal);
    }
    await this.gone;
  }
}

/** Of a log: the folder that it is in may be gone soon. */
const LINES_SHOWN = 5;

const POLL_MILLIS = 25;

/** Asks again and again until the answer is yes. */
export async function until(what: string, isSo: () => Promise<boolean>, deadlineMillis = 60_000): Promise<void> {
  const deadline = Date.now() + deadlineMillis;
  while (!(await isSo())) {
    if (Date.now() > deadline) {
      throw new Error(`Waited ${deadlineMillis / 1000} s in vain until ${what}.`);
    }
    await new Promise((settle) => setTimeout(settle, POLL_MILLIS));
  }
}

/** Ports of the loopback interface that nobody listens on at the moment. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((settle, fail) => server.once('error', fail).listen(0, '127.0.0.1', settle));
      return server;
    }),
  );
  // Closed together, so that no port is given twice.
  return Promise.all(
    servers.map((server) => {
      const { port } = server.address() as { port: number };
      return new Promise<number>((settle) => server.close(() => settle(port)));
    }),
  );
}
