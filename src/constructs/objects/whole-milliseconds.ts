/*
 * Durations as Istio reads them: whole milliseconds, one at the least.
 */
import type { Duration } from 'cdk8s';

/** What is wrong with a duration for Istio, to follow its name. */
export function complaintAboutDuration(duration: Duration): string | undefined {
  const milliseconds = duration.toMilliseconds({ integral: false });
  return Number.isInteger(milliseconds) && milliseconds >= 1
    ? undefined
    : `of ${milliseconds} ms is not a whole number of milliseconds of 1 or more, and Istio takes no other; write Duration.millis(${Math.max(1, Math.round(milliseconds) || 1)})`;
}

/** `1.5s`: in seconds, which Istio's and the API server's readers both know. */
export function durationText(duration: Duration): string {
  return `${duration.toMilliseconds() / 1000}s`;
}
