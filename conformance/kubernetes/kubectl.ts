/*
 * kubectl against the API server of a test.
 */
import type { Manifest } from '../manifest';
import { type ProgramResult, runToEnd } from '../run-to-end';

export class Kubectl {
  /** @param flags go before all others: which server, as whom */
  public constructor(
    private readonly binary: string,
    private readonly flags: readonly string[],
  ) {}

  /** Runs it, and gives what it says, also where that is an error. */
  public run(args: readonly string[], input?: string): Promise<ProgramResult> {
    return runToEnd(this.binary, [...this.flags, ...args], { env: {}, input });
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
