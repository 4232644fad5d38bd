/*
 * How often a request is tried, and how that ends, where its headers tell the backends to fail or to be slow. What is held
 * against Envoy is the decision's word on retries and time limits.
 */
import type { RouteDecision } from '../src/envoy/decision';
import type { RetryPolicy } from '../src/proxy/retries';
import { behaviourOf } from './backend';
import type { Ask } from './manifest';

export interface Attempts {
  readonly count: number;
  /** What the client gets: the backend's answer, or Envoy's 504. */
  readonly status: 200 | 503 | 504;
}

/** Between a time limit and how slow a backend is there must be that much, else nobody knows which comes first. */
const CLEAR_MILLIS = 400;

/** Undefined where it is too close to call. */
export function expectedAttempts({ retries, timeoutMillis }: RouteDecision, ask: Ask): Attempts | undefined {
  const { failures, delayMillis } = behaviourOf(ask);
  if (delayMillis > 0) {
    return whenSlow(delayMillis, retries, timeoutMillis);
  }
  // Envoy waits some 25 ms, and then longer, before it tries again.
  if (failures > 0 && timeoutMillis !== undefined && timeoutMillis <= 1000) {
    return undefined;
  }
  const tries = 1 + (retries !== undefined && retriesStatus503(retries) ? retries.attempts : 0);
  return failures < tries ? { count: failures + 1, status: 200 } : { count: tries, status: 503 };
}

function whenSlow(
  delayMillis: number,
  retries: RetryPolicy | undefined,
  timeoutMillis: number = Number.POSITIVE_INFINITY,
): Attempts | undefined {
  const perTry = retries?.perTryTimeoutMillis || Number.POSITIVE_INFINITY;
  const limit = Math.min(perTry, timeoutMillis);
  if (Math.abs(limit - delayMillis) < CLEAR_MILLIS) {
    return undefined;
  }
  if (limit > delayMillis) {
    return { count: 1, status: 200 };
  }
  const tries = 1 + (retries !== undefined && perTry < timeoutMillis && retriesReset(retries) ? retries.attempts : 0);
  // With many tries the whole time limit may come before the last of them.
  return tries > 1 && timeoutMillis < Number.POSITIVE_INFINITY && (perTry + CLEAR_MILLIS) * tries > timeoutMillis
    ? undefined
    : { count: tries, status: 504 };
}

function retriesStatus503({ retryOn }: RetryPolicy): boolean {
  const conditions = retryOn.split(',');
  return ['5xx', 'gateway-error', '503'].some((condition) => conditions.includes(condition));
}

/** A try that takes too long counts as one that is reset. */
function retriesReset({ retryOn }: RetryPolicy): boolean {
  const conditions = retryOn.split(',');
  return ['5xx', 'gateway-error', 'reset'].some((condition) => conditions.includes(condition));
}
