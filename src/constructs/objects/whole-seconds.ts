/*
 * Durations of which the readers in Go take whole seconds: those of Prometheus, and of Flux.
 */
import type { Duration } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { refuse } from './refuse';

/** `90s`; throws on what is no whole number of seconds of 1 or more. */
export function wholeSeconds(where: IConstruct | string, what: string, duration: Duration): string {
  const seconds = duration.toMilliseconds({ integral: false }) / 1000;
  if (!Number.isInteger(seconds) || seconds < 1) {
    refuse(where, `${what} ${seconds} s is not a whole number of seconds of 1 or more; write Duration.seconds(30).`);
  }
  return `${seconds}s`;
}
