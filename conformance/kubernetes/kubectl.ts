/*
 * kubectl against the API server of a test.
 */
import { spawn } from 'node:child_process';
import type { Manifest } from '../manifest';

export interface KubectlResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class Kubectl {
  /** @param flags go before all others: which server, as whom */
  public constructor(
    private readonly binary: string,
    private readonly flags: readonly string[],
  ) {}

  /** Runs it, and gives what it says, also where that is an error. */
  public run(args: readonly string[], input = ''): Promise<KubectlResult> {
    return new Promise((settle, fail) => {
      const child = spawn(this.binary, [...this.flags, ...args], { stdio: 'pipe', env: {} });
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

  /** Its standard output; an error if it fails. */
  public async output(args: readonly string[], input?: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, input);
    if (code !== 0) {
      throw new Error(`kubectl ${args.join(' ')} failed with ${code}: ${stderr.trim()}`);
    }
    return stdout;
  }

  /** What `kubectl get` finds of these kinds, in all namespaces. */
  public async list(kinds: readonly string[]): Promise<readonly Manifest[]> {
    const text = await this.output(['get', kinds.join(','), '--all-namespaces', '--output', 'json']);
    return (JSON.parse(text) as { items: Manifest[] }).items;
  }
}

/** Manifests as one that kubectl reads. */
export function listOf(manifests: readonly unknown[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests });
}
