/*
 * Requests by curl, to what stands on the loopback interface for the address that it would find by DNS.
 */
import { spawn } from 'node:child_process';
import type { Reply } from '../client';

/** curl's exit code where nobody listens. */
const REFUSED = 7;

/**
 * @param args as on a command line, the URL last
 * @param port that every connection goes to, whatever the URL says
 */
export async function curl(args: readonly string[], port: number): Promise<Reply> {
  const { code, stdout, stderr } = await run([
    // No settings and no proxy of this machine's user.
    ...['-q', '--noproxy', '*', '--silent', '--show-error', '--include', '--max-time', '20'],
    ...['--connect-to', `::127.0.0.1:${port}`],
    ...args,
  ]);
  if (code === REFUSED) {
    return { kind: 'refused' };
  }
  return code === 0 ? readAnswer(stdout) : { kind: 'closed', reason: stderr.trim() };
}

export async function curlVersion(): Promise<string> {
  return (await run(['--version'])).stdout.split(' ').slice(0, 2).join(' ');
}

interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(args: readonly string[]): Promise<Output> {
  return new Promise((settle, fail) => {
    const child = spawn('curl', args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH } });
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
  });
}

function readAnswer(text: string): Reply {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine, ...lines] = text.slice(0, end).split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  return { kind: 'http', status: Number(statusLine.split(' ')[1]), headers, body: text.slice(end + 4) };
}
