/*
 * Retries in force (`pilot/pkg/networking/core/route/retry`).
 */

import type { Retries } from '../model/http-route';

/** Retries in force for a request. */
export interface RetryPolicy {
  /** How often a failed request is tried again. */
  readonly attempts: number;
  /** Envoy's conditions, joined by ','. */
  readonly retryOn: string;
  /**
   * Time for each try, in milliseconds.
   *
   * @default - the route's timeout
   */
  readonly perTryTimeoutMillis?: number;
}

const DEFAULT_RETRY_ON = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';

/** What Istio does for every route that says nothing about it. */
export const DEFAULT_RETRIES: RetryPolicy = { attempts: 2, retryOn: DEFAULT_RETRY_ON };

export function retriesInForce(written: Retries | undefined): RetryPolicy | undefined {
  if (written === undefined) {
    return DEFAULT_RETRIES;
  }
  // Not to name the attempts is to ask for none.
  if (written.attempts <= 0) {
    return undefined;
  }
  return {
    attempts: written.attempts,
    retryOn: written.retryOn === '' ? DEFAULT_RETRY_ON : conditions(written.retryOn),
    perTryTimeoutMillis: written.perTryTimeoutMs,
  };
}

/** Status codes among the conditions need one more condition, which Istio adds. */
function conditions(retryOn: string): string {
  const parts = retryOn.split(',').filter((part) => part !== '');
  const hasCodes = parts.some((part) => /^\d+$/.test(part));
  const complete = hasCodes && !parts.includes('retriable-status-codes') ? [...parts, 'retriable-status-codes'] : parts;
  return complete.join(',');
}
