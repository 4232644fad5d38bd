/*
 * What keeps a decision from passing a test, whatever is expected of it.
 */
import { CaveatKind } from '../envoy/caveat';
import type { RouteDecision } from '../envoy/decision';
import { RouteOutcome } from '../envoy/outcome';

/** What a test takes for good. */
export interface Allowance {
  /** That the decision rests on objects that the API server or Istio refuses. */
  readonly allowRefused?: boolean;
  /** That the manifests do not decide, since just that is expected. */
  readonly allowUndecided?: boolean;
}

/** @param allowing how somebody says that it is meant, as in `allowRefused: true` */
export function doubtsAbout(
  decision: RouteDecision,
  { allowRefused, allowUndecided }: Allowance,
  allowing: string,
): readonly string[] {
  const refused =
    allowRefused === true
      ? []
      : decision.caveats.filter(({ kind }) => kind === CaveatKind.REFUSED).map(({ text }) => text);
  return [
    ...(decision.outcome === RouteOutcome.UNDECIDED && allowUndecided !== true
      ? [
          'the manifests do not decide the request, and the trace says what is missing; if that is meant, expect outcome UNDECIDED',
        ]
      : []),
    ...refused.map((text) => `${text} Correct it, or write ${allowing} to test as if the object were accepted`),
  ];
}
