/*
 * A busy machine may break a time limit of some seconds with a backend that is not slow at all, or give no answer for long. Where that may
 * be why an answer is not as predicted, the request is sent once more with nothing else going on, and that answer counts.
 */
import type { RouteDecision } from '../src/envoy/decision';
import { NO_ANSWER } from './client';
import { complaint } from './compare';
import type { Experiment, Laboratory, Result } from './laboratory';
import type { Observation } from './observation';

const SHORT_MILLIS = 8000;

/** Whether a busy machine may have decided. */
export function mayBeHaste({ retries, timeoutMillis }: RouteDecision): boolean {
  const limits = [timeoutMillis, retries?.perTryTimeoutMillis].filter((limit) => limit !== undefined);
  return limits.some((limit) => limit <= SHORT_MILLIS);
}

function hasNoAnswer(seen: Observation): boolean {
  return seen.kind === 'closed' && seen.reason === NO_ANSWER;
}

export async function withoutHaste(
  laboratory: Laboratory,
  experiments: readonly (Experiment & { readonly decisions: readonly RouteDecision[] })[],
  results: readonly Result[],
): Promise<readonly Result[]> {
  const hasty = experiments.flatMap(({ mesh, asks, decisions }, index) => {
    const result = results[index];
    return 'refusedBy' in result
      ? []
      : result.observations.flatMap((seen, at) =>
          (mayBeHaste(decisions[at]) || hasNoAnswer(seen)) && complaint(decisions[at], asks[at], seen) !== undefined
            ? [{ index, at, experiment: { mesh, asks: [asks[at]] } }]
            : [],
        );
  });
  if (hasty.length === 0) {
    return results;
  }
  const again = await laboratory.run(hasty.map(({ experiment }) => experiment));
  const second = new Map<string, Observation>();
  for (const [position, result] of again.entries()) {
    if ('observations' in result) {
      second.set(`${hasty[position].index} ${hasty[position].at}`, result.observations[0]);
    }
  }
  return results.map((result, index) =>
    'refusedBy' in result
      ? result
      : { ...result, observations: result.observations.map((seen, at) => second.get(`${index} ${at}`) ?? seen) },
  );
}
