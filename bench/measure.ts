/*
 * Times that can be divided by each other: taken in turns, so that whatever else the machine does slows both sides alike.
 */
import { performance } from 'node:perf_hooks';

/** A clock, in milliseconds. */
export type Clock = () => number;

/** The time on the wall. The only one that sees other processes' work. */
export const wallClock: Clock = () => performance.now();

/** The time that this process was given on a CPU, with garbage collection and without what else the machine does. */
export const cpuClock: Clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

export interface Comparison {
  /** Median time of one side, in milliseconds. */
  readonly subject: number;
  readonly baseline: number;
  /** Median, over the rounds, of subject ÷ baseline. */
  readonly ratio: number;
}

/** Runs both in turns, `warmUp` rounds unmeasured and `rounds` measured. Who goes first alternates. */
export function compare(
  subject: () => void,
  baseline: () => void,
  { clock, warmUp, rounds }: { clock: Clock; warmUp: number; rounds: number },
): Comparison {
  const times: { subject: number; baseline: number }[] = [];
  for (let round = 0; round < warmUp + rounds; round++) {
    const measured = { subject: 0, baseline: 0 };
    if (round % 2 === 0) {
      measured.subject = time(subject, clock);
      measured.baseline = time(baseline, clock);
    } else {
      measured.baseline = time(baseline, clock);
      measured.subject = time(subject, clock);
    }
    if (round >= warmUp) {
      times.push(measured);
    }
  }
  return {
    subject: median(times.map((measured) => measured.subject)),
    baseline: median(times.map((measured) => measured.baseline)),
    ratio: median(times.map((measured) => measured.subject / measured.baseline)),
  };
}

function time(run: () => void, clock: Clock): number {
  const start = clock();
  run();
  return clock() - start;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
