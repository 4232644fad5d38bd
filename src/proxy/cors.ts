/*
 * What Envoy's CORS filter makes of a `corsPolicy` (`TranslateCORSPolicy`).
 */
import type { CorsPolicy } from '../model/http-route';
import type { StringMatch } from '../model/string-match';
import { valueTest } from '../predicate/match/value';

export interface Cors {
  readonly policy: CorsPolicy;
  /** Those of the policy, without such as ask nothing, which Istio drops. */
  readonly origins: readonly StringMatch[];
  readonly allows: (origin: string) => boolean;
  /** Whether preflights of origins that are not allowed are answered, too: without a permission. */
  readonly answersAll: boolean;
}

export function corsOf(policy: CorsPolicy | undefined): Cors | undefined {
  if (policy === undefined) {
    return undefined;
  }
  const origins = policy.allowOrigins.filter(({ kind }) => kind !== 'present');
  const tests = origins.map(valueTest);
  return {
    policy,
    origins,
    // Envoy asks of every matcher first whether it takes '*', which stands for all origins.
    allows: (origin) => tests.some((test) => test('*') || test(origin)),
    answersAll: policy.unmatchedPreflights === 'IGNORE',
  };
}
