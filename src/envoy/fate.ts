/*
 * What becomes of requests that a route forwards.
 */
import { RouteOutcome } from './outcome';

export interface Fate {
  readonly outcome: RouteOutcome;
  readonly status?: number;
  readonly responseFlag?: string;
}

/** What the first that works does, or the way in which all fail; open where that of one is. */
export function fateOf(targets: readonly { readonly outcome: RouteOutcome }[]): Fate {
  if (targets.some(({ outcome }) => outcome === RouteOutcome.UNDECIDED)) {
    return { outcome: RouteOutcome.UNDECIDED };
  }
  const best = targets.find(({ outcome }) => outcome === RouteOutcome.FORWARD) ?? targets[0];
  switch (best?.outcome) {
    case RouteOutcome.FORWARD:
      return { outcome: RouteOutcome.FORWARD };
    case RouteOutcome.NO_ENDPOINTS:
      return { outcome: RouteOutcome.NO_ENDPOINTS, status: 503, responseFlag: 'UH' };
    default:
      return { outcome: RouteOutcome.NO_CLUSTER, status: 503, responseFlag: 'NC' };
  }
}
