/*
 * Requests by curl, to what stands on the loopback interface for the address that it would find by DNS.
 */
import type { Reply } from '../client';
import { readHttpHead, statusIn } from '../http-head';
import { type ProgramResult, runToEnd } from '../run-to-end';

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

function run(args: readonly string[]): Promise<ProgramResult> {
  return runToEnd('curl', args, { env: { PATH: process.env.PATH } });
}

function readAnswer(text: string): Reply {
  const end = text.indexOf('\r\n\r\n');
  const head = readHttpHead(text.slice(0, end));
  return { kind: 'http', status: statusIn(head), headers: new Map(head.headers), body: text.slice(end + 4) };
}
