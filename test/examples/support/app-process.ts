import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = join(__dirname, '../../..');
const running = new Set<ChildProcess>();

/** The real process of an app, with an environment that holds nothing but what the test gives it. */
export class AppProcess {
  /** The lines on its standard output so far. */
  readonly stdout: string[] = [];
  stderr = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<number | null>;
  private onLine = () => {};

  constructor(main: string, env: Record<string, string> = {}) {
    const child = spawn(process.execPath, ['--import', 'tsx', main], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, PORT: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    createInterface(child.stdout).on('line', (line) => {
      this.stdout.push(line);
      this.onLine();
    });
    this.child = child;
    this.ended = once(child, 'close').then(([code]) => {
      running.delete(child);
      this.onLine();
      return code;
    });
  }

  /** The first line that matches, now or later. */
  async line(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = this.stdout.map((line) => pattern.exec(line)).find((found) => found !== null);
      if (match) {
        return match;
      }
      if (!running.has(this.child)) {
        throw new Error(`it ended without a line like ${pattern}:\n${this.stdout.join('\n')}\n${this.stderr}`);
      }
      await new Promise<void>((resolve) => {
        this.onLine = resolve;
      });
    }
  }

  /** The port it listens on, once it does. */
  async port(): Promise<number> {
    const [, port] = await this.line(/^listening port=(\d+)/);
    return Number(port);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** The code it exits with, or null if a signal ended it. */
  exitCode(): Promise<number | null> {
    return this.ended;
  }
}

/** For `afterEach`: whatever a failed test has left behind. */
export function endAllProcesses(): void {
  for (const child of running) {
    child.kill('SIGKILL');
  }
}
