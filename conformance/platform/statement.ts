/*
 * What is said of the platform, each with the trial that shows it on a real API server.
 */
import type { ProgramResult } from '../run-to-end';
import type { PlatformCluster } from './platform-cluster';

export interface Statement {
  readonly says: string;
  readonly prove: (cluster: PlatformCluster) => Promise<Proof>;
}

export interface Proof {
  /** What was seen: the words of the API server, or what was counted. */
  readonly seen: string;
  /** What is not as the statement says. */
  readonly complaints: readonly string[];
}

/** All that a command says must match; a command that succeeds has exit code 0 and nothing on its standard error. */
export function succeeded({ code, stdout, stderr }: ProgramResult, seen: string = stdout.trim()): Proof {
  return { seen, complaints: code === 0 && stderr === '' ? [] : [`it ended with ${code}: ${stderr.trim()}`] };
}

/** The command fails, and says why. */
export function refused({ code, stderr }: ProgramResult, why: RegExp): Proof {
  const complaint = code === 0 ? 'it was not refused' : `it was refused for another reason than ${why}`;
  return { seen: stderr.trim(), complaints: code !== 0 && why.test(stderr) ? [] : [complaint] };
}

export function holds(isSo: boolean, seen: string): Proof {
  return { seen, complaints: isSo ? [] : ['it is not so'] };
}

/** The first that fails, or the last. */
export async function inTurn(...trials: readonly (() => Promise<Proof>)[]): Promise<Proof> {
  const seen: string[] = [];
  for (const trial of trials) {
    const proof = await trial();
    seen.push(proof.seen);
    if (proof.complaints.length > 0) {
      return { ...proof, seen: seen.join('\n') };
    }
  }
  return { seen: seen.filter((each) => each !== '').join('\n'), complaints: [] };
}
